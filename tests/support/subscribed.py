"""What must always hold of subscriptions: the row says one thing, and knows no secret."""

from collections.abc import Iterator

from .state import State

Faults = Iterator[str]


def subscription_faults(state: State) -> Faults:
    """One that stands has an id, is looked at again, and is renewed while it lives."""
    for name, row in state.subscribed.items():
        if name not in state.sources:
            yield f"subscription {name}: of no source"
        if row.settled == "on" and not (row.id and row.secret and row.look_at):
            yield f"subscription {name}: it stands as {row.id!r}, to be looked at {row.look_at!r}"
        if row.settled == "off" and row.id:
            yield f"subscription {name}: none stands, but {row.id}"
        if row.id and bool(row.expires) != bool(row.renew_at):
            yield f"subscription {name}: ends {row.expires!r}, renewed {row.renew_at!r}"
        if row.expires and row.settled and row.renew_at >= row.expires:
            yield f"subscription {name}: renewed after its end"
        if any("?" in url for url in (row.url, *row.past)):
            yield f"subscription {name}: a URL with more than a place"


SUBSCRIBED = (subscription_faults,)
