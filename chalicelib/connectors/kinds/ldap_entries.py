"""A directory's entries: what the mapping reads in one, and what a change makes of it.

All attributes are lists there. Of some the whole list is ours (`mail`), of others the first
value (`title[0]`); the rest of those stays. A person must have `sn` and `cn`: without a
family name the first is a dash; the second is made of what else is told, as long as nobody
wrote another.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from ldap3.utils.dn import parse_dn

Attributes = Mapping[str, Sequence[str]]
NONE = "-"
NAMING = ("cn", "displayName", "givenName", "sn", "o", "mail", "telephoneNumber")
"""What an entry's `cn` is made of, and itself."""


@dataclass(frozen=True)
class Entry:
    """One person: attributes by their names in lower case; `rdn` is the one that names it."""

    dn: str = field(repr=False)
    rdn: tuple[str, str] = field(repr=False)
    attributes: Attributes = field(repr=False)

    def values(self, name: str) -> list[str]:
        """All values of an attribute."""
        return list(self.attributes.get(name.lower(), ()))

    @property
    def uuid(self) -> str:
        """Its name for ever."""
        return "".join(self.values("entryUUID")[:1])

    @property
    def csn(self) -> str:
        """Its version, which begins with the time of the last change."""
        return "".join(self.values("entryCSN")[:1])


def entry_of(dn: str, raw: Mapping[str, Iterable[bytes]]) -> Entry:
    """An entry as the directory gave it."""
    told = {n.lower(): [v.decode(errors="replace") for v in values] for n, values in raw.items()}
    name, value, _ = parse_dn(dn)[0]
    return Entry(dn, (name.lower(), value), told)


def listed(body: Mapping[str, Any]) -> dict[str, list[str]] | None:
    """A mapping's form as attributes; None where it holds what no attribute can."""
    lists = {n: v if isinstance(v, list) else [v] for n, v in body.items()}
    told = {n: [v for v in values if v is not None] for n, values in lists.items()}
    fits = all(isinstance(v, str) for values in told.values() for v in values)
    return told if fits else None


def told_of(entry: Entry, places: Iterable[str]) -> dict[str, Any]:
    """What stands at the mapping's places."""
    body: dict[str, Any] = {}
    for name, indexed, _ in (place.partition("[") for place in places):
        values = [v for v in entry.values(name) if not (name == "sn" and v == NONE)]
        body[name] = values or ([None] if indexed else None)
    return body


def made(wanted: Attributes) -> dict[str, list[str]]:
    """A new entry."""
    told = {"sn": [NONE]} | {name: list(values) for name, values in wanted.items() if values}
    return {"cn": [_common_name(told)]} | told


def changed(entry: Entry, wanted: Attributes, single: Set[str]) -> dict[str, list[str]]:
    """The attributes that are not as they should be, each with all that it shall hold."""
    whole = {name: _whole(entry, name, told, name in single) for name, told in wanted.items()}
    after = {**entry.attributes, **{name.lower(): values for name, values in whole.items()}}
    followed = entry.values("cn") == [_common_name(entry.attributes)] and entry.rdn[0] != "cn"
    if followed and "cn" not in wanted:
        whole["cn"] = [_common_name(after)]
    return {name: values for name, values in whole.items() if values != entry.values(name)}


def _whole(entry: Entry, name: str, told: Sequence[str], single: bool) -> list[str]:
    """With what is not ours: the values beside, and the one that names the entry."""
    beside = entry.values(name)[1:] if single and told else []
    named = [entry.rdn[1]] if entry.rdn[0] == name.lower() else []
    values = [*told, *beside, *named] or ([NONE] if name == "sn" else [])
    known: dict[str, str] = {}
    for value in values:
        known.setdefault(value.casefold(), value)
    return list(known.values())


def _common_name(attributes: Attributes) -> str:
    first = {n.lower(): v[0] for n, v in attributes.items() if v and v[0] != NONE}
    parts = " ".join(first[n] for n in ("givenname", "sn") if n in first)
    others = (first.get(n, "") for n in ("o", "mail", "telephonenumber"))
    return next(filter(None, (first.get("displayname", ""), parts, *others)), NONE)
