"""Rehearsing: what a target would be told of one contact, as it is foreseen and kept. Pure.

What is kept holds no values: the print of the message, and the names of the fields.
"""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from chalicelib.domain.deliveries import Delivery, is_told
from chalicelib.domain.echoes import prints_of
from chalicelib.domain.graph import Head
from chalicelib.domain.model import Entity, canonical, digest
from chalicelib.domain.parcels import Lists, Parcel, decide, parcel, parting
from chalicelib.domain.routing import Why, projection
from chalicelib.domain.sources import Target
from chalicelib.domain.versions import Version

Task = Literal["create", "link", "update", "remove", "leave", "withhold"]
SETTINGS = ("filter", "audience", "fields", "mapping", "consent", "removal")
"""What can be rehearsed; other settings say nothing of who is told what."""


class TargetFinding(Entity):
    """What a target would be told of a contact (its `id`): to `create` or `update` it there,
    to `link` one that it has already, to `remove` it; or `why` that is withheld.

    `print` is that of the message, empty where nothing would be sent; `fields` are those that
    would change there. `units` is as how many pushes it counts for the guard, `place` the row
    from which it was found.
    """

    id: str
    place: str
    task: Task
    why: str = ""
    print: str = ""
    units: int = 0
    fields: tuple[str, ...] = ()


class Foreseen(NamedTuple):
    """What is to be done for a contact, and with which message (None: none)."""

    task: Task
    why: str = ""
    parcel: Parcel | None = None

    @property
    def print(self) -> str:
        """The message's; empty where there is none."""
        return self.parcel.print if self.parcel else ""


def foreseen(
    target: Target,
    head: Head,
    version: Version,
    known: Delivery,
    why: Why,
    lists: Lists,
    place: Delivery,
) -> Foreseen:
    """What the sender would do, were the delivery due now; as far as the target is not asked.

    `place` is the delivery that holds its place there, which may be lent by another.
    """
    present = known.present or place.contact != known.contact
    if known.left:
        return Foreseen("withhold", "left")
    decision = decide(target, not why, head, present)
    if decision == "nothing":
        return Foreseen("withhold", why or "left_filter")
    if decision == "wait":
        return Foreseen("withhold", "unmatched" if head.unmatched else "review")
    kept = known.own and bool(why) and head.status == "active"  # it is the target's own
    own = parting(target, version, known.has) if kept else None
    told = parcel(target, head, version, why, place.has, lists=lists)
    found = own if kept else told.withholding(place.asked, place.has)
    if found is None or is_told(known, found):
        return Foreseen("leave")
    if found.event == "contact.removed":
        return Foreseen("remove", found.data["reason"], found)
    if known.state == "given_up" and known.message_print == found.print:
        return Foreseen("withhold", "refused")
    return Foreseen("update" if present else "create", "", found)


def mark_of(target: Target) -> str:
    """A digest of all that a rehearsal of other settings went by."""
    names = {*SETTINGS, "kind", "url", "options", "held"}
    return digest(canonical(target.model_dump(mode="json", include=names)))


def tried(target: Target, settings: Mapping[str, Any]) -> Target:
    """The target with other settings; the rest stays."""
    return Target.model_validate({**target.model_dump(), **settings})


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of fields of which two say another thing."""
    return differing_prints(prints_of(one), prints_of(other))


def differing_prints(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, ...]:
    """The same, by their prints."""
    return tuple(sorted(n for n in one.keys() | other.keys() if one.get(n) != other.get(n)))


def shown_of(target: Target, version: Version | None) -> dict[str, Any]:
    """What a target sees of a contact in some version; nothing where it has none."""
    return projection(target, version) if version else {}
