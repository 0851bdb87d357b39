"""Drain: what waits is applied in the order in which it came, then the targets are told.

    the oldest call in line -> take it in, each effect once -> take it out of the line

A call that was taken in and not yet out of the line is taken in again, which finds its effects.
So any number of workers may be at it, each begins again at any point, and none comes to a call
before the one ahead of it is done.
"""

from collections.abc import Callable
from contextlib import suppress

from chalicelib.domain import times
from chalicelib.domain.bodies import parse_json
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.errors import ConflictError
from chalicelib.domain.messages import read_envelope
from chalicelib.domain.pausing import Kept, unpacked
from chalicelib.domain.sources import Source, Target
from chalicelib.flow import jobs, registry
from chalicelib.flow.changes import insisting
from chalicelib.flow.intake.receive import Call, take_in
from chalicelib.flow.jobs import Job
from chalicelib.flow.pausing.lifecycle import resumed_all
from chalicelib.flow.pausing.line import line_write
from chalicelib.flow.pausing.rest import line, source_rests
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling.fan_out import kick_deliveries
from chalicelib.store import keys
from chalicelib.store.ports import Conflict, Key, Set

TIME_TO_STOP_MS = 60_000


class Waiting(Kept):
    """A call in the line of its source, at its number."""

    source: str
    number: int


def work(ports: Ports, job: Job, remaining_ms: Callable[[], int]) -> None:
    """Apply what was kept for the sources, send what is due to the targets that the job names."""
    sources = job.spec.get("sources", [s.id for s in registry.listed(ports, Source)])
    targets = job.spec.get("targets", [t.id for t in registry.listed(ports, Target)])
    heads = {name: head for name in sources if (head := _head(ports, name))}
    while heads:
        if remaining_ms() < TIME_TO_STOP_MS:
            jobs.kick_jobs(ports, [job])
            return
        oldest = min(heads.values(), key=lambda waiting: (waiting.at, waiting.source))
        _apply(ports, oldest, remaining_ms)
        following = _head(ports, oldest.source)
        heads = {n: h for n, h in heads.items() if n != oldest.source}
        heads |= {oldest.source: following} if following else {}
        try:
            job = jobs.save(ports, job)
        except Conflict:
            return  # another worker is at it; if it stops half-way, the sweep goes on
    resumed_all(ports, job.id)
    for name in targets:
        wake(ports, name, remaining_ms)
    jobs.close(ports, job, "done", {})


def _head(ports: Ports, source_id: str) -> Waiting | None:
    """The next call to apply; None where the source rests again, or nothing waits any more."""
    return insisting(ports, lambda _: _head_once(ports, source_id))


def _head_once(ports: Ports, source_id: str) -> Waiting | None:
    queue = line(ports, source_id)
    if source_rests(ports, source_id):
        return None
    if not queue.waiting:
        # Whoever is about to keep a call on the word of the pause that is over, reads again.
        ports.items.write([line_write(queue, queue.moved())])
        return None
    number = queue.done + 1
    row = ports.items.get(keys.kept(source_id, number, 0))
    if row is None:  # torn: `fsck` names it, those behind it go on
        ports.items.write([line_write(queue, queue.moved(done=number))])
        raise Conflict
    return Waiting.of_row(row | {"source": source_id, "number": number})


def _apply(ports: Ports, waiting: Waiting, remaining_ms: Callable[[], int]) -> None:
    body = _body(ports, waiting)
    if body is not None:
        source = registry.registered(ports, Source, waiting.source)
        envelope = read_envelope(parse_json(body))
        batch, at, received_at = waiting.batch, waiting.at, waiting.received_at
        call = Call(batch, at, received_at, repeated=True, of=envelope.batch)
        with suppress(ConflictError):  # its batch was undone while it waited
            take_in(ports, source, call, envelope, remaining_ms)
    insisting(ports, lambda _: _pass(ports, waiting))


def _body(ports: Ports, waiting: Waiting) -> bytes | None:
    """What was kept; None where another worker is done with it, or a part is torn off."""
    wanted = _places(waiting)
    rows = ports.items.get_many(wanted)
    parts = [str(rows.get(key, {}).get("body", "")) for key in wanted]
    return unpacked(parts) if all(parts) else None


def _pass(ports: Ports, waiting: Waiting) -> None:
    """Take a call out of its line; what it said stands in its effects alone from here on."""
    queue = line(ports, waiting.source)
    if queue.done < waiting.number:
        emptied = [Set(key, {"body": ""}) for key in _places(waiting)]
        ports.items.write([line_write(queue, queue.moved(done=waiting.number)), *emptied])


def _places(waiting: Waiting) -> list[Key]:
    return [keys.kept(waiting.source, waiting.number, part) for part in range(waiting.parts)]


def wake(ports: Ports, target_id: str, remaining_ms: Callable[[], int]) -> None:
    """Kick what is due; what is left for want of time, or lost, the sweep finds."""
    for lane in keys.due_lanes(target_id):
        now, after = times.text(ports.now()), None
        while remaining_ms() >= TIME_TO_STOP_MS:
            page = ports.items.due("deliveries", lane, now, after=after)
            kick_deliveries(ports, map(Delivery.of_row, page.items))
            after = page.next
            if after is None:
                break
