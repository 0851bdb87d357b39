"""Weigh: what a partner says of a contact that it has of us is taken, left, or asked about."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain import times
from chalicelib.domain.conflicts import FieldConflict, Weighed, weigh
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.echoes import Prints, prints_of
from chalicelib.domain.sources import Target
from chalicelib.flow.changes import insisting
from chalicelib.flow.conflicting import rows
from chalicelib.flow.conflicting.here import here
from chalicelib.flow.ports import Ports

_log = logging.getLogger(__name__)


def weighed(ports: Ports, target: Target, holder: Delivery, news: Mapping[str, Any]) -> Weighed:
    """Sort the news on a contact; what stands here is read only where that matters."""
    matters = any(target.owns(name) not in ("rules", "ours") for name in news)
    ours = insisting(ports, lambda _: here(ports, target, holder.contact)) if matters else None
    prints = prints_of(ours.shown) if ours else holder.has
    return weigh(target, holder, news, prints, ports.now())


def raised(
    ports: Ports, holder: Delivery, found: Weighed, news: Mapping[str, Any], at: datetime
) -> list[FieldConflict]:
    """The questions that are to be asked; a field that flips rings the alarm."""
    for field in [field for field, why in found.asked.items() if why == "flipping"]:
        line = {"flipping_field": field, "target": holder.target, "contact": holder.contact}
        _log.error(json.dumps(line))
    return [
        FieldConflict(
            name=ports.chance.token(),
            target=holder.target,
            contact=holder.contact,
            field=field,
            why=why,
            asked_at=times.text(ports.now()),
            theirs=news[field],
            theirs_at=times.text(at),
        )
        for field, why in found.asked.items()
    ]


def follow(
    ports: Ports, holder: Delivery, has: Prints, told: Mapping[str, Any], at: datetime
) -> None:
    """Let open questions know what the partner says by now."""
    for field, name in holder.asked.items():
        if has.get(field, "") != holder.has.get(field, ""):
            news = {"theirs": told.get(field), "theirs_at": times.text(at)}
            _follow(ports, holder, name, news)


def _follow(ports: Ports, holder: Delivery, name: str, news: Mapping[str, Any]) -> None:
    def attempt(_: int) -> None:
        asked = rows.find(ports, holder.target, holder.contact, name)
        if asked and asked.state == "open":
            ports.items.write([rows.conflict_write(asked, **news)])

    insisting(ports, attempt)
