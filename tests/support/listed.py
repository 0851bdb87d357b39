"""What must always hold of lists: entries, memberships and what was told of them agree."""

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.graph import Head
from chalicelib.domain.sources import Target

from .state import State

Faults = Iterator[str]


def lists_shown(state: State, target: Target, head: Head) -> dict[str, Any]:
    """What a webhook is shown of lists: those of all members; nothing where there never were."""
    rows = [state.deliveries.get((target.id, m)) for m in head.members]
    said = [row.lists for row in rows if row and row.lists is not None]
    return {"lists": sorted({n for names in said for n in names})} if said else {}


def may(state: State, target: Target, head: Head) -> bool:
    """Whether it may have the contact, as far as lists are concerned."""
    return target.audience == "filter" or bool(lists_shown(state, target, head).get("lists"))


def membership_faults(state: State) -> Faults:
    """A contact is on a list where its entry says so, and nowhere else."""
    listed = {
        (target, name, contact)
        for (target, name), entries in state.entries.items()
        for contact, entry in entries.items()
        if entry.state == "listed"
    }
    on = {
        (target, name, contact)
        for (target, contact), delivery in state.deliveries.items()
        for name in delivery.lists or ()
    }
    for place in listed ^ on:
        yield f"list {place}: {'an entry' if place in listed else 'a membership'} alone"
    for target, name, _ in on:
        if name not in state.targets[target].lists:
            yield f"target {target}: does not know its list {name}"


def told_faults(state: State) -> Faults:
    """The record of what was told ends with what is known to be told, and says nothing twice."""
    for (target, contact), delivery in state.deliveries.items():
        for name, told in delivery.told_lists.items():
            kept = sorted(state.list_told.get((target, name, contact), []), key=lambda t: t.at)
            if not kept or kept[-1] != told:
                yield f"list {target}, {name}: {contact} was told {told}, the record has {kept}"
            if any(one.on == other.on for one, other in zip(kept, kept[1:], strict=False)):
                yield f"list {target}, {name}: the record says the same of {contact} twice"


def arrived_faults(state: State) -> Faults:
    """Who was delivered is known by the target to be on what they are on, and no other."""
    for (target, contact), delivery in state.deliveries.items():
        head = state.heads.get(contact)
        if delivery.due or delivery.state != "delivered" or delivery.own or head is None:
            continue
        shown = lists_shown(state, state.targets[target], head).get("lists", [])
        wanted = set(shown) if delivery.present else set()
        told = {name for name, told in delivery.told_lists.items() if told.on}
        if told != wanted and state.at_rest():
            yield f"target {target}: was told that {contact} is on {told}, not on {wanted}"


LISTED = (membership_faults, told_faults, arrived_faults)
