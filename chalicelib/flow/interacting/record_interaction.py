"""Record an interaction: a word on it is kept, and counts if it is the newest.

read the effect (was it done before?) -> what is known of it -> whose it is
-> move it there (`move.py`), the word and its effect in the same transaction
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain import times
from chalicelib.domain.graph import Contact
from chalicelib.domain.hearing import Heard, whereabouts_of
from chalicelib.domain.ids import keyed
from chalicelib.domain.interactions import (
    Interaction,
    Whereabouts,
    Word,
    is_late,
    is_repeated,
    late_because,
)
from chalicelib.domain.settle import bounded
from chalicelib.domain.sources import Source
from chalicelib.domain.versions import Cause
from chalicelib.flow.changes import Change, insisting
from chalicelib.flow.intake.ingest import TELLERS_CAP, Effect, as_data
from chalicelib.flow.interacting.move import Move, store, touched
from chalicelib.flow.interacting.whose import led, whose
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts, interactions, keys
from chalicelib.store.ports import Absent, Put, Write


@dataclass(frozen=True)
class Errand:
    """In whose name and batch a word is taken, when it came, and its position in its call.

    `header` is the batch's, where the first thing done in it writes it.
    """

    by: str
    batch: str
    came: str
    position: int = 0
    repeated: bool = False
    header: tuple[Write, ...] = ()


def record_interaction(
    ports: Ports, source: Source, word: Word, errand: Errand
) -> tuple[Effect, Sequence[Change]]:
    """Store one word on an interaction; returns what became of it and the changes to kick.

    Raises `InvalidError` where nobody is known by its address, `TooLargeError` where it is
    more than can be stored, `BusyError`, and `ConflictError` where the batch was undone.
    """
    return insisting(ports, lambda tried: _once(ports, source, word, errand, tried))


def _once(
    ports: Ports, source: Source, word: Word, errand: Errand, tried: int
) -> tuple[Effect, Sequence[Change]]:
    if tried or errand.repeated:
        done = ports.items.get(keys.effect(errand.batch, errand.position))
        if done:
            return Effect.of_kept(done), ()
    name = keyed(ports.keys.ids, f"interaction\0{word.source}\0{word.id}")
    known = interactions.whereabouts(ports.items, name)
    if is_late(word, known):
        return _late(ports, source, word, errand, name, known), ()
    if is_repeated(word, known):
        return _again(ports, word, errand, name, known), ()
    if word.event == "interaction.deleted":
        heard = _heard(ports, word, errand)
        return _store(ports, word, errand, Move(name, known, heard, heard))
    home = whose(ports, source, word, known, errand.batch, errand.came)
    heard = _heard(ports, word, errand, home.record, home.found_by, home.candidates)
    move = Move(name, known, heard, heard, home.contact, home.statement)
    return _store(ports, word, errand, move)


def _heard(
    ports: Ports,
    word: Word,
    errand: Errand,
    record: str = "",
    found_by: str = "",
    candidates: tuple[str, ...] = (),
) -> Heard:
    """The word as it is kept, with the interaction on the record to which it led."""
    now = times.text(ports.now())
    told = Interaction(
        id=word.id,
        source=word.source,
        record=record,
        occurred_at=word.occurred_at,
        content=word.content,
        found_by=found_by,
        candidates=candidates,
        recorded_at=now,
    )
    heard = Heard(
        source=word.source,
        id=word.id,
        stamp=word.stamp,
        told=told if record and word.content else None,
        batch=errand.batch,
        recorded_at=now,
    )
    bounded(heard)
    return heard


def _late(
    ports: Ports, source: Source, word: Word, errand: Errand, name: str, known: Whereabouts
) -> Effect:
    """Older than what counts: it is kept, as undoing what is newer may need it."""
    kept = interactions.heard(ports.items, name, word.stamp)
    if kept is None or kept.retracted_by:
        heard = _placed_before(ports, source, word, errand, name)
    else:
        heard = _told_by(kept, errand.batch)
    return _note(ports, word, errand, name, known, known, heard)


def _placed_before(
    ports: Ports, source: Source, word: Word, errand: Errand, name: str
) -> Heard | None:
    """The word where it would have led, had it come in time; None where that is nowhere."""
    if word.event == "interaction.deleted":
        return _heard(ports, word, errand)
    older = interactions.counting(ports.items, name, below=word.stamp)
    home = led(ports, source, word, whereabouts_of(name, older))
    if home is None:
        return None
    return _heard(ports, word, errand, home.record, home.found_by, home.candidates)


def _told_by(kept: Heard, batch: str) -> Heard:
    """What was said before is this batch's word too: who undoes the other one leaves it."""
    if batch in kept.tellers or len(kept.tellers) == TELLERS_CAP:
        return kept
    return kept.model_copy(update={"also": (*kept.also, batch)})


def _again(ports: Ports, word: Word, errand: Errand, name: str, known: Whereabouts) -> Effect:
    """The same as what counts, and newer: it stands where it stood, as this word says."""
    heard = _heard(ports, word, errand, known.record, known.found_by, known.candidates)
    newer = known.model_copy(update={"stamp": word.stamp})
    return _note(ports, word, errand, name, known, newer, heard)


def _note(
    ports: Ports,
    word: Word,
    errand: Errand,
    name: str,
    known: Whereabouts,
    after: Whereabouts,
    heard: Heard | None,
) -> Effect:
    """Keep a word that moves nothing."""
    head = contacts.head_of(ports.items, known.record) if known.record else None
    same = is_repeated(word, known)
    effect = Effect(
        outcome="unchanged" if same else "late",
        contact_id=head.id if head else None,
        reason="" if same else late_because(word, known),
        errors=as_data(word.errors),
        interaction=name,
        word=heard.stamp if heard else "",
    )
    writes = _effect_writes(errand, effect)
    if heard:
        raised = after.model_copy(update={"rev": known.rev + 1})
        writes.append(interactions.whereabouts_write(name, raised))
        writes.append(interactions.heard_write(name, heard))
        if heard.told and heard.stamp == raised.stamp:
            writes.append(interactions.placing(raised.place, heard.told))
    ports.items.write(writes)
    return effect


def _store(ports: Ports, word: Word, errand: Errand, move: Move) -> tuple[Effect, Sequence[Change]]:
    moved = touched(ports, move)
    effect = _effect(word, move, moved)
    cause = Cause(type=word.event, by=errand.by)
    writes = _effect_writes(errand, effect)
    return effect, store(ports, move, moved, cause, errand.batch, writes)


def _effect(word: Word, move: Move, moved: Sequence[Contact]) -> Effect:
    came = "updated" if move.before.place else "created"
    return Effect(
        outcome=came if move.told else "deleted",
        contact_id=moved[0].head.id if moved else None,
        errors=as_data(word.errors),
        interaction=move.name,
        word=word.stamp,
        found_by=move.after.found_by,
        candidates=move.after.candidates,
        record=move.after.record if move.statement else "",
        stamp=move.statement.stamp if move.statement else "",
    )


def _effect_writes(errand: Errand, effect: Effect) -> list[Write]:
    key = keys.effect(errand.batch, errand.position)
    return [*errand.header, Put(key, effect.row(), Absent())]
