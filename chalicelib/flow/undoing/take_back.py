"""Take back: the opposite of one effect of a batch, by what kind of effect it is."""

from collections.abc import Callable, Mapping

from chalicelib.domain.errors import ConflictError, NotFoundError, StaleError
from chalicelib.domain.views import etag
from chalicelib.flow.batches import Batch
from chalicelib.flow.changes import insisting, kick
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.editing.retire import bring_back, put_away
from chalicelib.flow.intake.ingest import Effect
from chalicelib.flow.merging.reopen import reopen
from chalicelib.flow.merging.untie import NOBODY, untie
from chalicelib.flow.ports import Ports
from chalicelib.flow.undoing.retract import Undone, keep, retract
from chalicelib.flow.undoing.unsay import unsay
from chalicelib.store import contacts
from chalicelib.store.ports import Conflict, Key

UNDOABLE = (
    *("call", "note", "create", "edit", "release", "revert", "retire", "restore"),
    *("merge", "review", "conflict"),
)
BORN = "+"
Act = Callable[[Ports, Batch, Batch, Key, Effect], Undone]


def take_back(ports: Ports, undo: Batch, batch: Batch, place: Key, effect: Effect) -> list[Undone]:
    """Undo an effect, once, as part of `undo`; returns what became of it, kept at `place`.

    Nothing where it left nothing behind; two of an interaction that a record was born with.
    """
    acts = _acts(effect)
    places = [place, place._replace(sk=place.sk + BORN)]
    return [
        _tried(ports, undo, batch, at, effect, act) for at, act in zip(places, acts, strict=False)
    ]


def _acts(effect: Effect) -> list[Act]:
    acts: list[Act] = [unsay] if effect.word else []
    if effect.stamp:
        return [*acts, retract]
    return [*acts, _opposite] if effect.outcome in _OPPOSITE else acts


def _tried(ports: Ports, undo: Batch, batch: Batch, place: Key, effect: Effect, act: Act) -> Undone:
    """What became of it; one contact in the way does not stop the others."""
    try:
        return act(ports, undo, batch, place, effect)
    except ConflictError as refused:
        undone = Undone(state="refused", contact=effect.contact_id, reason=refused.kind)
        return keep(ports, place, undone)


def _opposite(ports: Ports, undo: Batch, _: Batch, place: Key, effect: Effect) -> Undone:
    row = ports.items.get(place)
    if row:
        return Undone.of_row(row)
    _OPPOSITE[effect.outcome](ports, undo, effect)
    undone = Undone(state="undone", contact=effect.contact_id, judgement=effect.judgement)
    return keep(ports, place, undone)


def _untie(ports: Ports, undo: Batch, effect: Effect) -> None:
    kick(ports, untie(ports, effect.judgement, undo.by, undo.id, says=NOBODY).changes)


def _restore(ports: Ports, undo: Batch, effect: Effect) -> None:
    word = contacts.decision(ports.items, effect.judgement)
    if word and not word.retracted_at:
        _harmless("not_retired", lambda: bring_back(ports, word.judgement.a[0], undo))


def _retire(ports: Ports, undo: Batch, effect: Effect) -> None:
    _harmless("retired", lambda: insisting(ports, lambda _: _retire_now(ports, undo, effect)))


def _retire_now(ports: Ports, undo: Batch, effect: Effect) -> None:
    head = contacts.head_of(ports.items, str(effect.contact_id))
    if head is None:
        raise NotFoundError("There is no contact under this id.")
    try:
        put_away(ports, Seen(head.id, etag(head), undo.by, undo.id), undo)
    except StaleError:
        raise Conflict from None


def _harmless(kind: str, act: Callable[[], object]) -> None:
    """Do what may be done already, which is refused as this kind."""
    try:
        act()
    except ConflictError as refused:
        if refused.kind != kind:
            raise


_OPPOSITE: Mapping[str, Callable[[Ports, Batch, Effect], None]] = {
    "merged": _untie,
    "different": lambda ports, undo, effect: reopen(ports, effect.judgement, undo),
    "retired": _restore,
    "restored": _retire,
}
