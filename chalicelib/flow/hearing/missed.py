"""Missed: a partner that forgot our cursor tells of everybody who is, and of nobody who went.

So each of its contacts that we know is asked for by its id, a page in each run.
"""

from chalicelib.flow.hearing import cursors
from chalicelib.flow.hearing.hear import Hearing
from chalicelib.flow.hearing.partners import Partner, fetch
from chalicelib.flow.ports import Ports

PAGE = 100


def look_for_missed(ports: Ports, partner: Partner) -> None:
    """Take in the deletions among one page of what the partner had; may raise
    `UnavailableError`.
    """
    known = cursors.read(ports, partner.id)
    if known.missed is None:
        return
    after = known.missed or None
    page = ports.items.query("deliveries", partner.id, after=after, limit=PAGE)
    remotes = [row["remote"] for row in page.items if row.get("remote")]
    hearing = Hearing(ports, partner)
    for told in fetch(ports, partner, remotes):
        if told.kind == "delete":
            hearing.hear(told)
    cursors.keep(ports, partner.id, known.model_copy(update={"missed": page.next}))
