"""Where a host that others chose leads: every address of its name is checked, or none counts."""

import socket
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.domain.urls import Scheme, check_address, check_target_url, is_loopback

Resolve = Callable[[str], Sequence[str]]


def system_resolve(host: str) -> list[str]:
    """Ask the system for a name's addresses; raises `socket.gaierror`."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def checked_addresses(host: str, *, allow_loopback: bool, resolve: Resolve) -> Sequence[str]:
    """Resolve a host once; raises `InvalidError` if any of its addresses is not allowed.

    Loopback is allowed only to a host that is written as loopback: a public name that leads
    there is refused on the local cloud too. Raises `socket.gaierror` for an unknown name.
    """
    addresses = resolve(host)
    if not addresses:
        raise socket.gaierror(socket.EAI_NONAME, "no address")
    for address in addresses:
        check_address(address, allow_loopback=allow_loopback and is_loopback(host))
    return addresses


def check_url(
    url: str, *, allow_loopback: bool, resolve: Resolve, scheme: Scheme = "https"
) -> None:
    """Raise `InvalidError` for a URL that may not be told, or whose name leads nowhere good."""
    check_target_url(url, allow_loopback=allow_loopback, scheme=scheme)
    host = urlsplit(url).hostname or ""
    try:
        checked_addresses(host, allow_loopback=allow_loopback, resolve=resolve)
    except socket.gaierror:
        detail = "The name of the host cannot be resolved."
        raise InvalidError(detail, [FieldError("/url", "host", detail)]) from None
