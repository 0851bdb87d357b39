"""Assign and postpone: a question's place on the desk; what it asks is left alone.

Each write is on the condition of the question's row as it was read: an answer that came in
between is seen, never overwritten, and of two who take one question the second is refused.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain import times
from chalicelib.domain.desk import Desk
from chalicelib.domain.desk_views import desk_view
from chalicelib.domain.errors import ConflictError, FieldError, InvalidError
from chalicelib.domain.judgements import Decision
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.flow.reviewing.review import decided, question
from chalicelib.store import contacts

NOBODY = "none"


def arrange(
    ports: Ports, review_id: str, news: Mapping[str, str | None], force: bool = False
) -> dict[str, Any]:
    """Change what is named of `assignee`, `postponed_until` (RFC 3339) and `note`; null clears.

    Raises `NotFoundError`; `InvalidError` for a time that is none or is past; `ConflictError`
    for an answered question, and without `force` for one that somebody else has.
    """
    changes = {name: value or "" for name, value in news.items()}
    _check(changes)
    if changes.get("postponed_until"):
        changes["postponed_until"] = _ahead(ports, changes["postponed_until"])
    return insisting(ports, lambda _: _arrange(ports, review_id, changes, force))


def _check(changes: Mapping[str, str]) -> None:
    if changes.get("assignee") == NOBODY:
        detail = "Nobody is called none; null takes the assignment back."
        raise InvalidError(detail, [FieldError("/assignee", "reserved", detail)])


def _ahead(ports: Ports, given: str) -> str:
    try:
        until = times.moment(given)
    except ValueError:
        until = None
    if until is None or until <= ports.now():
        detail = "A time to come, in the form of RFC 3339."
        code = "past" if until else "bad_value"
        raise InvalidError(detail, [FieldError("/postponed_until", code, detail)])
    return times.text(until)


def _arrange(
    ports: Ports, review_id: str, changes: Mapping[str, str], force: bool
) -> dict[str, Any]:
    asked = question(ports, review_id)
    if asked.retracted_at:
        raise decided()
    _refuse_taken(asked.desk, changes.get("assignee", ""), force)
    _put(ports, asked, changes)
    return {"id": review_id, **desk_view(_with(asked, changes))}


def _refuse_taken(desk: Desk, assignee: str, force: bool) -> None:
    if assignee and desk.assignee not in ("", assignee) and not force:
        detail = "Somebody else has this review; say force to take it."
        raise ConflictError(detail, kind="already_assigned")


def _with(asked: Decision, changes: Mapping[str, str]) -> Decision:
    return asked.model_copy(update={"desk": asked.desk.model_copy(update=changes)})


def _put(ports: Ports, asked: Decision, changes: Mapping[str, str]) -> None:
    after = _with(asked, changes)
    if after != asked:
        ports.items.write([contacts.decision_write(after, new=False)])


def wake(ports: Ports, review_id: str) -> None:
    """Put a question back into the queue, if its time has come."""
    insisting(ports, lambda _: _wake(ports, review_id))


def _wake(ports: Ports, review_id: str) -> None:
    asked, now = contacts.decision(ports.items, review_id), times.text(ports.now())
    if asked and asked.open and "" < asked.desk.postponed_until <= now:
        _put(ports, asked, {"postponed_until": ""})
