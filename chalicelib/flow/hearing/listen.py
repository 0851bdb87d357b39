"""Listen: each partner is asked what changed there since it was asked last.

The cursor is kept only after what came before it was taken in: a poll that dies is repeated,
and what is heard twice says nothing new.
"""

import json
import logging

from chalicelib.connectors.connector import Page, UnavailableError
from chalicelib.domain.sources import Source
from chalicelib.flow.hearing import cursors
from chalicelib.flow.hearing.hear import Hearing
from chalicelib.flow.hearing.missed import look_for_missed
from chalicelib.flow.hearing.notice import work_off
from chalicelib.flow.hearing.partners import Partner, one_by_one, partner, partner_sources
from chalicelib.flow.pausing.rest import source_rests
from chalicelib.flow.ports import Ports

PAGES_CAP = 20  # of one partner in one run, so that none holds up the others
_log = logging.getLogger(__name__)


def listen(ports: Ports) -> int:
    """Read what partners gave notice of, and ask those that can be polled; how many spoke."""
    awake = [s for s in partner_sources(ports) if not source_rests(ports, s.id)]
    return one_by_one(awake, lambda source: _listen_to(ports, source))


def _listen_to(ports: Ports, source: Source) -> bool:
    known = partner(ports, source)
    if known is None:
        return False
    noted = work_off(ports, known) > 0
    return (known.connector.caps.polls and _poll(ports, known)) or noted


def _poll(ports: Ports, partner: Partner) -> bool:
    heard = False
    try:
        for _ in range(PAGES_CAP):
            known = cursors.read(ports, partner.id)
            page = partner.connector.poll(known.cursor)
            heard = _take_in(ports, partner, page) or heard
            if not cursors.keep(ports, partner.id, known.moved(page)) or not page.more:
                break
        look_for_missed(ports, partner)
    except UnavailableError as error:
        _log.warning(json.dumps({"not_polled": partner.id, "why": error.result.reason}))
    return heard


def _take_in(ports: Ports, partner: Partner, page: Page) -> bool:
    hearing = Hearing(ports, partner)
    for told in page.told:
        hearing.hear(told)
    return bool(page.told)
