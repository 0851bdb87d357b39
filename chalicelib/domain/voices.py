"""Voices: which records of a contact are heard, and what people chose among them.

The newest word on a pair counts (an edge's mode and its choices); mute beats lift, and if
all would be muted none is. A contact that a person retired says nothing until it is brought
back, while what joins it later is heard.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.domain.evidence import Record
from chalicelib.domain.judgements import Judgement


@dataclass(frozen=True)
class Voices:
    """The records that count: those heard, the muted ones apart.

    `lifted` win over the others, `chosen` for one field alone (`name` stands for all name
    fields). `stewards` are the records whose pins count, each with the time since when it
    is muted: only what a person said later still holds.
    """

    speaking: tuple[Record, ...]
    muted: tuple[Record, ...]
    lifted: frozenset[str]
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    stewards: tuple[tuple[Record, str], ...] = ()

    def prefers(self, record: Record, name: str) -> bool:
        """Whether a person chose this record's word on this field."""
        return record.id in self.chosen.get(name, ())


def voices(records: Iterable[Record], judgements: Iterable[Judgement]) -> Voices:
    """Who is heard among these records under the active judgements on them."""
    judged = sorted(judgements, key=lambda j: (j.at, j.id))
    silent = frozenset(r for j in judged if j.verdict == "retired" for r in j.a)
    left = sorted((r for r in records if r.id not in silent), key=lambda r: r.age)
    alive = [r for r in left if r.alive]
    edges = list({j.pair: j for j in judged if j.verdict == "same"}.values())
    muted = _muted(alive, edges)
    return Voices(
        speaking=tuple(r for r in alive if r.id not in muted),
        muted=tuple(r for r in alive if r.id in muted),
        lifted=frozenset(r for e in edges for r in e.lifts),
        chosen=_chosen(edges),
        stewards=tuple((r, muted.get(r.id, "")) for r in left) if alive else (),
    )


def _muted(alive: Sequence[Record], edges: Sequence[Judgement]) -> dict[str, str]:
    """The records that are not heard, each with the time of the edge that says so."""
    muted = {r: e.at for e in edges for r in e.mutes}
    return muted if any(r.id not in muted for r in alive) else {}


def _chosen(edges: Sequence[Judgement]) -> dict[str, frozenset[str]]:
    """For each field the records that the newest edge with a choice for it named."""
    return {name: frozenset(records) for e in edges for name, records in e.picks.items()}
