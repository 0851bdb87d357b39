"""Notice: a partner calls to say that something changed; what it is now is read from it.

The call leaves a row for each contact that it names, before it is answered; so nothing is
lost, a hundred calls about one contact are one reading, and no late call brings old news.
Only what a call says of consent is kept as it says it: that happened, whatever is there now.
"""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from chalicelib.connectors.connector import Told, UnavailableError
from chalicelib.domain import times
from chalicelib.domain.errors import UnauthorizedError
from chalicelib.domain.hooks import Hook
from chalicelib.domain.sources import Source
from chalicelib.flow import credentials
from chalicelib.flow.hearing.hear import Hearing
from chalicelib.flow.hearing.notices import keep, note
from chalicelib.flow.hearing.partners import Partner, fetch, partner
from chalicelib.flow.hearing.subscriptions import befell
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling import pacing
from chalicelib.store import keys
from chalicelib.store.ports import Conflict, Equals, Item, Key, Put

PAGE = 50
FEW = 5
TIME_TO_STOP_MS = 15_000
LATER = timedelta(hours=1)
_log = logging.getLogger(__name__)


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
        if told.changed:
            said = {name: told.body[name] for name in told.changed}
            keep(ports, known.id, told.remote, said, told.occurred_at)
    befell(ports, known.id, known.connector.fates(hook))
    return ""


def work_off(ports: Ports, partner: Partner, remaining_ms: Callable[[], int]) -> int:
    """Read what the partner's notices name, and take it in; returns how many.

    A few at a time, so that what was read counts though the time ends or the next are refused.
    """
    now, heard = times.text(ports.now()), 0
    rows = ports.items.due("deliveries", keys.noticed(partner.id), now, limit=PAGE).items
    size = max(FEW, partner.connector.caps.fetches)
    rows = sorted(rows, key=_turn)
    for start in range(0, len(rows), size):
        if remaining_ms() < TIME_TO_STOP_MS:
            break
        try:
            heard += _take_in(ports, partner, rows[start : start + size])
        except UnavailableError as error:
            _log.warning(json.dumps({"not_read": partner.id, "why": error.result.reason}))
            pacing.refused(ports, partner.id, error.result)
            break  # the rows stand: the next run asks again
    return heard


def _turn(row: Item) -> int:
    """What a call said comes first, and who is one by now: before a reading ends their links."""
    return 0 if "said" in row else 1 if row["into"] else 2


def _take_in(ports: Ports, partner: Partner, rows: Sequence[Item]) -> int:
    """One that cannot be read does not hold up the others: it is asked for again later."""
    try:
        _read(ports, partner, rows)
    except UnavailableError as error:
        if error.result.status != "refused":
            raise
        if len(rows) > 1:
            return sum(_take_in(ports, partner, [row]) for row in rows)
        _log.warning(json.dumps({"not_read": partner.id, "why": error.result.reason}))
        _settle(ports, rows[0], {**rows[0], "due": times.text(ports.now() + LATER)})
        return 0
    for row in rows:
        _settle(ports, row, {"token": row["token"]})
    return len(rows)


def _read(ports: Ports, partner: Partner, rows: Sequence[Item]) -> None:
    hearing = Hearing(ports, partner)
    for row in [row for row in rows if "said" in row]:
        _hear_said(ports, partner, hearing, row)
    calls = [row for row in rows if "said" not in row]
    for row in calls:
        if row["into"]:
            hearing.hear(Told("merge", row["remote"], into=row["into"]))
    for told in fetch(ports, partner, [row["remote"] for row in calls if not row["into"]]):
        hearing.hear(told)


def _hear_said(ports: Ports, partner: Partner, hearing: Hearing, row: Item) -> None:
    """What a call said of a contact, which may be named there as no link knows it."""
    for told in fetch(ports, partner, [row["remote"]]):
        at = times.moment(row["at"])
        hearing.hear_said(replace(told, body=row["said"], etag="", occurred_at=at), told)


def _settle(ports: Ports, row: Item, after: Item) -> None:
    """What becomes of it, unless there was another notice meanwhile; a mere token waits no more."""
    place, condition = Key("deliveries", row["pk"], row["sk"]), Equals("token", row["token"])
    left = {name: value for name, value in after.items() if name not in ("pk", "sk")}
    try:
        ports.items.write([Put(place, left, condition)])
    except Conflict:
        return
