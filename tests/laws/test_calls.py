"""Law 3 at the door: a call has its effects once, and one id means one body."""

from itertools import pairwise
from typing import Any

import pytest

from chalicelib.domain.errors import BusyError, ConflictError
from chalicelib.flow.intake import receive
from tests.support.calls import wrap
from tests.support.checks import fsck
from tests.support.faults import Tape
from tests.support.world import World, outcomes, record


@pytest.fixture
def world() -> World:
    made = World()
    made.source("crm")
    return made


PEOPLE = [record(str(n), n, given_name="Jan", job_title=f"title {n}") for n in range(4)]


def test_the_same_call_again_answers_the_same_and_changes_nothing(world: World) -> None:
    given: list[Any] = [*PEOPLE, {"external_id": "5"}, PEOPLE[0], PEOPLE[1] | {"job_title": "x"}]
    first = world.call("crm", given, message_id="m")
    before = world.items.snapshot()
    world.call("crm", PEOPLE[:1], "contact.deleted", message_id="other")
    after = world.items.snapshot()
    assert world.call("crm", given, message_id="m") == first
    assert world.items.snapshot() == after != before
    assert outcomes(first)[:4] == ["created"] * 4
    fsck(world)


@pytest.mark.parametrize("other", [PEOPLE[:1], PEOPLE, [PEOPLE[3]]])
def test_the_same_id_with_another_body_is_refused_and_stores_nothing(
    world: World, other: list[Any]
) -> None:
    world.call("crm", PEOPLE[:2], message_id="m")
    before = world.items.snapshot()
    with pytest.raises(ConflictError):
        world.call("crm", other, message_id="m")
    assert world.items.snapshot() == before


def test_a_call_that_runs_out_of_time_is_finished_by_its_repetition(world: World) -> None:
    body = b'{"type": "contact.upserted", "data": [%s]}' % b", ".join(
        b'{"external_id": "%d", "occurred_at": "2026-11-21T12:00:00Z"}' % n for n in range(5)
    )
    headers = world.signed("crm", body, "m")
    left = iter([9000, 9000, 1000])
    with pytest.raises(BusyError):
        receive.receive(world.ports, "crm", headers, body, lambda: next(left))
    stored = len(world.items.snapshot())
    answer = receive.receive(world.ports, "crm", headers, body, lambda: 9000)
    assert outcomes(answer["results"]) == ["created"] * 5
    assert len(world.items.snapshot()) > stored
    fsck(world)


def test_the_first_thing_written_is_the_call_then_one_transaction_a_record(world: World) -> None:
    tape = Tape()
    seen = World(items=wrap(world.items, "items", tape), secrets=world.secrets)
    seen.call("crm", PEOPLE)
    written = [call.written for call in tape.calls if call.writes]
    assert [key.sk for key in written[0]] == ["HEAD"]
    assert len(written) == 1 + len(PEOPLE)
    for keys, following in pairwise(written[1:]):
        assert not {k.pk for k in keys if k.pk[0] in "RC"} & {k.pk for k in following}
