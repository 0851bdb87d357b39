"""Law 2 for batches: one that was undone might as well never have been told."""

from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from hypothesis import given, reject
from hypothesis import strategies as st

from chalicelib.domain.interactions import KINDS
from chalicelib.domain.model import canonical
from chalicelib.flow.editing import edit
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.merging import merge
from chalicelib.flow.reading.read import contact as read_contact
from chalicelib.flow.undoing import undo_batches
from tests.laws.portraits import heads
from tests.laws.saying import Word, say, several_words
from tests.laws.sizes import sized
from tests.laws.undoing import ME, batch_of
from tests.support.checks import fsck, settled
from tests.support.passing import timeline_of
from tests.support.rest import holdings
from tests.support.scenes import born
from tests.support.state import read
from tests.support.witness import watched
from tests.support.world import World, record

STRANGERS = (("crm", "Adam"), ("shop", "Bogna"), ("crm", "Cezary"))
EVENTS = {"tell": "contact.upserted", "patch": "contact.patched", "delete": "contact.deleted"}
Json = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One thing that happens to some strangers; `marked` are the calls that are undone."""

    kind: Literal["tell", "patch", "delete", "pass", "merge", "edit", "work"]
    who: tuple[int, ...] = ()
    at: int = 0
    fields: tuple[tuple[str, Any], ...] = ()
    words: tuple[Word, ...] = ()
    marked: bool = False


people = st.permutations(range(len(STRANGERS)))
facts = st.fixed_dictionaries(
    {},
    optional={
        "job_title": st.sampled_from(["kowal", "rybak"]),
        "tags": st.sampled_from([["vip"], ["kawa", "vip"]]),
        "roles": st.sampled_from([["customer"], ["supplier"]]),
    },
).map(lambda told: tuple(sorted(told.items())))


# Of a list an edit says what it changes of what was seen: another word in another history.
pins = st.sampled_from(["kowal", "bednarz"]).map(lambda title: (("job_title", title),))


def _passing(*, marked: bool) -> st.SearchStrategy[Step]:
    return st.builds(Step, kind=st.just("pass"), words=several_words, marked=st.just(marked))


def _told(*, marked: bool) -> st.SearchStrategy[Step]:
    records = st.builds(
        Step,
        kind=st.sampled_from(["tell", "patch", "patch", "delete"]),
        who=people.map(lambda order: tuple(order[:2])),
        at=st.integers(0, 6),
        fields=facts,
        marked=st.just(marked),
    )
    return records | _passing(marked=marked)


others = st.one_of(
    _told(marked=False),
    _passing(marked=False),
    st.builds(Step, kind=st.just("merge"), who=people.map(lambda order: tuple(order[:2]))),
    st.builds(Step, kind=st.just("edit"), who=people.map(lambda order: (order[0],)), fields=pins),
    st.just(Step("work")),
)
several = st.lists(others, max_size=3)


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """Anything, and in the midst of it two calls that will be undone."""
    one, other = (draw(_told(marked=True)) for _ in range(2))
    return [*draw(several), one, *draw(several), other, *draw(several)]


@sized(60, 6_000)
@given(steps=histories(), backwards=st.booleans(), later=several)
def test_calls_that_were_undone_might_as_well_never_have_been(
    steps: list[Step], backwards: bool, later: list[Step]
) -> None:
    real, marked = lived(steps)
    for batch in marked[::-1] if backwards else marked:
        first = undo_batches.undo(real.ports, batch, ME)
        fsck(real)
        assert undo_batches.undo(real.ports, batch, ME) == first
    ideal, _ = lived([Step("work") if s.marked else s for s in steps])
    for world in (real, ideal):
        for number, step in enumerate(later):
            play(world, step, 100 + number)
        world.work()
        settled(world)
    assert portrait(real) == portrait(ideal)
    assert _book(real) == _book(ideal)


# With the machine's own merges: nothing is glued that the evidence does not hold together.

faces = st.fixed_dictionaries(
    {"given_name": st.just("Jan"), "family_name": st.sampled_from(["Wrona", "Lis"])},
    optional={
        "emails": st.sampled_from([["jan@wrona.pl"], ["jan@lis.pl"]]),
        "phones": st.just(["+48600700801"]),
    },
)
arrivals = st.lists(st.tuples(st.sampled_from("1234"), faces), max_size=4)


@sized(40, 3_000)
@given(before=arrivals, rows=arrivals, after=arrivals)
def test_an_undone_call_leaves_no_two_glued_that_would_not_be_joined(
    before: list[Any], rows: list[Any], after: list[Any]
) -> None:
    real, ideal = (_matched(before, told, after) for told in (rows, []))
    undo_batches.undo(real.ports, batch_of("shop", "rows"), ME)
    for world in (real, ideal):
        world.work()
        settled(world)
    assert _joined(real) <= _joined(ideal), "glued by what was taken back"


def _matched(before: list[Any], rows: list[Any], after: list[Any]) -> World:
    world = watched()
    world.source("crm")
    world.source("shop")
    for source, name, told in (("crm", "a", before), ("shop", "rows", rows), ("crm", "b", after)):
        world.clock.tick(seconds=10)
        given_ = [record(external_id, n, **fields) for n, (external_id, fields) in enumerate(told)]
        if given_ or source == "shop":
            world.call(source, given_ or [record("none")], message_id=name)
        world.work()
    return world


def _joined(world: World) -> set[frozenset[str]]:
    """The pairs of records that say something and stand in one contact."""
    state = read(world.items.snapshot())
    alive = ([r for r in c.records if c.records[r].alive] for c in state.contacts)
    return {frozenset(pair) for members in alive for pair in combinations(members, 2)}


def lived(steps: list[Step]) -> tuple[World, list[str]]:
    """The world after these steps, and the batches of the calls that are marked."""
    world = watched()
    for source, trust in (("crm", 60), ("shop", 50)):
        world.source(source, trust=trust, automatic_merge=False)
    world.target("clients", filter="role:customer", fields=["full_name", "roles", "tags"])
    for source, name in STRANGERS:
        world.clock.tick(seconds=1)
        world.tell(source, name, given_name=name, roles=["customer"])
    world.work()
    marked = []
    for number, step in enumerate(steps):
        marked += [b for b in play(world, step, number) if step.marked]
    return world, marked


def play(world: World, step: Step, number: int) -> list[str]:
    """Do a step; the batches of its calls."""
    world.clock.tick(seconds=1)
    if step.kind == "work":
        world.work(sweeps=False)
    elif step.kind == "pass":
        messages = say(world, "shop", step.words, STRANGERS, str(number))
        return [batch_of("shop", message) for message in messages]
    elif step.kind == "merge":
        first, second = (born(*STRANGERS[n]) for n in step.who)
        merge.merge(world.ports, merge.Order((first, second), "merge", "", ME))
    elif step.kind == "edit":
        named = born(*STRANGERS[step.who[0]])
        found, etag = read_contact(world.ports, named)
        if found["status"] == "retired":
            reject()  # refused in one of the two histories, perhaps, and not in the other
        edit.edit(world.ports, Seen(found["id"], etag, ME, world.chance.token()), dict(step.fields))
    else:
        return [_call(world, step, *STRANGERS[n], name=f"{number}-{n}") for n in step.who]
    return []


def _call(world: World, step: Step, source: str, external_id: str, name: str) -> str:
    told = {} if step.kind == "delete" else dict(step.fields)
    world.call(source, [record(external_id, step.at, **told)], EVENTS[step.kind], name)
    return batch_of(source, name)


def portrait(world: World) -> bytes:
    """Every contact that says something: members, values, and what stands on its timeline."""
    state = read(world.items.snapshot())
    shown = {
        head.id: (
            head.status,
            sorted(head.members),
            state.latest(head.id).values,
            _timeline(world, head.id),
        )
        for head in heads(world)
        if head.status != "retired" or state.latest(head.id).values
    }
    return canonical({name: list(face) for name, face in shown.items()})


def _timeline(world: World, contact: str) -> list[Json]:
    told = timeline_of(world, contact, kinds=KINDS)
    return [{n: v for n, v in entry.items() if n != "recorded_at"} for entry in told]


def _book(world: World) -> bytes:
    kept = holdings(world, "clients").values()
    return canonical(sorted(canonical({**data, "version": 0}).decode() for data in kept))
