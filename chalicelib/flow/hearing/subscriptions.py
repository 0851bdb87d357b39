"""Subscriptions: the row that says whether a partner shall call us, and how that stands."""

from collections.abc import Callable, Iterable
from functools import partial

from chalicelib.domain.hooks import Fate
from chalicelib.domain.subscribing import Subscribed
from chalicelib.flow.changes import insisting
from chalicelib.flow.hearing import cursors
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Equals, Put


def read(ports: Ports, partner: str) -> Subscribed:
    """How it stands."""
    return Subscribed.of_row(ports.items.get(keys.subscription(partner)) or {})


def keep(ports: Ports, partner: str, row: Subscribed) -> Subscribed:
    """Write how it stands by now, where nobody else did meanwhile; raises `Conflict`."""
    condition = Equals("rev", row.rev) if row.rev else Absent()
    stored = row.model_copy(update={"rev": row.rev + 1})
    ports.items.write([Put(keys.subscription(partner), stored.row(), condition)])
    return stored


def change(ports: Ports, partner: str, news: Callable[[Subscribed], Subscribed]) -> Subscribed:
    """Write what follows from how it stands; returns that."""

    def attempt(_: int) -> Subscribed:
        known = read(ports, partner)
        wanted = news(known)
        return known if wanted == known else keep(ports, partner, wanted)

    return insisting(ports, attempt)


def befell(ports: Ports, partner: str, fates: Iterable[Fate]) -> None:
    """The partner says what became of a subscription: the next run sees to it.

    Where calls of it were lost, everybody is read again; of one that is gone, once there is
    another.
    """
    for fate in fates:
        row = change(ports, partner, partial(_befallen, ports, fate))
        if fate.kind == "missed" and fate.subscription == row.id:
            cursors.begin_anew(ports, partner)


def _befallen(ports: Ports, fate: Fate, row: Subscribed) -> Subscribed:
    return row.befallen(fate, ports.now())
