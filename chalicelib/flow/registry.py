"""Sources and targets: registered by an admin, each with a signing secret of its own."""

from datetime import timedelta
from typing import Any, TypeVar

from chalicelib.domain import times
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.sources import Source, Target
from chalicelib.flow import credentials
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Equals, Put

System = TypeVar("System", Source, Target)
SIDES: dict[type[Source] | type[Target], credentials.Side] = {Source: "sources", Target: "targets"}


def find(ports: Ports, kind: type[System], name: str) -> System | None:
    """A source or target by its id; None where none is registered."""
    row = ports.items.get(keys.registered(SIDES[kind], name))
    return kind.of_row(row) if row else None


def registered(ports: Ports, kind: type[System], name: str) -> System:
    """A source or target by its id; `NotFoundError` where none is registered."""
    found = find(ports, kind, name)
    if found is None:
        raise NotFoundError("Nothing is registered under this id.")
    return found


def listed(ports: Ports, kind: type[System]) -> list[System]:
    """All sources or targets, by id: they are few."""
    found: list[System] = []
    after = None
    while True:
        page = ports.items.query("registry", SIDES[kind], after=after)
        found += [kind.of_row(row) for row in page.items]
        after = page.next
        if after is None:
            return found


def register(
    ports: Ports, kind: type[System], name: str, settings: dict[str, Any]
) -> tuple[System, str]:
    """Create or replace its settings; its secret comes with its creation, and only then."""
    return insisting(ports, lambda _: _register(ports, kind, name, settings))


def _register(
    ports: Ports, kind: type[System], name: str, settings: dict[str, Any]
) -> tuple[System, str]:
    known = find(ports, kind, name)
    if known:
        kept = known.model_dump(include={"created_at", "secret", "old_secret", "old_until"})
        return _store(ports, known, kind.model_validate({**kept, **settings, "id": name})), ""
    number, secret = credentials.make(ports, SIDES[kind], name, after=0)
    created = {"created_at": times.text(ports.now()), "secret": number}
    return _store(ports, None, kind.model_validate({**created, **settings, "id": name})), secret


def _store(ports: Ports, known: System | None, wanted: System) -> System:
    rev = known.rev if known else 0
    stored = wanted.model_copy(update={"rev": rev + 1})
    condition = Equals("rev", rev) if rev else Absent()
    key = keys.registered(SIDES[type(wanted)], wanted.id)
    ports.items.write([Put(key, stored.row(), condition)])
    return stored


def rotate_secret(
    ports: Ports, kind: type[System], name: str, grace: timedelta = credentials.GRACE
) -> str:
    """A new signing secret; the one before stays valid for the grace time."""
    return insisting(ports, lambda _: _rotate(ports, kind, name, grace))


def _rotate(ports: Ports, kind: type[System], name: str, grace: timedelta) -> str:
    known = registered(ports, kind, name)
    number, secret = credentials.make(ports, SIDES[kind], name, after=known.secret)
    until = times.text(ports.now() + grace)
    turned = {"secret": number, "old_secret": known.secret, "old_until": until}
    _store(ports, known, known.model_copy(update=turned))
    return secret


def disable_target(ports: Ports, name: str, reason: str) -> None:
    """Tell it nothing more until an admin enables it again."""
    insisting(ports, lambda _: _disable(ports, name, reason))


def _disable(ports: Ports, name: str, reason: str) -> None:
    known = registered(ports, Target, name)
    if known.enabled:
        stopped = {"enabled": False, "disabled_reason": reason}
        _store(ports, known, known.model_copy(update=stopped))
