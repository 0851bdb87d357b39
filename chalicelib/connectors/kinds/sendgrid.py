"""SendGrid Marketing Campaigns (v3), by an API key: its contacts, written by jobs.

Our id stands as `external_id`; an update must name every identifier that the contact has, so
it is read first. Consent is apart from contacts there: a suppression stops all mails to an
address. We add to those and never take one away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any
from uuid import UUID

from chalicelib.connectors.api import Api, Reply
from chalicelib.connectors.authority import bearer
from chalicelib.connectors.connector import (
    Caps,
    Connector,
    Op,
    Page,
    Rate,
    Result,
    Told,
    UnavailableError,
)
from chalicelib.connectors.kinds.sendgrid_lists import Lists
from chalicelib.connectors.kinds.sendgrid_polls import ENDED, Cursor, told_of
from chalicelib.connectors.kinds.sendgrid_suppressions import Suppressions

CONTACTS = "/marketing/contacts"
IDENTIFIERS = ("email", "phone_number_id", "external_id", "anonymous_id")
MANY = 100  # addresses, identifiers or ids that one search takes
LONGEST = 100  # characters of an address that can be searched for
AGAIN = "60"  # seconds until a job's work is likely to be seen


class SendGrid(Connector):
    """See `Connector`. A remote id is SendGrid's id of the contact."""

    caps = Caps(
        access=("api_key",),
        options_optional=("list", "group"),
        base="https://api.sendgrid.com",
        reads=True,
        polls=True,
        lists="consenting",
        fetches=MANY,
        rate=Rate(units=600, seconds=60),
        costs={"update": 2, "find": 2, "poll": 2, "read": 3, "settle": 2},
    )

    @cached_property
    def _api(self) -> Api:
        key = bearer(self.account.access.get("api_key", ""))
        return Api(self.sender, f"{self.account.url.rstrip('/')}/v3", key)

    @cached_property
    def _suppressions(self) -> Suppressions:
        return Suppressions(self._call, self._option("group"))

    @cached_property
    def _lists(self) -> Lists:
        return Lists(self._call, self._option("list"))

    def _call(self, method: str, path: str, body: Any = None, **more: Any) -> Reply:
        """SendGrid says when its minute ends as a time, in a header of its own."""
        reply = self._api.call(method, path, body, **more)
        ends = reply.headers.get("x-ratelimit-reset", "")
        if reply.status != 429 or not ends.isdecimal():
            return reply
        return replace(reply, retry_after=str(max(1, int(ends) - int(self.now().timestamp()))))

    def _option(self, name: str) -> str:
        return self.account.options.get(name, "")

    def upsert(self, op: Op) -> Result:
        """See `Connector`. Another address takes two jobs: the old one goes first."""
        if not op.remote and not op.body.get("email"):
            return Result("refused", "no_email")
        known = self._contact(op.remote) if op.remote else {}
        if known is None:
            return Result("gone")
        address = op.body.get("email") or known.get("email", "")
        if op.body.get("status") == ENDED and address:
            self._suppressions.add(address)
        if known.get("email") and known["email"] != address.lower():
            return self._move(op, known, address)
        return self._write(op, known)

    def _write(self, op: Op, known: Mapping[str, Any]) -> Result:
        """Begin the job, under all identifiers that the contact has already."""
        own = {name: known[name] for name in IDENTIFIERS if known.get(name)}
        contact = {"external_id": op.id, **self._written(op.body), **own}
        lists = self._lists.on(op.lists)
        body = {**({"list_ids": lists} if lists else {}), "contacts": [contact]}
        begun = self._lists.checked(self._call("PUT", CONTACTS, body))
        left = self._lists.left(op, known) if begun.ok else []
        return self._begun([begun, *left], "put", op)

    def _move(self, op: Op, known: Mapping[str, Any], address: str) -> Result:
        """Free the contact of its old address, so that the next attempt gives the new one.

        What stops mails to the old address stops them to the new one, before it is known.
        """
        self._suppressions.copy(known["email"], address)
        if known.get("external_id"):
            path = f"{CONTACTS}/{op.remote}/identifiers"
            body = {"identifier_type": "EMAIL", "identifier_value": known["email"]}
            reply = self._call("DELETE", path, body)
            done = reply.result()
        else:  # an identifier that is the only one cannot go
            done = self._write(op, known)
        begun = done.status in ("done", "pending")
        return Result("throttled", "address_moves", retry_after=AGAIN) if begun else done

    def _written(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A contact in the form of a write: custom fields are named by id."""
        told = {name: value for name, value in body.items() if name != "status"}
        custom = told.get("custom_fields", {})
        if set(custom) - set(self._fields if custom else ()):
            raise UnavailableError(Result("refused", "unknown_field"))
        by_id = {self._fields[name]: value for name, value in custom.items()}
        return told | ({"custom_fields": by_id} if by_id else {})

    @cached_property
    def _fields(self) -> Mapping[str, str]:
        """The ids of custom fields by their names, as reads show them."""
        told = self._call("GET", "/marketing/field_definitions").required()
        return {field["name"]: field["id"] for field in told.get("custom_fields", ())}

    def remove(self, op: Op) -> Result:
        """See `Connector`. Suppressions stay, whatever becomes of the contact."""
        if op.removal == "delete":
            reply = self._call("DELETE", CONTACTS, query={"ids": op.remote})
            return self._begun([reply], "delete", op)
        known = (self._contact(op.remote) or {}) if op.lists else {}
        return self._begun(self._lists.left(op, known), "unlist", op)

    def _begun(self, replies: Sequence[Reply], what: str, op: Op) -> Result:
        """What was accepted, as one job; where there was nothing to do, it is done."""
        failed = next((reply.result() for reply in replies if not reply.ok), None)
        if failed or not replies:
            return failed or Result("done", remote=op.remote if op.removal == "ignore" else "")
        jobs = "+".join(reply.required()["job_id"] for reply in replies)
        return Result("pending", remote=op.remote, job=f"{what}:{jobs}:{op.id}:{op.remote}")

    def settle(self, job: str) -> Result:
        """See `Connector`. A job that SendGrid forgot is begun anew."""
        try:
            left = {self._status(n) for n in job.split(":")[1].split("+")} - {"completed"}
            waits = "pending" in left
            return self._settled(job, "pending" if waits else min(left, default="completed"))
        except UnavailableError as error:
            return error.result

    def _status(self, name: str) -> str:
        reply = self._call("GET", f"{CONTACTS}/imports/{name}")
        return str("forgotten" if reply.status == 404 else reply.required()["status"])

    def _settled(self, job: str, status: str) -> Result:
        what, _, ours, remote = job.split(":")
        if status == "pending":
            return Result("pending", remote=remote, job=job)
        if status == "completed":
            there = "" if what == "delete" else remote
            return Result("done", remote=there) if remote else self._made(job, ours)
        if what == "put":
            return Result("gone") if status == "forgotten" else Result("refused", "job_failed")
        away = self._contact(remote) is None
        return Result("done") if away else Result("refused", "job_failed", remote)

    def _made(self, job: str, ours: str) -> Result:
        """Done, but not to be found yet: without its id there it would be made again."""
        made = next((c["id"] for c in self._search("external_id", [ours])), "")
        return Result("done", remote=made, created=True) if made else Result("pending", job=job)

    def find(self, op: Op) -> Sequence[str]:
        """See `Connector`. Who bears another contact's id of ours is not taken for this one."""
        ours = self._search("external_id", [op.id])
        theirs = [] if ours else self._by_address(op.lookup)
        free = (c for c in theirs if not _is_ours(c.get("external_id", "")))
        return [c["id"] for c in [*ours, *free]]

    def _by_address(self, addresses: Sequence[str]) -> list[Mapping[str, Any]]:
        """Those who have one of these as their address, not as an alternate one."""
        asked = {a.lower() for a in addresses if len(a) <= LONGEST}
        return [c for c in self._search("emails", sorted(asked)) if c.get("email") in asked]

    def _search(self, kind: str, values: Sequence[str]) -> list[Mapping[str, Any]]:
        """It answers 404 where nobody is found."""
        if not values:
            return []
        where, name = ("", "emails") if kind == "emails" else ("identifiers/", "identifiers")
        path, body = f"{CONTACTS}/search/{where}{kind}", {name: list(values)}
        reply = self._call("POST", path, body)
        found = {} if reply.status == 404 else reply.required()["result"]
        told = [entry["contact"] for entry in found.values() if "contact" in entry]
        return list({contact["id"]: contact for contact in told}.values())

    def _contact(self, remote: str) -> dict[str, Any] | None:
        reply = self._call("GET", f"{CONTACTS}/{remote}")
        return None if reply.status == 404 else reply.required()

    def read(self, op: Op) -> Told | None:
        """See `Connector`. Its suppressions too, where the mapping knows of them."""
        remote = op.remote or next(iter(self.find(op)), "")
        known = self._contact(remote) if remote else None
        if known is None:
            return None
        watched = "status" in self.account.places and known.get("email")
        ended = (
            {"status": ENDED} if watched and self._suppressions.places_of(known["email"]) else {}
        )
        return Told("upsert", known["id"], {**known, **ended})

    def fetch(self, remotes: Sequence[str]) -> Sequence[Told]:
        """See `Connector`. Of suppressions only polls tell."""
        found: list[Told] = []
        for start in range(0, len(remotes), MANY):
            wanted = {"ids": list(remotes[start : start + MANY])}
            told = self._call("POST", f"{CONTACTS}/batch", wanted).required()["result"]
            found += [Told("upsert", contact["id"], contact) for contact in told]
        there = {told.remote for told in found}
        return found + [Told("delete", remote) for remote in remotes if remote not in there]

    def poll(self, cursor: str | None) -> Page:
        """See `Connector`. It tells which contacts must not be mailed, and since when."""
        at = Cursor.read(cursor, self.now(), self._option("group"))
        path, query = at.question()
        told = at.within(self._call("GET", path, query=query).required())
        following, more = at.onward(told)
        chunks = [told[n : n + MANY] for n in range(0, len(told), MANY)]
        by_address = {c["email"]: c for n in chunks for c in self._by_address([a for a, _ in n])}
        known = [told_of(when, by_address[a]) for a, when in told if a in by_address]
        return Page(known, str(following), more)

    def health(self, name: str) -> Result:
        """See `Connector`."""
        return self._call("GET", f"{CONTACTS}/count").result()


def _is_ours(external_id: str) -> bool:
    """Whether it has the form of our ids (UUIDv8, which hardly anybody else uses)."""
    try:
        return UUID(external_id).version == 8
    except ValueError:
        return False


CONNECTOR = SendGrid
