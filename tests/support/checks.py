"""`fsck`: every law that can be read off a whole state, whoever brought it about.

What must hold always is checked always; what must hold once all work is done (the index,
the targets) is checked when it is.
"""

import random
from collections.abc import Collection, Iterator

from chalicelib.domain import evidence
from chalicelib.domain.chains import Link, chain_faults, end_faults, link_of
from chalicelib.domain.evidence import Record, Statement
from chalicelib.domain.golden import elect
from chalicelib.domain.graph import Contact, Head, components
from chalicelib.domain.judgements import Decision, Judgement
from chalicelib.domain.versions import content_of, leaves_of, values_of, winners_of
from chalicelib.store import keys

from .rest import rest_faults
from .state import State, read
from .witness import Witness
from .world import World

Faults = Iterator[str]
CHANGING = {"created", "updated", "deleted"}


def fsck(world: World, exact: Collection[str] | None = None) -> None:
    """Raise `AssertionError` with all that is wrong in a world whose ports are not wrapped.

    `exact` names the targets that must hold all that matches (None: all of them): leave out
    one that was registered, or whose filter changed, after contacts stood and was not
    backfilled.
    """
    faults = faults_of(world, exact)
    assert not faults, "\n".join(faults)


def settled(world: World, exact: Collection[str] | None = None) -> None:
    """The same, and nothing may be left to do."""
    state = read(world.items.snapshot())
    left = [c.key for c in state.changes] + [d for d in state.deliveries.values() if d.due]
    assert state.at_rest(), f"not at rest: {left}, {list(state.jobs.values())}"
    fsck(world, exact)


def faults_of(world: World, exact: Collection[str] | None = None) -> list[str]:
    """What is wrong, in words; for a world of `witness.watched` also what was told too early."""
    state = read(world.items.snapshot())
    faults = [f for check in _ALWAYS for f in check(state)]
    if isinstance(world.items, Witness):
        faults += _told_before_matched(world)
        faults += [f"{key}: a version is added, and stays" for key in world.items.meddled]
    if state.at_rest() and not faults:
        faults += rest_faults(world, state, exact)
    return faults


def _records(state: State) -> Faults:
    for name, record in state.records.items():
        if name != record.id or name not in state.heads:
            yield f"record {name}: no contact was ever born of it"
        yield from _fold(record, state.statements.get(name, []))
    for name in state.statements.keys() - state.records.keys():
        yield f"record {name}: statements, but no record"


def _fold(record: Record, statements: list[Statement]) -> Faults:
    """Law 1: a record is the fold of its statements, in any order."""
    blank = record.model_copy(update={"fields": {}, "floor": "", "gone": False})
    shuffled = random.Random(record.id).sample(statements, len(statements))
    for order in (statements, statements[::-1], shuffled):
        told = blank
        for statement in order:
            told = evidence.hear(told, statement)
        if told != record:
            yield f"record {record.id}: is not the fold of its statements"


def _membership(state: State) -> Faults:
    """Law 2: every record in one contact, to which its own id leads in one step."""
    homes = [(r, h.id) for h in state.heads.values() for r in h.members]
    if len(homes) != len(dict(homes)):
        yield f"a record in two contacts: {sorted(homes)}"
    for record, home in dict(homes).items():
        stub = state.heads.get(record)
        if record not in state.records:
            yield f"contact {home}: member {record} does not stand"
        if stub is None or (stub.id != home and stub.into != home):
            yield f"record {record}: in {home}, but its id does not lead there"
    for lost in state.heads.keys() - dict(homes).keys():
        yield f"contact {lost}: its record is in no contact"


def _heads(state: State) -> Faults:
    for name, head in state.heads.items():
        if head.id != name or head.absorbed != (head.status == "merged"):
            yield f"head {name}: id {head.id}, {head.status}, into {head.into}"
        if head.absorbed and (head.members or head.judgements or head.unmatched):
            yield f"head {name}: a stub that holds something"
    for contact in state.contacts:
        yield from _component(contact)
        yield from _golden(state, contact)


def _component(contact: Contact) -> Faults:
    head, ages = contact.head, [r.age for r in contact.records.values()]
    if ages != sorted(ages) or head.id != head.members[0]:
        yield f"contact {head.id}: is not named by its oldest record"
    if len(components(head.members, head.edges)) != 1:
        yield f"contact {head.id}: its records are not held together by its edges"
    for edge in head.edges:
        if not set(head.members) >= {*edge.a, *edge.b}:
            yield f"contact {head.id}: edge {edge.id} leads out of it"
    members = frozenset(head.members)
    if any(j.verdict == "different" and j.parts(members, members) for j in head.judgements):
        yield f"contact {head.id}: holds what was judged different"
    if not set(head.unmatched) <= set(head.members):
        yield f"contact {head.id}: waits for the matching of records of others"


