"""Contacts: read and searched, as they are and as they were."""

from collections.abc import Mapping
from typing import Any

from chalice import Blueprint
from pydantic import Field

from chalicelib.entrypoints.http import PAGE_CAP, Call, Form, Moment, answered, expose
from chalicelib.flow.listing.segments import filter_of
from chalicelib.flow.reading import read
from chalicelib.flow.reading.search import Wanted, search

contacts = Blueprint(__name__)


class Search(Form):
    """A search: the filter, of which segment, as of when (now), how many at once, from where on."""

    q: str = ""
    segment: str = ""
    as_of: Moment | None = None
    limit: int = Field(default=25, ge=1, le=PAGE_CAP)
    cursor: str | None = None


@expose(contacts, "/v1/contacts/search", "POST")
def post_search(call: Call) -> Any:
    """Personal data never stands in a URL: so a search is a body."""
    asked = call.form(Search)
    q = filter_of(call.ports, asked.segment, asked.q)
    wanted = Wanted(q, asked.as_of, asked.limit, call.by)
    return search(call.ports, wanted, asked.cursor)


@expose(contacts, "/v1/contacts/{contact}", "GET")
def get_contact(call: Call, contact: str) -> Any:
    """The golden contact, now or `as_of` a time; an old, merged id leads to the survivor."""
    if at := call.moment("as_of"):
        return _led(contact, read.contact_at(call.ports, contact, at), {})
    found, etag = read.contact(call.ports, contact)
    return _led(contact, found, {"ETag": etag})


def _led(asked: str, found: dict[str, Any], headers: Mapping[str, str]) -> Any:
    """The contact that an id led to; where that is another one, it says so."""
    moved = {} if found["id"] == asked else {"Content-Location": f"/v1/contacts/{found['id']}"}
    return answered(found, headers={**headers, **moved})


@expose(contacts, "/v1/contacts/{contact}/records", "GET")
def get_records(call: Call, contact: str) -> Any:
    """The evidence: what each source says of it."""
    return read.records(call.ports, contact)
