"""What taking a split back would mean: what is left of it, and what of that is refused."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from chalicelib.domain.graph import Contact, united
from chalicelib.domain.judgements import Decision
from chalicelib.domain.rejoining import refusals
from chalicelib.domain.splitting import HELD, MOVED, PARTED
from chalicelib.flow import batches
from chalicelib.flow.batches import Batch, Chosen
from chalicelib.flow.changes import insisting
from chalicelib.flow.intake.ingest import Effect
from chalicelib.flow.merging.overtake import is_left
from chalicelib.flow.merging.retie import may_stand
from chalicelib.flow.ports import Ports
from chalicelib.flow.undoing.take_back import STILL_CUT, UNDOABLE
from chalicelib.store import contacts

Made = Mapping[str, Sequence[Decision]]


def foreseen(
    ports: Ports, wanted: Chosen, batch: Batch, effects: Iterable[Effect]
) -> dict[str, str]:
    """The judgements of which something is left, each with why it would be refused, if so."""
    made = _made(ports, effects)
    cuts = [d for d in made[PARTED] if d.retracted_at and may_stand(ports, d, batch.id)]
    refused = _refused(ports, wanted, batch, made, cuts)
    left = {d.judgement.id: refused.get(d.judgement.id, "") for d in cuts}
    held = STILL_CUT if refused else ""
    for role, reason in ((MOVED, ""), (HELD, held)):
        left |= {d.judgement.id: reason for d in made[role] if is_left(ports, d)}
    return left


def _made(ports: Ports, effects: Iterable[Effect]) -> Made:
    """The judgements as they are kept, by what the split did to them."""
    named = {e.judgement: e.outcome for e in effects if e.judgement}
    made = defaultdict[str, list[Decision]](list)
    found = contacts.decisions(ports.items, list(named))
    for name, role in named.items():
        made[role] += [found[name]] if name in found else []
    return made


def _refused(
    ports: Ports, wanted: Chosen, batch: Batch, made: Made, cuts: Sequence[Decision]
) -> dict[str, str]:
    """The cuts that something stands against which does not go before them."""
    ends = {r for d in cuts for r in d.judgement.a + d.judgement.b}
    found = insisting(ports, lambda _: [contacts.load(ports.items, r) for r in sorted(ends)])
    around = {c.head.id: c for c in found if c}.values()
    held = {d.judgement.id for d in made[HELD]}
    gone = _going(ports, wanted, batch, around) - held
    back = [j for d in made[MOVED] for j in d.effect["ended"]]
    ended = contacts.decisions(ports.items, back).values()
    apart = (d.judgement for d in ended if d.judgement.verdict == "different" and not d.final)
    return refusals(around, (d.judgement for d in cuts), gone, apart)


def _going(ports: Ports, wanted: Chosen, batch: Batch, around: Iterable[Contact]) -> set[str]:
    """What people said that is taken back first: by the split itself, or later."""
    words = united(j for c in around for j in c.head.judgements if not j.machine)
    made = contacts.decisions(ports.items, [j.id for j in words])
    later = {b: _goes_first(ports, wanted, batch, b) for b in {d.batch for d in made.values()}}
    return {name for name, d in made.items() if later[d.batch]}


def _goes_first(ports: Ports, wanted: Chosen, batch: Batch, name: str) -> bool:
    if name == batch.id or wanted.id:
        return name == batch.id
    other = batches.find(ports, name)
    if other is None or other.kind not in UNDOABLE:
        return False
    return wanted.holds(other) and (other.at, other.id) > (batch.at, batch.id)
