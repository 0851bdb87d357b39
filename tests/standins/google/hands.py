"""What a user does in Google Contacts, as far as a test needs it."""

from typing import Any

from .fields import SINGLETONS, Fields, written
from .store import Contacts


class Hands:
    """Done at once and without a limit; a sync sees it after the lag like any other write."""

    contacts: Contacts

    @property
    def records(self) -> dict[str, Fields]:
        """The fields of every contact, by resource name, as they are now."""
        return {person.name: person.fields for person in self.contacts.all()}

    def create(self, **fields: list[dict[str, Any]]) -> str:
        """A new contact's resource name."""
        return self.contacts.add(written(fields)).name

    def edit(self, name: str, **fields: list[dict[str, Any]]) -> None:
        """These fields are replaced; an empty list clears one."""
        self.contacts.change(name, {field: [] for field in fields} | written(fields))

    def delete(self, name: str) -> None:
        """Into the bin, which the API does not show."""
        self.contacts.remove(name)

    def merge(self, into: str, from_: str) -> None:
        """What the other has is added, but for a second singleton; the other is deleted."""
        keeps, goes = self.contacts.find(into).fields, self.contacts.find(from_).fields
        self.contacts.change(into, _union(goes, keeps))
        self.contacts.remove(from_)

    def rename(self, name: str) -> str:
        """A verified e-mail links it with a profile: the contact gets a new resource name."""
        return self.contacts.rename(name).name

    def group(self, label: str) -> str:
        """A new label's resource name, for `memberships`."""
        return self.contacts.add_group(label)


def _union(goes: Fields, keeps: Fields) -> Fields:
    return {
        name: keeps[name] if name in SINGLETONS and name in keeps else _all(keeps, goes, name)
        for name in {**keeps, **goes}
    }


def _all(keeps: Fields, goes: Fields, name: str) -> list[dict[str, Any]]:
    kept = keeps.get(name, [])
    return kept + [value for value in goes.get(name, []) if value not in kept]
