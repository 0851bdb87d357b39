"""An activation: what it skips, what it leaves, who says so, and how often it may be ordered."""

import pytest

from chalicelib.domain.errors import ConflictError, InvalidError, NotFoundError
from chalicelib.domain.matching import MODEL
from chalicelib.flow import jobs
from chalicelib.flow.merging import merge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import lists
from chalicelib.flow.ruling import activate, deactivate, models, rehearse
from tests.laws.rehearsing import (
    JAN,
    ME,
    activated,
    changed,
    listed,
    members,
    rehearsed,
    twins,
    undone,
)
from tests.support.checks import fsck, settled
from tests.support.scenes import born, judged, replies
from tests.support.state import read


def test_a_finding_whose_contacts_changed_is_skipped() -> None:
    world = twins()
    version = changed(world, same=100_000)
    rehearsal = rehearsed(world, version)
    world.tell("crm", "0", 9, **JAN, job_title="kowal")
    batch = activated(world, version, rehearsal)
    (finding,) = listed(world, batch)
    assert finding["outcome"] == {"state": "skipped", "reason": "changed"}
    assert len(members(world)) == 1
    assert jobs.job(world.ports, batch).result["findings"] == {"skipped": 1}


def test_what_another_batch_did_already_is_skipped_and_not_undone_twice() -> None:
    world = twins()
    version = changed(world, same=100_000)
    one, other = (rehearsed(world, version) for _ in range(2))
    activated(world, version, one)
    second = activated(world, version, other)
    assert jobs.job(world.ports, second).result["findings"] == {"skipped": 1}
    world.work()
    undone(world, second)
    assert len(members(world)) == 2
    settled(world)


def test_parting_by_a_model_leaves_no_word_that_forbids() -> None:
    world = twins()
    version = changed(world, same=100_000)
    activated(world, version, rehearsed(world, version))
    world.work()
    state = read(world.items.snapshot())
    assert {d.judgement.verdict for d in state.decisions.values()} == {"same", "unsure"}
    replies(judged(state, "unsure"), "same")(world)
    assert len(members(world)) == 1


def test_what_an_undo_parts_binds_the_machine_alone() -> None:
    world = twins()
    strict = changed(world, same=100_000)
    activated(world, strict, rehearsed(world, strict))
    world.work()
    batch = activated(world, MODEL.version, rehearsed(world, MODEL.version))
    world.work()
    assert len(members(world)) == 1
    undone(world, batch)
    world.work()
    assert lists.judgements(world.ports, None, 9)["items"] == [], "nobody looked at each pair"
    state = read(world.items.snapshot())
    assert state.decisions[judged(state, "different")].judgement.by == f"model:{MODEL.version}"
    assert models.active(world.ports).version == strict
    merge.merge(world.ports, Order((born("crm", "0"), born("erp", "1")), "merge", "", ME))
    world.work()
    settled(world)
    assert len(members(world)) == 1


def test_the_machine_does_not_undo_the_undo_of_a_re_judging_by_the_same_model() -> None:
    world = twins()
    world.source("crm", automatic_merge=False)
    strict = changed(world, same=100_000)
    first = activated(world, strict, rehearsed(world, strict))
    world.work()
    second = activated(world, MODEL.version, rehearsed(world, MODEL.version))
    undone(world, second)
    apart = members(world)
    for at in (10, 11):
        world.tell("erp", "1", at, **JAN, tags=[str(at)], job_title=str(at))
        world.work()
    assert members(world) == apart
    undone(world, first)
    world.work()
    assert len(members(world)) == 1, "what a model parted is joined again by the undo"
    settled(world)


def test_everything_that_a_model_does_is_said_by_it() -> None:
    world = twins()
    version = changed(world, same=100_000)
    batch = activated(world, version, rehearsed(world, version))
    state = read(world.items.snapshot())
    made = [v for chain in state.versions.values() for v in chain if v.batch == batch]
    assert made and {v.cause.by for v in made} == {f"model:{version}"}


def test_one_batch_is_undone_after_the_other_and_each_order_may_be_repeated() -> None:
    world = twins()
    version = changed(world, same=100_000)
    rehearsal = rehearsed(world, version)
    first = activated(world, version, rehearsal)
    assert activate.activate(world.ports, version, rehearsal).id == first
    world.work()
    second = activated(world, MODEL.version, rehearsed(world, MODEL.version))
    with pytest.raises(ConflictError) as refused:
        deactivate.undo(world.ports, first, ME)
    assert refused.value.extra["batch"] == second
    assert undone(world, second) == undone(world, second)
    undone(world, first)
    with pytest.raises(ConflictError):
        activate.activate(world.ports, version, rehearsal)
    fsck(world)


def test_what_is_no_finished_rehearsal_of_the_version_is_not_activated() -> None:
    world = twins()
    version = changed(world, same=100_000)
    other = rehearsed(world, MODEL.version)
    for named in ("nothing", other):
        with pytest.raises(InvalidError):
            activate.activate(world.ports, version, named)
    open_one = rehearse.rehearse(world.ports, version)
    with pytest.raises(ConflictError):
        activate.activate(world.ports, version, open_one.id)
    with pytest.raises(NotFoundError):
        deactivate.undo(world.ports, other, ME)
    assert models.active(world.ports) is MODEL
