"""Mailchimp and SendGrid as targets, through the life of contacts and of their consent."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.domain.errors import InvalidError
from chalicelib.domain.mapping.apply import Mapper
from chalicelib.domain.mapping.catalogue import mapper_of
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import read
from chalicelib.flow.telling import accounts
from tests.connectors.rig_mailchimp import URL
from tests.standins.mailchimp import Mailchimp
from tests.standins.sendgrid import SendGrid
from tests.standins.wire import Wire
from tests.support.scenes import born
from tests.support.world import World

EMAIL = "ewa@example.org"
EWA: dict[str, Any] = {"given_name": "Ewa", "emails": [EMAIL]}
GATE = {"purpose": "newsletter", "channel": "email", "unless": "withdrawn"}
ENDED = {"purpose": "newsletter", "channel": "email", "status": "withdrawn"}


@pytest.fixture
def world() -> Iterator[World]:
    """A source, and both systems as targets of customers who did not withdraw."""
    made = World()
    standins: dict[str, Any] = {
        URL: Mailchimp(made.clock),
        "https://api.sendgrid.com": SendGrid(made.clock),
    }
    made.sender = Wire(standins)
    made.source("crm")
    shared = {"fields": (), "filter": "role:customer", "consent": GATE}
    new = {"list": "a6b5da1054", "new": "subscribed"}
    made.target("mc", kind="mailchimp", url=URL, options=new, **shared)
    made.target("sg", kind="sendgrid", url="", **shared)
    accounts.put_access(made.ports, "mc", {"api_key": "key-us21"})
    accounts.put_access(made.ports, "sg", {"api_key": "SG.test"})
    yield made
    assert [s.broken for s in standins.values()] == [[], []]


def members(world: World) -> list[tuple[str, str, str]]:
    """Mailchimp's: address, given name, status."""
    there = world.sender.standins[URL].records.values()
    return [(m.email, m.merges["FNAME"], m.status) for m in there]


def contacts(world: World) -> list[tuple[str, str]]:
    """SendGrid's: address and given name."""
    there = world.sender.standins["https://api.sendgrid.com"].records.values()
    return [(c.fields.get("email", ""), c.fields.get("first_name", "")) for c in there]


def tell(world: World, name: str = "ewa", at: int = 0, **fields: Any) -> str:
    world.tell("crm", name, at, **{"roles": ["customer"], **EWA, **fields})
    waited(world)
    return born("crm", name)


def waited(world: World) -> None:
    """Until all that is asynchronous has come to its end."""
    for _ in range(5):
        world.work()
        world.clock.tick(minutes=2)
    world.work()


def test_a_contact_is_made_once_and_changed_in_its_place(world: World) -> None:
    tell(world)
    tell(world, at=1, given_name="Ewelina")
    assert members(world) == [(EMAIL, "Ewelina", "subscribed")]
    assert contacts(world) == [(EMAIL, "Ewelina")]


def test_who_was_made_by_a_job_is_known_when_they_leave(world: World) -> None:
    ewa = tell(world)
    world.source("sg", kind="sendgrid")
    world.sender.standins["https://api.sendgrid.com"].unsubscribe(EMAIL)
    world.listen()
    waited(world)
    shown, _ = read.contact(world.ports, ewa)
    assert [record["source"] for record in shown["records"]] == ["crm", "sg"]
    (said,) = shown["consents"]
    assert (said["purpose"], said["channel"], said["status"]) == tuple(ENDED.values())
    assert contacts(world) == []


def test_another_address_follows_and_leaves_no_double(world: World) -> None:
    tell(world)
    tell(world, at=1, emails=["e@new.example"])
    assert members(world) == [("e@new.example", "Ewa", "subscribed")]
    assert contacts(world) == [("e@new.example", "Ewa")]


def test_who_leaves_the_filter_is_taken_out_and_comes_back_as_before(world: World) -> None:
    tell(world)
    tell(world, at=1, roles=["supplier"])
    assert members(world) == [(EMAIL, "Ewa", "archived")] and contacts(world) == []
    tell(world, at=2)
    assert members(world) == [(EMAIL, "Ewa", "subscribed")] and contacts(world) == [(EMAIL, "Ewa")]


