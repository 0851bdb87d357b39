"""Take back: the opposite of one effect of a batch, by what kind of effect it is."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

from chalicelib.domain.errors import ConflictError, NotFoundError, StaleError
from chalicelib.domain.splitting import HELD, MOVED, PARTED
from chalicelib.domain.views import etag
from chalicelib.flow.batches import TURNS
from chalicelib.flow.changes import insisting, kick
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.editing.retire import bring_back, put_away
from chalicelib.flow.intake.ingest import Effect
from chalicelib.flow.merging.overtake import is_left
from chalicelib.flow.merging.reopen import reopen
from chalicelib.flow.merging.retie import retie
from chalicelib.flow.merging.untie import NOBODY, untie
from chalicelib.flow.ports import Ports
from chalicelib.flow.undoing.outcome import Outcome, Taking, Undone, keep, once, outcomes
from chalicelib.flow.undoing.retract import retract
from chalicelib.flow.undoing.unsay import unsay
from chalicelib.store import contacts
from chalicelib.store.ports import Conflict

UNDOABLE = (
    *("call", "note", "create", "edit", "release", "revert", "retire", "restore"),
    *("merge", "review", "split"),
)
BORN = "+"
STILL_CUT = "still_cut"
State = Literal["undone", "nothing"]
Act = Callable[[Ports, Taking], Undone]


def take_back(ports: Ports, taking: Taking) -> list[Undone]:
    """Undo an effect, once; returns what became of it, kept at its place.

    Nothing where it left nothing behind; two of an interaction that a record was born with.
    """
    place = taking.place
    places = [place, place._replace(sk=place.sk + BORN)]
    acts = zip(places, _acts(taking.effect), strict=False)
    return [_tried(ports, replace(taking, place=at), act) for at, act in acts]


def _acts(effect: Effect) -> list[Act]:
    acts: list[Act] = [unsay] if effect.word else []
    if effect.stamp:
        return [*acts, retract]
    return [*acts, _opposite] if effect.outcome in _OPPOSITE else acts


def _tried(ports: Ports, taking: Taking, act: Act) -> Undone:
    """What became of it; one contact in the way does not stop the others."""
    try:
        return act(ports, taking)
    except ConflictError as refused:
        undone = _undone(taking, "refused", refused.kind)
        return once(ports, taking.place, lambda: keep(ports, taking.place, undone))


def _opposite(ports: Ports, taking: Taking) -> Undone:
    def attempt() -> Outcome:
        state = _OPPOSITE[taking.effect.outcome](ports, taking)
        return keep(ports, taking.place, _undone(taking, state))

    return once(ports, taking.place, attempt)


def _undone(taking: Taking, state: State | Literal["refused"], reason: str = "") -> Undone:
    contact, judgement = taking.effect.contact_id, taking.effect.judgement
    return Undone(state=state, contact=contact, judgement=judgement, reason=reason)


def _untie(ports: Ports, taking: Taking) -> State:
    undo, edge = taking.undo, taking.effect.judgement
    tied = untie(ports, edge, undo.by, undo.id, says=NOBODY)
    kick(ports, tied.changes)
    return "undone" if tied.decision.undo["batch"] == undo.id else "nothing"


def _retie(ports: Ports, taking: Taking) -> State:
    stands = retie(ports, taking.effect.judgement, taking.batch.id, taking.undo)
    return "undone" if stands else "nothing"


def _let_go(ports: Ports, taking: Taking) -> State:
    """What a split held together stays so, where a cut of it could not be taken back."""
    edge = contacts.decision(ports.items, taking.effect.judgement)
    cuts = outcomes(ports, taking, TURNS[PARTED])
    if edge and is_left(ports, edge) and any(cut.state == "refused" for cut in cuts):
        raise ConflictError("What it hung on is still cut.", kind=STILL_CUT)
    return _untie(ports, taking)


def _reopen(ports: Ports, taking: Taking) -> State:
    reopen(ports, taking.effect.judgement, taking.undo)
    return "undone"


def _restore(ports: Ports, taking: Taking) -> State:
    word = contacts.decision(ports.items, taking.effect.judgement)
    if word and not word.retracted_at:
        _harmless("not_retired", lambda: bring_back(ports, word.judgement.a[0], taking.undo))
    return "undone"


def _retire(ports: Ports, taking: Taking) -> State:
    _harmless("retired", lambda: insisting(ports, lambda _: _retire_now(ports, taking)))
    return "undone"


def _retire_now(ports: Ports, taking: Taking) -> None:
    head, undo = contacts.head_of(ports.items, str(taking.effect.contact_id)), taking.undo
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


_OPPOSITE: Mapping[str, Callable[[Ports, Taking], State]] = {
    "merged": _untie,
    MOVED: _untie,
    PARTED: _retie,
    HELD: _let_go,
    "different": _reopen,
    "retired": _restore,
    "restored": _retire,
}
