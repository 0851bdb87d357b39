"""Segments, and the lists that are pushed to targets."""

from typing import Any

from chalice import Blueprint
from pydantic import Field, model_validator

from chalicelib.entrypoints.http import Call, Form, answered, expose
from chalicelib.entrypoints.registry import check_name
from chalicelib.flow.listing import segments, show
from chalicelib.flow.listing.push import Order, push

lists = Blueprint(__name__)


class SegmentForm(Form):
    """A filter, and a name for people."""

    name: str = Field(default="", max_length=200)
    filter: str


class ListForm(Form):
    """What a list shall hold: what a segment comes to, or a filter; or only what that would do."""

    segment: str | None = Field(default=None, min_length=1)
    filter: str | None = None
    preview: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> "ListForm":
        if (self.segment is None) == (self.filter is None):
            raise ValueError("Name a segment or a filter.")
        return self


@expose(lists, "/v1/segments/{segment}", "PUT")
def put_segment(call: Call, segment: str) -> Any:
    """Save a segment, or change it; lists that were made from it stay as they are."""
    check_name(segment)
    given = call.form(SegmentForm)
    known, is_new = segments.put(call.ports, segment, given.name, given.filter)
    return answered(segments.view(known), 201 if is_new else 200)


@expose(lists, "/v1/segments", "GET")
def get_segments(call: Call) -> Any:
    """All segments."""
    return call.listed("segments", "", segments.listed)


@expose(lists, "/v1/segments/{segment}", "GET")
def get_segment(call: Call, segment: str) -> Any:
    """One segment."""
    return segments.view(segments.named(call.ports, segment))


@expose(lists, "/v1/segments/{segment}", "DELETE")
def delete_segment(call: Call, segment: str) -> Any:
    """Away with it; lists that were made from it stay as they are."""
    return segments.view(segments.delete(call.ports, segment))


@expose(lists, "/v1/targets/{target}/lists/{name}", "PUT")
def put_list(call: Call, target: str, name: str) -> Any:
    """Make the list exactly this, or say what that would do, as a job."""
    check_name(name)
    given = call.form(ListForm).model_dump()
    return _begun(call, Order(target, name, call.by, call.key(), **given))


@expose(lists, "/v1/targets/{target}/lists/{name}", "DELETE")
def delete_list(call: Call, target: str, name: str) -> Any:
    """Take everybody off, as a job; its record stays."""
    return _begun(call, Order(target, name, call.by, call.key()))


def _begun(call: Call, order: Order) -> Any:
    return answered({"job": push(call.ports, order).id}, 202)


@expose(lists, "/v1/targets/{target}/lists", "GET")
def get_lists(call: Call, target: str) -> Any:
    """The lists of a target."""
    return call.listed("lists", target, show.lists)


@expose(lists, "/v1/targets/{target}/lists/{name}", "GET")
def get_list(call: Call, target: str, name: str) -> Any:
    """One list: what it was made from, and what its pushes came to."""
    return show.one(call.ports, target, name)


@expose(lists, "/v1/targets/{target}/lists/{name}/contacts", "GET")
def get_contacts(call: Call, target: str, name: str) -> Any:
    """Who is on it, is withheld and why, or was taken off; and what was sent of each."""
    return call.listed(
        "listed",
        f"{target}/{name}",
        lambda ports, _, after, limit: show.entries(ports, target, name, after, limit),
    )


@expose(lists, "/v1/targets/{target}/lists/{name}/sent", "GET")
def get_sent(call: Call, target: str, name: str) -> Any:
    """What the target was told of it and when, the newest first."""
    return call.listed(
        "sent",
        f"{target}/{name}",
        lambda ports, _, after, limit: show.sent(ports, target, name, after, limit),
    )
