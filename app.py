"""The map of Kartoteka: every trigger, in the order in which the data flows.

    webhook -> receive, ingest -> [match queue] -> match -> [fan-out queue] -> fan out
            -> [deliver queue] -> deliver -> target -> listen -> ingest

Each change stands in the outbox before it is kicked down a queue; two schedules find what
a lost message left undone, a third what is torn. Queue and schedule handlers stand here,
since in Lambda a Blueprint's would run without this module.
"""

import os
from typing import Any

from chalice import Chalice, Rate

from chalicelib.entrypoints import batches, problems
from chalicelib.entrypoints.conflicts import conflicts
from chalicelib.entrypoints.contacts import contacts
from chalicelib.entrypoints.deliveries import deliveries
from chalicelib.entrypoints.editing import editing
from chalicelib.entrypoints.fsck import fsck
from chalicelib.entrypoints.health import health
from chalicelib.entrypoints.history import history
from chalicelib.entrypoints.lists import lists
from chalicelib.entrypoints.logs import log_to_stdout
from chalicelib.entrypoints.matching import questions
from chalicelib.entrypoints.merges import merges
from chalicelib.entrypoints.models import models
from chalicelib.entrypoints.pausing import pausing
from chalicelib.entrypoints.registry import registry
from chalicelib.entrypoints.rehearsing import rehearsing
from chalicelib.entrypoints.relations import relations
from chalicelib.entrypoints.reviews import reviews
from chalicelib.entrypoints.rules import rules
from chalicelib.entrypoints.subscribing import subscribing
from chalicelib.entrypoints.timeline import timelines
from chalicelib.entrypoints.undoing import undoing
from chalicelib.entrypoints.webhooks import webhooks
from chalicelib.flow import sweep as sweeping
from chalicelib.flow import work_jobs as working
from chalicelib.flow.checking import fsck as checking
from chalicelib.flow.hearing import listen as hearing
from chalicelib.flow.hearing import tend as tending
from chalicelib.flow.matching import match as matching
from chalicelib.flow.telling import deliver as delivering
from chalicelib.flow.telling import fan_out as fanning_out

PREFIX = f"kartoteka-{os.environ['KARTOTEKA_STAGE']}"
EACH_MINUTE = Rate(1, unit=Rate.MINUTES)
EACH_DAY = Rate(1, unit=Rate.DAYS)

app = Chalice(app_name="kartoteka")
app.register_middleware(problems.as_problems, event_type="http")
for blueprint in (
    webhooks,
    contacts,
    history,
    timelines,
    relations,
    editing,
    questions,
    merges,
    reviews,
    models,
    rules,
    registry,
    subscribing,
    deliveries,
    conflicts,
    pausing,
    rehearsing,
    lists,
    undoing,
    fsck,
    health,
):
    app.register_blueprint(blueprint)
log_to_stdout()


@app.on_sqs_message(queue=f"{PREFIX}-match", batch_size=10)
def match(event: Any) -> Any:
    """Match the records of a change, index its contact."""
    return batches.each(event, batches.change(matching.match))


@app.on_sqs_message(queue=f"{PREFIX}-fan-out", batch_size=10)
def fan_out(event: Any) -> Any:
    """Mark what each target should be told of a change."""
    return batches.each(event, batches.change(fanning_out.fan_out))


@app.on_sqs_message(queue=f"{PREFIX}-deliver", batch_size=1)  # a slow target holds up no other
def deliver(event: Any) -> Any:
    """Bring one target up to date with one contact."""
    time_left = event.context.get_remaining_time_in_millis
    return batches.each(
        event, lambda p, m: delivering.deliver(p, m["target"], m["contact"], time_left)
    )


@app.on_sqs_message(queue=f"{PREFIX}-jobs", batch_size=1)
def work_jobs(event: Any) -> Any:
    """Go on with a job: a merge, a backfill, a rehearsal or what it listed, a list, a check."""
    time_left = event.context.get_remaining_time_in_millis
    return batches.each(event, lambda p, m: working.work_job(p, m["job"], time_left))


@app.schedule(EACH_MINUTE)
def fan_out_sweep(event: Any) -> None:
    """Tell the targets of the changes that no kick brought to them."""
    time_left = event.context.get_remaining_time_in_millis
    batches.each_change(sweeping.untold, fanning_out.fan_out, time_left)


@app.schedule(EACH_MINUTE)
def sweep(event: Any) -> None:
    """Kick again what waits to be matched, delivered or worked off; wake what rested, ring
    for what is held.
    """
    kicked = (sweeping.unmatched, sweeping.undelivered, sweeping.undone, sweeping.unrested)
    batches.each_part(*kicked, sweeping.held)


@app.schedule(EACH_MINUTE)
def listen(event: Any) -> None:
    """See that partners call us; ask them what has changed there, read what they called about."""
    time_left = event.context.get_remaining_time_in_millis

    batches.each_part_in_time(time_left, tending.tend, hearing.listen)


@app.schedule(EACH_DAY)
def fsck_sample(event: Any) -> None:
    """Look whether what stands is sound, on a sample; a fault rings an alarm."""
    batches.each_part(checking.fsck_sample)
