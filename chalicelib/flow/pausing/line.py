"""Line: a call that comes while its source rests is kept as it came, behind those before it.

    read the line -> read who rests -> write call, header and line, on the line's `rev`

The line is read first, and who resumes writes it once when it is empty: so a call that is kept
on the word of a pause that is over meets a conflict, and reads again. While calls wait, others
queue behind them also when the source is at work again: so their order holds.
"""

from chalicelib.domain.pausing import Kept, Line, packed
from chalicelib.flow import batches
from chalicelib.flow.batches import Batch
from chalicelib.flow.changes import insisting
from chalicelib.flow.pausing.rest import line, source_rests
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Equals, Put, Set, Write


def keep(ports: Ports, batch: Batch, source_id: str, body: bytes, records: int) -> bool:
    """Keep a verified call with so many records if it must wait; whether it is kept.

    What its header says already stands: it was kept before, or answered, or is another call.
    """
    return insisting(ports, lambda _: _keep(ports, batch, source_id, body, records))


def _keep(ports: Ports, batch: Batch, source_id: str, body: bytes, records: int) -> bool:
    queue = line(ports, source_id)
    resting = source_rests(ports, source_id)
    if not (resting or queue.waiting):
        return False
    known = batches.find(ports, batch.id)
    if known and (known.place or not known.is_of(batch.body) or _ended(ports, known, records)):
        return False
    ports.items.write(_placing(queue, known, batch, body))
    return True


def _ended(ports: Ports, known: Batch, records: int) -> bool:
    """Whether a call was taken in before, to its last record."""
    effects = [keys.effect(known.id, position) for position in range(records)]
    return len(ports.items.get_many(effects)) == records


def _placing(queue: Line, known: Batch | None, batch: Batch, body: bytes) -> list[Write]:
    """The call at the end of the line; its times are those of its first receipt."""
    number, parts, first = queue.last + 1, packed(body), known or batch
    kept = Kept(batch=batch.id, at=first.at, received_at=first.received_at, parts=len(parts))
    header: Write = Set(keys.batch(batch.id), {"place": number})
    if known is None:
        header = batches.opening(batch.model_copy(update={"place": number}))
    rows = [
        Put(keys.kept(queue.source, number, part), kept.row() | {"body": text})
        for part, text in enumerate(parts)
    ]
    return [line_write(queue, queue.moved(last=number)), header, *rows]


def line_write(known: Line, news: Line) -> Write:
    """The line, on the condition of its old `rev`."""
    condition = Equals("rev", known.rev) if known.rev else Absent()
    return Put(keys.line(news.source), news.row(), condition)
