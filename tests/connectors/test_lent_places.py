"""A place at a partner that a merge lent: what is said and known there is the survivor's."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.domain.consents import standing
from chalicelib.domain.sources import Owner, Target
from chalicelib.domain.times import text
from chalicelib.flow import registry
from chalicelib.flow.merging import merge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import read
from chalicelib.flow.rehearsing.foresee import foresee
from tests.connectors.conflicting import STEWARD, asked, asking, since_start
from tests.connectors.test_partners import hubspot, turn, writes
from tests.support import mailing
from tests.support.scenes import born
from tests.support.world import World


@pytest.fixture
def world() -> Iterator[World]:
    """Who decides on the job title is asked."""
    yield from asking()


def lent(world: World, owner: Owner) -> str:
    """The place there of Ida, which is old Iga's by now, whom the target might not have."""
    settings = {"url": "", "fields": (), "filter": "role:customer", "owners": {"job_title": owner}}
    world.target("hubspot", kind="hubspot", **settings)
    world.tell("crm", "old", 0, given_name="Iga", roles=["supplier"])
    world.clock.tick(seconds=1)
    ida = {"given_name": "Ida", "roles": ["customer"]}
    world.tell("crm", "new", since_start(world), **ida, job_title="szef")
    turn(world)
    old, new = born("crm", "old"), born("crm", "new")
    (remote,) = (i for i, r in hubspot(world).records.items() if r["kartoteka_id"] == new)
    merge.merge(world.ports, Order((old, new), "merge", "", STEWARD))
    turn(world)
    return remote


@pytest.mark.parametrize("owner", ["ours", "rules"])
def test_what_loses_in_a_lent_place_is_put_right_once(world: World, owner: Owner) -> None:
    remote = lent(world, owner)
    hubspot(world).edit(remote, jobtitle="dyrektor")
    sent = writes(world)
    turn(world, 5)
    shown = read.contact(world.ports, born("crm", "old"))[0]
    assert hubspot(world).records[remote]["jobtitle"] == shown["job_title"] == "szef"
    assert writes(world) == sent + 1


def test_what_a_lent_place_has_is_known_after_the_merge(world: World) -> None:
    remote = lent(world, "ask")
    hubspot(world).edit(remote, jobtitle="dyrektor")
    turn(world)
    assert asked(world) == [] and hubspot(world).records[remote]["jobtitle"] == "szef"


def test_a_rehearsal_knows_what_is_asked_of_a_lent_place(world: World) -> None:
    remote = lent(world, "ask")
    hubspot(world).edit(remote, jobtitle="dyrektor")
    ida = {"given_name": "Ida", "roles": ["customer"], "job_title": "prezes"}
    world.tell("crm", "new", since_start(world), **ida)
    turn(world)
    sight = foresee(
        world.ports, registry.registered(world.ports, Target, "hubspot"), born("crm", "old")
    )
    assert len(asked(world)) == 1
    assert sight and sight.foreseen.task == "leave"


def test_a_place_that_is_lent_withdraws_no_consent() -> None:
    """She left there and came back here: there, she stays as she is."""
    world = mailing.mailing(audience="filter", filter="-role:supplier", consent=None)
    world.source("mc", kind="mailchimp", automatic_merge=False)
    old: dict[str, Any] = {"consents": [], "emails": ["old@example.org"]}
    mailing.tell(world, mailing.person(2, **old, roles=["supplier"]))
    world.clock.tick(minutes=1)
    mailing.tell(world, mailing.person(1))
    mailchimp = world.sender.standins[mailing.MAILCHIMP]
    (member,) = mailchimp.records.values()
    mailchimp.writing.set_status(mailchimp.members.find(member.contact_id), "unsubscribed", "user")
    turn(world)
    opted = mailing.GRANTED | {"proof": "form 7", "occurred_at": text(world.clock())}
    mailing.tell(world, mailing.person(1, since_start(world), consents=[opted]))
    turn(world)
    world.call("crm", [mailing.person(2, since_start(world), **old)])
    pair = born("crm", "1"), born("crm", "2")
    merge.merge(world.ports, Order(pair, "merge", "", STEWARD))
    turn(world)
    consents = read.contact(world.ports, pair[0])[0]["consents"]
    assert standing(consents, "newsletter", "email") == "granted"


def test_its_own_form_of_what_was_sent_to_a_lent_place_is_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It writes titles in capitals: were that put right, it would be for ever."""
    remote, kept = lent(world, "ours"), hubspot(world).contacts.update

    def shouting(contact: Any, properties: dict[str, str], by: str) -> Any:
        return kept(
            contact, {n: v.upper() if n == "jobtitle" else v for n, v in properties.items()}, by
        )

    monkeypatch.setattr(hubspot(world).contacts, "update", shouting)
    hubspot(world).edit(remote, jobtitle="dyrektor")
    turn(world)
    sent = writes(world)
    turn(world)
    assert hubspot(world).records[remote]["jobtitle"] == "SZEF"
    assert writes(world) == sent
