"""Owning: what a target's rule for a field decides without asking.

`theirs`: its word wins over what stands here; `newest`: the later word wins, until somebody says
something new. A person's word stands above both.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from chalicelib.domain import times
from chalicelib.domain.conflicts import FieldConflict, Take
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.echoes import prints_of
from chalicelib.domain.edits import Words
from chalicelib.domain.errors import ConflictError, StaleError
from chalicelib.domain.sources import Target
from chalicelib.flow.batches import Batch
from chalicelib.flow.changes import Change, insisting, kick
from chalicelib.flow.conflicting import rows
from chalicelib.flow.conflicting.answer import Answer, Owner, adopted, answer
from chalicelib.flow.conflicting.here import Here, here
from chalicelib.flow.editing import pin
from chalicelib.flow.ports import Ports
from chalicelib.store.ports import Conflict


def prevail(ports: Ports, target: Target, holder: Delivery, theirs: Mapping[str, Any]) -> None:
    """Let what the target said in fields that are its own, and was taken in, be what counts."""
    if not theirs:
        return
    by = f"source:{target.id}"
    at, name = times.text(ports.now()), ports.chance.token()
    batch = Batch(id=name, kind="conflict", by=by, at=at)
    try:
        kick(ports, pin.once(ports, batch, lambda: _prevail(ports, target, holder, theirs, batch)))
    except ConflictError:
        return  # too large to be kept: the sources' words decide


def _prevail(
    ports: Ports, target: Target, holder: Delivery, theirs: Mapping[str, Any], batch: Batch
) -> Sequence[Change]:
    ours = here(ports, target, holder.contact)
    if ours is None:
        return ()
    words: Words = {}
    for name in _lost(ours, theirs):
        words |= adopted(ours, _owner(target, name), name, theirs[name])
    if not words:
        return ()
    bearer = pin.bearer(ours.contact, holder.contact)
    return pin.keep(ports, ours.contact, {bearer: words}, batch)


def _lost(ours: Here, theirs: Mapping[str, Any]) -> list[str]:
    """The fields in which something else counts here, that no person said."""
    shown, wanted = prints_of(ours.shown), prints_of(theirs)
    other = [n for n in theirs if shown.get(n, "") != wanted.get(n, "")]
    return [n for n in other if not ours.is_fixed(n)]


def _owner(target: Target, field: str) -> Owner:
    owner = target.owns(field)
    return owner if owner in ("theirs", "newest") else ""


def decide(ports: Ports, target: Target, holder: Delivery, names: Iterable[str]) -> None:
    """Answer the open ones of these conflicts for which the target has a rule."""
    for name in names:
        try:
            insisting(ports, partial(_decide, ports, target, holder, name))
        except ConflictError:
            continue  # somebody was quicker, or it is too large to be kept: a person answers it


def _decide(ports: Ports, target: Target, holder: Delivery, name: str, _: int) -> None:
    asked = rows.find(ports, target.id, holder.contact, name)
    owner = _owner(target, asked.field) if asked else ""
    if asked is None or not owner or (asked.state, asked.why) != ("open", "both_changed"):
        return
    ours = here(ports, target, asked.contact)
    take = _side(ours, asked, owner) if ours else "ours"
    seen = asked.etag(ours.shown.get(asked.field) if ours else None)
    try:
        answer(ports, asked.id, Answer(take, f"source:{target.id}", seen, owner=owner))
    except StaleError:
        raise Conflict from None  # weigh it again


def _side(ours: Here, asked: FieldConflict, owner: Owner) -> Take:
    if ours.is_fixed(asked.field):
        return "ours"
    newer = asked.theirs_at > ours.said_at(asked.field)
    return "theirs" if owner == "theirs" or newer else "ours"
