"""A split, or a move, is undone as a batch: the contact is as if it had never been."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.errors import ConflictError
from chalicelib.flow import work_jobs
from chalicelib.flow.batches import Chosen
from chalicelib.flow.editing import split
from chalicelib.flow.editing.split import Parting
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reviewing import review
from chalicelib.flow.undoing import undo_batches
from chalicelib.store import contacts
from tests.faults.recovering import attempted, seen_by
from tests.laws.portraits import portrait
from tests.laws.undoing import SITTING, batch_of, foreseen, shown, undone, undone_all
from tests.support.calls import wrap
from tests.support.checks import settled
from tests.support.faults import Crash, Fault, Tape
from tests.support.scenes import born, judged
from tests.support.state import read
from tests.support.world import World, record, unlimited
from tests.unit.editing import ME, edited, three

JAN: dict[str, Any] = {"given_name": "Jan", "family_name": "Wrona", "emails": ["jan@wrona.pl"]}


@pytest.fixture
def world() -> World:
    return edited()


def joined(world: World, *named: str, mode: Any = "merge", retract: tuple[str, ...] = ()) -> str:
    world.clock.tick(seconds=1)
    order = Order(named, mode, named[0] if mode != "merge" else "", ME, retract)
    return str(merge.merge(world.ports, order)[1]["id"])


def parted(world: World, *records: str, to: str = "", retract: tuple[str, ...] = ()) -> str:
    """A split of these records from their contact, worked off; its batch."""
    world.clock.tick(seconds=1)
    wish = Parting(records[0], records, ME, world.chance.token(), to, retract)
    split.split(world.ports, wish)
    world.work()
    world.clock.tick(seconds=1)
    splits = [b for b in read(world.items.snapshot()).batches.values() if b.kind == "split"]
    return max(splits, key=lambda b: b.at).id


def taken_back(world: World, batch: str) -> list[tuple[str, str]]:
    """What became of each effect, by outcome; it is as the preview said."""
    meant = foreseen(world, Chosen(id=batch))
    answer = undone(world, batch)
    world.work()
    settled(world)
    came = shown(world, answer["job"])
    told = {m["judgement"]: m.get("reason", m["state"]) for m in meant}
    became = {c["judgement"]: c.get("reason", c["state"]) for c in came}
    assert {**dict.fromkeys(became, "nothing"), **told} == {
        name: "to_undo" if state == "undone" else state for name, state in became.items()
    }
    outcomes = {i["judgement"]: i["outcome"] for i in shown(world, batch)}
    return [(outcomes[c["judgement"]], became[c["judgement"]]) for c in came]


def members(world: World, contact: str) -> set[str]:
    head = contacts.head_of(world.items, contact)
    assert head
    return set(head.members)


def words(world: World, verdict: str) -> list[str]:
    """The judgements in force with this verdict."""
    kept = read(world.items.snapshot()).decisions.values()
    return [d.judgement.id for d in kept if d.judgement.verdict == verdict and not d.retracted_at]


@pytest.mark.parametrize("mode", ["merge", "overwrite", "skip"])
def test_what_was_split_is_one_again(world: World, mode: str) -> None:
    one, two, other = three(world)
    joined(world, one, two, mode=mode)
    joined(world, one, other)
    world.work()
    before = portrait(world)
    batch = parted(world, two)
    assert portrait(world) != before
    assert taken_back(world, batch) == [("parted", "undone")]
    assert portrait(world) == before
    assert not words(world, "different")


def test_what_was_held_together_is_let_go(world: World) -> None:
    one, two, other = three(world)
    joined(world, one, two)
    joined(world, one, other)
    world.work()
    before = portrait(world)
    done = [("parted", "undone")] * 2 + [("held", "undone")]
    assert taken_back(world, parted(world, one)) == done
    assert portrait(world) == before


def test_what_was_moved_comes_home_and_who_was_different_is_so_again(world: World) -> None:
    one, two, other = three(world)
    parted_once = joined(world, one, other)
    parted(world, other)
    unmerge.undo(world.ports, parted_once, ME)
    joined(world, one, two)
    (word,) = words(world, "different")
    world.work()
    before = portrait(world)
    batch = parted(world, two, to=other)
    assert members(world, two) == {two, other}
    assert taken_back(world, batch) == [("moved", "undone"), ("parted", "undone")]
    assert portrait(world) == before
    assert words(world, "different") == [word]


def test_a_move_that_took_a_different_back_gives_it_back(world: World) -> None:
    one, two, other = three(world)
    joined(world, two, other)
    parted(world, other)
    joined(world, one, two)
    (word,) = words(world, "different")
    world.work()
    before = portrait(world)
    batch = parted(world, two, to=other, retract=(word,))
    assert word not in words(world, "different")
    taken_back(world, batch)
    assert portrait(world) == before
    assert words(world, "different") == [word]


def test_a_merge_that_was_undone_meanwhile_stays_undone(world: World) -> None:
    one, two, _ = three(world)
    merged = joined(world, one, two)
    batch = parted(world, two)
    first = unmerge.undo(world.ports, merged, ME)
    assert taken_back(world, batch) == [("parted", "nothing")]
    assert unmerge.undo(world.ports, merged, ME) == first
    assert members(world, one) == {one}
    assert not words(world, "different")


def twins(world: World) -> tuple[str, str]:
    """Two that the machine has joined."""
    for source, name in (("crm", "a"), ("crm", "b")):
        world.clock.tick(seconds=1)
        world.tell(source, name, **JAN)
    world.work()
    assert members(world, born("crm", "a")) == {born("crm", "a"), born("crm", "b")}
    return born("crm", "a"), born("crm", "b")


def test_what_the_machine_joined_and_a_person_undid_meanwhile_it_never_joins_again(
    world: World,
) -> None:
    one, two = twins(world)
    edge = judged(read(world.items.snapshot()), "same", "model")
    batch = parted(world, two)
    unmerge.undo(world.ports, edge, ME)
    assert taken_back(world, batch) == [("parted", "nothing")]
    world.tell("crm", "b", 9, **JAN, job_title="kowal")
    world.work()
    assert members(world, one) == {one}
    assert len(words(world, "different")) == 1


def test_what_the_machine_joined_by_what_was_taken_back_stays_apart(world: World) -> None:
    world.tell("crm", "a", **JAN)
    world.tell("crm", "b", given_name="Jan", family_name="Wrona", phones=["+48600700801"])
    world.work()
    one, two, bridge = (born("crm", name) for name in "abc")
    world.clock.tick(seconds=5)
    told = [record("c", 5, **JAN, phones=["+48600700801"])]
    world.call("crm", told, message_id="bridge")
    world.work()
    assert members(world, one) == {one, two, bridge}
    batch = parted(world, two)
    undone(world, batch_of("crm", "bridge"))
    world.work()
    assert taken_back(world, batch) == [("parted", "nothing")]
    assert members(world, one) == {one} and members(world, two) == {two}


def test_an_undo_that_was_ordered_before_the_cut_took_its_ground_away_too(world: World) -> None:
    world.tell("crm", "a", **JAN)
    world.tell("crm", "b", given_name="Jan", family_name="Wrona", phones=["+48600700801"])
    world.work()
    one, two = (born("crm", name) for name in "ab")
    world.clock.tick(seconds=5)
    told = [record("c", 5, **JAN, phones=["+48600700801"])]
    world.call("crm", told, message_id="bridge")
    world.work()
    dies = seen_by(world, Tape({8: Fault.CRASH_BEFORE}))
    attempted(lambda seen: undo_batches.undo(seen.ports, batch_of("crm", "bridge"), ME), dies)
    assert not [s for s in contacts.told(world.items, born("crm", "c")) if s.retracted_by]
    batch = parted(world, two)
    world.clock.tick(minutes=5)
    world.sweep()
    world.work()
    assert taken_back(world, batch) == [("parted", "nothing")]
    assert members(world, one) == {one} and members(world, two) == {two}


def test_who_undoes_a_merge_that_a_split_has_cut_is_told_who_stands_apart_now(
    world: World,
) -> None:
    one, two, third = three(world)
    merges = [joined(world, *pair) for pair in ((one, two), (one, third), (two, third))]
    parted(world, two)
    for merged in merges[::2]:
        answer = unmerge.undo(world.ports, merged, ME)[1]
        assert (len(answer["contacts"]), answer["held_by"]) == (2, [])
        assert "split" not in answer


def test_an_answered_question_is_answered_again(world: World) -> None:
    for name in "ab":
        world.clock.tick(seconds=1)
        world.tell("crm", name, given_name="Jan", family_name="Kowalski", birth_date="1980-01-02")
    world.work()
    question = judged(read(world.items.snapshot()), "unsure")
    review.answer(world.ports, question, review.Answer("same", ME))
    world.work()
    before, answered = portrait(world), contacts.decision(world.items, question)
    batch = parted(world, born("crm", "b"))
    assert words(world, "unsure") == [question]
    assert taken_back(world, batch) == [("parted", "undone")]
    again = contacts.decision(world.items, question)
    assert portrait(world) == before
    assert again and answered and (again.answer, again.end) == ("same", answered.end)


def test_who_was_said_to_be_different_since_stays_apart_and_the_preview_says_so(
    world: World,
) -> None:
    one, two, other = three(world)
    joined(world, one, two)
    joined(world, one, other)
    batch = parted(world, two)
    (word,) = words(world, "different")
    parted(world, other)
    joined(world, two, other, retract=(word,))
    assert taken_back(world, batch) == [("parted", "judged_different")]
    assert members(world, one) == {one} and members(world, two) == {two, other}


def test_what_is_held_together_stays_so_while_what_it_hung_on_is_cut(world: World) -> None:
    one, two, other = three(world)
    joined(world, one, two)
    joined(world, one, other)
    batch = parted(world, one)
    world.clock.tick(seconds=1)
    world.tell("crm", "9", given_name="Zofia")
    far, (word,) = born("crm", "9"), words(world, "different")
    joined(world, one, far)
    parted(world, far)
    joined(world, two, far)
    assert taken_back(world, batch) == [("parted", "judged_different")] * 2 + [
        ("held", "still_cut")
    ]
    assert members(world, two) == {two, other, far}
    assert word in words(world, "different")


def test_a_different_that_a_merge_took_back_does_not_outlive_its_split(world: World) -> None:
    one, two, _ = three(world)
    first = joined(world, one, two)
    batch = parted(world, two)
    second = joined(world, one, two, mode="overwrite", retract=tuple(words(world, "different")))
    assert taken_back(world, batch) == [("parted", "undone")]
    for merged in (first, second):
        unmerge.undo(world.ports, merged, ME)
    world.work()
    settled(world)
    assert members(world, one) == {one}
    assert not words(world, "different")


def test_a_sitting_with_a_split_is_undone_whole(world: World) -> None:
    one, two, other = three(world)
    before = portrait(world)
    joined(world, one, two)
    parted(world, two, to=other)
    joined(world, one, two, retract=tuple(words(world, "different")))
    meant = foreseen(world, SITTING)
    assert [m["state"] for m in meant] == ["to_undo"] * 4
    counts = undone_all(world, SITTING)
    world.work()
    settled(world)
    assert counts == {"batches": 3, "undone": 4}
    assert portrait(world) == before


def test_a_split_that_was_undone_half_way_does_not_go_on(world: World) -> None:
    names = [str(n) for n in range(10, 23)]
    for name in names:
        world.clock.tick(seconds=1)
        world.tell("crm", name, given_name="Ola")
    ids = tuple(born("crm", name) for name in names)
    merge.merge(world.ports, Order(ids, "merge", "", ME))
    world.work()
    before = portrait(world)
    wish = Parting(ids[0], ids[:1], ME, "k")
    status, answer = split.split(world.ports, wish)
    assert status == 202
    job = answer["job"]
    world.queues.waiting.clear()
    dying = replace(world, items=wrap(world.items, "items", Tape({200: Fault.CRASH_BEFORE})))
    with pytest.raises(Crash):
        work_jobs.work_job(dying.ports, job, unlimited)
    assert {i["outcome"] for i in shown(world, job)} == {"held", "parted"}
    undone(world, job)
    assert portrait(world) == before
    world.clock.tick(seconds=600)
    world.work()
    settled(world)
    assert portrait(world) == before
    with pytest.raises(ConflictError) as refused:
        split.split(world.ports, wish)
    assert refused.value.kind == "undone"
    assert undo_batches.undo(world.ports, job, ME)[0] == 200
