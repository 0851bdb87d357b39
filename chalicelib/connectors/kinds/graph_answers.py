"""What Graph's answers mean: a 404 is about the contact only where Graph says so."""

from collections.abc import Mapping
from typing import Any

from chalicelib.connectors.api import Reply
from chalicelib.connectors.connector import Result, UnavailableError


def answered(reply: Reply, created: bool = False) -> Result:
    """Where no contact was named, 404 says that there is no such mailbox or folder."""
    if reply.status == 404:
        return Result("failed", "no_mailbox")
    if not reply.ok:
        return reply.result()
    told = reply.json or {}
    etag = str(told.get("@odata.etag", ""))
    return Result("done", remote=str(told.get("id", "")), etag=etag, created=created)


def of_item(reply: Reply) -> Result:
    """Where one was named, Graph says whether it is that which is not there."""
    error = reply.json.get("error") if isinstance(reply.json, Mapping) else None
    code = error.get("code") if isinstance(error, Mapping) else None
    gone = reply.status == 404 and code == "ErrorItemNotFound"
    return Result("gone", "http_404") if gone else answered(reply)


def required(reply: Reply) -> Any:
    """The body of a read; `UnavailableError`."""
    if not reply.ok:
        raise UnavailableError(answered(reply))
    return reply.required()
