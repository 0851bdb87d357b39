"""Sources and targets: registered by an admin, each with a signing secret of its own."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from chalicelib.domain import times
from chalicelib.domain.errors import ConflictError, NotFoundError
from chalicelib.domain.sources import HAND, Source, Target
from chalicelib.flow import credentials
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Equals, Put, Write

System = TypeVar("System", Source, Target)
_PREPARED = "It is prepared, not started: POST .../start sets it to work."
_VERBS = "The state is only given at creation: POST .../start, .../pause, .../resume change it."
_SECRETS = {"secret", "old_secret", "old_until", "access"}
_LASTING = _SECRETS | {"created_at", "state", "paused_at", "resumed_at", "stopped", "lists"}
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


def started(ports: Ports, kind: type[System], name: str) -> System:
    """One that is registered and was started; else `NotFoundError` or `ConflictError`."""
    found = registered(ports, kind, name)
    if not found.started:
        raise ConflictError(_PREPARED, kind="not_started")
    return found


def heard_as(ports: Ports, target: Target) -> Source | None:
    """The source that a target is too, where it is listened to."""
    source = find(ports, Source, target.id)
    return source if source and source.enabled else None


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
    ports: Ports,
    kind: type[System],
    name: str,
    settings: dict[str, Any],
    also: Callable[[System | None], Sequence[Write]] = lambda _: (),
) -> tuple[System, str]:
    """Create or replace its settings; its secret comes with its creation, and only then.

    `also` says what else is written in the transaction, given the settings as they were.
    Raises `ConflictError` for a name that is not free.
    """
    _check_free(kind, name)
    secret = None if find(ports, kind, name) else credentials.make(ports, SIDES[kind], name, 0)
    return insisting(ports, lambda _: _register(ports, kind, name, settings, secret, also))


def _check_free(kind: type[System], name: str) -> None:
    """Whoever had the webhook of the people's own source could speak as one of them."""
    if kind is Source and name == HAND.id:
        detail = "This source is what people enter themselves: it has no settings and no webhook."
        raise ConflictError(detail, kind="reserved")


def _register(
    ports: Ports,
    kind: type[System],
    name: str,
    settings: dict[str, Any],
    secret: credentials.Numbered | None,
    also: Callable[[System | None], Sequence[Write]],
) -> tuple[System, str]:
    known = find(ports, kind, name)
    if known and secret and known.secret == secret.number:
        return known, secret.value  # created already, by us: the answer was lost
    if known:
        if settings.get("state", known.state) != known.state:
            raise ConflictError(_VERBS, kind="bad_state")
        kept = known.model_dump(include=_LASTING & set(kind.model_fields))
        wanted = kind.model_validate({**kept, **settings, "id": name})
        return store(ports, known, wanted, also(known)), ""
    number, value = secret or credentials.make(ports, SIDES[kind], name, 0)
    created = {"created_at": times.text(ports.now()), "secret": number}
    return store(ports, None, kind.model_validate({**created, **settings, "id": name})), value


def store(ports: Ports, known: System | None, wanted: System, also: Sequence[Write] = ()) -> System:
    """Write it as it is wanted, where it still is as `known`, with what else belongs to that."""
    stored, write = storing(known, wanted)
    ports.items.write([write, *also])
    return stored


def storing(known: System | None, wanted: System) -> tuple[System, Write]:
    """It as it will be stored, and the write that does it."""
    rev = known.rev if known else 0
    stored = wanted.model_copy(update={"rev": rev + 1})
    condition = Equals("rev", rev) if rev else Absent()
    return stored, Put(keys.registered(SIDES[type(wanted)], wanted.id), stored.row(), condition)


def rotate_secret(
    ports: Ports, kind: type[System], name: str, grace: timedelta = credentials.GRACE
) -> str:
    """A new signing secret; the one before stays valid for the grace time.

    Raises `NotFoundError`, and `ConflictError` for a name that is not free.
    """
    _check_free(kind, name)
    known = registered(ports, kind, name)
    secret = credentials.make(ports, SIDES[kind], name, after=known.secret)
    insisting(ports, lambda _: _rotate(ports, kind, name, secret.number, grace))
    return secret.value


def _rotate(ports: Ports, kind: type[System], name: str, number: int, grace: timedelta) -> None:
    known = registered(ports, kind, name)
    if known.secret == number:
        return  # turned already, by us: the answer was lost
    until = times.text(ports.now() + grace)
    turned = {"secret": number, "old_secret": known.secret, "old_until": until}
    store(ports, known, known.model_copy(update=turned))


def turn_access(ports: Ports, target_id: str, number: int) -> None:
    """Let the credentials of this number count."""

    def attempt(_: int) -> None:
        known = registered(ports, Target, target_id)
        if known.access < number:
            store(ports, known, known.model_copy(update={"access": number}))

    insisting(ports, attempt)


def disable_target(ports: Ports, answered: Target, reason: str) -> None:
    """Tell it nothing more until an admin enables it, unless it has moved meanwhile."""
    insisting(ports, lambda _: _disable(ports, answered, reason))


def _disable(ports: Ports, answered: Target, reason: str) -> None:
    known = registered(ports, Target, answered.id)
    if known.enabled and known.url == answered.url:
        stopped = {"enabled": False, "disabled_reason": reason}
        store(ports, known, known.model_copy(update=stopped))
