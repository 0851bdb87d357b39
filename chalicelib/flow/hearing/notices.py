"""Notices: which of a partner's contacts are to be read again, and what no reading may show."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain import times
from chalicelib.domain.model import canonical, digest
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Put

FIRST = timedelta(seconds=1)


def note(ports: Ports, partner: str, remote: str, into: str = "") -> None:
    """Let a contact be read again; `into` is where it was merged to there.

    That has a row of its own: a later word on who is no more must not wipe it out.
    """
    now = times.text(ports.now())
    row = {"remote": remote, "into": into, "lane": keys.noticed(partner), "due": now}
    place = keys.notice(partner, f"{remote} into {into}" if into else remote)
    ports.items.write([Put(place, row | {"token": ports.chance.token()})])


def keep(
    ports: Ports, partner: str, remote: str, said: Mapping[str, Any], at: datetime | None
) -> None:
    """Let what a call itself says of a contact be heard; the same again is one row.

    `said` is in the partner's form: what it may say otherwise by the time that it is read. It
    comes before that reading, which may end the link to whose contact it is.
    """
    now = ports.now()
    told = {"said": dict(said), "at": times.text(at or now)}
    row = {"remote": remote, "lane": keys.noticed(partner), "due": times.text(now - FIRST), **told}
    place = keys.notice(partner, f"{remote} {digest(canonical(told))}")
    ports.items.write([Put(place, row | {"token": ports.chance.token()})])
