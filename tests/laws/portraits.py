"""What a world has come to, in one canonical form: without versions, times, seals and salts.

Two histories that should end alike have equal portraits, byte for byte.
"""

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.graph import Head
from chalicelib.domain.judgements import Judgement
from chalicelib.domain.model import canonical
from chalicelib.store import contacts
from tests.support.world import World

ENDS = {"id", "at", "by"}
PEOPLE_S = ("different", "retired")


def heads(world: World) -> Iterator[Head]:
    """The heads of all contacts, absorbed ones left out."""
    for key, row in world.items.snapshot().items():
        if key.table == "contacts" and key.pk.startswith("C#") and not row["into"]:
            yield Head.of_row(row)


def portrait(world: World, *, edges: bool = True) -> bytes:
    """Every contact: its members, status, golden values and whose they are, and its edges."""
    return canonical({head.id: _face(world, head, edges) for head in heads(world)})


def _face(world: World, head: Head, edges: bool) -> dict[str, Any]:
    version = contacts.version(world.items, head.id, head.version)
    return {
        "status": head.status,
        "members": sorted(head.members),
        "values": version.values,
        "winners": version.winners,
        "edges": sorted(_word(j) for j in head.edges) if edges else [],
        "words": sorted(_word(j) for j in head.judgements if j.verdict in PEOPLE_S),
    }


def _word(judgement: Judgement) -> str:
    said = judgement.model_dump(mode="json", exclude=ENDS | {"a", "b"})
    sides = sorted(sorted(side) for side in judgement.pair)
    return canonical({**said, "sides": sides}).decode()
