"""Microsoft Graph v1.0 for the contacts of one mailbox.

Documented: paths, properties, `$batch`, the delta query per folder, subscriptions, 429 with
Retry-After, 10,000 requests in ten minutes, that an app's own token knows no `/me`, that an old
refresh token still serves (settable). Unchecked, hence settable: `heeds_if_match` (else a stale
etag is not looked at), `limits`, `parallel`.
Absent: photos, folders of folders, moves between folders and what they do to ids, `$search`,
filters but by e-mail and by an extended property, the three single e-mail properties.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import chain
from math import ceil
from typing import Any
from urllib.parse import urlencode

from ..base import Called, Now, Replied
from ..bearer import Bearer, Granted
from ..common.limits import Rolling
from ..common.vendor import Asked, Refused, Route
from . import batch
from .answers import error, missing, page, throttled
from .delta import Deltas
from .fields import EXTENDED, LIMITS, faults
from .hands import Hands
from .store import Item, Mailbox
from .subscriptions import Hook, Subscriptions, echoing

_PAGE = (("$skip", 0), ("$top", 10))
_TEXT = r"'((?:[^']|'')*)'"
_BY_EMAIL = re.compile(rf"emailAddresses/any\((\w+):\s*\1/address eq {_TEXT}\)", re.IGNORECASE)
_BY_OWN = re.compile(
    rf"{EXTENDED}/any\((\w+):\s*\1/id eq {_TEXT} and \1/value eq {_TEXT}\)", re.IGNORECASE
)
_EXPAND = re.compile(rf"{EXTENDED}\(\$filter=id eq {_TEXT}\)")


class MicrosoftGraph(Hands, Granted):
    """One mailbox; `grant` has the tokens, `deltas` and `subscriptions` their settings.

    `base` begins the links in answers: set it to the address under which this is served. `hook`
    is how Graph reaches a subscriber for the handshake; notifications come from `events()`.
    """

    def __init__(self, now: Now, hook: Hook = echoing, user: str = "user-1") -> None:
        super().__init__(now, "graph")
        self.base, self.user = "https://graph.microsoft.com", user
        self.subscriptions = Subscriptions(now, hook, user)
        self.mailbox = Mailbox(now, self.subscriptions.told)
        self.deltas = Deltas(self.mailbox, now)
        self.grant = Bearer(now, timedelta(seconds=3599), rotates=True)
        self.calls_left = Rolling(10_000, timedelta(minutes=10))
        self.limits, self.parallel, self.heeds_if_match = dict(LIMITS), 4, True
        self.serve(chain(self._routes_of_contacts(), self._other_routes()))

    def _routes_of_contacts(self) -> list[Route]:
        root = r"/v1\.0/(?P<user>me|users/[^/]+)"
        places = (f"{root}/contactFolders/{{folder}}/contacts", f"{root}/contacts")
        return [
            route
            for place in places
            for route in (
                ("GET", f"{place}/delta(?:\\(\\))?", "delta", self._delta),
                ("GET", place, "list", self._list),
                ("POST", place, "create", self._create),
                ("GET", f"{place}/{{id}}", "get", self._get),
                ("PATCH", f"{place}/{{id}}", "update", self._update),
                ("DELETE", f"{place}/{{id}}", "delete", self._delete),
            )
        ]

    def _other_routes(self) -> list[Route]:
        one, own = r"/v1\.0/subscriptions/{id}", self.subscriptions
        return [
            (
                "GET",
                r"/v1\.0/(?P<user>me|users/[^/]+)/contactFolders",
                "folders",
                self._folders,
            ),
            ("POST", r"/v1\.0/subscriptions", "subscribe", own.create),
            (
                "GET",
                r"/v1\.0/subscriptions",
                "subscriptions",
                lambda asked: own.listed(asked, self.base),
            ),
            ("GET", one, "subscription", own.get),
            ("PATCH", one, "renew", own.renew),
            ("DELETE", one, "unsubscribe", own.remove),
            ("POST", r"/v1\.0/\$batch", "batch", self._batch),
            ("POST", r"/[^/]+/oauth2/v2\.0/token", "token", self._token),
        ]

    def _token(self, asked: Asked) -> Replied:
        form = {name: text for name, text in asked.body.items() if name != "scope"}
        return self.grant.renewed(form)

    def _folders(self, asked: Asked) -> Replied:
        """Those beside the default folder, which is not listed."""
        told = [{"id": id_, "displayName": name} for id_, name in self.mailbox.folders.items()]
        return page(told[1:])

    def _list(self, asked: Asked) -> Replied:
        items = list(filter(_wanted(asked), self.mailbox.all(self._folder(asked))))
        skip, top = (int(asked.query.get(name, usual)) for name, usual in _PAGE)
        told = [self._shown(asked, each) for each in items[skip : skip + top]]
        if skip + top >= len(items):
            return page(told)
        query = urlencode({**asked.query, "$skip": skip + top})
        return page(told, nextLink=f"{self.base}{asked.called.path}?{query}")

    def _get(self, asked: Asked) -> Replied:
        return Replied(200, self._shown(asked, self._item(asked)))

    def _create(self, asked: Asked) -> Replied:
        folder = self._folder(asked)
        self._held(asked)
        return Replied(201, self.mailbox.add(asked.body, folder).shown())

    def _update(self, asked: Asked) -> Replied:
        item = self._latest(asked)
        self._held(asked)
        return Replied(200, self.mailbox.change(item.id, asked.body).shown())

    def _delete(self, asked: Asked) -> Replied:
        self.mailbox.remove(self._latest(asked).id)
        return Replied(204)

    def _delta(self, asked: Asked) -> Replied:
        return self.deltas.answer(asked, self._folder(asked), self.base)

    def _batch(self, asked: Asked) -> Replied:
        for fault in batch.faults(asked.body["requests"]):
            self.refuse(asked, fault)
            raise Refused(error(400, "BadRequest", fault))
        return batch.answered(asked, self._replied, self.parallel)

    def _folder(self, asked: Asked) -> str:
        folder = self.mailbox.folder(asked.args.get("folder") or "")
        if folder is None:
            raise missing()
        return folder

    def _item(self, asked: Asked) -> Item:
        try:
            return self.mailbox.find(asked.args["id"])
        except KeyError:
            raise missing() from None

    def _latest(self, asked: Asked) -> Item:
        """The item; where If-Match names an etag, it must be the item's."""
        item = self._item(asked)
        wanted = asked.called.headers.get("if-match", "*")
        if self.heeds_if_match and wanted not in ("*", item.etag):
            told = "The change key passed in the request does not match the current change key."
            raise Refused(error(412, "ErrorIrresolvableConflict", told))
        return item

    def _held(self, asked: Asked) -> None:
        for fault in faults(asked.body, self.limits):
            self.refuse(asked, fault)
            raise Refused(error(400, "ErrorInvalidRequest", fault))

    def _shown(self, asked: Asked, item: Item) -> dict[str, Any]:
        expand = _EXPAND.fullmatch(asked.query.get("$expand", ""))
        return item.shown(asked.query.get("$select", ""), expand and _unquoted(expand[1]))

    def _admitted(self, asked: Asked) -> dict[str, str]:
        if asked.operation == "token":
            return {}
        if not self.grant.admits(asked.called):
            told = "Access token has expired or is not yet valid."
            headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            raise Refused(error(401, "InvalidAuthenticationToken", told, headers))
        if asked.operation != "batch" and not self.calls_left.take(self.now()):
            raise Refused(throttled(ceil(self.calls_left.reset(self.now()).total_seconds())))
        if asked.args.get("user") == "me" and self.grant.is_apps(asked.called):
            self.refuse(asked, "an app has no /me")
            told = "/me request is only valid with delegated authentication flow."
            raise Refused(error(400, "BadRequest", told))
        if asked.args.get("user", "me") not in ("me", f"users/{self.user}"):
            raise Refused(error(404, "ErrorInvalidUser", "The requested user is invalid."))
        return {}

    def _failed(self, status: int) -> Replied:
        return throttled(10) if status == 429 else error(status)

    def _unknown(self, called: Called) -> Replied:
        if any(pattern.fullmatch(called.path) for _, pattern, _, _ in self._routes):
            return error(405, "Request_BadRequest", "The method is not allowed for the target.")
        return error(400, "BadRequest", "Resource not found for the segment.")

    def _malformed(self, faults: list[str]) -> Replied:
        return error(400, "RequestBodyRead", faults[0])


def _wanted(asked: Asked) -> Callable[[Item], bool]:
    """Whether an item is one that the filter wants."""
    text = asked.query.get("$filter", "")
    email, own = _BY_EMAIL.fullmatch(text), _BY_OWN.fullmatch(text)
    if email:
        return lambda item: _unquoted(email[2]).lower() in _emails(item)
    if own:
        wanted = {"id": _unquoted(own[2]), "value": _unquoted(own[3])}
        return lambda item: wanted in item.fields.get(EXTENDED, [])
    return lambda item: True


def _emails(item: Item) -> list[str]:
    return [str(each.get("address")).lower() for each in item.fields.get("emailAddresses", [])]


def _unquoted(text: str) -> str:
    return text.replace("''", "'")
