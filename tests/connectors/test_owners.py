"""A rule for a field answers without asking; a person stands above it, and a flip ends it."""

import logging
from collections.abc import Iterator

import pytest

from chalicelib.domain.errors import InvalidError
from chalicelib.domain.sources import Target
from chalicelib.flow import registry
from chalicelib.flow.editing import edit
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.reading import read
from chalicelib.flow.telling.targets import put_target
from tests.connectors.conflicting import (
    STEWARD,
    asked,
    asking,
    both_change,
    owned,
    reply,
    tell,
    there,
    title,
)
from tests.connectors.test_partners import hubspot, turn
from tests.support.scenes import born
from tests.support.world import World


@pytest.fixture
def world() -> Iterator[World]:
    """Who decides on the job title is asked."""
    yield from asking()


@pytest.mark.parametrize("take", ["theirs", "ours"])
def test_an_answer_becomes_a_rule(world: World, take: str) -> None:
    both_change(world)
    reply(world, take, remember=True)
    owners = registry.registered(world.ports, Target, "hubspot").owners
    assert owners == {"job_title": take}
    both_change(world, "szef", "dozorca")
    assert asked(world) == []
    assert there(world)[1]["jobtitle"] == title(world)


def test_the_owner_wins_and_goes_on_winning(world: World) -> None:
    owned(world, job_title="theirs")
    both_change(world)
    assert (title(world), there(world)[1]["jobtitle"]) == ("dyrektor", "dyrektor")
    (item,) = asked(world, "answered")
    assert item["answer"]["by_rule"] and item["answer"]["take"] == "theirs"
    provenance = read.contact(world.ports, born("crm", "ewa"))[0]["provenance"]["job_title"]
    assert (provenance["rule"], provenance["source"]) == ("owner:hubspot", "hubspot")
    hubspot(world).edit(there(world)[0], jobtitle="szef")
    turn(world)
    assert (title(world), there(world)[1]["jobtitle"]) == ("szef", "szef")


@pytest.mark.parametrize("known_there", [True, False])
def test_no_owner_overrules_a_person(world: World, known_there: bool) -> None:
    owned(world, job_title="theirs")
    etag = read.contact(world.ports, born("crm", "ewa"))[1]
    edit.edit(world.ports, Seen(born("crm", "ewa"), etag, STEWARD, "k"), {"job_title": "prezes"})
    if known_there:
        turn(world)
    hubspot(world).edit(there(world)[0], jobtitle="dyrektor")
    turn(world)
    assert (title(world), there(world)[1]["jobtitle"]) == ("prezes", "prezes")
    assert len(asked(world, "answered")) == (not known_there)


@pytest.mark.parametrize(("first", "wins"), [("ours", "dyrektor"), ("theirs", "prezes")])
def test_the_newest_wins(world: World, first: str, wins: str) -> None:
    owned(world, job_title="newest")
    acts = {
        "ours": lambda: tell(world, job_title="prezes"),
        "theirs": lambda: hubspot(world).edit(there(world)[0], jobtitle="dyrektor"),
    }
    for act in (first, *(acts.keys() - {first})):
        world.clock.tick(minutes=5)
        acts[act]()
    turn(world)
    assert (title(world), there(world)[1]["jobtitle"]) == (wins, wins)
    tell(world, job_title="dozorca")
    turn(world)
    assert (title(world), there(world)[1]["jobtitle"]) == ("dozorca", "dozorca")


@pytest.mark.parametrize(("field", "code"), [("shoe_size", "unknown_field"), ("consents", "fact")])
def test_what_it_cannot_own_is_refused(world: World, field: str, code: str) -> None:
    settings = {"kind": "hubspot", "url": "", "fields": (), "owners": {field: "theirs"}}
    with pytest.raises(InvalidError) as refused:
        put_target(world.ports, "hubspot", settings)
    assert [(e.pointer, e.code) for e in refused.value.errors] == [(f"/owners/{field}", code)]


def test_what_goes_there_and_back_is_left_alone_and_asked(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    owned(world)
    remote, _ = there(world)
    for _ in range(5):
        world.clock.tick(seconds=20)
        hubspot(world).edit(remote, jobtitle="robot")
        world.clock.tick(seconds=20)
        world.listen()
        world.drain("match", "fan-out", "deliver")
    assert there(world)[1]["jobtitle"] == "robot"
    (item,) = asked(world)
    assert item["why"] == "flipping" and title(world) == "kierownik"
    (line,) = [r.getMessage() for r in caplog.records if "flipping" in r.getMessage()]
    assert "robot" not in line and caplog.records[-1].levelno >= logging.WARNING
    turn(world)
    assert there(world)[1]["jobtitle"] == "robot"
    reply(world, "ours")
    assert there(world)[1]["jobtitle"] == "kierownik" and asked(world) == []
