"""Notice: a partner calls to say that something changed; what it is now is read from it.

The call leaves a row for each contact that it names, before it is answered; so nothing is
lost, a hundred calls about one contact are one reading, and no late call brings old news.
"""

from collections.abc import Sequence

from chalicelib.connectors.connector import Told, UnavailableError
from chalicelib.domain import times
from chalicelib.domain.errors import UnauthorizedError
from chalicelib.domain.hooks import Hook
from chalicelib.domain.sources import Source
from chalicelib.flow import credentials
from chalicelib.flow.hearing.hear import Hearing
from chalicelib.flow.hearing.notices import note
from chalicelib.flow.hearing.partners import Partner, fetch, partner
from chalicelib.flow.hearing.subscriptions import befell
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling import pacing
from chalicelib.store import keys
from chalicelib.store.ports import Conflict, Equals, Item, Put

PAGE = 50


def notice(ports: Ports, source: Source, hook: Hook) -> str:
    """Take a partner's call in; returns the text to answer it with, mostly empty.

    Raises `UnauthorizedError` where it is not the partner's, `InvalidError`.
    """
    known = partner(ports, source) if source.enabled else None
    if known is None or not known.connector.caps.hooks:
        raise UnauthorizedError("The signature does not hold.")
    greeting = known.connector.handshake(hook)
    if greeting is not None:
        return greeting
    known.connector.verify(hook, credentials.valid(ports, "sources", source))
    for told in known.connector.parse(hook):
        note(ports, known.id, told.remote, told.into)
    befell(ports, known.id, known.connector.fates(hook))
    return ""


def work_off(ports: Ports, partner: Partner) -> int:
    """Read what the partner's notices name, and take it in; returns how many."""
    now = times.text(ports.now())
    rows = ports.items.due("deliveries", keys.noticed(partner.id), now, limit=PAGE).items
    if not rows:
        return 0
    try:
        _read(ports, partner, rows)
    except UnavailableError as error:
        pacing.refused(ports, partner.id, error.result)
        return 0  # the rows stand: the next run asks again
    for row in rows:
        _done(ports, row)
    return len(rows)


def _read(ports: Ports, partner: Partner, rows: Sequence[Item]) -> None:
    hearing = Hearing(ports, partner)
    for row in rows:
        if row["into"]:
            hearing.hear(Told("merge", row["remote"], into=row["into"]))
    for told in fetch(ports, partner, [row["remote"] for row in rows if not row["into"]]):
        hearing.hear(told)


def _done(ports: Ports, row: Item) -> None:
    """Unless there was another notice meanwhile, it waits no more."""
    place = keys.notice(row["pk"].partition("#")[0], row["remote"])
    try:
        ports.items.write([Put(place, {"token": row["token"]}, Equals("token", row["token"]))])
    except Conflict:
        return
