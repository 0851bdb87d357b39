"""Voices: which records of a contact are heard, and what people chose among them.

The newest word on a pair counts (an edge's mode and its choices); mute beats lift, and if
all would be muted none is. A contact that a person retired says nothing until it is brought
back, while what joins it later is heard. Facts count whoever told them: also who is muted,
gone or put away.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from chalicelib.domain.evidence import Record
from chalicelib.domain.fields import NAME, NAME_FIELDS
from chalicelib.domain.judgements import Judgement

FOR_EVER = "~"  # after every moment


class Choice(NamedTuple):
    """Whose word on a field a person chose, and when."""

    at: str = ""
    records: tuple[str, ...] = ()


@dataclass(frozen=True)
class Voices:
    """The records that count: those heard, apart the muted ones, and apart those of which only
    facts count (`silent`: gone or put away, while others of the contact are heard).

    `lifted` win over the others (each since when), `choices` name those that win for one
    field alone (`name` stands for all name fields). `stewards` are the records whose pins
    count, each with the time since when it is muted: only what was pinned later still holds.
    """

    speaking: tuple[Record, ...]
    muted: tuple[Record, ...]
    silent: tuple[Record, ...]
    lifted: Mapping[str, str]
    choices: Mapping[str, Choice] = field(default_factory=dict)
    stewards: tuple[tuple[Record, str], ...] = ()

    def choice(self, name: str) -> Choice:
        """What a person chose for a field; nobody's word where she did not."""
        return self.choices.get(NAME if name in NAME_FIELDS else name, Choice())


def voices(records: Iterable[Record], judgements: Iterable[Judgement]) -> Voices:
    """Who is heard among these records under the active judgements on them."""
    judged = sorted(judgements, key=lambda j: (j.at, j.id))
    away = frozenset(r for j in judged if j.verdict == "retired" for r in j.a)
    known = sorted(records, key=lambda r: r.age)
    alive = [r for r in known if r.alive and r.id not in away]
    edges = list({j.pair: j for j in judged if j.verdict == "same"}.values())
    muted = _muted(alive, edges)

    def muted_since(record: Record) -> str:
        return FOR_EVER if record.id in away else muted.get(record.id, "")

    return Voices(
        speaking=tuple(r for r in alive if r.id not in muted),
        muted=tuple(r for r in alive if r.id in muted),
        silent=tuple(r for r in known if r.id in away or not r.alive) if alive else (),
        lifted={r: e.at for e in edges for r in e.lifts},
        choices={n: Choice(e.at, records) for e in edges for n, records in e.picks.items()},
        stewards=tuple((r, muted_since(r)) for r in known) if alive else (),
    )


def _muted(alive: Sequence[Record], edges: Sequence[Judgement]) -> dict[str, str]:
    """The records that are not heard, each with the time of the edge that says so."""
    muted = {r: e.at for e in edges for r in e.mutes}
    return muted if any(r.id not in muted for r in alive) else {}
