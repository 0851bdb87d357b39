"""Interactions against their words: each stands as the newest that stands says, there and once.

The words are the evidence: what is known of an interaction, and its row, are written anew
from them. Where a word is lost as well, who told it can tell it again.
"""

from collections.abc import Collection, Iterator, Sequence

from chalicelib.domain.checking import Fault, Spot, Told, spot_of
from chalicelib.domain.hearing import Heard, counting, whereabouts_of
from chalicelib.domain.interactions import Interaction, Whereabouts
from chalicelib.domain.undoing import untold
from chalicelib.flow.changes import insisting
from chalicelib.flow.checking.standing import guards
from chalicelib.flow.ports import Ports
from chalicelib.store import interactions, keys
from chalicelib.store.ports import Item, Key, Write


def stands(ports: Ports, item: Item) -> Iterator[Fault]:
    """Of what is known of an interaction, and of each word on it: all say the same."""
    name = _name(item)
    told = _told(ports, name)
    if told.is_lost:
        yield _lost(name)
    elif told.is_astray:
        key = keys.whereabouts(name)
        yield _fault("interaction_astray", name, key, "is not as the newest word on it says")


def placed(ports: Ports, item: Item) -> Iterator[Fault]:
    """Of a row that is not gone: it stands where its interaction should."""
    if item.get("gone"):
        return
    spot, key = _spot(item), Key("contacts", item["pk"], item["sk"])
    name = _interaction(key)
    told = _told(ports, name, [spot])
    if told.is_lost:
        yield _lost(name)
    elif spot in told.rows.keys() - told.wanted.keys():
        yield _fault("interaction_astray", name, key, "stands where it should not")


def mend_interaction(ports: Ports, fault: Fault) -> None:
    """Bring an interaction to what its words say, if it still is not."""
    insisting(ports, lambda _: _mend(ports, Key("contacts", *fault.seeds)))


def _mend(ports: Ports, key: Key) -> None:
    item = ports.items.get(key)
    spots = [_spot(item)] if item and key.pk.startswith("R#") else []
    told = _told(ports, _interaction(key), spots)
    if told.is_astray:
        ports.items.write(_writes(ports, told))


def unsaid(ports: Ports, name: str, stamp: str, batch: str, undo: str) -> list[Write]:
    """A word that an undo took back, without the batch's word for it; none if it is so.

    Its interaction is written with it: mended on its own, it would first stand again.
    """
    known, words = _heard(ports, name)
    of_batch = (w for w in words if batch in w.tellers and not w.retracted_by)
    said = next((w for w in of_batch if w.stamp == stamp), None)
    if said is None:
        return []
    after = untold(said, batch, undo)
    others = [after if w is said else w for w in words]
    told = _seen(ports, name, known, others, [spot_of(whereabouts_of(name, said))])
    return [*_writes(ports, told), interactions.heard_write(name, after)]


def _writes(ports: Ports, told: Told) -> list[Write]:
    """On what was known, and on the heads: they guard what a refold of the rows must see."""
    after, wanted = told.after, told.wanted
    strays = told.rows.keys() - wanted.keys()
    placed = [(spot[1], row) for spot, row in wanted.items() if told.rows.get(spot) != row]
    raised = after.model_copy(update={"rev": told.known.rev + 1})
    return [
        *guards(ports.items, {record for record, _ in {*told.rows, *wanted}}),
        interactions.whereabouts_write(told.name, raised),
        *(interactions.removing(*spot) for spot in sorted(strays)),
        *(interactions.placing(place, row) for place, row in placed),
    ]


def _told(ports: Ports, name: str, spots: Collection[Spot] = ()) -> Told:
    """What stands of an interaction, also in these spots."""
    return _seen(ports, name, *_heard(ports, name), spots)


def _heard(ports: Ports, name: str) -> tuple[Whereabouts, Sequence[Heard]]:
    """What is known of an interaction, which guards its words, then these."""
    known = interactions.whereabouts(ports.items, name)
    return known, list(interactions.words(ports.items, name))


def _seen(
    ports: Ports,
    name: str,
    known: Whereabouts,
    words: Sequence[Heard],
    spots: Collection[Spot] = (),
) -> Told:
    wanted = whereabouts_of(name, counting(words))
    looked = {spot_of(known), spot_of(wanted), *spots}
    rows = {spot: _row(ports, spot) for spot in looked}
    return Told(name, known, words, {spot: row for spot, row in rows.items() if row})


def _row(ports: Ports, spot: Spot) -> Interaction | None:
    """What stands in a spot and is not gone."""
    row = ports.items.get(keys.interaction(*spot)) if all(spot) else None
    return Interaction.of_row(row) if row and not row.get("gone") else None


def _spot(item: Item) -> Spot:
    return _name(item), str(item["sk"])


def _name(item: Item) -> str:
    return str(item["pk"].partition("#")[2])


def _interaction(key: Key) -> str:
    """The name of an interaction, by what is known of it or by its row."""
    return (key.pk if key.pk.startswith("I#") else key.sk).rpartition("#")[2]


def _lost(name: str) -> Fault:
    words = "was told, and the word by which it is as it is does not stand"
    return _fault("interaction_lost", name, keys.whereabouts(name), words)


def _fault(code: str, name: str, key: Key, detail: str) -> Fault:
    return Fault(code=code, of="interaction", id=name, detail=detail, seeds=(key.pk, key.sk))
