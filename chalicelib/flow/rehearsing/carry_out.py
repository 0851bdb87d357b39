"""Carry out: a backfill does what its rehearsal listed.

Each contact is looked at as it is now, and marked once, in the transaction that says so. One
that is another by now is done as it is now, and counted apart.
"""

from collections.abc import Sequence

from chalicelib.domain.deliveries import marked
from chalicelib.domain.rehearsing import TargetFinding
from chalicelib.domain.sources import Target
from chalicelib.flow.changes import insisting
from chalicelib.flow.jobs import Job
from chalicelib.flow.ports import Ports
from chalicelib.flow.rehearsing.foresee import foresee
from chalicelib.flow.telling.fan_out import kick_deliveries
from chalicelib.flow.walk import Place
from chalicelib.store import deliveries, keys
from chalicelib.store.ports import Absent, Put, Write


def visit(ports: Ports, job: Job, target: Target, place: Place) -> Sequence[str]:
    """Do what is to be done for one contact; what is to be counted of it."""
    return insisting(ports, lambda _: _visit(ports, job, target, place))


def _visit(ports: Ports, job: Job, target: Target, place: Place) -> Sequence[str]:
    outcome = ports.items.get(keys.outcome(job.id, place.contact))
    if outcome:
        return outcome["words"] if outcome["place"] == place.name else ()
    row = ports.items.get(keys.finding(job.spec["rehearsal"], place.contact))
    listed = TargetFinding.of_row(row) if row else None
    sight = foresee(ports, target, place.contact)
    now, then = sight.foreseen.print if sight else "", listed.print if listed else ""
    if now == then == "":
        return ()
    state = "done" if now == then else "changed"
    words = [listed.task if listed and state == "done" else state, *(["marked"] if now else [])]
    said = {"state": state, "place": place.name, "words": words}
    writes: list[Write] = [Put(keys.outcome(job.id, place.contact), said, Absent())]
    if sight and now:
        wanted = marked(sight.known, sight.head.rev, ports.now())
        wanted = wanted.model_copy(update={"run": job.id})
        writes.append(deliveries.delivery_write(sight.known, wanted))
        ports.items.write(writes)
        kick_deliveries(ports, [wanted])
    else:
        ports.items.write(writes)
    return words
