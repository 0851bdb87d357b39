"""The graph: heads of contacts, and how they join and part.

A contact is a connected component of records under active `same` edges. Its head carries
every judgement that names one of its records, so that joining unites two heads and
parting shares one out again: what a merge did, its undo takes back, in any order.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from chalicelib.domain.evidence import Record
from chalicelib.domain.judgements import Judgement
from chalicelib.domain.model import Entity

Status = Literal["active", "merged", "retired", "erased"]

MEMBERS_CAP = 90
JUDGEMENTS_CAP = 300


class Head(Entity):
    """A contact's state of affairs; once absorbed, a stub that says into which contact.

    `rev` rises with every write to the contact and is what every transaction commits on.
    `unmatched` holds the records that the matcher has not seen as they are now, each with a
    mark of since when (contact and `rev`, never twice the same). `rules` names the version of
    survivorship that it was last settled by. `recorded_at`, `seal` and `content` are those of
    its last version.
    """

    id: str
    rev: int = 0
    version: int = 0
    status: Status = "active"
    into: str = ""
    members: tuple[str, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    unmatched: dict[str, str] = {}
    rules: str = ""
    recorded_at: str = ""
    seal: str = ""
    content: str = ""

    @property
    def absorbed(self) -> bool:
        """Whether this is a stub."""
        return bool(self.into)

    @property
    def edges(self) -> tuple[Judgement, ...]:
        """The active `same` judgements, all of them between members."""
        return tuple(j for j in self.judgements if j.verdict == "same")

    @property
    def asked(self) -> tuple[Judgement, ...]:
        """All that the machine asked of its records, settled questions included."""
        return tuple(j for j in self.judgements if j.verdict == "unsure")

    @property
    def retired(self) -> frozenset[str]:
        """The records that a person put away."""
        return frozenset(r for j in self.judgements if j.verdict == "retired" for r in j.a)

    @property
    def reviews(self) -> tuple[Judgement, ...]:
        """The open questions: unsure of a member and a record outside, and nobody answered."""
        inside = frozenset(self.members)
        answers = [j for j in self.judgements if j.verdict == "different"]
        return tuple(
            j
            for j in self.asked
            if not inside.issuperset(j.a + j.b)
            and not any(d.parts(frozenset(j.a), frozenset(j.b)) for d in answers)
        )

    def judged(self, judgement: str) -> Judgement | None:
        """The judgement of that id, if it is active here."""
        return next((j for j in self.judgements if j.id == judgement), None)


class Contact(Entity):
    """A head with its member records, read together: what every decision is taken on."""

    head: Head
    records: dict[str, Record]

    @property
    def oldest(self) -> Record:
        """The record that gives the contact its id."""
        return min(self.records.values(), key=lambda r: r.age)


def united(judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """Each judgement once, in one order."""
    by_id = {j.id: j for j in judgements}
    return tuple(by_id[i] for i in sorted(by_id))


def without(judgements: Iterable[Judgement], ended: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """The judgements but for those that end."""
    gone = {j.id for j in ended}
    return tuple(j for j in judgements if j.id not in gone)


def forbids(ours: Head, theirs: Head) -> tuple[Judgement, ...]:
    """The `different` judgements that stand between two contacts."""
    a, b = frozenset(ours.members), frozenset(theirs.members)
    found = united(ours.judgements + theirs.judgements)
    return tuple(j for j in found if j.verdict == "different" and j.parts(a, b))


def components(members: Iterable[str], edges: Iterable[Judgement]) -> list[frozenset[str]]:
    """The connected components, by merging sets edge by edge (members are at most 90)."""
    groups = {m: {m} for m in members}
    for edge in edges:
        ends = [e for e in edge.a + edge.b if e in groups]
        merged = set().union(*(groups[e] for e in ends))
        groups.update(dict.fromkeys(merged, merged))
    return [frozenset(g) for g in {id(g): g for g in groups.values()}.values()]


def path(edges: Sequence[Judgement], one: str, other: str) -> tuple[Judgement, ...]:
    """The fewest edges that lead from one record to another; none where nothing does."""
    ways: dict[str, tuple[Judgement, ...]] = {one: ()}
    reached = [one]
    for record in reached:  # it grows as the search goes on
        for edge in edges:
            new = {*edge.a, *edge.b} - ways.keys() if edge.concerns(frozenset({record})) else set()
            ways |= dict.fromkeys(new, (*ways[record], edge))
            reached += sorted(new)
    return ways.get(other, ())


def elder(one: Contact, other: Contact) -> tuple[Contact, Contact]:
    """(the contact whose id stays, the one that is absorbed): by their oldest records."""
    return (one, other) if one.oldest.age < other.oldest.age else (other, one)


def shared_out(judgements: Sequence[Judgement], part: frozenset[str]) -> tuple[Judgement, ...]:
    """The judgements that concern a part: its own edges, and whatever names its records."""
    return tuple(
        j
        for j in judgements
        if (part.issuperset(j.a + j.b) if j.verdict == "same" else j.concerns(part))
    )


def eldest(part: Iterable[str], records: Mapping[str, Record]) -> str:
    """The id that a set of records has as a contact."""
    return min((records[r] for r in part), key=lambda r: r.age).id
