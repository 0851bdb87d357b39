"""The job that checks the whole store: interrupted, sampled, asked for badly."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.domain.errors import InvalidError
from chalicelib.domain.model import digest
from chalicelib.flow import jobs, work_jobs
from chalicelib.flow.checking import fsck
from chalicelib.flow.checking.examine import examine
from chalicelib.flow.intake import receive
from chalicelib.flow.ruling import findings
from chalicelib.store import keys
from chalicelib.store.ports import Delete, Set
from tests.support.scenes import born
from tests.support.world import World, record, unlimited

PAGES = 3


@pytest.fixture
def peopled(world: World) -> World:
    """More contacts than a page holds."""
    for n in range(12):
        world.tell("crm", str(n), given_name=f"Name{n}", family_name=f"Wrona{n}")
    world.work()
    return world


def ends(world: World, job: str, remaining_ms: Callable[[], int] = unlimited) -> int:
    """Hand the job to a worker until it has ended; how often."""
    for turn in range(1, 1_000):
        work_jobs.work_job(world.ports, job, remaining_ms)
        if jobs.job(world.ports, job).state == "done":
            return turn
    raise AssertionError("it never ends")


def briefly() -> Callable[[], int]:
    """Time for one page."""
    left = iter((900_000, 0) * 1_000)
    return lambda: next(left)


def torn(world: World) -> None:
    world.items.write([Set(keys.record(born("crm", "3")), {"fields": {}})])
    world.items.write([Delete(keys.index_list(born("crm", "4"), "search"))])


def test_it_goes_on_where_it_was_interrupted(peopled: World) -> None:
    torn(peopled)
    whole = fsck.fsck(peopled.ports, mend=False, sample=None)
    assert ends(peopled, whole.id) == 1
    pieces = fsck.fsck(peopled.ports, mend=True, sample=None)
    assert ends(peopled, pieces.id, briefly()) > PAGES
    results = [jobs.job(peopled.ports, job.id).result for job in (whole, pieces)]
    assert results[0]["found"]["record_not_folded"] == 1
    assert results[0]["found"].keys() <= results[1]["found"].keys()
    assert results[1]["left"] == {}


def test_findings_say_what_became_of_them(peopled: World) -> None:
    torn(peopled)
    for mend, outcome in ((False, None), (True, "mended")):
        job = fsck.fsck(peopled.ports, mend=mend, sample=None)
        ends(peopled, job.id)
        page = findings.findings(peopled.ports, job.id, None, 100)
        assert page["items"]
        assert {f["outcome"] for f in page["items"]} == {outcome}
        assert all("Wrona" not in str(f) and "crm" not in str(f) for f in page["items"])


def test_a_sample_looks_at_as_many_as_were_asked_for(peopled: World) -> None:
    job = fsck.fsck(peopled.ports, mend=False, sample=5)
    ends(peopled, job.id)
    assert jobs.job(peopled.ports, job.id).result == {"looked": 15, "found": {}}


def test_the_daily_sample_rings_for_each_fault(
    peopled: World, caplog: pytest.LogCaptureFixture
) -> None:
    assert fsck.fsck_sample(peopled.ports) == 0
    assert "fsck_fault" not in caplog.text
    torn(peopled)
    before = peopled.items.snapshot()
    caplog.set_level(logging.ERROR)
    assert fsck.fsck_sample(peopled.ports) > 0
    assert '{"fsck_fault": "record_not_folded"' in caplog.text
    assert peopled.items.snapshot() == before
    ends(peopled, fsck.fsck(peopled.ports, mend=True, sample=None).id)


def test_a_call_whose_header_was_lost_is_answered_as_before(world: World) -> None:
    """Nobody knows its body any more; what it did is known."""
    body = json.dumps({"type": "contact.upserted", "data": [record("1", given_name="Jan")]})

    def call() -> object:
        headers = world.signed("crm", body.encode(), "known")
        return receive.receive(world.ports, "crm", headers, body.encode(), unlimited)

    first = call()
    header = keys.batch(digest("call", "crm", "known"))
    before = world.items.get(header)
    world.items.write([Delete(header)])
    ends(world, fsck.fsck(world.ports, mend=True, sample=None).id)
    after = world.items.get(header)
    assert {n: after[n] for n in ("kind", "by", "lane")} == {
        n: before[n] for n in ("kind", "by", "lane")
    }
    assert call() == first


def test_a_sample_is_not_mended(world: World) -> None:
    with pytest.raises(InvalidError):
        fsck.fsck(world.ports, mend=True, sample=5)


def test_what_another_writer_is_at_is_no_fault(peopled: World) -> None:
    """It is seen once, and the second time it is as it should be."""
    name = keys.record(born("crm", "3"))
    whole = peopled.items.get(name)
    torn(peopled)

    def heal(_: float) -> None:
        peopled.items.write([Set(name, {"fields": whole["fields"]})])

    ports = replace(peopled.ports, pause=heal)
    row = peopled.items.get(keys.head(born("crm", "3")))
    assert examine(ports, "contacts", row) == []
    ends(peopled, fsck.fsck(peopled.ports, mend=True, sample=None).id)
