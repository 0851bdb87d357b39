"""A mailbox under a clock, and a client whose token lives."""

from typing import Any

from tests.standins.base import Replied
from tests.standins.graph import MicrosoftGraph

from .asking import request
from .calling import Clock

OWN = "String {0006200a-0000-0000-c000-000000000046} Name kartoteka"
ANNA = {"givenName": "Anna", "surname": "Lis"}
PAGED = {"prefer": "odata.maxpagesize=2"}


class Account:
    """A stand-in with a clock and a token that lives."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.graph = MicrosoftGraph(self.clock)
        self.token = self.graph.grant.issue()

    def ask(self, method: str, url: str, body: Any = None, **headers: str) -> Replied:
        return self.graph.answer(request(method, url, body, self.token, **headers))

    def round(self, url: str, **headers: str) -> tuple[list[Any], str]:
        """What a round of a delta query tells, and the link to the next round."""
        told: list[Any] = []
        while True:
            replied = self.ask("GET", url, **headers)
            assert replied.status == 200, replied.body
            told += replied.body["value"]
            if "@odata.deltaLink" in replied.body:
                return told, replied.body["@odata.deltaLink"]
            url = replied.body["@odata.nextLink"]

    def notices(self) -> list[Any]:
        """The changes of which the subscriber is told now."""
        return [notice for call in self.graph.events() for notice in call.json()["value"]]
