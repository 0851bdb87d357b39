"""Lists at mailing systems: exactly who was meant and consents, one place for each person."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.domain.errors import ConflictError, InvalidError
from chalicelib.domain.sources import Target
from chalicelib.flow import registry
from chalicelib.flow.listing.decide import Pushing
from chalicelib.flow.listing.push import Order, push
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order as Merge
from chalicelib.flow.telling import deliver
from chalicelib.flow.telling.targets import put_target
from chalicelib.flow.walk import EVERYONE, Place
from chalicelib.store import deliveries
from tests.support.mailing import (
    BY,
    GATE,
    GRANTED,
    SENDGRID,
    WITHDRAWN,
    entries,
    mailchimp_of,
    mailing,
    on_list,
    person,
    pushed,
    sent,
    tagged,
    tell,
    unbroken,
    waited,
)
from tests.support.scenes import born
from tests.support.world import World, unlimited

TARGETS = ("mc", "sg")
REACHED: dict[str, Any] = {"mc": tagged, "sg": on_list}


@pytest.fixture
def world() -> Iterator[World]:
    made = mailing()
    yield made
    unbroken(made)


def mails(*numbers: int) -> set[str]:
    return {f"p{n}@example.org" for n in numbers}


def ids(*numbers: int) -> list[str]:
    return [born("crm", str(n)) for n in numbers]


@pytest.mark.parametrize("target", TARGETS)
def test_a_list_holds_who_was_meant_and_consents_and_says_why_not(
    world: World, target: str
) -> None:
    strangers = person(4, consents=[]), person(5, consents=[GRANTED, WITHDRAWN])
    tell(world, *map(person, range(3)), person(3, roles=[]), *strangers, person(6, emails=[]))
    result = pushed(world, target, "spring", "role:customer")
    assert REACHED[target](world, "spring") == mails(0, 1, 2)
    counts = {"listed": 3, "added": 3, "kept": 0, "removed": 0}
    withheld = {"no_consent": 2, "no_email": 1}
    assert result == {"target": target, "list": "spring", "withheld": withheld} | counts
    holds = dict.fromkeys(ids(0, 1, 2), ("listed", None))
    why = dict.fromkeys(ids(4, 5), ("withheld", "no_consent"))
    assert entries(world, target, "spring") == holds | why | {ids(6)[0]: ("withheld", "no_email")}
    assert sorted(sent(world, target, "spring")) == sorted((c, "added", 1) for c in ids(0, 1, 2))


@pytest.mark.parametrize("target", TARGETS)
def test_pushed_again_it_becomes_exactly_the_new_result(world: World, target: str) -> None:
    tell(world, *map(person, range(4)))
    pushed(world, target, "spring", "name:nr")
    pushed(world, target, "other", "email:p0@example.org OR email:p1@example.org")
    tell(world, person(4))
    result = pushed(world, target, "spring", "-email:p0@example.org -email:p3@example.org")
    assert [result[n] for n in ("added", "kept", "removed")] == [1, 2, 2]
    assert REACHED[target](world, "spring") == mails(1, 2, 4)
    assert REACHED[target](world, "other") == mails(0, 1)


@pytest.mark.parametrize("target", TARGETS)
def test_a_deleted_list_holds_nobody_and_its_record_stays(world: World, target: str) -> None:
    tell(world, *map(person, range(2)))
    pushed(world, target, "spring", "*")
    assert pushed(world, target, "spring", None)["removed"] == 2
    assert REACHED[target](world, "spring") == set()
    told = [what for _, what, _ in sent(world, target, "spring")]
    assert told == ["added", "added", "removed", "removed"]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("removal", ["usual", "unlink", "ignore"])
def test_who_withdraws_is_off_all_lists_however_they_are_let_go(target: str, removal: str) -> None:
    world = mailing(removal=None if removal == "usual" else removal)
    tell(world, *map(person, range(2)))
    pushed(world, target, "spring", "*")
    tell(world, person(1, at=5, consents=[GRANTED, WITHDRAWN]))
    assert REACHED[target](world, "spring") == mails(0)
    assert [(c, what) for c, what, _ in sent(world, target, "spring")][-1] == (ids(1)[0], "removed")
    unbroken(world)


@pytest.mark.parametrize("target", TARGETS)
def test_two_of_one_address_are_one_and_the_first_keeps_the_place(
    world: World, target: str
) -> None:
    tell(world, person(1), person(2, emails=["p1@example.org"]))
    pushed(world, target, "spring", "name:nr")
    first = entries(world, target, "spring")
    assert sorted(first.values()) == [("listed", None), ("withheld", "same_address")]
    (kept,) = [c for c, holds in first.items() if holds == ("listed", None)]
    tell(world, *(person(n, emails=["P1@example.org"]) for n in range(3, 9)))
    pushed(world, target, "spring", "name:nr")
    assert entries(world, target, "spring")[kept] == ("listed", None)
    assert REACHED[target](world, "spring") == mails(1)


@pytest.mark.parametrize("target", TARGETS)
def test_memberships_survive_a_merge_and_its_undo(world: World, target: str) -> None:
    tell(world, person(1), person(2))
    pushed(world, target, "one", "email:p1@example.org")
    pushed(world, target, "two", "email:p2@example.org")
    pair = ids(1, 2)
    joined = merge.merge(world.ports, Merge(tuple(pair), "merge", pair[0], BY))[1]["id"]
    waited(world)
    reached = [REACHED[target](world, name) for name in ("one", "two")]
    assert reached[0] == reached[1] and len(reached[0]) == 1
    unmerge.undo(world.ports, joined, BY)
    waited(world)
    assert [REACHED[target](world, name) for name in ("one", "two")] == [mails(1), mails(2)]


@pytest.mark.parametrize("target", TARGETS)
def test_a_push_takes_a_merged_contact_off_by_whichever_record_it_is_on(
    world: World, target: str
) -> None:
    for n in (1, 2, 3):  # the first is the eldest, and gives the merged one its id
        tell(world, person(n))
    pushed(world, target, "spring", "email:p2@example.org OR email:p3@example.org")
    pair = ids(1, 2)
    joined = merge.merge(world.ports, Merge(tuple(pair), "merge", pair[0], BY))[1]["id"]
    waited(world)
    assert len(REACHED[target](world, "spring")) == 2
    pushed(world, target, "spring", "email:p3@example.org")
    assert REACHED[target](world, "spring") == mails(3)
    unmerge.undo(world.ports, joined, BY)
    waited(world)
    assert REACHED[target](world, "spring") == mails(3)


def test_an_undo_gives_each_its_own_place_back(world: World) -> None:
    """The survivor had none, and moved that of the other one to its own address."""
    tell(world, person(2), person(3))
    pushed(world, "mc", "spring", "email:p2@example.org")
    pair = ids(2, 3)
    joined = merge.merge(world.ports, Merge(tuple(pair), "overwrite", pair[1], BY))[1]["id"]
    waited(world)
    pushed(world, "mc", "spring", "*")
    assert tagged(world, "spring") == mails(3)
    unmerge.undo(world.ports, joined, BY)
    waited(world)
    assert tagged(world, "spring") == mails(2, 3)


@pytest.mark.parametrize("target", TARGETS)
def test_who_is_merged_with_one_whom_the_target_may_not_have_is_let_go(target: str) -> None:
    world = mailing(filter="-role:supplier")
    tell(world, person(1), person(3))
    pushed(world, target, "spring", "*")
    pair = ids(1, 3)
    merge.merge(world.ports, Merge(tuple(pair), "merge", "", BY))
    world.call("crm", [person(1, 5, roles=["supplier"])])
    waited(world)
    assert REACHED[target](world, "spring") == set()
    unbroken(world)


@pytest.mark.parametrize("target", TARGETS)
def test_a_withdrawal_after_a_merge_lets_go_of_the_place_that_a_record_brought(
    world: World, target: str
) -> None:
    """What it brought was kept for the survivor, who withdraws before anything was sent."""
    tell(world, person(3))
    tell(world, person(1))
    pushed(world, target, "spring", "email:p1@example.org")
    world.call("crm", [person(3, 4, given_name="Trzy")])  # who is to be matched again
    merge.merge(world.ports, Merge(tuple(ids(1, 3)), "merge", "", BY))
    world.drain("fan-out")
    world.queues.waiting["deliver"].clear()
    deliver.deliver(world.ports, target, ids(1)[0], unlimited)
    world.call("crm", [person(3, 5, consents=[GRANTED, WITHDRAWN])])
    waited(world)
    assert REACHED[target](world, "spring") == set()


@pytest.mark.parametrize("target", TARGETS)
def test_lists_are_marks_where_the_target_has_all_who_match(target: str) -> None:
    world = mailing(audience="filter", filter="role:customer")
    tell(world, person(1), person(2))
    pushed(world, target, "spring", "email:p1@example.org")
    assert REACHED[target](world, "spring") == mails(1)
    pushed(world, target, "spring", "email:p2@example.org")
    assert REACHED[target](world, "spring") == mails(2)
    tell(world, person(1, at=5, given_name="Ewa"))
    assert REACHED[target](world, "spring") == mails(2)
    unbroken(world)


def test_what_others_put_on_a_member_stays(world: World) -> None:
    tell(world, person(1))
    pushed(world, "mc", "spring", "*")
    mailchimp = world.sender.standins["https://us21.api.mailchimp.com"]
    mailchimp.tag("p1@example.org", "theirs")
    pushed(world, "mc", "spring", "role:other")
    pushed(world, "mc", "autumn", "*")
    (member,) = mailchimp.records.values()
    assert set(member.tags) == {"theirs", "autumn"}


def test_whom_the_system_told_of_is_taken_off_its_lists_and_kept(world: World) -> None:
    world.source("mc", kind="mailchimp", automatic_merge=False)
    mailchimp = world.sender.standins["https://us21.api.mailchimp.com"]
    mailchimp.create("own@example.org")
    for _ in range(3):
        world.clock.tick(minutes=5)
        world.listen()
        waited(world)
    pushed(world, "mc", "spring", "*")
    assert tagged(world, "spring") == {"own@example.org"}
    pushed(world, "mc", "spring", "email:nobody@example.org")
    assert tagged(world, "spring") == set() and len(mailchimp.records) == 1
    told = [what for _, what, _ in sent(world, "mc", "spring")]
    assert told == ["added", "removed"]


def test_a_tag_beyond_those_that_are_shown_is_taken_off_too() -> None:
    world = mailing(audience="filter")
    mailchimp = world.sender.standins["https://us21.api.mailchimp.com"]
    tell(world, person(1))
    for n in range(60):
        mailchimp.tag("p1@example.org", f"theirs {n}")
    pushed(world, "mc", "spring", "*")
    assert tagged(world, "spring") == mails(1)
    pushed(world, "mc", "spring", "role:other")
    assert tagged(world, "spring") == set()


def test_a_list_that_somebody_deleted_there_is_made_again(world: World) -> None:
    tell(world, person(1))
    pushed(world, "sg", "spring", "*")
    sendgrid = world.sender.standins[SENDGRID]
    sendgrid.store.lists.clear()
    for contact in sendgrid.records.values():
        contact.lists.clear()
    tell(world, person(1, at=5, given_name="Ewa"))
    assert on_list(world, "spring") == mails(1)


def test_a_list_of_that_name_is_taken_and_many_are_gone_through(world: World) -> None:
    sendgrid = world.sender.standins[SENDGRID]
    for n in range(1_200):
        sendgrid.add_list(f"theirs {n}")
    sendgrid.add_list("spring")
    tell(world, person(1))
    pushed(world, "sg", "spring", "*")
    assert on_list(world, "spring") == mails(1)
    assert len(sendgrid.store.lists) == 1_201


def test_without_a_gate_there_are_no_lists(world: World) -> None:
    open_to_all = mailchimp_of({"name": "", "audience": "filter", "consent": None})
    put_target(world.ports, "mc", open_to_all)
    with pytest.raises(ConflictError) as refused:
        push(world.ports, Order("mc", "spring", BY, "1", filter="*"))
    assert refused.value.kind == "consent_needed"
    with pytest.raises(InvalidError) as unsafe:
        put_target(world.ports, "mc", open_to_all | {"audience": "lists"})
    assert [e.pointer for e in unsafe.value.errors] == ["/consent"]
    pushed(world, "sg", "spring", "*")
    with pytest.raises(InvalidError):
        put_target(world.ports, "sg", {"name": "", "kind": "sendgrid", "consent": None})


def test_a_system_that_has_no_lists_says_so(world: World) -> None:
    put_target(world.ports, "crm", {"name": "", "kind": "hubspot"})
    with pytest.raises(ConflictError) as refused:
        push(world.ports, Order("crm", "spring", BY, "1", filter="*"))
    assert refused.value.kind == "unsupported"
    with pytest.raises(InvalidError):
        put_target(world.ports, "crm", {"name": "", "kind": "hubspot", "audience": "lists"})


@pytest.mark.parametrize("target", TARGETS)
def test_two_of_one_address_who_merge_during_a_push_are_listed(world: World, target: str) -> None:
    tell(world, person(1), person(2, emails=["p1@example.org"]))
    pair = ids(1, 2)
    job = push(world.ports, Order(target, "spring", BY, "1", filter="*"))
    pushing = Pushing(world.ports, job, registry.registered(world.ports, Target, target))
    assert pushing.decided(Place(*EVERYONE[-1], pair[0]))
    merge.merge(world.ports, Merge(tuple(pair), "merge", pair[1], BY))
    waited(world)
    assert REACHED[target](world, "spring") == mails(1)


@pytest.mark.parametrize("target", TARGETS)
def test_who_is_let_go_and_left_as_they_are_keeps_their_place(target: str) -> None:
    world = mailing(removal="ignore", audience="filter", filter="-role:supplier")
    tell(world, person(1), person(2))
    pushed(world, target, "spring", "email:p1@example.org")
    before = [deliveries.known(world.ports.items, target, c).remote for c in ids(1, 2)]
    tell(world, *(person(n, at=5, roles=["supplier"]) for n in (1, 2)))
    assert REACHED[target](world, "spring") == set()
    left = [deliveries.known(world.ports.items, target, c) for c in ids(1, 2)]
    assert [(row.remote, row.present) for row in left] == [(remote, False) for remote in before]
    unbroken(world)


def test_the_tag_of_all_is_no_list(world: World) -> None:
    tag = mailchimp_of({"name": "", "consent": GATE})
    tag["options"] |= {"tag": "Customers"}
    put_target(world.ports, "mc", tag)
    with pytest.raises(InvalidError) as refused:
        push(world.ports, Order("mc", "customers", BY, "1", filter="*"))
    assert [e.pointer for e in refused.value.errors] == ["/list"]
    pushed(world, "mc", "spring", "*")
    tag["options"] |= {"tag": "Spring"}
    with pytest.raises(InvalidError) as taken:
        put_target(world.ports, "mc", tag)
    assert [e.pointer for e in taken.value.errors] == ["/options/tag"]
