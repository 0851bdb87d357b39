"""Listen: each partner is asked what changed there since it was asked last.

The cursor is kept only after what came before it was taken in: a poll that dies is repeated,
and what is heard twice says nothing new. Polls leave a partner's rate to what is sent there.
"""

import json
import logging
from collections.abc import Callable

from chalicelib.connectors.connector import Page, UnavailableError
from chalicelib.domain import times
from chalicelib.domain.polling import rest_after
from chalicelib.domain.sources import Source
from chalicelib.flow.hearing import cursors
from chalicelib.flow.hearing.hear import Hearing
from chalicelib.flow.hearing.missed import look_for_missed
from chalicelib.flow.hearing.notice import work_off
from chalicelib.flow.hearing.partners import Partner, one_by_one, partner, partner_sources
from chalicelib.flow.pausing.rest import source_rests
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling import pacing

PAGES_CAP = 20  # of one partner in one run, so that none holds up the others
TIME_TO_STOP_MS = 15_000
Left = Callable[[], int]
_log = logging.getLogger(__name__)


def listen(ports: Ports, remaining_ms: Left) -> int:
    """Read what partners gave notice of, and ask those that can be polled; how many spoke.

    One that is slow does not hold up the others: who was asked the longest ago is the first in
    the next run.
    """

    def in_time(source: Source) -> bool:
        return remaining_ms() >= TIME_TO_STOP_MS and _listen_to(ports, source, remaining_ms)

    return one_by_one(_in_turn(ports), in_time)


def _in_turn(ports: Ports) -> list[Source]:
    awake = [s for s in partner_sources(ports) if not source_rests(ports, s.id)]
    return sorted(awake, key=lambda source: cursors.read(ports, source.id).next_at)


def _listen_to(ports: Ports, source: Source, remaining_ms: Left) -> bool:
    known = partner(ports, source, remaining_ms)
    if known is None or pacing.is_left_alone(ports, known.id):
        return False
    noted = work_off(ports, known, remaining_ms) > 0
    return (_is_to_be_polled(ports, known) and _poll(ports, known, remaining_ms)) or noted


def _is_to_be_polled(ports: Ports, partner: Partner) -> bool:
    at = times.text(ports.now())
    return partner.connector.caps.polls and cursors.read(ports, partner.id).next_at <= at


def _poll(ports: Ports, partner: Partner, remaining_ms: Left) -> bool:
    heard, units = False, 0
    try:
        for _ in range(PAGES_CAP):
            units += _draw(ports, partner)
            page, more = _page(ports, partner, units)
            heard = heard or bool(page.told)
            if not more or remaining_ms() < TIME_TO_STOP_MS:
                break
        look_for_missed(ports, partner)
    except UnavailableError as error:
        _log.warning(json.dumps({"not_polled": partner.id, "why": error.result.reason}))
        pacing.refused(ports, partner.id, error.result)
        known = cursors.read(ports, partner.id)
        cursors.keep(ports, partner.id, known.resting(_next_at(ports, partner, units)))
    return heard


def _draw(ports: Ports, partner: Partner) -> int:
    """What a page costs, counted before it is read: also where the run dies on it."""
    cost = partner.connector.caps.costs.get("poll", 1)
    pacing.draw(ports, partner.target, cost)
    return cost


def _page(ports: Ports, partner: Partner, units: int) -> tuple[Page, bool]:
    """Take in the next page; whether to go on at once. So many `units` were spent by now."""
    known = cursors.read(ports, partner.id).of(partner.reading)
    page = partner.connector.poll(known.cursor)
    hearing = Hearing(ports, partner, known.afresh)
    for told in page.told:
        hearing.hear(told)
    moved = known.moved(page).resting(_next_at(ports, partner, units))
    return page, cursors.keep(ports, partner.id, moved) and page.more


def _next_at(ports: Ports, partner: Partner, units: int) -> str:
    return times.text(ports.now() + rest_after(pacing.limits_of(partner.target), units))
