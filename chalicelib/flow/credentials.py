"""Signing secrets of sources and targets: made here, shown once, rotated with a grace time.

A secret's value never changes under its name (`sources/crm/2`): the system's row says which
number counts, and until when the one before does. So a secret once read may be remembered.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import count
from typing import Literal, NamedTuple

from chalicelib.domain import times
from chalicelib.domain.signing import new_secret
from chalicelib.domain.sources import Source, Target
from chalicelib.flow.ports import Ports
from chalicelib.secrets.ports import SecretExists

SECRET_BYTES = 32
GRACE = timedelta(hours=24)
Side = Literal["sources", "targets"]


class Numbered(NamedTuple):
    """A secret and the number it stands under."""

    number: int
    value: str


def make(ports: Ports, side: Side, name: str, after: int) -> Numbered:
    """Write a new secret under the next free number."""
    secret = new_secret(ports.chance.bytes(SECRET_BYTES))
    for number in count(after + 1):
        try:
            ports.secrets.write(_path(side, name, number), secret, once=True)
        except SecretExists:
            continue  # of somebody who rotates at the same time, or who did not come to the end
        return Numbered(number, secret)
    raise AssertionError


def valid(ports: Ports, side: Side, system: Source | Target) -> list[str]:
    """The secrets that count now, the newest first: one, or two within the grace time."""
    found = (ports.secrets.read(_path(side, system.id, n)) for n in _numbers(ports, system))
    return [secret for secret in found if secret]


def keep(ports: Ports, target: Target, given: Mapping[str, str]) -> int:
    """Write a target's credentials under the next free number; returns it."""
    for number in count(target.access + 1):
        try:
            ports.secrets.write(access_path(target.id, number), json.dumps(given), once=True)
        except SecretExists:
            continue
        return number
    raise AssertionError


def access_path(target_id: str, number: int) -> str:
    """Where the credentials stand that a target lets us in by."""
    return f"targets/{target_id}/access/{number}"


def _numbers(ports: Ports, system: Source | Target) -> Iterator[int]:
    yield system.secret
    if times.text(ports.now()) < system.old_until:
        yield system.old_secret


def _path(side: Side, name: str, number: int) -> str:
    return f"{side}/{name}/{number}"
