"""Examine: the faults of one stored item, whichever it is, with what belongs to it.

Each kind of item has its examiner; a new kind is one more line in `EXAMINERS`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping

from pydantic import ValidationError

from chalicelib.domain.checking import (
    Fault,
    contact_faults,
    decision_faults,
    told_faults,
    waiting_faults,
)
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.graph import Head
from chalicelib.domain.judgements import Decision
from chalicelib.domain.routing import why_not
from chalicelib.domain.sources import Target
from chalicelib.domain.versions import Version
from chalicelib.flow import jobs, registry
from chalicelib.flow.batches import Batch
from chalicelib.flow.checking import interacted, undone
from chalicelib.flow.checking.batched import headless, unfounded, unlisted
from chalicelib.flow.checking.indexed import indexed, matchable, searchable
from chalicelib.flow.checking.queued import lined
from chalicelib.flow.checking.standing import (
    has_change,
    heads,
    homes,
    standing,
)
from chalicelib.flow.intake.ingest import Effect
from chalicelib.flow.listing.membership import lists_of
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling.links import linked
from chalicelib.store import contacts, deliveries, keys
from chalicelib.store.ports import Item

Examiner = Callable[[Ports, Item], Iterable[Fault]]
SETTLING = 0.5


def examine(ports: Ports, table: str, item: Item) -> list[Fault]:
    """What is wrong with an item that was just read, and still is after a moment.

    Its neighbours are read one after the other while others write: a fault must be seen twice.
    """
    found = _seen(ports, table, item)
    if not found:
        return []
    ports.pause(SETTLING)
    again = _seen(ports, table, item)
    return [fault for fault in found if fault in again]


def _seen(ports: Ports, table: str, item: Item) -> list[Fault]:
    try:
        return [fault for by in _examiners(table, item) for fault in by(ports, item)]
    except ValidationError:
        return [_unreadable(table, item)]


def _unreadable(table: str, item: Item) -> Fault:
    name = item["pk"].rpartition("#")[2]
    return Fault(code="unreadable", of="contact", id=name, detail=f"a row of {table} is torn")


def _examiners(table: str, item: Item) -> Collection[Examiner]:
    kind = item["pk"].partition("#")[0] if table == "contacts" else table
    among = item["sk"].partition("#")[0]
    return EXAMINERS.get((kind, among), EXAMINERS.get((kind, ""), ()))


def _name(item: Item) -> str:
    return str(item["pk"].partition("#")[2])


def _contact(ports: Ports, item: Item) -> Iterable[Fault]:
    head = heads(ports.items, [_name(item)]).get(_name(item))
    return contact_faults(standing(ports, head)) if head else ()


def _outbox(ports: Ports, item: Item) -> Iterable[Fault]:
    head = heads(ports.items, [_name(item)]).get(_name(item))
    yield from outbox_faults(ports, head) if head else ()


def outbox_faults(ports: Ports, head: Head) -> Iterable[Fault]:
    """Of a head that was just read: what is new waits for its worker, or was told."""
    marks = (mark.rpartition("#") for mark in head.unmatched.values())
    waiting = {f"{c}#{rev}" for c, _, rev in marks if _waits(ports, c, rev)}
    yield from waiting_faults(head, waiting)
    if not head.unmatched and not has_change(ports.items, keys.FAN_OUT, head.id):
        yield from _untold(ports, head)


def _waits(ports: Ports, contact_id: str, rev: str) -> bool:
    return has_change(ports.items, keys.MATCH, contact_id, f"{rev:0>10}")


def _untold(ports: Ports, head: Head) -> Iterable[Fault]:
    row = ports.items.get(keys.version(head.id, head.version))
    if row is None or any(jobs.is_open(ports, kind) for kind in ("backfill", "push_list")):
        return
    version = Version.of_row(row)
    for target in [t for t in registry.listed(ports, Target) if t.enabled and t.started]:
        delivery = deliveries.find(ports.items, target.id, head.id)
        if delivery and (delivery.left or (delivery.own and head.into)):
            continue  # it is not to be told, or as what its record belongs to by now
        known = delivery or Delivery(target=target.id, contact=head.id)
        link = linked(ports, target, known, head)
        if not link.own:
            lists = lists_of(ports, target, known, head)
            admitted = not why_not(target, version, ports.now().date(), listed=bool(lists))
            yield from told_faults(target, admitted, head, version, delivery, lists, link.row)


def _record(ports: Ports, item: Item) -> Iterable[Fault]:
    name = _name(item)
    if name not in homes(ports.items, [name]):
        words = "its own record is in no contact that it leads to"
        yield Fault(code="record_elsewhere", of="contact", id=name, detail=words, seeds=(name,))


def _statement(ports: Ports, item: Item) -> Iterable[Fault]:
    if ports.items.get(keys.record(_name(item))) is None:
        words = "statements, but no record"
        yield Fault(code="record_lost", of="record", id=_name(item), detail=words)


def _decision(ports: Ports, item: Item) -> Iterable[Fault]:
    row = ports.items.get(keys.judgement(_name(item))) or item
    decision = Decision.of_row(row)
    judgement = decision.judgement
    yield from decision_faults(decision, homes(ports.items, (*judgement.a, *judgement.b)))
    if {n: row[n] for n in ("lane", "due") if n in row} != contacts.lane_of(decision):
        words = "waits where it should not, or not where it should"
        seeds = (*judgement.a, *judgement.b)
        yield Fault(code="queue_astray", of="judgement", id=judgement.id, detail=words, seeds=seeds)


def _effect(ports: Ports, item: Item) -> Iterable[Fault]:
    """A call was answered: then what it told stands, as a statement or as a word."""
    effect = Effect.of_row(item)
    statement, word = (effect.record, effect.stamp), (effect.interaction, effect.word)
    told = [keys.statement(*statement)] if effect.stamp else []
    told += [keys.heard(*word)] if effect.word else []
    if len(ports.items.get_many(told)) < len(told):
        words = f"word {int(item['sk'])} was answered {effect.outcome}, and does not stand"
        yield Fault(code="answer_unfounded", of="batch", id=_name(item), detail=words)


def _waits_whole(ports: Ports, item: Item) -> Iterable[Fault]:
    """A call was answered that it is kept: then all its parts stand, emptied once it is applied."""
    batch = Batch.of_row(item)
    if not batch.place:
        return
    source = batch.by.removeprefix("source:")
    first = ports.items.get(keys.kept(source, batch.place, 0)) or {"parts": 1}
    places = [keys.kept(source, batch.place, part) for part in range(first["parts"])]
    if len(ports.items.get_many(places)) < len(places):
        words = "was answered that it is kept, and does not stand"
        yield Fault(code="answer_unfounded", of="batch", id=batch.id, detail=words)


def _version(ports: Ports, item: Item) -> Iterable[Fault]:
    """A version has a head that knows of it, and the record that its contact was born of."""
    name, number = str(item["pk"]), item["number"]
    row = ports.items.get(keys.head(name))
    if ports.items.get(keys.record(name)) is None:
        words = "versions, but no record"
        yield Fault(code="record_lost", of="record", id=name, detail=words)
    elif row is None or row.get("version", 0) < number:
        words = f"version {number} stands, and its head knows nothing of it"
        yield Fault(code="version_astray", of="contact", id=name, detail=words, seeds=(name,))


EXAMINERS: Mapping[tuple[str, str], Collection[Examiner]] = {
    ("C", "HEAD"): (_contact, _outbox, searchable),
    ("R", "HEAD"): (_record, matchable),
    ("R", "S"): (_statement, headless, undone.kept),
    ("R", "O"): (_statement, interacted.placed),
    ("R", "I"): (_statement, interacted.placed),
    ("Q", ""): (lined,),
    ("I", "HEAD"): (interacted.stands,),
    ("I", "W"): (headless, interacted.stands, undone.kept),
    ("J", "HEAD"): (_decision, headless, unlisted),
    ("B", "J"): (headless, unfounded),
    ("B", ""): (_effect, headless),
    ("B", "HEAD"): (_waits_whole,),
    ("T", "HEAD"): (headless,),
    ("T", "O"): (undone.retracted,),
    ("versions", ""): (_version,),
    ("index", ""): (indexed,),
}
TABLES = ("contacts", "versions", "index")
