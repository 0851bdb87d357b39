"""Mending: what contacts that were torn shall be, by the evidence that stands. Pure.

Records are as their statements say, contacts are the components of the records under the
judgements in force, settled anew; versions go on from the last that stands.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from chalicelib.domain.evidence import Record
from chalicelib.domain.golden import elect
from chalicelib.domain.graph import (
    Head,
    components,
    eldest,
    shared_out,
)
from chalicelib.domain.judgements import Decision, Judgement
from chalicelib.domain.settle import Step, Why, absorb, settle
from chalicelib.domain.versions import Version, content_of, values_of
from chalicelib.domain.words import words_of


@dataclass(frozen=True)
class Region:
    """What stands of some contacts that hang together, each under its id.

    `records` are as their statements make them, `versions` the last of each id, `decisions`
    the judgements that are kept of these records; `revs` what a lost head's `rev` was at least.
    """

    heads: Mapping[str, Head]
    records: Mapping[str, Record]
    versions: Mapping[str, Version]
    decisions: Mapping[str, Decision]
    revs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Mended:
    """What has to be written: heads with their versions, pointers (record, into), judgements."""

    steps: tuple[Step, ...]
    pointers: tuple[tuple[str, str], ...]
    decisions: tuple[Decision, ...]


def mended(region: Region, why: Why, forced: Collection[str]) -> Mended:
    """Nothing but what differs; `forced` are ids of contacts that are written anyway.

    What is written is matched and told again: all of its records are marked.
    """
    active, news = words_of(region.heads.values(), region.decisions, region.records)
    edges = [j for j in active if j.verdict == "same"]
    steps, pointers = list[Step](), list[tuple[str, str]]()
    for part in components(region.records, edges):
        home = eldest(part, region.records)
        steps += _contact(region, home, part, active, why, forced)
        for record in sorted(part - {home}):
            stub, moved = _stub(region, record, home, why, forced)
            steps += stub
            pointers += moved
    return Mended(tuple(steps), tuple(pointers), tuple(news))


def _contact(
    region: Region,
    home: str,
    part: frozenset[str],
    active: Iterable[Judgement],
    why: Why,
    forced: Collection[str],
) -> list[Step]:
    records = {r: region.records[r] for r in part}
    words = shared_out(tuple(active), part)
    before = _before(region, home)
    last = region.versions.get(home)
    if last and last.values != values_of(elect(records.values(), words, why.rules)):
        before = before.model_copy(update={"content": ""})  # it tells other values: not this one
    stands = region.heads.get(home)
    step = settle(before, records, words, why)
    if stands and home not in forced and not step.version and _alike(step.after, stands):
        return []
    return [settle(before, records, words, why, part)]


def _stub(
    region: Region, record: str, home: str, why: Why, forced: Collection[str]
) -> tuple[list[Step], list[tuple[str, str]]]:
    """A record that is in another's contact: its own id leads there."""
    stands, last = region.heads.get(record), region.versions.get(record)
    before = _before(region, record)
    sound = record not in forced and last and last.status == "merged"
    if stands and stands.absorbed and sound and _alike(stands, _kept(before, stands.into)):
        return [], [(record, home)] if stands.into != home else []
    return [absorb(before, home, why)], []


def _kept(before: Head, into: str) -> Head:
    """A stub with what it keeps of the contact that it was."""
    stub = Head(id=before.id, status="merged", into=into)
    kept = before.model_dump(include={"version", "recorded_at", "seal", "content"})
    return stub.model_copy(update=kept)


def _before(region: Region, contact: str) -> Head:
    """The head as it would stand had nothing been torn: it names the last version."""
    known = region.heads.get(contact) or Head(id=contact, rev=region.revs.get(contact, 0))
    last = region.versions.get(contact)
    if last is None:
        return known.model_copy(update={"version": 0, "recorded_at": "", "seal": "", "content": ""})
    named = {"version": last.number, "recorded_at": last.recorded_at, "seal": last.seal}
    content = content_of(last.status + last.into, last.members, last.leaves, last.winners)
    return known.model_copy(update={**named, "content": content})


def _alike(one: Head, other: Head) -> bool:
    """But for what every write changes."""
    passed = {"rev": 0, "unmatched": {}}
    same = one.model_copy(update=passed) == other.model_copy(update=passed)
    return same and set(other.unmatched) <= set(one.members) | set(one.unmatched)