def _golden(state: State, contact: Contact) -> Faults:
    """Law 1: what is stored is what the evidence makes of it now."""
    head, records = contact.head, list(contact.records.values())
    if head.id not in state.versions:
        return
    if head.rules not in state.rules:
        yield f"contact {head.id}: settled by rules that nobody stored"
        return
    version = state.latest(head.id)
    elected = elect(records, head.judgements, state.rules[head.rules])
    values, winners = values_of(elected), winners_of(elected)
    leaves, said = leaves_of(records, values, winners)
    heard = [r for r in records if r.alive and r.id not in head.retired]
    status = "active" if heard else "retired"
    if (head.status, head.content) != (status, content_of(status, head.members, leaves, winners)):
        yield f"contact {head.id}: head is not as rebuilt"
    rebuilt = (status, head.members, values, winners, leaves, said)
    stored = (version.status, version.members, version.values, version.winners)
    if (*stored, version.leaves, version.evidence) != rebuilt:
        yield f"contact {head.id}: version {version.number} is not as rebuilt"


def _chains(state: State) -> Faults:
    """Law 3: versions 1..n without gaps, each sealed to the one before, the head the last."""
    for name in state.heads.keys() | state.versions.keys():
        chain, head = state.versions.get(name, []), state.heads.get(name, Head(id=name))
        last = link_of(chain[-1]) if chain else Link()
        for fault in (*chain_faults(name, Link(), chain), *end_faults(head, last)):
            yield f"contact {name}: version {fault.version}: {fault.detail}"
        if not chain:
            yield f"contact {name}: no version"


def _judgements(state: State) -> Faults:
    """Each judgement in force stands, as kept, on every head it concerns and nowhere else."""
    stands: dict[str, list[str]] = {}
    for head in state.heads.values():
        for judgement in head.judgements:
            stands.setdefault(judgement.id, []).append(head.id)
            kept = state.decisions.get(judgement.id)
            if kept is None or kept.judgement != judgement:
                yield f"contact {head.id}: {judgement.verdict} {judgement.id} is kept otherwise"
    for name, decision in state.decisions.items():
        wanted = [] if decision.retracted_at else _concerned(state, decision.judgement)
        if sorted(stands.get(name, [])) != sorted(wanted):
            yield f"{_words(decision)} {name} stands on {stands.get(name, [])}, not on {wanted}"
        if state.lanes.get(keys.judgement(name)) != _lane(decision):
            yield f"{_words(decision)} {name}: in the queue, or not, wrongly"


def _lane(decision: Decision) -> tuple[str, str] | None:
    """Where a judgement waits: for a person while it asks, for a model once it is answered."""
    name, desk = decision.judgement.id, decision.desk
    if decision.answer:
        return keys.ANSWERED, f"{decision.retracted_at}#{name}"
    if decision.judgement.verdict != "unsure" or decision.retracted_at or desk.settled:
        return None
    if desk.postponed_until:
        return keys.POSTPONED, f"{desk.postponed_until}#{name}"
    points = decision.score + sum(sum(side.row().values()) for side in desk.worth)
    return keys.REVIEWS, f"{1_000_000 - points:07d}#{decision.judgement.at}#{name}"


def _concerned(state: State, judgement: Judgement) -> list[str]:
    named = frozenset(judgement.a + judgement.b)
    return [h.id for h in state.heads.values() if named.intersection(h.members)]


def _words(decision: Decision) -> str:
    return f"{'retracted ' if decision.retracted_at else ''}{decision.judgement.verdict}"


def _calls(state: State) -> Faults:
    """A call's effects follow its header without a gap, and are what its batch did."""
    for batch, effects in state.effects.items():
        if batch not in state.batches:
            yield f"batch {batch}: effects without a call"
        if sorted(effects) != list(range(len(effects))):
            yield f"batch {batch}: effects {sorted(effects)}"
        found = [e.contact_id for e in effects.values() if e.outcome != "refused"]
        if not set(found) <= set(state.heads):
            yield f"batch {batch}: a contact that never was"
        made = [v for chain in state.versions.values() for v in chain if v.batch == batch]
        changing = [e for e in effects.values() if e.outcome in CHANGING]
        if len(made) != len(changing) and state.batches[batch].kind == "call":
            yield f"batch {batch}: {len(made)} versions, but {[e.outcome for e in changing]}"
    told = {s.batch for statements in state.statements.values() for s in statements}
    for batch in told - state.effects.keys():
        yield f"batch {batch}: statements without an effect"


def _told_before_matched(world: World) -> Faults:
    """Law 6: the first word to a target on a contact is on a version that was matched."""
    known = set()
    for told in world.sender.told:
        first = told.type == "contact.upserted" and (told.target, told.contact) not in known
        if first and (told.contact, told.data["version"]) not in world.items.matched:
            yield f"{told.name}: told before it was matched"
        known.add((told.target, told.contact))


_ALWAYS = (_records, _membership, _heads, _chains, _judgements, _calls)
