"""Conflicts: a field that a partner changed and we did too, since it last had ours. Pure.

A target's owners say who decides then: `ask` leaves both sides as they are and asks a person,
`theirs` and `newest` are answers given beforehand. A field that goes there and back is asked
about whoever owns it: two machines are at work against each other.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from chalicelib.domain import times
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.echoes import Prints, prints_of
from chalicelib.domain.evidence import FACTS
from chalicelib.domain.model import Entity, canonical, digest
from chalicelib.domain.sources import Target

FLIPS_CAP, FLIPS_WITHIN = 3, timedelta(minutes=10)
Why = Literal["both_changed", "flipping"]
Take = Literal["theirs", "ours"]
State = Literal["open", "answered", "agreed", "ended"]


class FieldConflict(Entity):
    """A question about one field of one contact at one target; `name` is its own among those.

    `contact` is that of the delivery which holds the link. `theirs` is what the target says,
    in our form (None: nothing), as of `theirs_at`. `ours` is kept once the question is closed:
    until then it is what the contact has. `by` answered it at `closed_at`, a rule as
    `source:<target>`; `remembered` where that became the rule. `batch` took theirs over.
    """

    name: str
    target: str
    contact: str
    field: str
    why: Why
    asked_at: str
    theirs: Any = None
    theirs_at: str
    state: State = "open"
    ours: Any = None
    take: Take | Literal[""] = ""
    by: str = ""
    closed_at: str = ""
    remembered: bool = False
    batch: str = ""
    rev: int = 0

    @property
    def id(self) -> str:
        """By which it is read and answered."""
        return f"{self.target}.{self.contact}.{self.name}"

    def etag(self, ours: Any) -> str:
        """Another one for every word of either side."""
        return f'"{digest(self.name, str(self.rev), canonical(ours))[:22]}"'


class Weighed(NamedTuple):
    """What becomes of a partner's news, field by field.

    `taken` are words of its record, those of `owned` win over whatever stands here; `asked`
    are left as they are on both sides, and why; facts never are. `flips` are the latest turns of
    each field.
    """

    taken: frozenset[str]
    owned: frozenset[str]
    asked: dict[str, Why]
    flips: dict[str, tuple[str, ...]]


def weigh(
    target: Target, known: Delivery, news: Mapping[str, Any], ours: Prints, now: datetime
) -> Weighed:
    """Sort a partner's news of one contact; `ours` are the prints of what it should have."""
    flips = flipped(known, prints_of(news), news, now)
    loose = [name for name in news if name not in known.asked]
    owners = {name: target.owns(name) for name in loose}
    asked: dict[str, Why] = {
        n: "both_changed"
        for n in contested(known.has, {n: news[n] for n in loose}, ours)
        if owners[n] in ("ask", "newest", "theirs")
    }
    asked |= {n: "flipping" for n in loose if n not in FACTS and len(flips[n]) > FLIPS_CAP}
    taken = frozenset(n for n in loose if n not in asked and owners[n] != "ours")
    owned = frozenset(n for n in taken if owners[n] in ("newest", "theirs"))
    return Weighed(taken, owned, asked, flips)


def contested(has: Prints, news: Mapping[str, Any], ours: Prints) -> list[str]:
    """The fields of its news that we changed too since the partner had them, otherwise than it."""
    theirs = prints_of(news)
    return [n for n in news if ours.get(n, "") not in (has.get(n, ""), theirs.get(n, ""))]


def flipped(
    known: Delivery, theirs: Prints, news: Iterable[str], now: datetime
) -> dict[str, tuple[str, ...]]:
    """When each field was lately turned there, with the print of what it said then.

    It is one turn as long as we send nothing between.
    """
    since = times.text(now - FLIPS_WITHIN)
    recent = {n: tuple(t for t in turns if t > since) for n, turns in known.flips.items()}
    for name in news:
        turns = recent.get(name, ())
        alone = bool(turns) and turns[-1].partition(" ")[2] == known.has.get(name, "")
        turn = f"{times.text(now)} {theirs.get(name, '')}"
        recent[name] = (*(turns[:-1] if alone else turns), turn)
    return {name: turns for name, turns in recent.items() if turns}


def unasked(known: Delivery, fields: Collection[str]) -> Delivery:
    """The row once nobody is asked about these fields any more."""
    asked = {n: name for n, name in known.asked.items() if n not in fields}
    flips = {n: turns for n, turns in known.flips.items() if n not in fields}
    return known.model_copy(update={"asked": asked, "flips": flips})