def test_a_withdrawal_takes_out_and_a_mere_grant_does_not_bring_back(world: World) -> None:
    tell(world)
    told = ENDED | {"occurred_at": "2026-11-21T12:00:00Z"}
    tell(world, at=1, consents=[told])
    again = told | {"status": "granted", "occurred_at": "2026-11-21T13:00:00Z"}
    tell(world, at=2, consents=[told, again])
    assert members(world) == [(EMAIL, "Ewa", "archived")] and contacts(world) == []
    tell(world, at=3, consents=[told, again | {"proof": "signed the form in the shop"}])
    assert members(world) == [(EMAIL, "Ewa", "subscribed")] and contacts(world) == [(EMAIL, "Ewa")]


def test_two_contacts_of_one_address_never_share_a_place(world: World) -> None:
    world.source("crm", automatic_merge=False)
    tell(world, "a", given_name="Adam")
    tell(world, "b", given_name="Beata")
    assert contacts(world) == [(EMAIL, "Adam")]
    assert [name for _, name, _ in members(world)] == ["Adam"]


def test_a_merge_leaves_one_and_its_undo_gives_both_back(world: World) -> None:
    eva = {"given_name": "Eva", "emails": ["eva@example.org"]}
    pair = (tell(world), tell(world, "eva", **eva))
    both = sorted(members(world)), sorted(contacts(world))
    joined = merge.merge(world.ports, Order(pair, "merge", pair[0], "admin"))[1]["id"]
    waited(world)
    assert contacts(world) == [(EMAIL, "Ewa")]
    assert sorted(status for _, _, status in members(world)) == ["archived", "subscribed"]
    unmerge.undo(world.ports, joined, "admin")
    waited(world)
    assert (sorted(members(world)), sorted(contacts(world))) == both


@pytest.mark.parametrize("on", ["PUT", "POST"])
def test_a_lost_answer_makes_no_double(world: World, on: str) -> None:
    for standin in world.sender.standins.values():
        standin.fail_next(500, after=True, on=on)
    tell(world)
    assert len(members(world)) == len(contacts(world)) == 1


RICH: dict[str, Any] = {
    "given_name": "Ż" * 200,
    "family_name": "Lis ",
    "emails": [{"address": EMAIL}, {"address": "e@home.example"}],
    "phones": [{"number": "+48600100200"}],
    "birth_date": "1984-02-29",
    "language": "pl",
    "addresses": [{"street": "Polna 1", "city": "Łódź", "country": "PL"}],
    "consents": [
        ENDED | {"status": "granted", "occurred_at": "2026-01-01T00:00:00Z"},
        ENDED | {"occurred_at": "2026-02-01T00:00:00Z"},
        ENDED | {"purpose": "offers", "occurred_at": "2026-02-01T00:00:00Z"},
    ],
}


@pytest.mark.parametrize("kind", ["mailchimp", "sendgrid"])
def test_what_comes_back_is_what_was_sent(kind: str) -> None:
    mapper = mapper_of(kind)
    assert mapper
    kept = mapper.projection(RICH)
    assert kept["consents"] == [ENDED]
    assert mapper.projection(kept) == kept
    assert mapper.outward(kept) == mapper.outward(RICH)


@pytest.mark.parametrize(
    "path",
    [
        "consents[purpose=news].status",
        "consents[channel=email].status",
        "consents[purpose=news,channel=email].proof",
        "consents[purpose=news,channel=email]",
    ],
)
def test_a_consent_is_mapped_by_purpose_and_channel_and_only_what_it_comes_to(path: str) -> None:
    rule = {"ours": path, "theirs": "status", "codec": "choice", "values": {"granted": "yes"}}
    with pytest.raises(InvalidError):
        Mapper.of({"system": "mailchimp", "version": 1, "rules": [rule]})
