"""What a partner and we changed both is one question, whose answer holds."""

from collections.abc import Iterator

import pytest

from chalicelib.domain.errors import ConflictError, NotFoundError, StaleError
from chalicelib.flow.conflicting import inbox
from chalicelib.flow.conflicting.answer import Answer, answer
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import read
from chalicelib.flow.telling.health import health
from chalicelib.flow.telling.targets import put_target
from chalicelib.flow.undoing import undo_batches
from tests.connectors.conflicting import (
    STEWARD,
    asked,
    asking,
    both_change,
    owned,
    reply,
    since_start,
    tell,
    there,
    title,
)
from tests.connectors.test_partners import hubspot, turn
from tests.support import mailing
from tests.support.scenes import born
from tests.support.world import World


@pytest.fixture
def world() -> Iterator[World]:
    """Who decides on the job title is asked."""
    yield from asking()


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
        answer(world.ports, item["id"], Answer("ours", STEWARD, before["etag"]))


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
    said = Answer("ours", STEWARD, item["etag"])
    first = answer(world.ports, item["id"], said)
    assert answer(world.ports, item["id"], said) == first
    with pytest.raises(ConflictError) as refused:
        answer(world.ports, item["id"], Answer("theirs", STEWARD, item["etag"]))
    assert refused.value.kind == "already_decided"
    with pytest.raises(NotFoundError):
        answer(world.ports, "hubspot.nobody.nothing", said)


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


def test_a_bounce_answers_no_question_about_the_address() -> None:
    """What is told of an address there comes along with the addresses that are asked about."""
    made = mailing.mailing(audience="filter")
    settings = {"name": "", "audience": "filter", "guard": None, "consent": mailing.GATE}
    put_target(made.ports, "mc", mailing.mailchimp_of(settings | {"owners": {"emails": "ask"}}))
    made.source("mc", kind="mailchimp", automatic_merge=False)
    mailing.tell(made, mailing.person(1))
    turn(made)
    mailchimp = made.sender.standins[mailing.MAILCHIMP]
    (member,) = mailchimp.records.values()
    mailchimp.edit(member.contact_id, email="theirs@example.org")
    made.call("crm", [mailing.person(1, since_start(made), emails=["ours@example.org"])])
    turn(made)
    mailchimp.clean(member.contact_id)
    turn(made)
    shown = read.contact(made.ports, born("crm", "1"))[0]["emails"]
    assert [item["field"] for item in asked(made)] == ["emails"]
    assert [e["address"] for e in shown] == ["ours@example.org"]
