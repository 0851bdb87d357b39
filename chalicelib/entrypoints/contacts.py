"""Contacts: read, followed through their versions, searched."""

from typing import Any

from chalice import Blueprint
from pydantic import Field

from chalicelib.domain.errors import NotFoundError
from chalicelib.entrypoints.http import PAGE_CAP, Call, Form, answered, expose
from chalicelib.flow import read
from chalicelib.flow.search import search

contacts = Blueprint(__name__)


class Search(Form):
    """A search: the filter, how many at once, where to go on."""

    q: str = ""
    limit: int = Field(default=25, ge=1, le=PAGE_CAP)
    cursor: str | None = None


@expose(contacts, "/v1/contacts/search", "POST")
def post_search(call: Call) -> Any:
    """Personal data never stands in a URL: so a search is a body."""
    asked = call.form(Search)
    return search(call.ports, asked.q, asked.limit, asked.cursor, call.by)


@expose(contacts, "/v1/contacts/{contact}", "GET")
def get_contact(call: Call, contact: str) -> Any:
    """The golden contact; an old, merged id leads to the survivor."""
    found, etag = read.contact(call.ports, contact)
    moved = {} if found["id"] == contact else {"Content-Location": f"/v1/contacts/{found['id']}"}
    return answered(found, headers={"ETag": etag, **moved})


@expose(contacts, "/v1/contacts/{contact}/records", "GET")
def get_records(call: Call, contact: str) -> Any:
    """The evidence: what each source says of it."""
    return read.records(call.ports, contact)


@expose(contacts, "/v1/contacts/{contact}/versions", "GET")
def get_versions(call: Call, contact: str) -> Any:
    """Its history, the newest first."""
    return call.listed("versions", contact, read.versions)


@expose(contacts, "/v1/contacts/{contact}/versions/{number}", "GET")
def get_version(call: Call, contact: str, number: str) -> Any:
    """The contact as it was."""
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise NotFoundError("There is no such version.")
    return read.version(call.ports, contact, int(number))
