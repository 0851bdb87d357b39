"""What a CardDAV server is asked and answers in XML (RFC 4918, 6352, 6578).

What it answers is anybody's data: entities and document types are refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from chalicelib.connectors.api import Reply
from chalicelib.connectors.connector import Result, UnavailableError

_DAV, _CARDS = "{DAV:}", "{urn:ietf:params:xml:ns:carddav}"
_SPACES = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"'
_CARD = "<prop><getetag/><getlastmodified/><C:address-data/></prop>"
_SAFE = "-._~!$&'()*+,;=:@"

TYPE_ASKED = f"<propfind {_SPACES}><prop><resourcetype/></prop></propfind>"


@dataclass(frozen=True)
class Resource:
    """One card of an answer by its name in the book, or that it is `gone`."""

    name: str
    gone: bool
    etag: str
    modified: str
    card: str = field(repr=False)


@dataclass(frozen=True)
class Synced:
    """What changed, the token to go on from, and whether the server told a part only."""

    resources: list[Resource]
    token: str
    cut: bool


def sync_asked(token: str) -> str:
    """What changed since a token; everything, without one."""
    return (
        f"<sync-collection {_SPACES}><sync-token>{escape(token)}</sync-token>"
        "<sync-level>1</sync-level><prop><getetag/></prop></sync-collection>"
    )


def cards_asked(hrefs: Iterable[str]) -> str:
    """These cards."""
    listed = "".join(f"<href>{escape(href)}</href>" for href in hrefs)
    return f"<C:addressbook-multiget {_SPACES}>{_CARD}{listed}</C:addressbook-multiget>"


def sought(uid: str, addresses: Iterable[str]) -> str:
    """The cards of this id, or with one of these e-mail addresses."""
    wanted = [("UID", uid), *(("EMAIL", address) for address in addresses)]
    filters = "".join(
        f'<C:prop-filter name="{name}"><C:text-match collation="i;unicode-casemap"'
        f' match-type="equals">{escape(text)}</C:text-match></C:prop-filter>'
        for name, text in wanted
    )
    return (
        f'<C:addressbook-query {_SPACES}>{_CARD}<C:filter test="anyof">{filters}</C:filter>'
        "</C:addressbook-query>"
    )


def tree_of(reply: Reply) -> Element:
    """The answer of a read; `UnavailableError` where it failed or is no XML."""
    if not reply.ok:
        raise UnavailableError(reply.result())
    try:
        read: Element = fromstring(reply.body)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise UnavailableError(Result("failed", "protocol")) from None
    return read


def resources_of(tree: Element, book: str) -> list[Resource]:
    """The cards in an answer: what lies directly in the book of this URL."""
    told = (_resource(response, book) for response in tree.iter(f"{_DAV}response"))
    return [resource for resource in told if resource.name]


def _resource(response: Element, book: str) -> Resource:
    status = response.findtext(f"{_DAV}status") or ""
    return Resource(
        name=name_of(response.findtext(f"{_DAV}href") or "", book),
        gone=" 404" in status or " 410" in status,
        etag=_property(response, f"{_DAV}getetag"),
        modified=_property(response, f"{_DAV}getlastmodified"),
        card=_property(response, f"{_CARDS}address-data"),
    )


def _property(response: Element, name: str) -> str:
    return response.findtext(f"{_DAV}propstat/{_DAV}prop/{name}") or ""


def synced(tree: Element, book: str) -> Synced:
    """What a synchronisation told."""
    statuses = (r.findtext(f"{_DAV}status") or "" for r in tree.iter(f"{_DAV}response"))
    token = tree.findtext(f"{_DAV}sync-token") or ""
    return Synced(resources_of(tree, book), token, any(" 507" in status for status in statuses))


def is_book(tree: Element) -> bool:
    """Whether the answer speaks of an address book."""
    return next(tree.iter(f"{_CARDS}addressbook"), None) is not None


def name_of(href: str, book: str) -> str:
    """A card's name in the book, in one spelling; empty for what lies elsewhere."""
    path, home = unquote(urlsplit(href).path), unquote(urlsplit(book).path)
    name = path.removeprefix(f"{home}/")
    return "" if name == path or "/" in name else quote(name, safe=_SAFE)
