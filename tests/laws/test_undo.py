"""Law 2, the deletion oracle: a merge that was undone leaves no trace in what contacts are.

The state after a history with a merge and its undo is the state after the same history
without both, later edits and other merges included; so is what the targets have in the end.
"""

from dataclasses import dataclass
from typing import Any, Literal

from hypothesis import assume, example, given, reject
from hypothesis import strategies as st

from chalicelib.domain.errors import ConflictError
from chalicelib.domain.judgements import Mode
from chalicelib.domain.model import canonical
from chalicelib.flow.editing import edit, retire, split
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.editing.split import Parting
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import read
from chalicelib.flow.reviewing import desk, review
from chalicelib.store import contacts
from tests.laws.portraits import portrait
from tests.laws.sizes import sized
from tests.support import state
from tests.support.checks import fsck, settled
from tests.support.rest import holdings
from tests.support.scenes import born, judged
from tests.support.witness import watched
from tests.support.world import World, record

Kind = Literal[
    "tell",
    "patch",
    "delete",
    "merge",
    "undo",
    "work",
    "repeat",
    "edit",
    "tag",
    "untag",
    "release",
    "retire",
    "split",
]
STRANGERS = (("crm", "Adam"), ("shop", "Bogna"), ("crm", "Cezary"), ("shop", "Dorota"))
EVENTS = {"tell": "contact.upserted", "patch": "contact.patched", "delete": "contact.deleted"}


@dataclass(frozen=True)
class Step:
    """One thing that happens: to whom (numbers of strangers), or to which merge."""

    kind: Kind
    who: tuple[int, ...] = ()
    at: int = 0
    fields: tuple[tuple[str, Any], ...] = ()
    name: str = ""
    mode: Mode = "merge"
    prefer: bool = False


@dataclass(frozen=True)
class Past:
    """What was done so far: merges by their names, calls in their order."""

    merges: dict[str, str]
    calls: list[tuple[Any, ...]]


person = st.integers(0, len(STRANGERS) - 1)
pair = st.permutations(range(len(STRANGERS))).map(lambda order: tuple(order[:2]))
facts = st.fixed_dictionaries(
    {},
    optional={
        "job_title": st.sampled_from(["kowal", "rybak"]),
        "tags": st.sampled_from([["vip"], ["kawa", "vip"]]),
        "roles": st.sampled_from([["customer"], ["supplier"]]),
        "notes": st.just(["dzwoni"]),
    },
).map(lambda told: tuple(sorted(told.items())))
told = st.builds(
    Step,
    kind=st.sampled_from(["tell", "patch", "patch", "delete"]),
    who=person.map(lambda n: (n,)),
    at=st.integers(0, 6),
    fields=facts,
)
BY = "key:steward"
# A person's words on one of them: on values she names, never on what the merge brought along.
edits = st.builds(
    Step,
    kind=st.sampled_from(["edit", "tag", "untag", "release"]),
    who=person.map(lambda n: (n,)),
    fields=st.sampled_from(["szef", "pani", None]).map(lambda title: (("job_title", title),)),
)
others = st.one_of(
    told,
    edits,
    st.builds(Step, kind=st.just("merge"), who=pair, name=st.sampled_from("kl")),
    st.builds(Step, kind=st.just("undo"), name=st.sampled_from("kl")),
    st.builds(Step, kind=st.just("repeat"), at=st.integers(0, 4)),
    st.just(Step("work")),
)
marked = st.builds(
    Step,
    kind=st.just("merge"),
    who=pair,
    name=st.just("m"),
    mode=st.sampled_from(["merge", "overwrite", "skip"]),
    prefer=st.just(True),
)


