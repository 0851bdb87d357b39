"""Addresses that SendGrid sends nothing to: of all mails, or of one group's."""

from collections.abc import Callable
from urllib.parse import quote

from chalicelib.connectors.api import Reply

EVERYONE = "/asm/suppressions/global"


class Suppressions:
    """Of one account, and of its group where one is named; none is ever taken away.

    All of it may raise `UnavailableError`.
    """

    def __init__(self, call: Callable[..., Reply], group: str) -> None:
        self._call, self._group = call, group

    @property
    def _own(self) -> str:
        return f"/asm/groups/{self._group}/suppressions" if self._group else EVERYONE

    def add(self, address: str) -> None:
        """Send no more to this address: of the group, or of all where there is none."""
        self._add(address, self._own)

    def copy(self, old: str, new: str) -> None:
        """What is not sent to an address is not sent to the one that follows it."""
        for place in self.places_of(old):
            self._add(new, place)

    def places_of(self, address: str) -> list[str]:
        """Where this address stands."""
        told = quote(address, safe="")
        stopped = self._call("GET", f"{EVERYONE}/{told}").required()
        places = [EVERYONE] if stopped.get("recipient_email") else []
        if self._group:
            groups = self._call("GET", f"/asm/suppressions/{told}").required()["suppressions"]
            left = {str(group["id"]) for group in groups if group["suppressed"]}
            places += [self._own] if self._group in left else []
        return places

    def _add(self, address: str, place: str) -> None:
        self._call("POST", place, {"recipient_emails": [address]}).required()
