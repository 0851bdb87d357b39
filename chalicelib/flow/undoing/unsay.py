"""Unsay: one word on an interaction is taken back; the newest that stands counts then.

read where it stands, and its words -> a later word stays where it is, or what stood before
comes back -> the word, where it stands, and what became of the effect in one transaction
"""

from chalicelib.domain.hearing import Heard
from chalicelib.domain.interactions import Whereabouts
from chalicelib.domain.undoing import untold
from chalicelib.domain.versions import Cause
from chalicelib.flow.interacting.move import Move, store, touched
from chalicelib.flow.ports import Ports
from chalicelib.flow.undoing.outcome import Outcome, Taking, Undone, keep, kept, once
from chalicelib.store import contacts, interactions
from chalicelib.store.ports import Conflict


def unsay(ports: Ports, taking: Taking) -> Undone:
    """Take an effect's word back, once."""
    return once(ports, taking.place, lambda: _unsay(ports, taking))


def _unsay(ports: Ports, taking: Taking) -> Outcome:
    effect, batch, undo = taking.effect, taking.batch, taking.undo
    known = interactions.whereabouts(ports.items, effect.interaction)
    said = interactions.heard(ports.items, effect.interaction, effect.word)
    if said is None or said.retracted_by or batch.id not in said.tellers:
        return keep(ports, taking.place, Undone(state="nothing", contact=effect.contact_id))
    move = _move(ports, effect.interaction, known, untold(said, batch.id, undo.id))
    moved = touched(ports, move)
    home = moved[0].head.id if moved else effect.contact_id
    undone = Undone(state="undone", contact=home, interaction=effect.interaction, word=effect.word)
    cause = Cause(type="undo", by=undo.by)
    return undone, store(ports, move, moved, cause, undo.id, [kept(taking.place, undone)])


def _move(ports: Ports, name: str, known: Whereabouts, after: Heard) -> Move:
    """To where the newest word that still stands puts it: often there, where it is."""
    counts: Heard | None
    if after.stamp != known.stamp:
        counts = interactions.heard(ports.items, name, known.stamp)
    elif after.retracted_by:
        counts = interactions.counting(ports.items, name, below=after.stamp)
    else:
        counts = after
    if counts is None or counts.told is None:
        return Move(name, known, counts, after)
    contact = contacts.load(ports.items, counts.told.record)
    if contact is None:
        raise Conflict
    return Move(name, known, counts, after, contact)