# What names whoever stands in a contact means other people while the merge stands.
apart = st.one_of(
    others,
    st.builds(Step, kind=st.sampled_from(["retire", "split"]), who=person.map(lambda n: (n,))),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """Anything, in the midst of it a merge `m`, and later its undo."""
    before, after = (draw(st.lists(apart, max_size=4)) for _ in range(2))
    between = draw(st.lists(others, max_size=4))
    merge_ = draw(marked)
    # The same order twice is one merge, and its undo undoes it.
    pairs = [set(s.who) for s in (*before, *between, *after) if s.kind == "merge"]
    assume(merge_.mode != "merge" or set(merge_.who) not in pairs)
    return [*before, merge_, *between, Step("undo", name="m"), *after]


BY_3, AGAIN = Step("edit", (3,), fields=(("job_title", "pani"),)), Step("undo", name="k")
RELEASE = Step("release", (0,), fields=(("job_title", None),))
M, UNDONE = Step("merge", (0, 3), name="m", mode="skip", prefer=True), Step("undo", name="m")


@sized(300, 10_000)
@given(steps=histories())
@example([BY_3, M, Step("merge", (1, 3), name="k"), UNDONE, BY_3, AGAIN])
@example([BY_3, M, RELEASE, UNDONE, Step("merge", (1, 3), name="k")])
@example([BY_3, Step("merge", (0, 3), name="m"), RELEASE, UNDONE])
@example([Step("retire", (3,)), Step("work"), M, UNDONE, Step("merge", (1, 3), name="k"), BY_3])
def test_a_merge_that_was_undone_might_as_well_never_have_been(steps: list[Step]) -> None:
    real = _lived(steps)
    ideal = _lived([Step("work") if s.name == "m" else s for s in steps])
    assert portrait(real) == portrait(ideal)
    for target in ("clients", "all"):
        assert _book(real, target) == _book(ideal, target)


def _lived(steps: list[Step]) -> World:
    world = watched()
    world.source("crm", trust=60)
    world.source("shop")
    world.target("clients", filter="role:customer", fields=["full_name", "roles", "tags"])
    world.target("all", fields=["given_name", "job_title"])
    past = Past({}, [])
    for source, name in STRANGERS:
        world.clock.tick(seconds=1)
        world.tell(source, name, given_name=name, roles=["customer"])
    for number, step in enumerate(steps):
        world.clock.tick(seconds=1)
        _play(world, step, number, past)
        fsck(world)
    world.work()
    settled(world)
    return world


def _play(world: World, step: Step, number: int, past: Past) -> None:
    if step.kind == "work":
        world.work(sweeps=False)
    elif step.kind in ("edit", "tag", "untag", "release", "retire", "split"):
        _say(world, step, born(*STRANGERS[step.who[0]]))
    elif step.kind == "repeat":
        for call in past.calls[step.at :][:1]:
            world.call(*call)
    elif step.kind == "undo":
        if step.name in past.merges:
            unmerge.undo(world.ports, past.merges[step.name], "admin")
    elif step.kind == "merge":
        past.merges[step.name] = _merged(world, step)
    else:
        source, name = STRANGERS[step.who[0]]
        given_ = {} if step.kind == "delete" else dict(step.fields)
        said = record(name, step.at, **given_)
        past.calls.append((source, [said], EVENTS[step.kind], f"m{number}"))
        world.call(*past.calls[-1])


def _merged(world: World, step: Step) -> str:
    """A merge that a split forbids is refused, perhaps in one of the two histories alone."""
    first, second = (born(*STRANGERS[n]) for n in step.who)
    order = Order((first, second), step.mode, first if step.prefer else "", "admin")
    try:
        return str(merge.merge(world.ports, order)[1]["id"])
    except ConflictError:
        reject()


def _say(world: World, step: Step, contact: str) -> None:
    """A person's word on a contact, as she sees it; what is put away she brings back first.

    On whom its source deleted she says nothing: whether she sees him hangs on the others.
    """
    found = contacts.load(world.items, contact)
    shown, etag = read.contact(world.ports, contact)
    seen, mark = Seen(contact, etag, BY, world.chance.token()), f"of {step.who[0]}"
    if found is None or not found.records[contact].alive:
        return
    if contact in found.head.retired:
        retire.restore(world.ports, seen)
        return
    if step.kind == "edit":
        edit.edit(world.ports, seen, dict(step.fields))
    elif step.kind == "tag":
        edit.edit(world.ports, seen, {"tags": [*shown["tags"], mark]})
    elif step.kind == "untag":
        edit.edit(world.ports, seen, {"tags": [t for t in shown["tags"] if t != mark]})
    elif step.kind == "release":
        edit.release(world.ports, seen, "job_title")
    elif step.kind == "retire":
        retire.retire(world.ports, seen)
    elif len(shown["records"]) > 1:
        split.split(world.ports, Parting(contact, (contact,), BY, world.chance.token()))


def _book(world: World, target: str) -> bytes:
    """What the target has, but for the versions."""
    kept = holdings(world, target).values()
    return canonical(sorted(canonical({**data, "version": 0}).decode() for data in kept))


# The machine's own merges: undoing one is a person's word that the two are different.

TWINS: dict[str, Any] = {"given_name": "Jan", "family_name": "Wrona", "emails": ["jan@wrona.pl"]}
later = st.lists(
    st.tuples(st.sampled_from(["1", "2"]), st.integers(1, 5), facts),
    max_size=4,
)


@sized(60, 5000)
@given(before=later, after=later, joined=st.booleans())
def test_undoing_the_machine_is_as_answering_different_when_it_had_asked(
    before: list[Any], after: list[Any], joined: bool
) -> None:
    undone, answered = (_twins(a, before, after, joined) for a in (True, False))
    assert portrait(undone) == portrait(answered)
    assert _book(undone, "all") == _book(answered, "all")


def _twins(automatic: bool, before: list[Any], after: list[Any], joined: bool) -> World:
    world = watched()
    world.source("crm", automatic_merge=automatic)
    world.target("all", fields=["full_name", "job_title", "tags"])
    for name in ("1", "2"):
        world.clock.tick(seconds=1)
        world.tell("crm", name, **TWINS)
    world.tell("crm", "3", given_name="Zofia")
    world.work()
    if joined:
        merge.merge(world.ports, Order((born("crm", "1"), born("crm", "3")), "merge", "", "admin"))
    _tell(world, before)
    _decide(world, automatic)
    _tell(world, after)
    world.work()
    settled(world)
    return world


def _tell(world: World, edits: list[Any]) -> None:
    for name, at, fields in edits:
        world.call("crm", [record(name, at, **dict(fields))], "contact.patched")
        world.work()


def _decide(world: World, automatic: bool) -> None:
    if automatic:
        unmerge.undo(
            world.ports, judged(state.read(world.items.snapshot()), "same", "model"), "admin"
        )
    else:
        (question,) = desk.reviews(world.ports, None, 10)["items"]
        review.answer(world.ports, question["id"], review.Answer("different", "admin"))


def test_who_was_judged_different_is_never_joined_again_by_the_machine() -> None:
    world = _twins(True, [], [], joined=False)
    for at in range(10, 13):
        world.tell("crm", "1", at, **TWINS, tags=[str(at)])
        world.tell("crm", "2", at, **TWINS, notes=[str(at)])
        world.work()
    assert len({born("crm", "1"), born("crm", "2")} & set(holdings(world, "all"))) == 2
    order = Order((born("crm", "1"), born("crm", "2")), "merge", "", "admin")
    try:
        merge.merge(world.ports, order)
    except ConflictError as against:
        assert against.kind == "judged_different"
    else:
        raise AssertionError("joined against a person's word")
