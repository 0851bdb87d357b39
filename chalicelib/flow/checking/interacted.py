"""Interactions against what is known of them: each stands where it is known to, and once.

A row says which word told it: so what is known can be written from it, and of two rows the
newer counts. Of one that is known to stand and does not, the words are lost; who told it can
tell it again.
"""

from collections.abc import Iterator

from chalicelib.domain.checking import Fault, forgotten, known_of
from chalicelib.domain.interactions import Interaction, Whereabouts
from chalicelib.flow import batches
from chalicelib.flow.changes import insisting
from chalicelib.flow.checking.standing import guards
from chalicelib.flow.intake.ingest import Effect
from chalicelib.flow.ports import Ports
from chalicelib.store import interactions, keys
from chalicelib.store.ports import Item, Key, Write

TAKEN = ("created", "updated", "deleted")


def placed(ports: Ports, item: Item) -> Iterator[Fault]:
    """Of a row: what is known of its interaction is what it says."""
    if _amends(ports, *_both(ports, item)):
        yield _fault("interaction_astray", item, "stands otherwise than is known of it")


def stands(ports: Ports, item: Item) -> Iterator[Fault]:
    """Of what is known of an interaction: it stands there."""
    known = interactions.whereabouts(ports.items, _name(item))
    if known.record and _row(ports, known) is None:
        yield _fault("interaction_lost", item, "was told, and does not stand where it is known to")


def taken(ports: Ports, item: Item) -> Iterator[Fault]:
    """A call was answered that its word was taken: then that word was heard, or a newer one."""
    effect, batch = Effect.of_row(item), _name(item)
    if not effect.interaction or effect.outcome not in TAKEN:
        return
    known = interactions.whereabouts(ports.items, effect.interaction)
    if not known.stamp or _is_older(ports, _row(ports, known), batch):
        words = f"word {int(item['sk'])} was answered {effect.outcome}, and nothing stands of it"
        yield Fault(code="answer_unfounded", of="batch", id=batch, detail=words)


def mend_interaction(ports: Ports, fault: Fault) -> None:
    """Bring a row and what is known of it to one mind, if they still are not."""
    insisting(ports, lambda _: _mend(ports, Key("contacts", *fault.seeds)))


def _mend(ports: Ports, key: Key) -> None:
    item = ports.items.get(key)
    if item is None:
        return
    writes = _guarded(ports, item) if key.pk.startswith("R#") else _forgets(ports, item)
    if writes:
        ports.items.write(writes)


def _guarded(ports: Ports, item: Item) -> list[Write]:
    """What was known is the condition, and the heads guard what a refold of the rows must see."""
    here, known = _both(ports, item)
    guarding = guards(ports.items, [w.record for w in (here, known) if w.record])
    writes = _amends(ports, here, known)
    return [*guarding, *writes] if writes else []


def _forgets(ports: Ports, item: Item) -> list[Write]:
    """Nothing, where something stands there, or was forgotten before."""
    known, name = Whereabouts.of_row(item), _name(item)
    if not known.place or _row(ports, known):
        return []
    return [interactions.whereabouts_write(name, known, forgotten(known))]


def _amends(ports: Ports, here: Whereabouts, known: Whereabouts) -> list[Write]:
    """What it takes that the row at a place is what is known, or is gone; nothing if it is so."""
    told, there = _row(ports, here), _row(ports, known)
    if told is None:
        return []
    after = known_of(told, here.place, known, lost=bool(known.record) and there is None)
    stay = (after.record, after.place)
    rows = [(here, told), (known, there)]
    gone = {(w.record, w.place): w for w, row in rows if row and not row.gone}
    removed = [interactions.removing(w, after.stamp) for where, w in gone.items() if where != stay]
    if after == known and not removed:
        return []
    name = _interaction(here.place)
    return [interactions.whereabouts_write(name, known, after), *removed]


def _is_older(ports: Ports, told: Interaction | None, batch: str) -> bool:
    """Whether what stands was told before a call came that was to replace it.

    What was undone need not stand; a header without the digest of a body is `fsck`'s, and says
    nothing of when the call came.
    """
    header = batches.find(ports, batch)
    if told is None or told.batch == batch or header is None:
        return False
    if header.undone_by or not header.body:
        return False
    return told.recorded_at < header.at


def _row(ports: Ports, where: Whereabouts) -> Interaction | None:
    """What stands or stood at a place; a mark that something went says nothing of it."""
    row = ports.items.get(keys.interaction(where.record, where.place)) if where.place else None
    return Interaction.of_row(row) if row and "content" in row else None


def _both(ports: Ports, item: Item) -> tuple[Whereabouts, Whereabouts]:
    """Where a row stands, and what is known of its interaction."""
    here = Whereabouts(record=_name(item), place=item["sk"])
    return here, interactions.whereabouts(ports.items, _interaction(here.place))


def _interaction(place: str) -> str:
    return place.rpartition("#")[2]


def _name(item: Item) -> str:
    return str(item["pk"].partition("#")[2])


def _fault(code: str, item: Item, detail: str) -> Fault:
    name = _interaction(item["sk"]) if item["pk"].startswith("R#") else _name(item)
    seeds = (item["pk"], item["sk"])
    return Fault(code=code, of="interaction", id=name, detail=detail, seeds=seeds)
