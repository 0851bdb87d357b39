"""HubSpot's communication preferences: per address and subscription, whether or not a contact."""

from datetime import datetime
from typing import Any

from ..base import Replied
from ..common.vendor import Asked, Vendor
from .answers import batch, denied
from .store import Contacts, Denied, stamp

OPT_OUT = "hs_email_optout"


class Consent:
    """The statuses; `subscriptions` are the ids that there are, with their names."""

    def __init__(self, vendor: Vendor, contacts: Contacts, subscriptions: dict[int, str]) -> None:
        self.vendor, self.contacts, self.subscriptions = vendor, contacts, subscriptions
        self.statuses: dict[str, dict[int, dict[str, Any]]] = {}

    def of(self, email: str) -> list[dict[str, Any]]:
        """One status of each subscription: NOT_SPECIFIED where nothing was ever said."""
        return [self._status(email.strip().lower(), id) for id in self.subscriptions]

    def unsubscribe(self, email: str, subscription: int | None, source: str, by: str) -> None:
        """From one, or from all: then the contact's opt-out property tells of it."""
        email = email.strip().lower()
        for id in [subscription] if subscription else self.subscriptions:
            self._set(email, id, "UNSUBSCRIBED", source)
        if subscription is None:
            self._opt_out(email, "true", by)

    def get(self, asked: Asked) -> Replied:
        """Of one address."""
        return self._answer(self.of(asked.args["email"]))

    def set(self, asked: Asked) -> Replied:
        """Of one address and subscription."""
        return self._answer([self._write(asked, asked.args["email"], asked.body)])

    def write(self, asked: Asked) -> Replied:
        """Of many."""
        for entry in asked.body["inputs"]:
            self._known(asked, entry["subscriptionId"])
        entries = asked.body["inputs"]
        return self._answer([self._write(asked, e["subscriberIdString"], e) for e in entries])

    def read(self, asked: Asked) -> Replied:
        """Of many."""
        emails = asked.body["inputs"]
        answers = [{"subscriberIdString": e, "statuses": self.of(e)} for e in emails]
        return self._answer(answers)

    def out(self, asked: Asked) -> Replied:
        """From all."""
        self.unsubscribe(asked.args["email"], None, "API", "app")
        return self._answer(self.of(asked.args["email"]))

    def _write(self, asked: Asked, email: str, entry: dict[str, Any]) -> dict[str, Any]:
        self._known(asked, entry["subscriptionId"])
        email, id = email.strip().lower(), entry["subscriptionId"]
        before, state = self._status(email, id)["status"], entry["statusState"]
        legal = {name: entry[name] for name in entry if name.startswith("legalBasis")}
        self._set(email, id, state, "API", **legal)
        if state == "SUBSCRIBED":
            self._opt_out(email, "", "app")
        return {**self._status(email, id), "setStatusSuccessReason": _reason(before, state)}

    def _known(self, asked: Asked, id: int) -> None:
        if id not in self.subscriptions:
            self.vendor.refuse(asked, f"there is no subscription {id}")
            raise denied(Denied("VALIDATION_ERROR", f"Subscription {id} does not exist"))

    def _set(self, email: str, id: int, state: str, source: str, **legal: str) -> None:
        held = self.statuses.setdefault(email, {})
        held[id] = {"status": state, "source": source, "timestamp": self._at(), **legal}

    def _status(self, email: str, id: int) -> dict[str, Any]:
        nothing = {"status": "NOT_SPECIFIED", "source": "", "timestamp": self._at()}
        return {
            "channel": "EMAIL",
            "subscriberIdString": email,
            "subscriptionId": id,
            "subscriptionName": self.subscriptions[id],
            **self.statuses.get(email, {}).get(id, nothing),
        }

    def _opt_out(self, email: str, value: str, by: str) -> None:
        contact = self.contacts.find(email, "email")
        if contact:
            self.contacts.set_kept(contact, OPT_OUT, value, by)

    def _answer(self, results: list[Any]) -> Replied:
        return batch(self._at(), results, [])

    def _at(self) -> str:
        moment: datetime = self.contacts.now()
        return stamp(moment)


def _reason(before: str, state: str) -> str:
    if before == state:
        return "NO_STATUS_CHANGE"
    again = before == "UNSUBSCRIBED" and state == "SUBSCRIBED"
    return "RESUBSCRIBE_OCCURRED" if again else "REQUESTED_CHANGE_OCCURRED"
