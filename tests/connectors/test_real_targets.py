"""A whole Kartoteka tells a real ERP of its contacts' lives, by HTTP: each is there once."""

from typing import Any

import pytest

from chalicelib.connectors.http import HttpSender
from chalicelib.connectors.ports import Answer, Request
from chalicelib.flow.editing import edit, retire
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import read
from chalicelib.flow.telling import accounts
from tests.servers.tryton import DATABASE, Tryton
from tests.support.scenes import born
from tests.support.world import World

EVERYBODY = [["active", "in", [True, False]]]
Party = tuple[str, list[str], bool]


@pytest.fixture
def world(tryton: Tryton) -> World:
    """Two sources of trust, and an ERP without parties as a target of customers."""
    for party in tryton.parties(domain=EVERYBODY):
        tryton.delete(party)
    made = World()
    made.sender = HttpSender(allow_loopback=True)
    made.source("crm")
    made.source("shop")
    erp = {"kind": "tryton", "url": tryton.url, "options": {"database": DATABASE}}
    made.target("erp", **erp, fields=(), filter="role:customer", removal="archive")
    accounts.put_access(made.ports, "erp", {"key": tryton.key})
    return made


def there(tryton: Tryton) -> dict[int, Party]:
    """All that the ERP has, also put away: name, live e-mail addresses, and whether it is live."""
    parties = tryton.parties("name", "active", domain=EVERYBODY)
    mails = tryton.found("party.contact_mechanism", [["type", "=", "email"]], "party", "value")
    return {
        n: (p["name"], sorted(m["value"] for m in mails.values() if m["party"] == n), p["active"])
        for n, p in parties.items()
    }


def tell(world: World, source: str, name: str, at: int = 0, **fields: Any) -> str:
    told = {"roles": ["customer"], "emails": [f"{name}@example.org"]} | fields
    world.tell(source, name, at, **told)
    world.work()
    return born(source, name)


def seen(world: World, contact: str) -> Seen:
    etag = read.contact(world.ports, contact)[1]
    return Seen(contact, etag, "key:steward", world.chance.token())


def test_the_life_of_two_contacts(world: World, tryton: Tryton) -> None:
    ewa = tell(world, "crm", "ewa", given_name="Ewa", family_name="Lis")
    ((party, first),) = there(tryton).items()
    assert first == ("Ewa Lis", ["ewa@example.org"], True)

    edit.edit(world.ports, seen(world, ewa), {"family_name": "Maj"})
    world.work()
    assert there(tryton) == {party: ("Ewa Maj", ["ewa@example.org"], True)}

    eva = tell(world, "shop", "eva", given_name="Eva", family_name="Maj")
    apart = there(tryton)
    (other,) = apart.keys() - {party}
    assert apart[other] == ("Eva Maj", ["eva@example.org"], True)

    order = Order((ewa, eva), "merge", ewa, "key:steward")
    joined: str = merge.merge(world.ports, order)[1]["id"]
    world.work()
    assert there(tryton) == {
        party: ("Ewa Maj", ["eva@example.org", "ewa@example.org"], True),
        other: ("Eva Maj", ["eva@example.org"], False),
    }

    unmerge.undo(world.ports, joined, "key:steward")
    world.work()
    assert there(tryton) == apart

    retire.retire(world.ports, seen(world, ewa))
    world.work()
    assert there(tryton) == apart | {party: ("Ewa Maj", ["ewa@example.org"], False)}

    retire.restore(world.ports, seen(world, ewa))
    world.work()
    assert there(tryton) == apart


def test_whom_the_erp_has_already_is_linked(world: World, tryton: Tryton) -> None:
    mail = {"type": "email", "value": "Ewa@example.org"}
    party = tryton.create(name="E. Lis", contact_mechanisms=[["create", [mail]]])
    tell(world, "crm", "ewa", given_name="Ewa", family_name="Lis")
    assert there(tryton) == {party: ("Ewa Lis", ["Ewa@example.org"], True)}


def test_leaving_the_filter_puts_away_and_coming_back_brings_back(
    world: World, tryton: Tryton
) -> None:
    tell(world, "crm", "ewa", full_name="Ewa Lis")
    before = there(tryton)
    tell(world, "crm", "ewa", 1, full_name="Ewa Lis", roles=["supplier"])
    assert [party[2] for party in there(tryton).values()] == [False]
    tell(world, "crm", "ewa", 2, full_name="Ewa Lis")
    assert there(tryton) == before


class Losing(HttpSender):
    """A way on which the answer to the first creation of a party is lost."""

    lost = False

    def send(self, request: Request) -> Answer:
        answer = super().send(request)
        made = request.method == "POST" and "/party.party?" in request.url
        if self.lost or not made:
            return answer
        self.lost = True
        return Answer(None, None, "timeout")


def test_a_creation_whose_answer_was_lost_doubles_nobody(world: World, tryton: Tryton) -> None:
    world.sender = Losing(allow_loopback=True)
    tell(world, "crm", "ewa", full_name="Ewa Lis")
    made = there(tryton)
    world.clock.tick(hours=1)
    world.work()
    tell(world, "crm", "ewa", 1, full_name="Ewa Maj")
    assert world.sender.lost and len(made) == 1
    assert there(tryton) == {next(iter(made)): ("Ewa Maj", ["ewa@example.org"], True)}


def test_what_users_change_there_comes_in_and_nothing_goes_round(
    world: World, tryton: Tryton
) -> None:
    world.source("erp", kind="tryton", trust=90)
    ewa = tell(world, "crm", "ewa", full_name="Ewa Lis", phones=["+48600100200"])
    turn(world)
    assert len(read.contact(world.ports, ewa)[0]["records"]) == 1
    (party,) = there(tryton)
    phone = {"party": party, "type": "phone", "value": "+48221234567"}
    tryton.rpc("party.contact_mechanism", "create", [phone])
    tryton.edit(party, name="Ewa Maj")
    turn(world)
    shown = read.contact(world.ports, ewa)[0]
    assert {r["source"] for r in shown["records"]} == {"crm", "erp"}
    assert shown["full_name"] == "Ewa Maj"
    assert {p["number"] for p in shown["phones"]} == {"+48600100200", "+48221234567"}
    before = tryton.parties("name", "write_date")
    turn(world)
    assert tryton.parties("name", "write_date") == before and before.keys() == {party}


def turn(world: World) -> None:
    """Everything has its say, until nobody has anything left to say."""
    for _ in range(3):
        world.clock.tick(minutes=2)
        world.listen()
        world.work()
