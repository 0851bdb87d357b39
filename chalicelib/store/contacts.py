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


def latest_of_each(items: Items, record_ids: Sequence[str]) -> dict[str, Version]:
    """By record the contact it belongs to now, of up to 100 records; unknown ids are left out.

    Raises `Conflict` when one of them is being moved at this very moment.
    """
    found = _heads(items, record_ids)
    found |= _heads(items, [head.into for head in found.values() if head.absorbed])
    heads = {r: found.get(found[r].into, found[r]) for r in record_ids if r in found}
    if any(r not in head.members for r, head in heads.items()):
        raise Conflict
    rows = items.get_many([keys.version(h.id, h.version) for h in heads.values()])
    versions = {v.contact: v for v in map(Version.of_row, rows.values())}
    return {r: versions[head.id] for r, head in heads.items()}


def _heads(items: Items, contact_ids: Iterable[str]) -> dict[str, Head]:
    rows = items.get_many([keys.head(contact) for contact in dict.fromkeys(contact_ids)])
    return {head.id: head for head in map(Head.of_row, rows.values())}


def version(items: Items, contact_id: str, number: int) -> Version:
    """One version; KeyError where there is none."""
    row = items.get(keys.version(contact_id, number))
    if row is None:
        raise KeyError(number)
    return Version.of_row(row)


def versions(
    items: Items, contact_id: str, after: str | None, limit: int
) -> tuple[list[Version], str | None]:
    """Some versions, the newest first, and where to go on."""
    page = items.query("versions", contact_id, after=after, limit=limit, newest_first=True)
    return [Version.of_row(row) for row in page.items], page.next


def statements(items: Items, record_id: str, stamps: Sequence[str]) -> list[Statement]:
    """The statements of a record with these stamps, in their order."""
    wanted = [keys.statement(record_id, stamp) for stamp in stamps]
    found: dict[Key, Item] = {}
    for start in range(0, len(wanted), READS_CAP):
        found |= items.get_many(wanted[start : start + READS_CAP])
    return [Statement.of_row(found[key]) for key in wanted if key in found]


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


def statement_write(record_id: str, statement: Statement) -> Write:
    """A statement, kept once."""
    return Put(keys.statement(record_id, statement.stamp), statement.row(), Absent())


def decision_write(decision: Decision, *, new: bool = True) -> Write:
    """A judgement; in the queue of reviews while it is a question, the likeliest first, and
    among the answered, the oldest first, once a person decided it.

    One that is not new is guarded by the heads that it stands on.
    """
    key = keys.judgement(decision.judgement.id)
    return Put(key, decision.row() | _lane(decision), Absent() if new else None)


def _lane(decision: Decision) -> dict[str, str]:
    if decision.judgement.verdict == "unsure" and not decision.retracted_at:
        rank = f"{TOP_RANK - decision.score:07d}#{decision.judgement.id}"
        return {"lane": keys.REVIEWS, "due": rank}
    if decision.answer:
        return {"lane": keys.ANSWERED, "due": f"{decision.retracted_at}#{decision.judgement.id}"}
    return {}


def decision(items: Items, judgement_id: str) -> Decision | None:
    """A judgement by its id, also a retracted one."""
    row = items.get(keys.judgement(judgement_id))
    return Decision.of_row(row) if row else None
