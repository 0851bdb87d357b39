"""Parcels: what a target should be told of a contact as it is now, if anything. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from chalicelib.domain.echoes import prints_of
from chalicelib.domain.graph import Head
from chalicelib.domain.mapping.catalogue import mapper_of
from chalicelib.domain.model import canonical, digest
from chalicelib.domain.routing import projection
from chalicelib.domain.sources import Target
from chalicelib.domain.versions import Version

Task = Literal["send", "remove", "wait", "nothing"]
Prints = Mapping[str, str]
Lists = tuple[str, ...] | None
NOTHING: Prints = MappingProxyType({})
LISTED = "lists"


@dataclass(frozen=True)
class Parcel:
    """What to push: the event, the data for the target's eyes, and their print.

    `prints` are those of each field that it then has, for a system that has fields of its own;
    `lists` those that the contact is on there (None: it never was on any).
    """

    event: Literal["contact.upserted", "contact.removed"]
    data: dict[str, Any]
    print: str
    recorded_at: str
    prints: dict[str, str] = field(default_factory=dict)
    lists: Lists = None

    @property
    def sent(self) -> dict[str, str]:
        """The prints of what is in it."""
        return {name: mark for name, mark in self.prints.items() if name in self.data}

    def withholding(self, fields: Collection[str], has: Mapping[str, str]) -> "Parcel":
        """Without fields about which a person is asked: there, they stay as they are."""
        if not fields or self.event == "contact.removed":
            return self
        data = {name: value for name, value in self.data.items() if name not in fields}
        prints = {name: mark for name, mark in self.prints.items() if name not in fields}
        prints |= {name: has[name] for name in fields if name in has}
        return replace(self, data=data, prints=prints, print=print_of(prints))


def decide(target: Target, admitted: bool, head: Head, present: bool) -> Task:
    """What the target should get: by filter, consent and state, first matched, then told (law 6).

    Only a first creation waits for the matcher (or, where the target wants it, for the
    answer to an open review); updates and removals never do.
    """
    if head.status != "active" or not admitted:
        return "remove" if present else "nothing"
    open_question = bool(head.reviews) and target.held == "keep"
    return "wait" if not present and (head.unmatched or open_question) else "send"


def parcel(
    target: Target,
    head: Head,
    version: Version,
    why: str = "",
    has: Prints = NOTHING,
    *,
    lists: Lists = None,
) -> Parcel:
    """The message that brings the target up to date with this version.

    `why` says why it should not have the contact; empty where it should. `has` are the prints
    of what it has: there a consent is ended at most, and what is only read stays as it is.
    """
    gone = head.status if head.status != "active" else why
    if gone:
        removal = {**_common(head, version), "reason": gone, "merged_into": head.into or None}
        return _parcel("contact.removed", removal, version)
    data = projection(target, version) | ({} if lists is None else {LISTED: list(lists)})
    mapper = mapper_of(target.kind, target.mapping)
    if mapper is None:
        return _parcel("contact.upserted", data | _common(head, version), version, lists)
    stands = {n for n in mapper.ended if has and not _ended(data.get(n, ()))}
    told = {n: v for n, v in data.items() if v and n not in stands}
    kept = stands | (has.keys() - mapper.written - {LISTED})
    return _update(told, {n: has[n] for n in kept & has.keys()}, version, lists)


def parting(target: Target, version: Version, has: Prints) -> Parcel | None:
    """What a target is told of a contact of its own that it should not have: which consents
    were withdrawn, and that it is on no list; None where it holds nothing of that.
    """
    data, mapper = projection(target, version), mapper_of(target.kind, target.mapping)
    ended = {n: data[n] for n in mapper.ended & data.keys() if _ended(data[n])} if mapper else {}
    stays = {name: mark for name, mark in has.items() if name != LISTED}
    return _update(ended, stays, version) if ended or LISTED in has else None


def _ended(facts: Iterable[Mapping[str, Any]]) -> bool:
    return any(fact["status"] == "withdrawn" for fact in facts)


def _update(told: dict[str, Any], has: Prints, version: Version, lists: Lists = None) -> Parcel:
    """Of fields: what is told, and what stays as it has it."""
    prints = {**has, **prints_of(told)}
    return Parcel("contact.upserted", told, print_of(prints), version.recorded_at, prints, lists)


def print_of(prints: Prints) -> str:
    """What a system has, field by field, as one print."""
    return _print("contact.upserted", prints)


def _common(head: Head, version: Version) -> dict[str, Any]:
    """With every other id that leads here: each was a contact's once."""
    previous = [m for m in head.members if m != head.id]
    return {"id": head.id, "version": version.number, "previous_ids": previous}


def _parcel(
    event: Literal["contact.upserted", "contact.removed"],
    data: dict[str, Any],
    version: Version,
    lists: Lists = None,
) -> Parcel:
    return Parcel(event, data, _print(event, data), version.recorded_at, lists=lists)


def _print(event: str, data: Mapping[str, Any]) -> str:
    """What makes two messages the same to a target: all but the version's number."""
    return digest(event, canonical({n: v for n, v in data.items() if n != "version"}))
