"""Partners: systems that are source and target under one id."""

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.connectors.connector import Connector, Told
from chalicelib.domain.errors import ConflictError
from chalicelib.domain.mapping.apply import Mapper
from chalicelib.domain.mapping.catalogue import mapper_of
from chalicelib.domain.model import digest
from chalicelib.domain.sources import Source, Target
from chalicelib.flow import registry
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling import pacing
from chalicelib.flow.telling.accounts import connected

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Partner:
    """Both roles of one account, and how it is talked to."""

    source: Source
    target: Target
    mapper: Mapper
    connector: Connector

    @property
    def id(self) -> str:
        """Of both."""
        return self.source.id

    @property
    def reading(self) -> str:
        """A print of what is read of its contacts: the mapping, and what it may tell."""
        told = self.source.allowed_fields
        allowed = ["*"] if told is None else sorted(told)
        return digest(self.mapper.print, *allowed)


def partner(
    ports: Ports, source: Source, remaining_ms: Callable[[], int] | None = None
) -> Partner | None:
    """What a source is as a partner; None for a generic one."""
    if source.kind == "generic":
        return None
    target = registry.find(ports, Target, source.id)
    mapper = mapper_of(target.kind, target.mapping) if target else None
    if target is None or mapper is None or target.kind != source.kind:
        raise ConflictError(
            "A target of the same id and kind holds its account: register that first.",
            kind="no_account",
        )
    return Partner(source, target, mapper, connected(ports, target, remaining_ms))


def fetch(ports: Ports, partner: Partner, remotes: Sequence[str]) -> Sequence[Told]:
    """Read these of its contacts, counted against its rate; may raise `UnavailableError`."""
    if not remotes:
        return ()
    pacing.draw(ports, partner.target, partner.connector.cost_of_fetch(len(remotes)))
    return partner.connector.fetch(remotes)


def put_source(ports: Ports, name: str, settings: dict[str, Any]) -> tuple[Source, str]:
    """Register a source or change its settings; returns it with its secret where it is new.

    Raises `ConflictError` for a partner without an account.
    """
    partner(ports, Source.model_validate({"name": "", **settings, "id": name}))
    return registry.register(ports, Source, name, settings)


def partner_sources(ports: Ports) -> list[Source]:
    """The sources at work that are to be asked."""
    known = registry.listed(ports, Source)
    return [s for s in known if s.kind != "generic" and s.enabled and s.started]


def one_by_one(sources: Iterable[Source], act: Callable[[Source], int]) -> int:
    """Do it for each of them; how many it was in all.

    One that fails does not hold up the others: what it raised comes after them.
    """
    total, failed = 0, None
    for source in sources:
        try:
            total += act(source)
        except Exception as error:
            _log.warning(json.dumps({"failed": source.id, "fault": type(error).__name__}))
            failed = error
    if failed:
        raise failed
    return total
