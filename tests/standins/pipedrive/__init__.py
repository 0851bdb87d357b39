"""A Pipedrive account: persons of v2, their search, webhooks (v1 API, version 2 events).

From Pipedrive's published client (v2, April 2026) and its guides. Not checked against a live
account: error codes, the day's headers, the burst, that a deleted person is shown for thirty
days, how names are split, the default label and primary, that the same values change nothing,
`marketing_status` in events, whether a webhook that was given up is listed as inactive
(`pushed.shows_ended`).
"""

from datetime import timedelta
from typing import Any

from ..base import Called, Now, Replied
from ..common.vendor import Asked, Vendor
from .access import Access, Limits
from .events import MOST, Events
from .persons import PersonsApi, done, error
from .store import Person, Persons

OWN_KEY = "0" * 39 + "1"


class Pipedrive(Vendor):
    """`persons.all` and `pushed.hooks` are there to be looked at; `api.companies` by id."""

    def __init__(
        self,
        now: Now,
        *,
        token: str = "api-token-1",
        client: tuple[str, str] = ("client-id", "client-secret"),
        refresh_token: str = "refresh-1",
        keys: tuple[str, ...] = (OWN_KEY,),
        labels: tuple[int, ...] = (1, 2),
        contact_sync: bool = False,
        users: tuple[int, int] = (1, 2),
        day: int = 30_000,
        two_seconds: int = 20,
        search_lag: timedelta = timedelta(),
    ) -> None:
        super().__init__(now, "pipedrive")
        own, human = users
        self.access = Access(now, token, client, refresh_token)
        self.limits = Limits(now, day, two_seconds)
        self.pushed = Events(now, {"api": own, "app": human})
        self.persons = Persons(now, self.pushed.tell, own)
        self.api = PersonsApi(self, self.persons, set(keys), set(labels), contact_sync)
        self.api.search_lag = search_lag
        self._open()

    @property
    def records(self) -> dict[int, dict[str, Any]]:
        """The fields of every person that is not deleted, by id."""
        return {person.id: dict(person.fields) for person in self.persons.live()}

    def events(self) -> list[Called]:
        """The webhook calls that are due; `pushed.returned(call)` where one was not taken."""
        return self.pushed.calls()

    def create(self, **fields: Any) -> int:
        """A user makes a person: its id."""
        return self.persons.create(fields, "app").id

    def edit(self, id: int, **fields: Any) -> None:
        """A user writes, also what the API cannot."""
        self.persons.update(self.persons.all[id], fields, "app")

    def delete(self, id: int) -> None:
        """A user deletes."""
        self.persons.delete(self.persons.all[id], "app")

    def merge(self, into: int, gone: int) -> None:
        """A user merges: `gone` is deleted, `into` keeps its id."""
        self.persons.merge(self.persons.all[into], self.persons.all[gone], "app")

    def unsubscribe(self, email: str) -> None:
        """The person follows the link at the foot of a mail."""
        for person in list(self.persons.live()):
            if any(point["value"].lower() == email.lower() for point in person.fields["emails"]):
                self.edit(person.id, marketing_status="unsubscribed")

    def expire(self) -> None:
        """Every token dies."""
        self.access.expire()

    def _hooks(self, asked: Asked) -> Replied:
        return done(self.pushed.shown())

    def _subscribe(self, asked: Asked) -> Replied:
        if len(self.pushed.standing()) >= MOST:
            return error(400, "Webhooks limit reached")
        return done(self.pushed.subscribe(asked.body).shown(), 201)

    def _unsubscribe(self, asked: Asked) -> Replied:
        hook = {str(hook.id): hook for hook in self.pushed.standing()}.get(asked.args["id"])
        if hook is None:
            return error(404, "Webhook not found", "ERR_NOT_FOUND")
        del self.pushed.hooks[hook.id]
        return done({"id": hook.id})

    def _open(self) -> None:
        base, hooks, api = "/api/v2/persons", "(?:/api)?/v1/webhooks", self.api
        self.serve(
            [
                ("POST", "/oauth/token", "oauth.token", self.access.token),
                ("GET", base, "persons.list", api.page),
                ("POST", base, "persons.post", api.post),
                ("GET", base + "/search", "persons.search", api.search),
                ("GET", base + "/{id}", "persons.get", api.get),
                ("PATCH", base + "/{id}", "persons.patch", api.patch),
                ("DELETE", base + "/{id}", "persons.delete", api.delete),
                ("POST", "/api/v2/organizations", "organizations.post", api.new_company),
                ("GET", "/api/v2/organizations/{id}", "organizations.get", api.company),
                ("GET", hooks, "webhooks.list", self._hooks),
                ("POST", hooks, "webhooks.post", self._subscribe),
                ("DELETE", hooks + "/{id}", "webhooks.delete", self._unsubscribe),
            ]
        )

    def _admitted(self, asked: Asked) -> dict[str, str]:
        if asked.operation == "oauth.token":
            return {}
        self.access.check(asked)
        return self.limits.take(asked.operation)

    def _failed(self, status: int) -> Replied:
        headers = self.limits.headers() if status == 429 else {}
        return Replied(status, error(status, "Failed", "ERR_INTERNAL").body, headers)

    def _unknown(self, called: Called) -> Replied:
        return error(404, "Unknown method .", "ERR_NOT_FOUND")

    def _malformed(self, faults: list[str]) -> Replied:
        return error(400, f"Validation failed: {'; '.join(faults)}")


__all__ = ["OWN_KEY", "Person", "Pipedrive"]
