"""What targets would be told if some contacts became others: the same decision as a push's."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from chalicelib.domain import times
from chalicelib.domain.evidence import Record
from chalicelib.domain.findings import Told
from chalicelib.domain.graph import Head, eldest, shared_out
from chalicelib.domain.judgements import Judgement
from chalicelib.domain.parcels import decide
from chalicelib.domain.routing import projection, why_not
from chalicelib.domain.settle import Step, Why, absorb, settle
from chalicelib.domain.sources import Target
from chalicelib.domain.versions import Version

EVENTS = {"send": "contact.upserted", "remove": "contact.removed"}


def becoming(
    contacts: Iterable[str],
    groups: Iterable[frozenset[str]],
    records: Mapping[str, Record],
    judgements: Sequence[Judgement],
    why: Why,
) -> list[Step]:
    """The golden contacts that the groups would be, and the stubs of those that would go."""
    steps = [_settled(group, records, judgements, why) for group in groups]
    homes = {r: step.after.id for step in steps for r in step.after.members}
    gone = [c for c in contacts if homes[c] != c]
    return steps + [absorb(Head(id=c), homes[c], why) for c in gone]


def _settled(
    group: frozenset[str],
    records: Mapping[str, Record],
    judgements: Sequence[Judgement],
    why: Why,
) -> Step:
    members = {r: records[r] for r in group}
    return settle(Head(id=eldest(group, records)), members, shared_out(judgements, group), why)


def foretold(
    targets: Iterable[Target],
    steps: Sequence[Step],
    present: Collection[tuple[str, str]],
    sent: Mapping[str, Version],
    listed: Collection[tuple[str, str]] = (),
) -> Told:
    """By target and event the contacts; `present` are the (target, contact) that are held,
    `listed` the (target, record) that are on a list there.

    `sent` are the versions that those who hold a contact have: what looks the same to them is
    not pushed.
    """
    told: dict[str, dict[str, tuple[str, ...]]] = {}
    for target in targets:
        for step in steps:
            held = (target.id, step.after.id) in present
            on = any((target.id, record) in listed for record in step.after.members)
            event = _event(target, step, held, on)
            known = sent.get(step.after.id) if held else None
            if event and not (event == EVENTS["send"] and _alike(target, known, step.version)):
                of = told.setdefault(target.id, {})
                of[event] = (*of.get(event, ()), step.after.id)
    return told


def _alike(target: Target, known: Version | None, version: Version | None) -> bool:
    views = [projection(target, v) for v in (known, version) if v]
    return len(views) == 2 and views[0] == views[1]


def _event(target: Target, step: Step, present: bool, listed: bool) -> str | None:
    assert step.version is not None  # what has no version yet gets its first
    today = times.moment(step.version.recorded_at).date()
    admitted = not why_not(target, step.version, today, listed=listed)
    return EVENTS.get(decide(target, admitted, step.after, present))
