"""Conflicts with partners: the inbox of what was changed there and here, and its answers."""

from typing import Any, Literal

from chalice import Blueprint

from chalicelib.domain.errors import InvalidError
from chalicelib.entrypoints.http import Call, Form, answered, expose
from chalicelib.flow.conflicting import answer, inbox

conflicts = Blueprint(__name__)


class Answer(Form):
    """Which side counts; `remember` makes it the rule for this field of the target."""

    take: Literal["theirs", "ours"]
    remember: bool = False


@expose(conflicts, "/v1/conflicts", "GET")
def get_conflicts(call: Call) -> Any:
    """Those that wait, or those that were answered, of one target or all."""
    state, target = call.asked("state") or "open", call.named("target")
    if state not in ("open", "answered"):
        raise InvalidError("state is open or answered.", status=400)
    return call.listed(
        "conflicts",
        f"{target} {state}",
        lambda ports, _, after, limit: inbox.conflicts(ports, target, state, after, limit),
    )


@expose(conflicts, "/v1/conflicts/{conflict}", "GET")
def get_conflict(call: Call, conflict: str) -> Any:
    """One, with both values and who said ours; its ETag is what an answer names."""
    shown, etag = inbox.show(call.ports, conflict)
    return answered(shown, headers={"ETag": etag})


@expose(conflicts, "/v1/conflicts/{conflict}/answer", "POST")
def post_answer(call: Call, conflict: str) -> Any:
    """Take one side, for both."""
    given = call.form(Answer)
    said = answer.Answer(given.take, call.by, call.seen(conflict).etag, given.remember)
    answer.answer(call.ports, conflict, said)
    return inbox.show(call.ports, conflict)[0]
