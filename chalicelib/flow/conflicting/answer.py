"""Answer: one side of a conflict is taken, for both, in one transaction.

read the conflict, the delivery, the contact -> theirs: a word on the record, as a steward's pin,
and the version that it makes; ours: the delivery brings it there -> with the conflict, the
delivery that waits no more, and the rule if it becomes one
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from chalicelib.domain import times
from chalicelib.domain.conflicts import FieldConflict, Take, unasked
from chalicelib.domain.deliveries import Delivery, stirred
from chalicelib.domain.edits import Words
from chalicelib.domain.errors import ConflictError, StaleError
from chalicelib.domain.model import digest
from chalicelib.domain.pins import ruled
from chalicelib.domain.sources import Target
from chalicelib.flow import registry
from chalicelib.flow.batches import Batch
from chalicelib.flow.changes import Change, insisting, kick
from chalicelib.flow.conflicting import rows
from chalicelib.flow.conflicting.here import Here, here
from chalicelib.flow.editing import pin
from chalicelib.flow.ports import Ports
from chalicelib.flow.reviewing.review import DECIDED
from chalicelib.flow.telling.fan_out import kick_deliveries
from chalicelib.flow.telling.links import with_borrower
from chalicelib.store import deliveries
from chalicelib.store.ports import Conflict, Write

Owner = Literal["", "theirs", "newest"]


@dataclass(frozen=True)
class Answer:
    """Which side is taken, and by whom; `remember` makes it the rule for this field.

    `etag` is that of the conflict as it was seen; `owner` names the rule, where one answers.
    """

    take: Take
    by: str
    etag: str
    remember: bool = False
    owner: Owner = ""

    def gave(self, asked: FieldConflict) -> bool:
        """Whether a conflict was closed by this very answer."""
        return (asked.take, asked.remembered) == (self.take, self.remember)


class _Case(NamedTuple):
    """A conflict, the delivery that waits for its answer, and what stands here."""

    asked: FieldConflict
    row: Delivery
    target: Target
    ours: Here | None

    @property
    def shown(self) -> Any:
        """What the target should have, were nothing asked."""
        return self.ours.shown.get(self.asked.field) if self.ours else None


def answer(ports: Ports, conflict_id: str, given: Answer) -> FieldConflict:
    """Close a conflict; the same answer again is harmless. Returns it as it is then.

    Raises `NotFoundError`, `ConflictError` where it is closed already, `StaleError` where one
    side has changed since the person looked.
    """
    changes, told = insisting(ports, lambda _: _answer(ports, conflict_id, given))
    kick(ports, changes)
    kick_deliveries(ports, told)
    return rows.named(ports, conflict_id)


def _answer(
    ports: Ports, conflict_id: str, given: Answer
) -> tuple[Sequence[Change], Sequence[Delivery]]:
    asked = rows.named(ports, conflict_id)
    if asked.state != "open":
        if not given.gave(asked):
            raise ConflictError("This conflict is closed already.", kind=DECIDED)
        return (), ()
    case = _case(ports, asked)
    current = asked.etag(case.shown)
    if given.etag != current:
        raise StaleError("One side has changed since; read it again.", current=current)
    return _close(ports, case, given)


def _case(ports: Ports, asked: FieldConflict) -> _Case:
    row = deliveries.find(ports.items, asked.target, asked.contact)
    target = registry.registered(ports, Target, asked.target)
    if row is None:
        raise Conflict
    return _Case(asked, row, target, here(ports, target, asked.contact))


def _close(ports: Ports, case: _Case, given: Answer) -> tuple[Sequence[Change], Sequence[Delivery]]:
    words, told = _words(case, given), _told(ports, case)
    name, at = digest("conflict", case.asked.id), times.text(ports.now())
    batch = Batch(id=name, kind="conflict", by=given.by, at=at)
    also = [
        *(deliveries.delivery_write(known, after) for known, after in told),
        *_remembered(case, given),
        rows.conflict_write(case.asked, **_outcome(case, given, at, batch.id if words else "")),
    ]
    changes: Sequence[Change] = ()
    if words and case.ours:
        bearer = pin.bearer(case.ours.contact, case.asked.contact)
        changes = pin.keep(ports, case.ours.contact, {bearer: words}, batch, also)
    else:
        ports.items.write(also)
    return changes, [after for _, after in told]


def _outcome(case: _Case, given: Answer, at: str, batch: str) -> dict[str, Any]:
    said = {"state": "answered", "take": given.take, "by": given.by, "closed_at": at}
    return said | {"ours": case.shown, "remembered": given.remember, "batch": batch}


def _words(case: _Case, given: Answer) -> Words:
    """What makes the contact's field theirs; by a rule, a word that is no person's."""
    if given.take == "ours":
        return {}
    if case.ours is None:
        raise ConflictError("The target should not have the contact any more.", kind="not_there")
    return adopted(case.ours, given.owner, case.asked.field, case.asked.theirs)


def adopted(ours: Here, owner: Owner, field: str, theirs: Any) -> Words:
    """The words by which a field becomes what the target has."""
    adopt = ours.adopt_for_now if owner == "newest" else ours.adopt
    words = adopt(field, theirs)
    return ruled(words, ours.target.id) if owner else words


def _told(ports: Ports, case: _Case) -> list[tuple[Delivery, Delivery]]:
    """The deliveries, as they are and as they will be, that look at it again."""
    after = stirred(unasked(case.row, [case.asked.field]), ports.now())
    return with_borrower(ports, case.row, after)


def _remembered(case: _Case, given: Answer) -> list[Write]:
    field, target = case.asked.field, case.target
    if not given.remember or target.owns(field) == given.take:
        return []
    owners = {**target.owners, field: given.take}
    return [registry.storing(target, target.model_copy(update={"owners": owners}))[1]]
