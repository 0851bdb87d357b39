"""What a partner and we changed both is one question, whose answer holds and can be a rule."""

import logging
from typing import Any

import pytest

from chalicelib.domain.errors import ConflictError, InvalidError, NotFoundError, StaleError
from chalicelib.domain.sources import Owner, Target
from chalicelib.flow import registry
from chalicelib.flow.conflicting import inbox
from chalicelib.flow.conflicting.answer import Answer, answer
from chalicelib.flow.editing import edit
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import read
from chalicelib.flow.telling import accounts
from chalicelib.flow.telling.health import health
from chalicelib.flow.telling.targets import put_target
from chalicelib.flow.undoing import undo_batches
from tests.connectors.test_partners import BASE, EWA, hubspot, turn
from tests.standins.hubspot import HubSpot
from tests.standins.wire import Wire
from tests.support.checks import fsck
from tests.support.scenes import born
from tests.support.world import START, World

Json = dict[str, Any]
STEWARD = "key:ewa"


@pytest.fixture
def world() -> Any:
    """A CRM that only tells, and HubSpot both ways; who decides on the job title is asked."""
    made = World()
    standin = HubSpot(made.clock)
    made.sender = Wire({BASE: standin})
    made.source("crm", trust=60)
    made.source("hubspot", kind="hubspot", trust=50)
    made.target("hubspot", kind="hubspot", url="", fields=(), owners={"job_title": "ask"})
    accounts.put_access(made.ports, "hubspot", {"token": "pat-1"})
    tell(made)
    turn(made)
    yield made
    assert standin.broken == []
    fsck(made)


def owned(world: World, **owners: Owner) -> None:
    settings = {"name": "hubspot", "kind": "hubspot", "url": "", "owners": owners}
    registry.register(world.ports, Target, "hubspot", settings | {"fields": ()})


def tell(world: World, **fields: Any) -> str:
    """The CRM tells of her, now."""
    world.clock.tick(seconds=1)
    world.tell("crm", "ewa", since_start(world), **EWA | fields)
    return born("crm", "ewa")


def since_start(world: World) -> int:
    return int((world.clock() - START).total_seconds())


def there(world: World) -> tuple[str, dict[str, str]]:
    ((remote, record),) = hubspot(world).records.items()
    return remote, record


def both_change(world: World, theirs: str = "dyrektor", ours: str = "prezes") -> None:
    """Neither knows of the other's."""
    hubspot(world).edit(there(world)[0], jobtitle=theirs)
    tell(world, job_title=ours)
    turn(world)


def asked(world: World, state: str = "open") -> list[Json]:
    items: list[Json] = inbox.conflicts(world.ports, "", state, None, 25)["items"]
    return items


def reply(world: World, take: Any, *, remember: bool = False, by: str = STEWARD) -> None:
    (item,) = asked(world)
    answer(world.ports, item["id"], Answer(take, by, remember, item["etag"]))
    turn(world)


def title(world: World) -> str:
    shown: str = read.contact(world.ports, born("crm", "ewa"))[0]["job_title"]
    return shown


def test_what_only_one_side_changed_is_no_question(world: World) -> None:
    hubspot(world).edit(there(world)[0], jobtitle="dyrektor")
    turn(world)
    assert asked(world) == []
    tell(world, job_title="prezes")
    turn(world)
    assert asked(world) == [] and there(world)[1]["jobtitle"] == "prezes"


def test_what_both_changed_is_asked_once_and_stays_on_both_sides(world: World) -> None:
    both_change(world)
    (item,) = asked(world)
    assert (item["field"], item["theirs"]["value"], item["ours"]["value"]) == (
        "job_title",
        "dyrektor",
        "prezes",
    )
    shown, etag = inbox.show(world.ports, item["id"])
    assert shown["ours"]["source"] == "crm" and etag == item["etag"]
    assert (title(world), there(world)[1]["jobtitle"]) == ("prezes", "dyrektor")
    assert health(world.ports, "hubspot")["conflicts"]["count"] == 1


def test_the_other_fields_go_on_as_usual(world: World) -> None:
    both_change(world)
    tell(world, job_title="prezes", organization="Lis SA")
    hubspot(world).edit(there(world)[0], phone="+48600100200")
    turn(world)
    assert there(world)[1]["company"] == "Lis SA"
    assert there(world)[1]["jobtitle"] == "dyrektor"
    shown = read.contact(world.ports, born("crm", "ewa"))[0]
    assert shown["phones"] == [{"number": "+48600100200"}] and len(asked(world)) == 1


def test_newer_words_of_either_side_are_in_the_question(world: World) -> None:
    both_change(world)
    (before,) = asked(world)
    hubspot(world).edit(there(world)[0], jobtitle="szef")
    turn(world)
    tell(world, job_title="dozorca")
    turn(world)
    (item,) = asked(world)
    assert (item["theirs"]["value"], item["ours"]["value"]) == ("szef", "dozorca")
    assert item["id"] == before["id"] and item["etag"] != before["etag"]
    with pytest.raises(StaleError):
        answer(world.ports, item["id"], Answer("ours", STEWARD, etag=before["etag"]))


@pytest.mark.parametrize("who", ["they", "we"])
def test_sides_that_agree_close_it(world: World, who: str) -> None:
    both_change(world)
    if who == "they":
        hubspot(world).edit(there(world)[0], jobtitle="prezes")
    else:
        tell(world, job_title="dyrektor")
    turn(world)
    assert asked(world) == [] and there(world)[1]["jobtitle"] == title(world)


