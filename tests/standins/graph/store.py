"""One mailbox: contacts in folders, each with the number of its last change."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any

from ..base import Now
from .fields import EMPTY, EXTENDED, Fields, written

DEFAULT = "folder-1"  # the folder of `/contacts`; its well-known name is `contacts`


@dataclass(frozen=True)
class Item:
    """A contact as it is; a deleted one is kept, `gone`, for whoever asks what changed."""

    id: str
    folder: str
    fields: Fields
    created: datetime
    modified: datetime
    seq: int
    gone: bool = False

    @property
    def etag(self) -> str:
        """Weak, as Graph's are."""
        return f'W/"{self.key}"'

    @property
    def key(self) -> str:
        """The change key: another one after each change."""
        return f"key-{self.seq}"

    def shown(self, select: str = "", extended: str | None = None) -> dict[str, Any]:
        """As Graph shows it: every property, or those selected."""
        kept = {name: value for name, value in self.fields.items() if name != EXTENDED}
        own = {
            "createdDateTime": stamp(self.created),
            "lastModifiedDateTime": stamp(self.modified),
            "changeKey": self.key,
            "parentFolderId": self.folder,
        }
        all_ = {**EMPTY, **kept, **own}
        names = select.split(",") if select else list(all_)
        told = {name: all_[name] for name in names if name in all_}
        head = {"@odata.etag": self.etag, "id": self.id}
        return {**head, **told, **self._extended(extended)}

    def _extended(self, id_: str | None) -> dict[str, Any]:
        found = [each for each in self.fields.get(EXTENDED, []) if each["id"] == id_]
        return {EXTENDED: found} if found else {}


Told = Callable[[str, Item], None]


class Mailbox:
    """Every change is `told` with its kind: created, updated or deleted."""

    def __init__(self, now: Now, told: Told) -> None:
        self._now, self._told = now, told
        self._numbers, self._seqs = count(1), count(1)
        self._items: dict[str, Item] = {}
        self.folders = {DEFAULT: "Contacts"}

    def folder(self, name: str) -> str | None:
        """The id of a folder by its id or its well-known name."""
        known = DEFAULT if name in ("", "contacts") else name
        return known if known in self.folders else None

    def add(self, fields: Fields, folder: str = DEFAULT) -> Item:
        """A new contact."""
        now, id_ = self._now(), f"AAMk{next(self._numbers):04}="
        return self._put("created", Item(id_, folder, written({}, fields), now, now, 0))

    def change(self, id_: str, fields: Fields) -> Item:
        """These properties are set; null clears one."""
        item = self.find(id_)
        return self._put("updated", replace(item, fields=written(item.fields, fields)))

    def remove(self, id_: str) -> None:
        """To Deleted Items, where the API of contacts does not look."""
        self._put("deleted", replace(self.find(id_), gone=True))

    def find(self, id_: str) -> Item:
        """Raises `KeyError` where there is none."""
        item = self._items[id_]
        if item.gone:
            raise KeyError(id_)
        return item

    def changed(self, folder: str, since: int) -> list[Item]:
        """What changed in a folder after that number, the earliest first."""
        items = [each for each in self._items.values() if each.folder == folder]
        return sorted((each for each in items if each.seq > since), key=lambda each: each.seq)

    def all(self, folder: str = DEFAULT) -> list[Item]:
        """Who is in a folder."""
        return [each for each in self.changed(folder, 0) if not each.gone]

    def reached(self) -> int:
        """The number of the last change."""
        return max((each.seq for each in self._items.values()), default=0)

    def _put(self, kind: str, item: Item) -> Item:
        item = replace(item, seq=next(self._seqs), modified=self._now())
        self._items[item.id] = item
        self._told(kind, item)
        return item


def stamp(at: datetime) -> str:
    """A time as Graph writes it."""
    return at.isoformat().replace("+00:00", "Z")
