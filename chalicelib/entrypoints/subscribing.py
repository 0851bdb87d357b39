"""Subscriptions: that a partner shall call us."""

from typing import Any

from chalice import Blueprint

from chalicelib.entrypoints.http import Call, Form, answered, expose
from chalicelib.flow.hearing import subscribe

subscribing = Blueprint(__name__)
PATH = "/v1/sources/{source}/subscription"


class SubscriptionForm(Form):
    """What shall be called: usually this API, where the request found it."""

    url: str | None = None


@expose(subscribing, PATH, "POST")
def post_subscription(call: Call, source: str) -> Any:
    """Have a partner call its webhook; 202 where that does not stand yet."""
    form = call.form(SubscriptionForm) if call.request.raw_body else SubscriptionForm()
    base = call.address().removesuffix(f"/v1/sources/{source}/subscription")
    url = f"{base}/v1/hooks/{source}" if form.url is None else form.url
    told = subscribe.subscribe(call.ports, source, url, call.remaining_ms)
    return answered(told, 200 if told["state"] == "active" else 202)


@expose(subscribing, PATH, "GET")
def get_subscription(call: Call, source: str) -> Any:
    """How it stands."""
    return subscribe.shown(call.ports, source)


@expose(subscribing, PATH, "DELETE")
def delete_subscription(call: Call, source: str) -> Any:
    """Have it call no more; 202 where one may still stand there."""
    told = subscribe.unsubscribe(call.ports, source, call.remaining_ms)
    return answered(told, 200 if told["state"] == "none" else 202)
