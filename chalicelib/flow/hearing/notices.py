"""Notices: which of a partner's contacts are to be read again."""

from chalicelib.domain import times
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Put


def note(ports: Ports, partner: str, remote: str, into: str = "") -> None:
    """Let a contact be read again; `into` is where it was merged to there."""
    now = times.text(ports.now())
    row = {"remote": remote, "into": into, "lane": keys.noticed(partner), "due": now}
    place = keys.notice(partner, remote)
    ports.items.write([Put(place, row | {"token": ports.chance.token()})])