def test_ours_is_put_there(world: World) -> None:
    both_change(world)
    reply(world, "ours")
    assert (title(world), there(world)[1]["jobtitle"]) == ("prezes", "prezes")
    (item,) = asked(world, "answered")
    assert item["answer"]["take"] == "ours" and item["answer"]["by"] == STEWARD


def test_theirs_lasts_against_other_sources_and_can_be_taken_back(world: World) -> None:
    both_change(world)
    reply(world, "theirs")
    assert (title(world), there(world)[1]["jobtitle"]) == ("dyrektor", "dyrektor")
    tell(world, job_title="dozorca")
    turn(world)
    assert (title(world), there(world)[1]["jobtitle"]) == ("dyrektor", "dyrektor")
    (item,) = asked(world, "answered")
    undo_batches.undo(world.ports, item["answer"]["batch"], STEWARD)
    turn(world)
    assert (title(world), there(world)[1]["jobtitle"]) == ("dozorca", "dozorca")


def test_an_answer_is_given_once(world: World) -> None:
    both_change(world)
    (item,) = asked(world)
    said = Answer("ours", STEWARD, etag=item["etag"])
    first = answer(world.ports, item["id"], said)
    assert answer(world.ports, item["id"], said) == first
    with pytest.raises(ConflictError) as refused:
        answer(world.ports, item["id"], Answer("theirs", STEWARD, etag=item["etag"]))
    assert refused.value.kind == "already_decided"
    with pytest.raises(NotFoundError):
        answer(world.ports, "hubspot.nobody.nothing", said)


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


def test_no_owner_overrules_a_person(world: World) -> None:
    owned(world, job_title="theirs")
    etag = read.contact(world.ports, born("crm", "ewa"))[1]
    edit.edit(world.ports, Seen(born("crm", "ewa"), etag, STEWARD, "k"), {"job_title": "prezes"})
    hubspot(world).edit(there(world)[0], jobtitle="dyrektor")
    turn(world)
    assert (title(world), there(world)[1]["jobtitle"]) == ("prezes", "prezes")


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


def test_of_a_list_theirs_come_first_and_what_it_cannot_show_stays(world: World) -> None:
    owned(world, phones="ask")
    numbers = ["+48600100201", "+48600100202", "+48600100203"]
    tell(world, phones=numbers)
    turn(world)
    hubspot(world).edit(there(world)[0], phone="+48600100209")
    tell(world, phones=["+48600100204", *numbers[1:]])
    turn(world)
    reply(world, "theirs")
    shown = read.contact(world.ports, born("crm", "ewa"))[0]["phones"]
    assert [p["number"] for p in shown] == ["+48600100209", "+48600100202", "+48600100203"]
    assert there(world)[1]["phone"] == "+48600100209"


def test_who_is_deleted_there_is_asked_about_no_more(world: World) -> None:
    both_change(world)
    (item,) = asked(world)
    hubspot(world).delete(there(world)[0])
    tell(world, job_title="dozorca", given_name="Ewelina")
    turn(world)
    assert asked(world) == []
    assert inbox.show(world.ports, item["id"])[0]["state"] == "ended"


def test_a_question_outlives_a_merge_and_its_undo(world: World) -> None:
    world.tell("crm", "eva", 0, given_name="Eva", emails=["eva@example.org"])
    both_change(world)
    (item,) = asked(world)
    ewa, eva = born("crm", "ewa"), born("crm", "eva")
    joined = merge.merge(world.ports, Order((eva, ewa), "merge", "", STEWARD))[1]["id"]
    turn(world)
    assert [i["id"] for i in asked(world)] == [item["id"]]
    unmerge.undo(world.ports, joined, STEWARD)
    turn(world)
    reply(world, "theirs")
    assert title(world) == "dyrektor"


@pytest.mark.parametrize("take", ["ours", "theirs"])
def test_an_answer_reaches_whom_the_link_is_lent_to(world: World, take: str) -> None:
    settings = {"url": "", "fields": (), "filter": "role:customer", "owners": {"job_title": "ask"}}
    world.target("hubspot", kind="hubspot", **settings)
    world.tell("crm", "old", 0, given_name="Iga", roles=["supplier"])
    world.clock.tick(seconds=1)
    world.tell("crm", "new", 0, given_name="Ida", roles=["customer"], job_title="szef")
    turn(world)
    old, new = born("crm", "old"), born("crm", "new")
    (remote,) = (i for i, r in hubspot(world).records.items() if r["kartoteka_id"] == new)
    hubspot(world).edit(remote, jobtitle="dyrektor")
    later = {"given_name": "Ida", "roles": ["customer"], "job_title": "prezes"}
    world.tell("crm", "new", since_start(world), **later)
    turn(world)
    merge.merge(world.ports, Order((old, new), "merge", "", STEWARD))
    turn(world)
    assert [item["contact_id"] for item in asked(world)] == [old]
    reply(world, take)
    wanted = {"ours": "prezes", "theirs": "dyrektor"}[take]
    assert hubspot(world).records[remote]["jobtitle"] == wanted
    assert read.contact(world.ports, old)[0]["job_title"] == wanted
    assert len(hubspot(world).records) == 2


def test_the_inbox_comes_in_pages(world: World) -> None:
    owned(world, job_title="ask", organization="ask")
    hubspot(world).edit(there(world)[0], jobtitle="dyrektor", company="Lis SA")
    tell(world, job_title="prezes", organization="Lis i syn")
    turn(world)
    found, after = [], None
    while True:
        page = inbox.conflicts(world.ports, "hubspot", "open", after, 1)
        found += [item["field"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert sorted(found) == ["job_title", "organization"]


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
