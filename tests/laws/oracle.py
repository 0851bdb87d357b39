"""The deletion oracle's machinery: histories of strangers, lived with and without a part of them.

Nobody here is anybody else's double: what is joined, people join. So what a history leaves is
known from its steps alone.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from hypothesis import reject
from hypothesis import strategies as st

from chalicelib.domain.errors import ConflictError, InvalidError
from chalicelib.domain.judgements import Mode
from chalicelib.domain.model import canonical, digest
from chalicelib.flow.editing import edit, retire, split
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.editing.split import Parting
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import read
from chalicelib.flow.undoing import undo_batches
from chalicelib.store import contacts
from tests.support.checks import fsck, settled
from tests.support.rest import holdings
from tests.support.scenes import born
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
    "unsplit",
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
    """What was done so far: merges by their names, calls in their order, splits likewise."""

    merges: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    splits: dict[str, str] = field(default_factory=dict)


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
    st.builds(Step, kind=st.just("unsplit"), at=st.integers(0, 2)),
    st.builds(Step, kind=st.just("repeat"), at=st.integers(0, 4)),
    st.just(Step("work")),
)

# What names whoever stands in a contact means other people while the merge stands.
apart = st.one_of(
    others,
    st.builds(Step, kind=st.sampled_from(["retire", "split"]), who=person.map(lambda n: (n,))),
)


def lived(steps: list[Step]) -> World:
    world = watched()
    world.source("crm", trust=60)
    world.source("shop")
    world.target("clients", filter="role:customer", fields=["full_name", "roles", "tags"])
    world.target("all", fields=["given_name", "job_title"])
    past = Past()
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
    elif step.kind in ("edit", "tag", "untag", "release", "retire"):
        _say(world, step, born(*STRANGERS[step.who[0]]))
    elif step.kind == "split":
        _split(world, step, past)
    elif step.kind == "unsplit":
        _unsplit(world, step, past)
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


def _split(world: World, step: Step, past: Past) -> None:
    """One leaves the others, if there are any; with a second one, for the contact of that one."""
    contact, *to = (born(*STRANGERS[n]) for n in step.who)
    if len(read.contact(world.ports, contact)[0]["records"]) == 1:
        return
    wish = Parting(contact, (contact,), BY, world.chance.token(), *to)
    try:
        split.split(world.ports, wish)
    except (ConflictError, InvalidError):
        reject()
    past.splits[step.name or str(len(past.splits))] = digest("split", BY, wish.key)


def _unsplit(world: World, step: Step, past: Past) -> None:
    """A split is undone whole, or the history says nothing: others may have said the contrary."""
    unnamed = [name for name in past.splits if name.isdecimal()]
    names = {step.name} & past.splits.keys() if step.name else unnamed[step.at :][:1]
    for name in names:
        undo_batches.undo(world.ports, past.splits[name], BY)
        _, answer = undo_batches.undo(world.ports, past.splits[name], BY)
        if answer.get("refused"):
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


def book(world: World, target: str) -> bytes:
    """What the target has, but for the versions."""
    kept = holdings(world, target).values()
    return canonical(sorted(canonical({**data, "version": 0}).decode() for data in kept))
