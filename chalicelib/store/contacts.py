"""Contacts in the store: read head first, then members; write on the condition of `rev`.

The order of reading and the condition are law 3: a contact that was computed from a
record that changed meanwhile cannot be written, since every write to a member raises the
`rev` of its contact's head.
"""

from collections.abc import Iterable, Sequence

from chalicelib.domain.evidence import Record, Statement
from chalicelib.domain.graph import Contact, Head
from chalicelib.domain.judgements import Decision
from chalicelib.domain.settle import Step
from chalicelib.domain.versions import Version
from chalicelib.store import keys
from chalicelib.store.ports import (
    Absent,
    Conflict,
    Equals,
    Item,
    Items,
    Key,
    Put,
    Set,
    Write,
)

READS_CAP = 100
TOP_RANK = 1_000_000


def head_of(items: Items, record_id: str) -> Head | None:
    """The head of the contact that a record belongs to now; None for an unknown id.

    Raises `Conflict` when the record is being moved at this very moment.
    """
    found = items.get(keys.head(record_id))
    if found is None:
        return None
    head = Head.of_row(found)
    for _ in range(3):
        if not head.absorbed:
            break
        head = Head.of_row(items.get(keys.head(head.into)) or found)
    if record_id not in head.members:
        raise Conflict
    return head


def load(items: Items, record_id: str) -> Contact | None:
    """The contact that a record belongs to, with its records: head first, then members."""
    head = head_of(items, record_id)
    return with_records(items, head) if head else None


def with_records(items: Items, head: Head) -> Contact:
    """Read the member records of a head that was just read."""
    rows = items.get_many([keys.record(m) for m in head.members])
    records = [Record.of_row(row) for row in rows.values()]
    if len(records) != len(head.members):
        raise Conflict
    return Contact(head=head, records={r.id: r for r in records})


def latest(items: Items, record_id: str) -> tuple[Head, Version] | None:
    """The contact as it is now: head, then version. None for an unknown id."""
    head = head_of(items, record_id)
    return (head, version(items, head.id, head.version)) if head else None


def latest_of_many(items: Items, record_ids: Sequence[str]) -> dict[str, tuple[Head, Version]]:
    """The contact of each record as it is now; unknown ids are left out.

    Raises `Conflict` when one of the records is being moved at this very moment.
    """
    heads = _heads(items, record_ids)
    moved = _heads(items, [h.into for h in heads.values() if h.absorbed])
    homes = {r: moved.get(h.into, h) for r, h in heads.items()}
    if any(r not in h.members for r, h in homes.items()):
        raise Conflict
    found = _many(items, list({keys.version(h.id, h.version): None for h in homes.values()}))
    versions = {v.contact: v for v in map(Version.of_row, found.values())}
    return {r: (h, versions[h.id]) for r, h in homes.items()}


def _heads(items: Items, contact_ids: Sequence[str]) -> dict[str, Head]:
    found = _many(items, [keys.head(c) for c in dict.fromkeys(contact_ids)])
    return {h.id: h for h in map(Head.of_row, found.values())}


def version(items: Items, contact_id: str, number: int) -> Version:
    """One version; KeyError where there is none."""
    row = items.get(keys.version(contact_id, number))
    if row is None:
        raise KeyError(number)
    return Version.of_row(row)


def since(items: Items, contact_id: str, number: int) -> tuple[list[Version], bool]:
    """Some versions from the next after a number on, the oldest first; whether more may follow."""
    page = items.query("versions", contact_id, after=keys.version(contact_id, number).sk)
    return [Version.of_row(row) for row in page.items], page.next is not None


def versions(
    items: Items, contact_id: str, after: str | None, limit: int
) -> tuple[list[Version], str | None]:
    """Some versions, the newest first, and where to go on."""
    page = items.query("versions", contact_id, after=after, limit=limit, newest_first=True)
    return [Version.of_row(row) for row in page.items], page.next


