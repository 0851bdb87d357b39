"""Google Contacts: the contacts of one user (People API v1), by that user's refresh token.

Our id stands in the contact's client data. No search finds it there, so a creation whose
answer was lost is looked for among those that changed last and in a search by e-mail.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from chalicelib.connectors.api import Api, Reply
from chalicelib.connectors.authority import OAuth
from chalicelib.connectors.connector import (
    Caps,
    Connector,
    Op,
    Page,
    Rate,
    Result,
    Told,
)
from chalicelib.connectors.kinds.google_people import (
    OWN,
    Person,
    asked,
    changed,
    created,
    etag_of,
    matching,
    owned,
    queries,
    source,
    told,
)
from chalicelib.connectors.patching import tops

LOGIN = "https://oauth2.googleapis.com"
CONTACTS = {"sources": "READ_SOURCE_TYPE_CONTACT"}  # no profiles: they are not the user's
PAGE, BATCH, HITS = 1000, 100, 30
LIST = "/v1/people/me/connections"


class Google(Connector):
    """See `Connector`. A remote id is a resource name, `people/c…`."""

    caps = Caps(
        access=("client_id", "client_secret", "refresh_token"),
        options_optional=("login",),
        base="https://people.googleapis.com",
        serial=True,
        reads=True,
        polls=True,
        fetches=BATCH,
        rate=Rate(units=90, seconds=60),  # [unchecked]: a quota of the project, see its console
        costs={"update": 2, "find": 3},
    )

    @cached_property
    def _api(self) -> Api:
        form = {**self.account.access, "grant_type": "refresh_token"}
        url = f"{self.account.options.get('login', LOGIN)}/token"
        authority = OAuth(self.sender, url, form, self.now)
        return Api(self.sender, self.account.url, authority)

    @cached_property
    def _mask(self) -> str:
        return ",".join([*tops(self.account.places), "metadata"])

    def upsert(self, op: Op) -> Result:
        """See `Connector`."""
        if op.remote:
            return self._insist(op.remote, lambda p: changed(p, op, self.account.places))
        query = {"personFields": "metadata", **CONTACTS}
        reply = self._api.call("POST", "/v1/people:createContact", created(op), query=query)
        return _result(reply, created=True)

    def remove(self, op: Op) -> Result:
        """See `Connector`. What is deleted lies in the user's bin for 30 days."""
        if op.removal == "unlink":
            result = self._insist(op.remote, lambda person: owned(person, ""))
        else:
            result = _result(self._api.call("DELETE", f"/v1/{op.remote}:deleteContact"))
        return Result("done") if result.status in ("done", "gone") else result

    def _insist(self, remote: str, change: Callable[[Person], dict[str, Any]]) -> Result:
        """Change a person; once more where it was changed meanwhile."""
        result = self._change(remote, change)
        return self._change(remote, change) if result.status == "conflict" else result

    def _change(self, remote: str, change: Callable[[Person], dict[str, Any]]) -> Result:
        read = self._get(remote, f"{self._mask},{OWN}")
        if not read.ok:
            return _result(read)
        person = read.required()
        fields, about = change(person), source(person)
        named = {"type": "CONTACT", "id": about.get("id", ""), "etag": etag_of(person)}
        body = {**fields, "metadata": {"sources": [named]}}
        query = {"updatePersonFields": ",".join(sorted(fields)), "personFields": "metadata"}
        path = f"/v1/{person['resourceName']}:updateContact"
        return _result(self._api.call("PATCH", path, body, query=query | CONTACTS))

    def _get(self, remote: str, mask: str) -> Reply:
        return self._api.call("GET", f"/v1/{remote}", query={"personFields": mask, **CONTACTS})

    def find(self, op: Op) -> Sequence[str]:
        """See `Connector`."""
        return matching([*self._latest(), *self._searched(queries(op))], op)

    def _latest(self) -> list[Person]:
        """Those that changed last: a search does not see them yet."""
        query = {
            "personFields": f"{OWN},emailAddresses",
            "sortOrder": "LAST_MODIFIED_DESCENDING",
            "pageSize": PAGE,
        }
        found = self._api.call("GET", LIST, query=query | CONTACTS).required()
        return list(found.get("connections", ()))

    def _searched(self, texts: Sequence[str]) -> list[Person]:
        """Whoever a search finds; the empty one before lets Google refresh what it searches."""
        wanted = [text for text in texts if text]
        return [p for text in ["", *wanted] for p in self._hits(text)] if wanted else []

    def _hits(self, text: str) -> list[Person]:
        query = {"query": text, "readMask": f"{OWN},emailAddresses", "pageSize": HITS}
        found = self._api.call("GET", "/v1/people:searchContacts", query=query | CONTACTS)
        return [hit["person"] for hit in found.required().get("results", ())]

    def read(self, op: Op) -> Told | None:
        """See `Connector`."""
        found = self._get(op.remote, self._mask)
        if found.status == 404:
            return None
        return list(told(found.required(), self.account.places))[-1]

    def fetch(self, remotes: Sequence[str]) -> Sequence[Told]:
        """See `Connector`."""
        some = (remotes[n : n + BATCH] for n in range(0, len(remotes), BATCH))
        return [each for names in some for each in self._fetched(names)]

    def _fetched(self, names: Sequence[str]) -> list[Told]:
        query = {"resourceNames": list(names), "personFields": self._mask, **CONTACTS}
        found = self._api.call("GET", "/v1/people:batchGet", query=query).required()
        return list(asked(found.get("responses", ()), self.account.places))

    def poll(self, cursor: str | None) -> Page:
        """See `Connector`. A cursor is a sync token (it lives seven days) and a page token.

        One that Google does not take any more, or that was given for another mapping, is
        answered with 400.
        """
        since, _, page = (cursor or "").partition(" ")
        reply = self._listed(since, page)
        anew = bool(cursor) and reply.status == 400
        return self._page("" if anew else since, self._listed("", "") if anew else reply, anew)

    def _listed(self, since: str, page: str) -> Reply:
        query = {"personFields": self._mask, "pageSize": PAGE, "requestSyncToken": "true"}
        at = {"syncToken": since} if since else {}
        further = {"pageToken": page} if page else {}
        return self._api.call("GET", LIST, query=query | CONTACTS | at | further)

    def _page(self, since: str, reply: Reply, anew: bool) -> Page:
        found = reply.required()
        people = found.get("connections", ())
        following = found.get("nextPageToken", "")
        cursor = f"{since} {following}" if following else found.get("nextSyncToken", since)
        news = [each for p in people for each in told(p, self.account.places)]
        return Page(news, cursor, bool(following), anew)

    def health(self, name: str) -> Result:
        """See `Connector`."""
        query = {"personFields": "metadata", "pageSize": 1, **CONTACTS}
        return self._api.call("GET", LIST, query=query).result()


def _result(reply: Reply, created: bool = False) -> Result:
    """A contact may have another name than it had: it was joined with a profile."""
    if reply.ok:
        person = reply.json or {}
        remote = str(person.get("resourceName", ""))
        return Result("done", remote=remote, etag=etag_of(person), created=created)
    if reply.status == 400 and _state(reply) == "FAILED_PRECONDITION":
        return Result("conflict", "stale")
    if reply.status == 409:
        return Result("failed", "concurrent")
    return reply.result()


def _state(reply: Reply) -> str:
    error = reply.json.get("error") if isinstance(reply.json, Mapping) else None
    return str(error.get("status", "")) if isinstance(error, Mapping) else ""


CONNECTOR = Google
