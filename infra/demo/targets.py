"""The two systems that are told: the CRM and the suppliers' address book, as local receivers."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from docs.receiver import Book, Receiver
from infra.client import Api

FIELDS = ["kind", "given_name", "family_name", "full_name", "organization"]
FIELDS += ["emails", "phones", "addresses", "roles", "identifiers"]

SECONDS_TO_STOP = 0.05


class Watched(Book):
    """A book that also keeps every message that reached it, as it came."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[dict[str, Any]] = []

    def apply(self, message_id: str, message: dict[str, Any]) -> bool:
        """Note the message, then take it in as every receiver does."""
        self.messages.append(message)
        return super().apply(message_id, message)

    def told(self, kind: str) -> list[dict[str, Any]]:
        """What the messages of one type said."""
        return [message["data"] for message in self.messages if message["type"] == kind]


@dataclass(frozen=True)
class Target:
    """A target of the demo: who belongs in it, and what it holds."""

    id: str
    name: str
    role: str
    book: Watched


@contextmanager
def listening(api: Api) -> Iterator[list[Target]]:
    """Both targets, started empty, registered, and asked to be told of all that match."""
    targets = [
        Target("meble-crm", "CRM", "customer", Watched()),
        Target("meble-suppliers", "Supplier address book", "supplier", Watched()),
    ]
    with ExitStack() as stack:
        for target in targets:
            _listen(api, target, stack)
        yield targets


def _listen(api: Api, target: Target, stack: ExitStack) -> None:
    receiver = stack.enter_context(Receiver(0, "", target.book))
    threading.Thread(target=receiver.serve_forever, args=(SECONDS_TO_STOP,), daemon=True).start()
    stack.callback(receiver.shutdown)
    path = f"/v1/targets/{target.id}"
    settings = {
        "name": target.name,
        "kind": "webhook",
        "url": f"http://127.0.0.1:{receiver.server_port}/contacts",
        "filter": f"role:{target.role}",
        "fields": FIELDS,
        "guard": None,  # the whole cast comes at once
    }
    receiver.secret = api.register(path, settings)
    api.post(f"{path}/backfill")
