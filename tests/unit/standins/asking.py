"""Calls that are built before they are sent, and errors read by the vendor's word."""

import json
from typing import Any
from urllib.parse import urlencode

from tests.standins.base import Called, Replied


def request(method: str, url: str, body: Any = None, token: str = "", **headers: str) -> Called:
    """With a body of JSON, or a form where it is bytes."""
    sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    form = "application/x-www-form-urlencoded"
    kind = {"content-type": form if isinstance(body, bytes) else "application/json"} if sent else {}
    key = {"authorization": f"Bearer {token}"} if token else {}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Called.of(method, url, {**kind, **key, **named}, sent)


def query(path: str, **parameters: str) -> str:
    """A URL with these parameters."""
    return f"{path}?{urlencode(parameters)}" if parameters else path


def error(replied: Replied) -> tuple[int, str]:
    """The status, and the vendor's word for the error."""
    told = replied.body["error"]
    return replied.status, told if isinstance(told, str) else told.get("status") or told["code"]


def renewal(**changed: str) -> bytes:
    """A form for the token endpoint; an empty value leaves the field out."""
    fields = {
        "grant_type": "refresh_token",
        "client_id": "client-1",
        "client_secret": "secret-1",
        "refresh_token": "refresh-1",
    } | changed
    return urlencode({name: text for name, text in fields.items() if text}).encode()
