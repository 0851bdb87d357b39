"""One audience of Mailchimp (Marketing API 3.0), by an API key.

A subscription begins here only with a member that is made, and may end here; the status of
one that is there is never set to anything but unsubscribed. So nothing of ours turns an
unsubscribe on again. What is archived shows no more what it was: a tag of ours remembers who
was subscribed when we archived them, and anybody else comes back without a subscription.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from chalicelib.connectors.api import Api, Reply
from chalicelib.connectors.authority import basic
from chalicelib.connectors.connector import (
    TAKEN,
    Caps,
    Connector,
    Op,
    Page,
    Rate,
    Result,
    Told,
    UnavailableError,
)
from chalicelib.connectors.kinds import mailchimp_subscriptions
from chalicelib.connectors.kinds.mailchimp_answers import gone, judged, tags_of, wrong_tags
from chalicelib.connectors.kinds.mailchimp_hooks import hashed, notices, token_of, verify
from chalicelib.connectors.kinds.mailchimp_polls import Cursor, told_of
from chalicelib.domain.hooks import Hook, Subscription

BEGUN, ENDED = "subscribed", "unsubscribed"
NEITHER = "transactional"  # in the audience, without a subscription
DEAD = "cleaned"  # mails to the address came back, or were called spam
MARK = "kartoteka-archived"
LAX = {"skip_merge_validation": "true"}  # a merge field that an audience requires may be empty


class Mailchimp(Connector):
    """See `Connector`. A remote id is Mailchimp's `contact_id`: it outlives an address."""

    caps = Caps(
        access=("api_key",),
        access_optional=("hook_token", "signing_secret"),
        options=("list",),
        options_optional=("key", "new", "tag"),
        identity=("list",),
        reads=True,
        polls=True,
        hooks=True,
        subscribes=True,
        lists="consenting",
        removals=("archive", "delete", "unlink", "ignore"),
        rate=Rate(units=10, seconds=1),
        costs={"create": 2, "remove": 3},
    )

    @cached_property
    def _api(self) -> Api:
        base = f"{self.account.url.rstrip('/')}/3.0/lists/{self._option('list')}"
        return Api(self.sender, base, basic("kartoteka", self.account.access.get("api_key", "")))

    def _option(self, name: str) -> str:
        return self.account.options.get(name, "")

    def _call(self, method: str, path: str, body: Any = None, **more: Any) -> Reply:
        """A 403 without a word is Mailchimp's other way to say: too much at once."""
        reply = self._api.call(method, path, body, **more)
        return replace(reply, status=429) if reply.status == 403 and not reply.json else reply

    def upsert(self, op: Op) -> Result:
        """See `Connector`. A member that `find` would have told is another contact's by now."""
        if op.remote:
            return self._change(op.remote, op)
        if not op.body.get("email_address"):
            return Result("refused", "no_email")
        known = self._member(hashed(op.body["email_address"]))
        if known is None:
            return self._make(op)
        if known["status"] == "archived":
            return self._bring_back(known, op)
        return Result("refused", TAKEN, remote=str(known["contact_id"]))

    def _make(self, op: Op) -> Result:
        said = op.body.get("status")
        status = ENDED if said == ENDED else self._option("new") or said or NEITHER
        path = f"/members/{hashed(op.body['email_address'])}"
        body = {**self._written(op), "status_if_new": status}
        return self._tagged(op, self._call("PUT", path, body, query=LAX), created=True)

    def _change(self, remote: str, op: Op) -> Result:
        """Who bounced gets no other address: the audience would take that for dead, too."""
        if op.body.get("email_address") and self._is_dead(remote, op.body["email_address"]):
            return Result("refused", "bounced")
        ended = {"status": ENDED} if op.body.get("status") == ENDED else {}
        path, body = f"/members/{remote}", {**self._written(op), **ended}
        reply = self._call("PATCH", path, body, query=LAX)
        if reply.ok and reply.json["status"] == "archived":
            return Result("gone")
        return self._named(self._tagged(op, reply), op)

    def _named(self, result: Result, op: Op) -> Result:
        """Mailchimp does not say who has the address."""
        if result.reason != TAKEN:
            return result
        holder = self._member(hashed(op.body["email_address"]))
        return Result("refused", TAKEN, remote=str(holder["contact_id"]) if holder else "")

    def _is_dead(self, remote: str, address: str) -> bool:
        known = self._member(remote)
        return known is not None and known["status"] == DEAD and not _is_at(known, address)

    def _bring_back(self, known: Mapping[str, Any], op: Op) -> Result:
        was = BEGUN if MARK in tags_of(known) else NEITHER
        status = ENDED if op.body.get("status") == ENDED else was
        path, body = f"/members/{known['contact_id']}", {**self._written(op), "status": status}
        return self._tagged(op, self._call("PATCH", path, body, query=LAX))

    def _written(self, op: Op) -> dict[str, Any]:
        """What is mapped, and our id; the status has rules of its own."""
        body = {name: value for name, value in op.body.items() if name != "status"}
        own = {self._option("key"): op.id} if self._option("key") else {}
        merged = {**body.get("merge_fields", {}), **own}
        return body | ({"merge_fields": merged} if merged else {})

    def _tagged(self, op: Op, reply: Reply, created: bool = False) -> Result:
        """What came of a write, once the member's tags are as they should be, too."""
        if not reply.ok:
            return judged(reply)
        remote, own = str(reply.json["contact_id"]), self._option("tag")
        wanted = {**op.lists, MARK: False, **({own: True} if own else {})}
        wrong = wrong_tags(reply.json, wanted)
        if wrong and not (told := self._tag(remote, wrong)).ok:
            return judged(told)
        return reply.result(remote=remote, created=created)

    def _tag(self, remote: str, tags: Mapping[str, bool]) -> Reply:
        """Set tags or take them away; `is_syncing` keeps automations from starting."""
        told = [{"name": t, "status": "active" if on else "inactive"} for t, on in tags.items()]
        return self._call("POST", f"/members/{remote}/tags", {"tags": told, "is_syncing": True})

    def remove(self, op: Op) -> Result:
        """See `Connector`. After a deletion Mailchimp lets the address in no more by its API."""
        if op.removal == "delete":
            path = f"/members/{op.remote}/actions/delete-permanent"
            return gone(self._call("POST", path))
        if op.removal == "archive":
            return self._archive(op)
        own, key = self._option("tag"), self._option("key")
        ours = {own: False} if own and op.removal == "unlink" else {}
        if key and op.removal == "unlink":
            cleared = {"merge_fields": {key: ""}}
            reply = self._call("PATCH", f"/members/{op.remote}", cleared, query=LAX)
            if not reply.ok:
                return gone(reply)
        off = {**op.lists, **ours}
        kept = op.remote if op.removal == "ignore" else ""
        return gone(self._tag(op.remote, off), kept) if off else Result("done", remote=kept)

    def _archive(self, op: Op) -> Result:
        """Who left stays as they are, and is still heard: the audience's memory of it."""
        known = self._member(op.remote)
        if known is None or known["status"] == "archived":
            return Result("done")
        away = known["status"] in (DEAD, ENDED)
        marks = {**op.lists, **({MARK: True} if known["status"] == BEGUN else {})}
        wrong = wrong_tags(known, marks)
        if wrong and not (reply := self._tag(op.remote, wrong)).ok:
            return gone(reply)
        if away:
            return Result("done", remote=op.remote)
        return gone(self._call("DELETE", f"/members/{op.remote}"))

    def _member(self, key: str) -> dict[str, Any] | None:
        """By contact id or the hash of the address; archived ones too."""
        reply = self._call("GET", f"/members/{key}")
        return None if reply.status == 404 else reply.required()

    def find(self, op: Op) -> Sequence[str]:
        """See `Connector`. By the addresses; it cannot be asked for our id.

        Another address of theirs that bounced is no reason not to make them under the first.
        """
        found = [self._member(hashed(address)) for address in op.lookup]
        alive = [m for m in found if m and m["status"] != "archived"]
        first = op.body.get("email_address", "")
        there = [m["contact_id"] for m in alive if m["status"] != DEAD or _is_at(m, first)]
        return list(dict.fromkeys(there))

    def read(self, op: Op) -> Told | None:
        """See `Connector`."""
        address = op.body.get("email_address", "")
        known = self._member(op.remote or hashed(address)) if op.remote or address else None
        told = told_of(known) if known else None
        return told if told and told.kind == "upsert" else None

    def fetch(self, remotes: Sequence[str]) -> Sequence[Told]:
        """See `Connector`. A hash, as a notice has it, serves for an id."""
        found = ((remote, self._member(remote)) for remote in remotes)
        return [told_of(m) if m else Told("delete", remote) for remote, m in found]

    def poll(self, cursor: str | None) -> Page:
        """See `Connector`. It sees who was archived, not who was deleted for good."""
        at = Cursor.read(cursor, self.now())
        query = at.query(self.account.places)
        members = self._call("GET", "/members", query=query).required()["members"]
        following, more = at.onward(members)
        return Page([told_of(m) for m in members], str(following), more)

    def handshake(self, hook: Hook) -> str | None:
        """See `Connector`. A hook is saved there only if its URL answers a GET."""
        return "ok" if hook.method == "GET" else None

    def verify(self, hook: Hook, secrets: Sequence[str]) -> None:
        """See `Connector`. By the token in its URL, by the signature where there is one."""
        access = self.account.access
        tokens = [access.get("hook_token", ""), *map(token_of, secrets)]
        verify(hook, tokens, access.get("signing_secret", ""), self.now())

    def parse(self, hook: Hook) -> Sequence[Told]:
        """See `Connector`."""
        return notices(hook, self._option("list"))

    def subscribe(self, url: str, secret: str) -> Subscription:
        """See `Connector`. A signed hook has a secret of its own, which only a person is told."""
        if self.account.access.get("signing_secret"):
            raise UnavailableError(Result("refused", "signed"))
        return mailchimp_subscriptions.subscribe(self._call, url, secret)

    def unsubscribe(self, subscription: Subscription) -> None:
        """See `Connector`."""
        mailchimp_subscriptions.unsubscribe(self._call, subscription)

    def subscriptions(self) -> Sequence[Subscription]:
        """See `Connector`. Those of this audience."""
        return mailchimp_subscriptions.subscriptions(self._call)

    def health(self, name: str) -> Result:
        """See `Connector`."""
        query = {"count": 1, "fields": "total_items"}
        return self._call("GET", "/members", query=query).result()


def _is_at(member: Mapping[str, Any], address: str) -> bool:
    return hashed(member["email_address"]) == hashed(address)


CONNECTOR = Mailchimp
