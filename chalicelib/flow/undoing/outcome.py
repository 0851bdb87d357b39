"""Outcomes: what became of each effect of an undone batch, kept once, with the undo's job."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from chalicelib.domain.model import Entity
from chalicelib.flow.batches import Batch
from chalicelib.flow.changes import Change, insisting, kick
from chalicelib.flow.intake.ingest import Effect
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Key, Put, Write


class Undone(Entity):
    """What became of one effect of an undone batch.

    `nothing`: somebody took it back before. `edges` are the machine's, retracted with it.
    """

    state: Literal["undone", "nothing", "refused"]
    contact: str | None = None
    record: str = ""
    stamp: str = ""
    judgement: str = ""
    interaction: str = ""
    word: str = ""
    edges: tuple[str, ...] = ()
    reason: str = ""


Outcome = tuple[Undone, Sequence[Change]]


@dataclass(frozen=True)
class Taking:
    """One effect of `batch` that `undo` takes back; what became of it is kept at `place`."""

    undo: Batch
    batch: Batch
    place: Key
    effect: Effect


def place_of(undo: str, batch: str, effect: str) -> Key:
    """Where an undo keeps what became of an effect, which stands under that sort key."""
    return keys.outcome(undo, f"{batch}.{effect}")


def once(ports: Ports, place: Key, attempt: Callable[[], Outcome]) -> Undone:
    """What became of an effect: as it is kept, or as `attempt` takes it back and keeps it."""

    def known(_: int) -> Outcome:
        row = ports.items.get(place)
        return (Undone.of_row(row), ()) if row else attempt()

    undone, changes = insisting(ports, known)
    kick(ports, changes)
    return undone


def kept(place: Key, undone: Undone) -> Write:
    """What became of an effect, written once."""
    return Put(place, undone.row(), Absent())


def keep(ports: Ports, place: Key, undone: Undone) -> Outcome:
    """Keep what became of an effect by itself: nothing is left to be written with it."""
    ports.items.write([kept(place, undone)])
    return undone, ()


def outcomes(ports: Ports, taking: Taking, turn: str) -> Iterator[Undone]:
    """What became of those effects of the same batch whose turn it was."""
    batch = taking.batch.id
    place = place_of(taking.undo.id, batch, keys.judged(batch, "", turn).sk)
    after = None
    while True:
        page = ports.items.query(place.table, place.pk, prefix=place.sk, after=after)
        yield from map(Undone.of_row, page.items)
        after = page.next
        if after is None:
            return
