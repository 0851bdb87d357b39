"""A target's URL as it is saved: its form, and where its name leads right now."""

import socket
from urllib.parse import urlsplit

from chalicelib.connectors.addresses import Resolve, checked_addresses, system_resolve
from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.domain.urls import check_target_url


def check_url(url: str, *, allow_loopback: bool, resolve: Resolve = system_resolve) -> None:
    """Raise `InvalidError` for a URL that may not be told; it is checked again at each push."""
    check_target_url(url, allow_loopback=allow_loopback)
    host = urlsplit(url).hostname or ""
    try:
        checked_addresses(host, allow_loopback=allow_loopback, resolve=resolve)
    except socket.gaierror:
        detail = "The name of the host cannot be resolved."
        raise InvalidError(detail, [FieldError("/url", "host", detail)]) from None
