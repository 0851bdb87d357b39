"""What a user does in Outlook, as far as a test needs it."""

from typing import Any

from ..base import Called
from .store import DEFAULT, Mailbox
from .subscriptions import Subscriptions


class Hands:
    """Done at once, without a limit, and told to subscribers like any other write."""

    mailbox: Mailbox
    subscriptions: Subscriptions

    @property
    def records(self) -> dict[str, dict[str, Any]]:
        """Every contact of every folder by id, as it is kept."""
        all_ = [item for folder in self.mailbox.folders for item in self.mailbox.all(folder)]
        return {item.id: item.fields for item in all_}

    def create(self, folder: str = DEFAULT, **fields: Any) -> str:
        """A new contact's id."""
        return self.mailbox.add(fields, folder).id

    def edit(self, id_: str, **fields: Any) -> None:
        """These properties are set; None clears one."""
        self.mailbox.change(id_, fields)

    def delete(self, id_: str) -> None:
        """To Deleted Items."""
        self.mailbox.remove(id_)

    def folder(self, name: str) -> str:
        """A new folder's id."""
        id_ = f"folder-{len(self.mailbox.folders) + 1}"
        self.mailbox.folders[id_] = name
        return id_

    def events(self) -> list[Called]:
        """The calls that Graph would make to our hook now; each is given once."""
        return self.subscriptions.events()
