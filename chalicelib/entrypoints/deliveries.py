"""Deliveries: what each target has, how it goes with it, and what failed tried again."""

from typing import Any

from chalice import Blueprint

from chalicelib.domain.errors import InvalidError
from chalicelib.entrypoints.http import Call, Form, Id, answered, expose
from chalicelib.flow.reading import lists
from chalicelib.flow.telling import retry
from chalicelib.flow.telling.health import health

deliveries = Blueprint(__name__)
STATES = ("", "waiting", "delivered", "failed", "given_up")


class Retry(Form):
    """Which target's failed deliveries to try again: all, or those of one reason."""

    target: Id
    reason: str = ""


@expose(deliveries, "/v1/targets/{target}/health", "GET")
def get_health(call: Call, target: str) -> Any:
    """How far behind a target is, how it fares, and what is left of its rate."""
    return health(call.ports, target)


@expose(deliveries, "/v1/deliveries", "GET")
def get_deliveries(call: Call) -> Any:
    """What a target (or each of them) has of each contact, by state and reason."""
    state, reason = call.asked("state"), call.asked("reason")
    if state not in STATES:
        raise InvalidError("state is waiting, delivered, failed or given_up.", status=400)
    wanted = lists.Wanted(call.named("target"), state, reason)
    scope = " ".join(wanted)
    return call.listed(
        "deliveries", scope, lambda p, _, after, limit: lists.deliveries(p, wanted, after, limit)
    )


@expose(deliveries, "/v1/deliveries/retry", "POST")
def post_retry(call: Call) -> Any:
    """Try a target's failed deliveries again, now; as a job where many are looked through."""
    form = call.form(Retry)
    done = retry.retry(call.ports, form.target, form.reason)
    return answered(retry.view(done), 202 if done.job else 200)
