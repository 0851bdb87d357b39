"""Which URLs a target may have: public https on its own port, and nothing that can be read twice.

A directory's is ldaps instead, and names nothing but the host.

A URL that is not in one narrow grammar (plain ASCII, no credentials, no fragment) is
refused, since parsers disagree about all others. Names say nothing about where they lead:
each address that one resolves to is checked again by `check_address`, at every connect.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal

from chalicelib.domain.errors import FieldError, InvalidError

MAX_URL = 2048
MAX_CALLED = 8192

Scheme = Literal["https", "ldaps"]
_PORTS = {"https": "443", "ldaps": "636"}

_CHARACTER = r"(?:[a-z0-9\-._~!$&'()*+,;=:@/]|%[0-9a-f]{2})"
_URL = re.compile(
    r"(?P<scheme>https?|ldaps?)://(?P<host>\[[0-9a-f]*:[0-9a-f:.]*\]|[a-z0-9.-]+)"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?"
    rf"(?P<rest>(?:/{_CHARACTER}*)?(?:\?(?P<query>(?:{_CHARACTER}|\?)*))?)",
    re.ASCII | re.IGNORECASE,
)
# Two labels or more, the last a word: no number in any base passes for a name.
_NAME = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})",
    re.ASCII,
)
_INSIDE = ("localhost", "localdomain", "local", "internal")
# Secrets belong to the target's secret, not to its URL, which is shown and logged.
_SECRET = re.compile(
    r"(?:^|&)(?:[^=&]*(?:token|secret|passw|pwd|signature|credential)[^=&]*"
    r"|(?:[^=&]*[_-])?(?:api)?(?:key|sig|auth))=",
    re.ASCII | re.IGNORECASE,
)

_LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
# IANA's special-purpose registries, multicast, and all IPv6 outside 2000::/3: that includes
# mapped, NAT64, unique local, link-local. A table of our own, as `ipaddress` changes its mind.
_REFUSED = tuple(
    ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24"),
        *("192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("::/3", "4000::/2", "8000::/1"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
)


def check_target_url(url: str, *, allow_loopback: bool, scheme: Scheme = "https") -> None:
    """Refuse a URL that no target may have (`InvalidError`, 422, pointer "/url").

    `allow_loopback` is for the local cloud: it lets any port through, and http (or ldap), to
    `localhost` and to loopback addresses, and nothing else.
    """
    if len(url) > MAX_URL:
        raise _refused("too_long", f"The URL has more than {MAX_URL} characters.")
    parts = _URL.fullmatch(url)
    if parts and _SECRET.search(parts["query"] or ""):
        raise _refused("secret", "A secret stands in the URL's query.")
    check_called_url(url, allow_loopback=allow_loopback, scheme=scheme)


def check_called_url(url: str, *, allow_loopback: bool, scheme: Scheme = "https") -> None:
    """Refuse a URL that nobody may call; what a connector adds to a saved one may be long."""
    parts = _URL.fullmatch(url) if len(url) <= MAX_CALLED else None
    if parts is None or int(parts["port"] or 0) > 65535:
        raise _refused("malformed", f"Not a plain {scheme} URL without credentials and fragment.")
    if scheme == "ldaps" and parts["rest"] not in ("", "/"):
        raise _refused("malformed", "The URL of a directory is its host; the rest is an option.")
    host, written = parts["host"].lower(), parts["scheme"].lower()
    local = allow_loopback and is_loopback(host)
    if written != scheme and not (local and f"{written}s" == scheme):
        raise _refused("scheme", f"The URL is not {scheme}.")
    if local:
        return
    if parts["port"] not in (None, _PORTS[scheme]):
        raise _refused("port", f"The URL's port is not {_PORTS[scheme]}.")
    _check_host(host)


def check_address(ip: str, *, allow_loopback: bool) -> None:
    """Refuse an address that is not on the public internet; raises as `check_target_url`."""
    address = _address(ip)
    if address is None or "%" in ip:
        raise _not_public()
    if allow_loopback and any(address in network for network in _LOOPBACK):
        return
    if any(address in network for network in _REFUSED):
        raise _not_public()


def is_loopback(host: str) -> bool:
    """Whether a host as written, lower case, brackets or not, is this very machine."""
    address = _address(host.strip("[]"))
    return host == "localhost" or any(address in net for net in _LOOPBACK if address)


def _check_host(host: str) -> None:
    if host.startswith("[") or _address(host):
        check_address(host.strip("[]"), allow_loopback=False)
    elif not _NAME.fullmatch(host) or host.rpartition(".")[2] in _INSIDE:
        raise _refused("host", "The URL's host is not a public name.")


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _not_public() -> InvalidError:
    return _refused("address", "The URL does not lead to a public address.")


def _refused(code: str, detail: str) -> InvalidError:
    return InvalidError("The target's URL is refused.", [FieldError("/url", code, detail)])
