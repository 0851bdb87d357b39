"""Targets: what a change of their settings means for what they have."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from chalicelib.connectors.catalogue import caps_of
from chalicelib.connectors.connector import Caps
from chalicelib.domain.errors import ConflictError, FieldError, InvalidError
from chalicelib.domain.evidence import FACTS
from chalicelib.domain.filters import compile_filter
from chalicelib.domain.mapping.apply import Mapper
from chalicelib.domain.mapping.catalogue import bundled, mapper_of
from chalicelib.domain.rates import Rate
from chalicelib.domain.sources import Target
from chalicelib.domain.structure import pointer
from chalicelib.domain.views import OFFERED
from chalicelib.flow import jobs, registry
from chalicelib.flow.jobs import Job
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling.backfill import new_backfill
from chalicelib.store import keys
from chalicelib.store.ports import Write

_OTHER_ACCOUNT = (
    "It has contacts in the account that it was given first: register another one under an id "
    "of its own."
)
ROUTING = ("filter", "audience", "fields", "mapping", "consent")


def put_target(ports: Ports, name: str, settings: dict[str, Any]) -> tuple[Target, str]:
    """Register a target or change its settings; returns it with its secret where it is new.

    Enabling one tells it what it has missed; another filter, field list, mapping or consent
    brings what it has up to date. The job stands in the transaction of the change. Raises
    `InvalidError`, and `ConflictError` for another account than that which it has contacts in.
    """
    wanted = Target.model_validate({"name": "", **settings, "id": name})
    check(ports, wanted)
    opened: list[Job] = []

    def follow(known: Target | None) -> list[Write]:
        _refuse(_wrong_lists(wanted, known.lists if known else ()))
        _check_account(ports, known, wanted)
        opened[:] = _following(ports, known, wanted)
        return [jobs.job_write(job) for job in opened]

    registered = registry.register(ports, Target, name, settings, follow)
    jobs.kick_jobs(ports, opened)
    return registered


def check(ports: Ports, wanted: Target) -> None:
    """Refuse settings by which a system of its kind cannot be told; raises `InvalidError`."""
    compile_filter(wanted.filter)
    caps = caps_of(wanted.kind)
    mapper = mapper_of(wanted.kind, wanted.mapping)
    faults = [*_unknown_fields(wanted, mapper), *_wrong_options(wanted, caps)]
    if wanted.removal and wanted.removal not in caps.removals:
        faults.append(FieldError("/removal", "unsupported", "Systems of its kind cannot do that."))
    faults += _too_high(wanted.rate, caps.rate)
    faults += _not_to_own(wanted, mapper)
    if wanted.mapping and bundled(wanted.kind) is None:
        faults.append(FieldError("/mapping", "unsupported", "Systems of its kind have none."))
    if not wanted.url and not caps.base:
        faults.append(FieldError("/url", "missing", "It is needed."))
    faults += _wrong_lists(wanted, wanted.lists)
    _refuse(faults)
    if wanted.url:
        ports.sender.check(wanted.url, caps.scheme)


def _refuse(faults: Iterable[FieldError]) -> None:
    if found := list(faults):
        raise InvalidError("The target's settings are not valid.", found)


def _wrong_lists(wanted: Target, lists: Collection[str]) -> Iterator[FieldError]:
    """With lists, a kind that can hold them; a mailing system not without its gate.

    The tag of all whom it has is none of them.
    """
    caps = caps_of(wanted.kind)
    if wanted.audience == "filter" and not lists:
        return
    if not caps.lists:
        yield FieldError("/audience", "unsupported", "Systems of its kind have no lists.")
    elif caps.lists == "consenting" and wanted.consent is None:
        yield FieldError("/consent", "missing", "A mailing system has lists only with it.")
    if wanted.options.get("tag", "").lower() in lists:
        yield FieldError("/options/tag", "taken", "One of its lists has this name.")


def _unknown_fields(wanted: Target, mapper: Mapper | None) -> Iterator[FieldError]:
    known = set(mapper.fields) if mapper else set(OFFERED)
    if not set(wanted.fields) <= known:
        detail = "It names a field that a contact does not have, or its mapping does not know."
        yield FieldError("/fields", "unknown_field", detail)


def _too_high(wanted: Rate | None, documented: Rate | None) -> Iterator[FieldError]:
    """A target's own rate may be lower than what systems of its kind allow, not higher."""
    if wanted is None or documented is None:
        return
    if wanted.units * documented.seconds > documented.units * wanted.seconds:
        yield FieldError("/rate/units", "too_high", "Systems of its kind allow less.")
    if wanted.daily and documented.daily and wanted.daily > documented.daily:
        yield FieldError("/rate/daily", "too_high", "Systems of its kind allow less.")


def _not_to_own(wanted: Target, mapper: Mapper | None) -> Iterator[FieldError]:
    """Only what a mapping knows has an owner, and facts have none: they are gathered."""
    known = mapper.fields if mapper else frozenset()
    for name in sorted(wanted.owners):
        if name in FACTS:
            detail = "A consent is a fact: it counts, whoever tells it."
            yield FieldError(pointer("owners", name), "fact", detail)
        elif name not in known:
            detail = "Its mapping does not know this field."
            yield FieldError(pointer("owners", name), "unknown_field", detail)


def _wrong_options(wanted: Target, caps: Caps) -> Iterator[FieldError]:
    given = set(wanted.options)
    for name in sorted(given - {*caps.options, *caps.options_optional}):
        yield FieldError(pointer("options", name), "unknown_field", "Its kind has no such option.")
    for name in sorted(set(caps.options) - given):
        yield FieldError(pointer("options", name), "missing", "It is needed.")


def _check_account(ports: Ports, known: Target | None, wanted: Target) -> None:
    """The ids that its contacts have in one account are others' in another."""
    if known is None or _account(known) == _account(wanted):
        return
    if ports.items.query("deliveries", keys.remotes(known.id), limit=1).items:
        raise ConflictError(_OTHER_ACCOUNT, kind="other_account")


def _account(target: Target) -> tuple[str, ...]:
    """What says which account it is, as far as settings do: a webhook's knows no ids."""
    caps = caps_of(target.kind)
    named = (target.options.get(name, "") for name in caps.identity)
    return target.kind, (target.url or caps.base).rstrip("/"), *named


def _following(ports: Ports, known: Target | None, wanted: Target) -> list[Job]:
    if known is None or not known.started or not wanted.enabled:
        return []
    if not known.enabled:
        return [new_backfill(ports, known.id, everyone=True)]
    changed = any(getattr(known, name) != getattr(wanted, name) for name in ROUTING)
    changed |= known.guard is None and wanted.guard is not None  # count what it has
    return [new_backfill(ports, known.id, everyone=False)] if changed else []
