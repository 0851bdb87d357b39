"""CardDAV address books (RFC 6352): Nextcloud, Radicale, iCloud, and the phones that follow them.

The target's URL is that of one address book. A card of ours has our id as its UID and its
name, so that a creation whose answer is lost makes no second one. What a card holds beside
our fields stays as it is: it is read, patched, and written on the condition that nobody
wrote meanwhile.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element

from chalicelib.connectors.api import Api, Reply
from chalicelib.connectors.authority import basic
from chalicelib.connectors.connector import (
    Caps,
    Connector,
    Op,
    Page,
    Result,
    Told,
    UnavailableError,
)
from chalicelib.connectors.kinds import carddav_xml as xml
from chalicelib.connectors.kinds.vcard import form_of, is_group, new_card, patched, uid_of
from chalicelib.connectors.kinds.vcard_lines import CardError

PAGE = 50  # cards that are read at once: each may hold a photograph
_XML = {"content-type": "application/xml; charset=utf-8"}
_CARD = {"content-type": "text/vcard; charset=utf-8"}
_NEVER = ("valid-address-data", "supported-address-data", "no-uid-conflict", "max-resource-size")


class CardDav(Connector):
    """See `Connector`. A remote id is a card's name in the book, an etag the server's."""

    caps = Caps(
        access=("user", "password"),
        options_optional=("version",),
        reads=True,
        polls=True,
        removals=("delete", "unlink", "ignore"),
    )

    @cached_property
    def _book(self) -> str:
        return self.account.url.rstrip("/")

    @cached_property
    def _api(self) -> Api:
        access = self.account.access
        allowed = basic(access.get("user", ""), access.get("password", ""))
        return Api(self.sender, self._book, allowed, headers={})

    def upsert(self, op: Op) -> Result:
        """See `Connector`. Who wrote between our reading and our writing is heard once."""
        try:
            if not op.remote:
                return self._create(op)
            result = self._change(op)
            return self._change(op) if result.status == "conflict" else result
        except ValueError:
            return Result("refused", "no_card")

    def _create(self, op: Op) -> Result:
        """What has our name already is ours: the answer to its creation was lost."""
        name = quote(f"{op.id}.vcf")
        version = self.account.options.get("version", "3.0")
        card = new_card(op.id, op.body, version)
        reply = self._put(name, card, {"if-none-match": "*"})
        if reply.status == 412:
            return self.upsert(replace(op, remote=name))
        return self._written(name, reply, created=True)

    def _change(self, op: Op) -> Result:
        there = self._api.call("GET", f"/{op.remote}")
        if not there.ok:
            return there.result()
        etag = there.headers.get("etag", "")
        card = there.body.decode()
        wanted = patched(card, op.body)
        if wanted == card:
            return Result("done", remote=op.remote, etag=etag)
        reply = self._put(op.remote, wanted, {"if-match": etag} if etag else {})
        return self._written(op.remote, reply)

    def _put(self, name: str, card: str, condition: dict[str, str]) -> Reply:
        return self._api.call("PUT", f"/{name}", card.encode(), headers=_CARD | condition)

    def _written(self, name: str, reply: Reply, created: bool = False) -> Result:
        """A server that rewrites what it gets tells no etag; then it is unknown."""
        if any(word.encode() in reply.body for word in _NEVER) and not reply.ok:
            return Result("refused", reply.reason)
        etag = reply.headers.get("etag", "")
        return reply.result(remote=name, etag=etag, created=created)

    def remove(self, op: Op) -> Result:
        """See `Connector`. A card keeps its UID for ever: to unlink it is to leave it."""
        if op.removal != "delete":
            return Result("done")
        reply = self._api.call("DELETE", f"/{op.remote}")
        return Result("done") if reply.status in (404, 410) else reply.result()

    def find(self, op: Op) -> Sequence[str]:
        """See `Connector`. Servers compare as they like; here an address is the same or not."""
        tree = self._report(xml.sought(op.id, op.lookup), depth="1")
        cards = [r for r in xml.resources_of(tree, self._book) if _is_person(r)]
        ours = [r.name for r in cards if uid_of(r.card) == op.id]
        sought = {address.casefold() for address in op.lookup}
        theirs = [r.name for r in cards if sought & _addresses(r)]
        return list(dict.fromkeys([*ours, *theirs]))

    def read(self, op: Op) -> Told | None:
        """See `Connector`."""
        return next((told for told in self.fetch([op.remote]) if told.kind == "upsert"), None)

    def fetch(self, remotes: Sequence[str]) -> Sequence[Told]:
        """See `Connector`. Lists of other cards, and what is no card, are passed over."""
        parts = (remotes[n : n + PAGE] for n in range(0, len(remotes), PAGE))
        return [told for part in parts for told in self._some(part)]

    def _some(self, names: Sequence[str]) -> list[Told]:
        """Too long an answer is cut, and so no XML: then half of it is asked at a time."""
        hrefs = (f"{urlsplit(self._book).path}/{name}" for name in names)
        try:
            tree = self._report(xml.cards_asked(hrefs))
        except UnavailableError as error:
            if error.result.reason != "protocol" or len(names) < 2:
                raise
            half = len(names) // 2
            return [*self._some(names[:half]), *self._some(names[half:])]
        there = {r.name: r for r in xml.resources_of(tree, self._book) if not r.gone}
        gone = [Told("delete", name) for name in names if name not in there]
        return [_told(r) for r in there.values() if _is_person(r)] + gone

    def poll(self, cursor: str | None) -> Page:
        """See `Connector`. Where a change is too long for one page, the cursor keeps its place.

        It is the token since which is asked, that from which to go on when all is told, and
        the last name told.
        """
        since, onward, after = json.loads(cursor) if cursor else ("", "", "")
        reply = self._api.call("REPORT", "/", xml.sync_asked(since).encode(), headers=_XML)
        if since and not reply.ok and b"valid-sync-token" in reply.body:
            return Page([], "", more=True, anew=True)
        synced = xml.synced(xml.tree_of(reply), self._book)
        onward = onward or synced.token
        left = (r for r in synced.resources if r.name > after and (since or not r.gone))
        changed = sorted(left, key=lambda r: r.name)
        page, rest = changed[:PAGE], changed[PAGE:]
        told = [Told("delete", r.name) for r in page if r.gone]
        told += self._some([r.name for r in page if not r.gone]) if page else []
        place = (since, onward, page[-1].name) if rest else (onward, "", "")
        return Page(told, json.dumps(place), more=bool(rest) or synced.cut)

    def health(self, name: str) -> Result:
        """See `Connector`."""
        headers = _XML | {"depth": "0"}
        reply = self._api.call("PROPFIND", "/", xml.TYPE_ASKED.encode(), headers=headers)
        if reply.ok and not xml.is_book(xml.tree_of(reply)):
            return Result("refused", "no_address_book")
        return reply.result()

    def _report(self, body: str, **headers: str) -> Element:
        return xml.tree_of(self._api.call("REPORT", "/", body.encode(), headers=_XML | headers))


def _is_person(resource: xml.Resource) -> bool:
    try:
        return not is_group(resource.card)
    except CardError:
        return False


def _addresses(resource: xml.Resource) -> set[str]:
    return {address.casefold() for address in form_of(resource.card)["email"] or ()}


def _told(resource: xml.Resource) -> Told:
    return Told(
        kind="upsert",
        remote=resource.name,
        body=form_of(resource.card),
        etag=resource.etag,
        occurred_at=_moment(resource.modified),
    )


def _moment(written: str) -> datetime | None:
    """The server's own time of the last change, where it tells one (RFC 1123)."""
    try:
        return parsedate_to_datetime(written).astimezone(UTC) if written else None
    except ValueError:
        return None


CONNECTOR = CardDav