def statements(items: Items, record_id: str, stamps: Sequence[str]) -> list[Statement]:
    """The statements of a record with these stamps, in their order."""
    wanted = [keys.statement(record_id, stamp) for stamp in stamps]
    found = _many(items, wanted)
    return [Statement.of_row(found[key]) for key in wanted if key in found]


def _many(items: Items, wanted: Sequence[Key]) -> dict[Key, Item]:
    """Read as many items as it takes calls."""
    steps = range(0, len(wanted), READS_CAP)
    parts = (items.get_many(wanted[start : start + READS_CAP]) for start in steps)
    return {key: item for part in parts for key, item in part.items()}


def told(items: Items, record_id: str) -> list[Statement]:
    """All the statements of a record, retracted ones too, in the order of their stamps."""
    found: list[Statement] = []
    after = None
    while True:
        page = items.query("contacts", keys.record(record_id).pk, prefix="S#", after=after)
        found += map(Statement.of_row, page.items)
        after = page.next
        if after is None:
            return found


def step_writes(step: Step) -> list[Write]:
    """The head on the condition of its old `rev`, and the version if there is one."""
    rev = step.before.rev
    condition = Equals("rev", rev) if rev else Absent()
    writes: list[Write] = [Put(keys.head(step.after.id), step.after.row(), condition)]
    if step.version:
        key = keys.version(step.version.contact, step.version.number)
        writes.append(Put(key, step.version.row(), Absent()))
    return writes


def pointer_writes(record_ids: Iterable[str], into: str) -> list[Write]:
    """Stubs of records that are no contact's id: only where they lead changes.

    They need no condition: they change only together with the head they are a member of.
    """
    return [Set(keys.head(r), {"into": into}) for r in record_ids]


def record_write(record: Record, *, born: bool) -> Write:
    """The record; it is guarded by its contact's head, and at birth by its absence."""
    return Put(keys.record(record.id), record.row(), Absent() if born else None)


def statement_write(record_id: str, statement: Statement, *, new: bool = True) -> Write:
    """A statement, kept once; one that stands already is guarded by its contact's head."""
    key = keys.statement(record_id, statement.stamp)
    return Put(key, statement.row(), Absent() if new else None)


def decision_write(decision: Decision, *, new: bool = True) -> Write:
    """A judgement; in the queue of reviews while it is a question, by priority, and among the
    answered, the oldest first, once a person decided it.

    One that is not new is written on the condition of its `rev` (older rows have none: the
    heads alone guard their first), so that a word on it and its place on the desk never
    overwrite each other.
    """
    row = decision.model_copy(update={"rev": decision.rev + 1}).row()
    known = Equals("rev", decision.rev) if decision.rev else None
    key = keys.judgement(decision.judgement.id)
    return Put(key, row | lane_of(decision), Absent() if new else known)


def lane_of(decision: Decision) -> dict[str, str]:
    """Where a judgement waits: before the stewards, for its time to come, or to be learned from."""
    question = decision.judgement
    if decision.open and decision.desk.postponed_until:
        due = f"{decision.desk.postponed_until}#{question.id}"
        return {"lane": keys.POSTPONED, "due": due}
    if decision.open:
        rank = max(TOP_RANK - decision.priority, 0)
        return {"lane": keys.REVIEWS, "due": f"{rank:07d}#{question.at}#{question.id}"}
    if decision.answer:
        return {"lane": keys.ANSWERED, "due": f"{decision.retracted_at}#{question.id}"}
    return {}


def decisions(items: Items, judgement_ids: Sequence[str]) -> dict[str, Decision]:
    """The judgements of these ids that stand, also retracted ones."""
    found = _many(items, [keys.judgement(j) for j in dict.fromkeys(judgement_ids)])
    return {d.judgement.id: d for d in map(Decision.of_row, found.values())}


def decision(items: Items, judgement_id: str) -> Decision | None:
    """A judgement by its id, also a retracted one."""
    row = items.get(keys.judgement(judgement_id))
    return Decision.of_row(row) if row else None
