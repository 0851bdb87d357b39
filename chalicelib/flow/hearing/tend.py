"""Tend: what a partner has of our subscriptions is brought in line with what is wanted.

    list those that lead here -> take over, renew or make the one -> end the others -> note it

An answer that was lost leaves one that the next look finds and takes over; of two who are at
it at once the later begins again, with what the other did in its list.
"""

import json
import logging
from collections.abc import Callable, Iterable

from chalicelib.connectors.catalogue import caps_of
from chalicelib.connectors.connector import Result, UnavailableError
from chalicelib.domain.delivering import asked
from chalicelib.domain.hooks import Subscription
from chalicelib.domain.sources import Source
from chalicelib.domain.subscribing import Subscribed
from chalicelib.flow import credentials, registry
from chalicelib.flow.changes import insisting
from chalicelib.flow.hearing import cursors, subscriptions
from chalicelib.flow.hearing.partners import Partner, one_by_one, partner
from chalicelib.flow.ports import Ports

_log = logging.getLogger(__name__)


def tend(ports: Ports, remaining_ms: Callable[[], int]) -> int:
    """See to the subscriptions that are due, also of who is paused or disabled; how many.

    It leaves half of the time to whoever listens; what is not done is due in the next run.
    """
    known, enough = registry.listed(ports, Source), remaining_ms() // 2
    able = [s for s in known if s.kind != "generic" and caps_of(s.kind).subscribes]

    def left() -> int:
        return remaining_ms() - enough

    return one_by_one(able, lambda source: left() > 0 and _tend(ports, source, left))


def _tend(ports: Ports, source: Source, remaining_ms: Callable[[], int]) -> bool:
    if not subscriptions.read(ports, source.id).is_due(source, ports.now()):
        return False
    try:
        known = partner(ports, source, remaining_ms)
        if known:
            bring_in_line(ports, known)
    except Exception:
        _failed(ports, source.id, Result("failed", "broken"))
        raise
    return known is not None


def bring_in_line(ports: Ports, partner: Partner) -> Subscribed:
    """Let stand there what shall, and nothing else of ours; how that went is in the row."""
    try:
        return insisting(ports, lambda _: _bring_in_line(ports, partner))
    except UnavailableError as error:
        return _failed(ports, partner.id, error.result)


def _failed(ports: Ports, source_id: str, result: Result) -> Subscribed:
    """It is tried again, after a while that grows."""
    now = ports.now()
    _log.warning(json.dumps({"not_subscribed": source_id, "why": result.reason}))
    wait = asked(result.retry_after, now)
    return subscriptions.change(ports, source_id, lambda row: row.failed(result.reason, wait, now))


def _bring_in_line(ports: Ports, partner: Partner) -> Subscribed:
    row, connector = subscriptions.read(ports, partner.id), partner.connector
    there = [each for each in connector.subscriptions() if row.is_ours(each)]
    held = _held(ports, partner, row, there) if row.shall_stand(partner.source) else None
    if held and row.is_missing(there):
        cursors.begin_anew(ports, partner.id)
    for each in there:
        if held is None or each.id != held.id:
            connector.unsubscribe(each)
    stood = row.holding(held, partner.source.secret, ports.now())
    return subscriptions.keep(ports, partner.id, stood)


def _held(
    ports: Ports, partner: Partner, row: Subscribed, there: Iterable[Subscription]
) -> Subscription:
    """The one that stands in the end: as it stood, renewed, or made."""
    url, connector = row.called(partner.source.secret), partner.connector
    fitting = [each for each in there if each.url == url]
    known = min(fitting, key=lambda each: (each.id != row.id, each.id), default=None)
    if known is None:
        secret, *_ = credentials.valid(ports, "sources", partner.source)
        return connector.subscribe(url, secret)
    return connector.renew(known) if row.must_renew(known, ports.now()) else known
