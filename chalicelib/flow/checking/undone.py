"""Undone batches: a statement, or a word, is retracted, and its undo says so. Both, or neither.

They are written in one transaction; where one of the two is lost the other tells of it.
"""

from collections.abc import Iterator

from chalicelib.domain.checking import Fault
from chalicelib.domain.deciding import matters
from chalicelib.domain.evidence import Record, Statement, fold
from chalicelib.domain.graph import Contact, Head
from chalicelib.domain.hearing import Heard
from chalicelib.domain.undoing import hanging, untold
from chalicelib.flow import batches, jobs
from chalicelib.flow.changes import insisting
from chalicelib.flow.checking import interacted
from chalicelib.flow.checking.standing import guards, homes, records, rows
from chalicelib.flow.intake.ingest import Effect
from chalicelib.flow.ports import Ports
from chalicelib.flow.undoing.outcome import Undone, place_of
from chalicelib.flow.undoing.outcome import kept as kept_at
from chalicelib.flow.undoing.take_back import BORN
from chalicelib.store import contacts, interactions, keys
from chalicelib.store.ports import Item, Key, Write


def retracted(ports: Ports, item: Item) -> Iterator[Fault]:
    """Of what became of an effect: what was taken back counts no more."""
    if _retraction(ports, item):
        words = "took back what still counts"
        yield _fault("retraction_lost", _name(item), item, words)


def kept(ports: Ports, item: Item) -> Iterator[Fault]:
    """Of a statement, or a word, that was retracted: the undo says what became of it."""
    if _outcome(ports, item):
        words = "does not say that it took it back"
        yield _fault("outcome_lost", item["retracted_by"], item, words)


def mend_undo(ports: Ports, fault: Fault) -> None:
    """Retract what was said, or write what became of it, if that still does not stand.

    The record is folded anew as any that is not what its statements say.
    """
    insisting(ports, lambda _: _mend(ports, Key("contacts", *fault.seeds)))


def _mend(ports: Ports, key: Key) -> None:
    item = ports.items.get(key)
    if item is None:
        return
    writes = _retraction(ports, item) if key.pk.startswith("T#") else _outcome(ports, item)
    if writes:
        ports.items.write(writes)


def _retraction(ports: Ports, item: Item) -> list[Write]:
    undo, batch = _name(item), item["sk"].removeprefix(keys.OUTCOMES).rpartition(".")[0]
    if not _is_undo(ports, undo):
        return []
    undone = Undone.of_row(item)
    if undone.word:
        return interacted.unsaid(ports, undone.interaction, undone.word, batch, undo)
    if not undone.stamp:
        return []
    guarding = guards(ports.items, [undone.record])
    row = ports.items.get(keys.statement(undone.record, undone.stamp))
    said = Statement.of_row(row) if row else None
    if said is None or said.retracted_by or batch not in said.tellers:
        return []
    after = untold(said, batch, undo)
    return [*guarding, contacts.statement_write(undone.record, after, new=False)]


def _outcome(ports: Ports, item: Item) -> list[Write]:
    of_record = item["pk"].startswith("R#")
    said = Statement.of_row(item) if of_record else Heard.of_row(item)
    if not said.retracted_by or not _is_undo(ports, said.retracted_by):
        return []
    name, effect = _effect(ports, _name(item), said)
    born = BORN if of_record and effect.word else ""
    place = place_of(said.retracted_by, said.batch, name + born)
    if not name or ports.items.get(place):
        return []
    if isinstance(said, Statement):
        return [kept_at(place, _of_statement(ports, effect, said))]
    return [kept_at(place, _of_word(ports, effect))]


def _of_word(ports: Ports, effect: Effect) -> Undone:
    known = interactions.whereabouts(ports.items, effect.interaction)
    home = homes(ports.items, [known.record]) if known.record else {}
    return Undone(
        state="undone",
        contact=home[known.record].id if home else effect.contact_id,
        interaction=effect.interaction,
        word=effect.word,
    )


def _of_statement(ports: Ports, effect: Effect, said: Statement) -> Undone:
    record = effect.record
    home, known = homes(ports.items, [record]), records(ports.items, [record])
    return Undone(
        state="undone",
        contact=home[record].id if home else None,
        record=record,
        stamp=said.stamp,
        edges=_edges(ports, home[record], known[record], said) if home and known else (),
    )


def _effect(ports: Ports, name: str, said: Statement | Heard) -> tuple[str, Effect]:
    """What its batch did by it, and under which sort key; empty where it has lost that."""
    named = ("record", "stamp") if isinstance(said, Statement) else ("interaction", "word")
    for row in rows(ports.items, Key("contacts", keys.batch(said.batch).pk, "")):
        if tuple(map(row.get, named)) == (name, said.stamp):
            return row["sk"], Effect.of_row(row)
    return "", Effect(outcome="")


def _edges(ports: Ports, home: Head, record: Record, said: Statement) -> tuple[str, ...]:
    """The machine's edges that are to go with the statement, as its undo would have found them."""
    told = contacts.told(ports.items, record.id)
    again = said.model_copy(update={"retracted_by": ""})
    heard = [again if s.stamp == said.stamp else s for s in told]
    header = batches.find(ports, said.batch)
    if not matters(fold(record, heard), fold(record, told)):
        return ()
    since = min(header.at, said.recorded_at) if header else said.recorded_at
    return tuple(e.id for e in hanging(Contact(head=home, records={}), record.id, since))


def _is_undo(ports: Ports, name: str) -> bool:
    """Other jobs keep what became of their findings in the same place."""
    job = jobs.find(ports, name)
    return job is not None and job.kind == "undo_batch"


def _name(item: Item) -> str:
    return str(item["pk"].partition("#")[2])


def _fault(code: str, undo: str, item: Item, detail: str) -> Fault:
    return Fault(code=code, of="undo", id=undo, detail=detail, seeds=(item["pk"], item["sk"]))
