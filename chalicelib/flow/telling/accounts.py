"""Accounts: a target's place, settings and credentials, put together for its connector."""

import json
from collections.abc import Callable, Mapping

from chalicelib.connectors.catalogue import caps_of
from chalicelib.connectors.connector import Account, Connector
from chalicelib.connectors.hurry import leisure
from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.domain.mapping.catalogue import mapper_of
from chalicelib.domain.sources import Target
from chalicelib.flow import credentials, registry
from chalicelib.flow.ports import Ports

TO_RECORD_MS = 10_000
"""What a function keeps back of its time, to write down what came of its calls."""


def connected(
    ports: Ports, target: Target, remaining_ms: Callable[[], int] | None = None
) -> Connector:
    """The target's connector, ready to work; all its calls end before the time is over."""
    mapper = mapper_of(target.kind, target.mapping)
    account = Account(
        id=target.id,
        kind=target.kind,
        url=target.url or caps_of(target.kind).base,
        options=target.options,
        access=_access(ports, target),
        secrets=tuple(credentials.valid(ports, "targets", target)),
        places=mapper.places if mapper else (),
    )
    if remaining_ms is None:
        return ports.connect(account, leisure)
    return ports.connect(account, lambda: (remaining_ms() - TO_RECORD_MS) / 1000)


def _access(ports: Ports, target: Target) -> Mapping[str, str]:
    told = ports.secrets.read(credentials.access_path(target.id, target.access))
    return json.loads(told) if told and target.access else {}


def put_access(ports: Ports, target_id: str, given: Mapping[str, str]) -> None:
    """Store a target's credentials, in place of those before; `InvalidError` for other names."""
    target = registry.registered(ports, Target, target_id)
    caps = caps_of(target.kind)
    wrong = set(given) - {*caps.access, *caps.access_optional}
    missing = set(caps.access) - set(given)
    if wrong or missing:
        detail = "These are not the credentials of a system of its kind."
        faults = [FieldError(f"/{name}", "unknown_field", detail) for name in sorted(wrong)]
        faults += [FieldError(f"/{name}", "missing", "It is needed.") for name in sorted(missing)]
        raise InvalidError(detail, faults)
    registry.turn_access(ports, target.id, credentials.keep(ports, target, given))
