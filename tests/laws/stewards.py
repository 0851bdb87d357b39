"""What stewards do in a life: merge, split, edit, revert, put away, undo, answer."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from chalicelib.domain.errors import ConflictError
from chalicelib.domain.model import canonical
from chalicelib.domain.versions import Version
from chalicelib.flow.editing import edit, retire, split
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.editing.split import Parting
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import read
from chalicelib.flow.reviewing import desk, review
from chalicelib.store import contacts, keys
from tests.laws import people
from tests.laws.words import Words
from tests.support.world import World

FACTS = {"consents"}
some = st.integers(0, 999)


def _opinions(values: dict[str, Any]) -> dict[str, Any]:
    """Values as a set of elements would be compared: the order of a list is the sources'."""
    told = {n: v for n, v in values.items() if n not in FACTS}
    return {n: sorted(map(canonical, v)) if isinstance(v, list) else v for n, v in told.items()}


def _place(seen: Seen) -> tuple[str, int]:
    contact, _, number = seen.etag.strip('"').rpartition(".")
    return contact, int(number)


class Stewards(RuleBasedStateMachine):
    """The rules of people; `born` are the records that were ever told of."""

    world: World
    words: Words
    born: list[str]

    @precondition(lambda self: len(self.born) > 1)
    @rule(
        which=st.lists(some, min_size=2, max_size=3),
        mode=st.sampled_from(["merge", "merge", "overwrite", "skip"]),
        prefer=st.booleans(),
        insist=st.booleans(),
    )
    def merge(self, which: list[int], mode: Any, prefer: bool, insist: bool) -> None:
        named = tuple(dict.fromkeys(self.born[n % len(self.born)] for n in which))
        if len(named) < 2:
            return
        order = Order(named, mode, named[-1] if prefer else "", "admin")
        try:
            self._merge(order)
        except ConflictError as against:
            if insist and "judgements" in against.extra:
                self._insist(order, against.extra["judgements"])

    def _insist(self, order: Order, against: Any) -> None:
        ended = [contacts.decision(self.world.items, j) for j in against]
        again = Order(order.contacts, order.mode, order.prefer, order.by, tuple(against))
        try:
            self._merge(again)
        except ConflictError:
            return  # another of the three is judged different, too
        for decision in ended:
            assert decision
            self.words.take_back(decision.judgement.a, decision.judgement.b)

    def _merge(self, order: Order) -> None:
        _, answer = merge.merge(self.world.ports, order)
        first, *others = order.contacts
        self.words.join(answer["id"], [(first, other) for other in others])

    @precondition(lambda self: self.born)
    @rule(which=some, leaving=st.lists(some, min_size=1, max_size=2))
    def split(self, which: int, leaving: list[int]) -> None:
        contact = self.born[which % len(self.born)]
        members = self._members(contact)
        records = tuple({members[n % len(members)] for n in leaving})
        if len(records) < len(members):
            parting = Parting(contact, records, "admin", self.world.chance.token())
            _, answer = split.split(self.world.ports, parting)
            self.words.split(*(self._members(c) for c in answer["contacts"]))

    @precondition(lambda self: self.born)
    @rule(which=some, fields=people.changes())
    def edit(self, which: int, fields: dict[str, Any]) -> None:
        seen = self._seen(which)
        if contacts.version(self.world.items, *_place(seen)).status == "retired":
            return
        shown, _ = edit.edit(self.world.ports, seen, fields)
        for name in set(fields) & {"given_name", "family_name", "organization", "stage"}:
            assert shown[name] == fields[name]

    @precondition(lambda self: self.born)
    @rule(which=some, number=some)
    def revert(self, which: int, number: int) -> None:
        seen = self._seen(which)
        now = contacts.version(self.world.items, *_place(seen))
        versions = self.world.items.get(keys.head(seen.contact)) or {}
        then = contacts.version(self.world.items, seen.contact, 1 + number % versions["version"])
        if then.status == "active" and now.status == "active":
            edit.revert(self.world.ports, seen, then.number, None)
            self._is_as_in(seen.contact, then)

    def _is_as_in(self, contact: str, then: Version) -> None:
        """Its values are those of then, but for facts, which nothing takes back."""
        found = contacts.latest(self.world.items, contact)
        assert found
        assert _opinions(found[1].values) == _opinions(then.values)

    @precondition(lambda self: self.born)
    @rule(which=some, field=st.sampled_from(["given_name", "emails", "tags", "stage"]))
    def release(self, which: int, field: str) -> None:
        seen = self._seen(which)
        if contacts.version(self.world.items, *_place(seen)).status != "retired":
            edit.release(self.world.ports, seen, field)

    @precondition(lambda self: self.born)
    @rule(which=some)
    def put_away_or_bring_back(self, which: int) -> None:
        seen = self._seen(which)
        head = contacts.head_of(self.world.items, seen.contact)
        if head and head.retired & set(head.members):
            retire.restore(self.world.ports, seen)
        elif head and head.status == "active":
            shown, _ = retire.retire(self.world.ports, seen)
            assert shown["status"] == "retired"

    def _seen(self, which: int) -> Seen:
        contact = self.born[which % len(self.born)]
        etag = read.contact(self.world.ports, contact)[1]
        return Seen(contact, etag, "admin", self.world.chance.token())

    @precondition(lambda self: self._ties())
    @rule(which=some)
    def undo(self, which: int) -> None:
        ties = self._ties()
        name = ties[which % len(ties)]
        decision = contacts.decision(self.world.items, name)
        standing = decision and not decision.retracted_at
        _, undone = unmerge.undo(self.world.ports, name, "admin")
        assert unmerge.undo(self.world.ports, name, "admin") == (200, undone)
        self.words.part(name)
        sides = [self._members(c) for c in undone["contacts"]]
        if standing and decision and decision.judgement.machine and len(sides) == 2:
            self.words.differ(*sides)

    def _ties(self) -> list[str]:
        """Every merge that ever was, by hand or by machine, undone ones included."""
        rows = self.world.items.snapshot().items()
        named = (row["merge"] for key, row in rows if key.pk.startswith("J#"))
        return sorted({name for name in named if name})

    def _members(self, contact: str) -> tuple[str, ...]:
        head = contacts.head_of(self.world.items, contact)
        assert head
        return head.members

    @precondition(lambda self: self._questions())
    @rule(which=some, verdict=st.sampled_from(["same", "different"]))
    def answer(self, which: int, verdict: Any) -> None:
        questions = self._questions()
        question = questions[which % len(questions)]
        sides = [self._members(c["id"]) for c in question["contacts"]]
        asked = contacts.decision(self.world.items, question["id"])
        assert asked
        try:
            answered = review.answer(
                self.world.ports, question["id"], review.Answer(verdict, "admin")
            )
        except ConflictError as against:
            assert verdict == "same" and against.kind == "judged_different"
            return
        if verdict == "different":
            self.words.differ(*sides)
        else:
            self.words.join(answered["merge"], [(asked.judgement.a[0], asked.judgement.b[0])])

    def _questions(self) -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = desk.reviews(self.world.ports, None, 50)["items"]
        return shown
