"""Interactions: how they are read, whose they are, what becomes of them."""

from typing import Any

import pytest

from chalicelib.domain.errors import InvalidError, NotFoundError
from chalicelib.flow.interacting import note
from chalicelib.flow.reading.read import contact
from tests.support.checks import settled
from tests.support.passing import deleted, order, passed, timeline_of
from tests.support.scenes import born
from tests.support.world import World, outcomes
from tests.unit.interacting import EWA, JAN, Json, codes, entries, told, two_people

__all__ = ["two_people"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, [("", "not_an_object")]),
        ({"id": 7}, [("/id", "bad_id")]),
        (passed("a", external_id="1") | {"kind": "fax"}, [("/kind", "not_a_choice")]),
        (passed("a", external_id="1") | {"kind": None}, [("/kind", "required")]),
        (passed("a", external_id="1") | {"occurred_at": "noon"}, [("/occurred_at", "bad_time")]),
        (passed("a", at=9_999, external_id="1"), [("/occurred_at", "time_ahead")]),
        (passed("a", said=9_999, external_id="1"), [("/updated_at", "time_ahead")]),
        (passed("a", external_id="1", sequence=-1, said=0), [("/sequence", "bad_sequence")]),
        (passed("a", external_id="1", mood="good"), [("/mood", "unknown_field")]),
        (passed("a", external_id="1", custom={"Ą": 1}), [("/custom/Ą", "unknown_field")]),
        (passed("a", external_id="1", create="yes"), [("/create", "not_a_boolean")]),
        (passed("a"), [("", "no_address")]),
        (passed("a", source="crm"), [("", "no_address")]),
        (passed("a", external_id=7, email="jan@kos.pl"), [("/external_id", "bad_external_id")]),
        (passed("a", email="jan"), [("", "no_address"), ("/email", "not_an_email")]),
        (passed("a", external_id="nobody"), [("", "unknown_contact")]),
        (passed("a", contact_id="nobody"), [("", "unknown_contact")]),
        (passed("a", email="nobody@kos.pl"), [("", "unknown_contact")]),
    ],
)
def test_what_cannot_be_placed_is_refused_by_name(
    world: World, given: Any, expected: list[tuple[str, str]]
) -> None:
    (result,) = told(world, "crm", given)
    assert (result["outcome"], codes(result)) == ("refused", expected)
    settled(world)


def test_what_cannot_be_read_is_dropped_and_named(world: World) -> None:
    given = order("a", external_id="1") | {
        "direction": "sideways",
        "amount": {"value": 12.5, "currency": "PLN"},
        "items": [{"name": "Kawa", "quantity": "-1"}, "tea", {"sku": "T-1", "quantity": 2}],
    }
    (result,) = told(world, "crm", given)
    assert sorted(codes(result)) == [
        ("/amount", "not_text"),
        ("/direction", "not_a_choice"),
        ("/items/0/quantity", "not_a_decimal"),
        ("/items/1", "not_an_object"),
    ]
    (entry,) = timeline_of(world, JAN, kinds=["order"])
    assert entry["items"] == [{"name": "Kawa"}, {"sku": "T-1", "quantity": "2"}]
    assert entry["amount"] is entry["direction"] is None


def test_a_source_that_refuses_invalid_fields_refuses_these_too(world: World) -> None:
    world.source("strict", invalid_field="refuse")
    (result,) = told(world, "strict", passed("a", contact_id=JAN, direction="sideways"))
    assert (result["outcome"], codes(result)) == ("refused", [("/direction", "not_a_choice")])


def test_a_meeting_may_lie_ahead(world: World) -> None:
    (result,) = told(world, "crm", passed("a", "meeting", 999_999, external_id="1"))
    assert result["outcome"] == "created"


@pytest.mark.parametrize(
    ("address", "found_by"),
    [
        ({"external_id": "1"}, "external_id"),
        ({"external_id": "9", "email": "jan@kos.pl"}, "email"),
        ({"contact_id": JAN, "email": "ewa@lis.pl"}, "contact_id"),
        ({"email": " JAN@kos.pl"}, "email"),
        ({"phone": "+48 600-100-200"}, "phone"),
        ({"phone": "600100200", "email": "nobody@kos.pl"}, "phone"),
    ],
)
def test_a_record_is_found_by_what_is_told(world: World, address: Json, found_by: str) -> None:
    (result,) = told(world, "crm", passed("a", **address))
    assert (result["contact_id"], result["found_by"]) == (JAN, found_by)
    assert entries(world, JAN, kinds=["call"]) == ["a"]


def test_a_record_s_own_id_is_taken_as_it_is_written(world: World) -> None:
    world.tell("shop", "A  1", given_name="Iza")
    (result,) = told(world, "shop", passed("a", external_id="A  1"))
    assert result["contact_id"] == born("shop", "A  1")


def test_another_source_s_record_can_be_named(world: World) -> None:
    (result,) = told(world, "shop", passed("a", source="crm", external_id="1"))
    assert result["contact_id"] == JAN


def test_of_several_who_state_a_value_the_source_s_own_comes_first_and_the_rest_is_shown(
    world: World,
) -> None:
    world.tell("shop", "3", given_name="Zbigniew", emails=["jan@kos.pl"], birth_date="1950-01-01")
    world.tell("crm", "4", given_name="Halina", emails=["jan@kos.pl"], birth_date="1960-01-01")
    world.work()
    by_crm, by_shop = (
        told(world, source, passed("a", email="jan@kos.pl"))[0] for source in ("crm", "shop")
    )
    assert by_crm["contact_id"] == JAN
    assert by_crm["candidates"] == [born("crm", "4"), born("shop", "3")]
    assert by_shop["contact_id"] == born("shop", "3")


def test_a_call_from_an_unknown_number_can_make_a_contact(world: World) -> None:
    given = passed("a", phone="511622733", create=True)
    (first,) = told(world, "crm", given)
    (second,) = told(world, "crm", passed("b", 5, phone="511622733", create=True) | {"kind": "sms"})
    assert second["outcome"] == "refused"
    (third,) = told(world, "crm", passed("c", at=1, phone="511622733", create=True))
    assert first["contact_id"] == third["contact_id"] != JAN
    assert contact(world.ports, first["contact_id"])[0]["phones"] == [{"number": "+48511622733"}]
    assert entries(world, first["contact_id"], kinds=["call"]) == ["c", "a"]
    world.work()
    settled(world)


def test_what_a_source_says_of_a_record_that_an_order_made_counts_also_if_it_is_older(
    world: World,
) -> None:
    told(world, "shop", order("o", at=0, external_id="77", email="nina@kos.pl", create=True))
    world.tell("shop", "77", -60, given_name="Nina", phones=["511622733"])
    shown = contact(world.ports, born("shop", "77"))[0]
    assert (shown["given_name"], shown["emails"]) == ("Nina", [{"address": "nina@kos.pl"}])
    assert shown["purchases"]["orders"] == 1
    world.work()
    settled(world)


def test_data_minimisation_holds_for_who_is_made_too(world: World) -> None:
    world.source("pbx", allowed_fields=["full_name"])
    (result,) = told(world, "pbx", passed("a", phone="511622733", create=True))
    assert contact(world.ports, result["contact_id"])[0]["phones"] == []


def test_the_newest_word_counts_in_whatever_order_it_comes(world: World) -> None:
    first = passed("a", said=1, external_id="1", subject="one")
    second = passed("a", said=2, external_id="1", subject="two")
    assert outcomes(told(world, "crm", second)) == ["created"]
    late, same = told(world, "crm", first, second)
    assert (late["outcome"], late["reason"], same["outcome"]) == ("late", "older", "unchanged")
    third = passed("a", at=60, said=3, external_id="1", subject="three")
    assert outcomes(told(world, "crm", third)) == ["updated"]
    assert [e["subject"] for e in timeline_of(world, JAN, kinds=["call"])] == ["three"]
    settled(world)


def test_without_a_time_of_its_own_the_later_call_counts(world: World) -> None:
    for subject in ("z", "a", "m"):
        told(world, "crm", passed("a", external_id="1", subject=subject))
    assert [e["subject"] for e in timeline_of(world, JAN, kinds=["call"])] == ["m"]


def test_the_same_again_makes_older_words_late(world: World) -> None:
    one = [passed("a", said=n, external_id="1") for n in (1, 3)]
    two = passed("a", said=2, external_id="1", subject="between")
    assert outcomes(told(world, "crm", *one, two)) == ["created", "unchanged", "late"]


def test_what_is_taken_back_is_gone_also_if_it_comes_afterwards(world: World) -> None:
    gone = deleted("a", said=5)
    assert outcomes(told(world, "crm", gone, event="interaction.deleted")) == ["deleted"]
    assert outcomes(told(world, "crm", passed("a", said=1, external_id="1"))) == ["late"]
    assert outcomes(told(world, "crm", passed("a", said=6, external_id="1"))) == ["created"]
    assert outcomes(told(world, "crm", deleted("a", 7), event="interaction.deleted")) == ["deleted"]
    assert entries(world, JAN) == [1]
    settled(world)


def test_a_correction_moves_an_order_to_whom_it_names(world: World) -> None:
    told(world, "shop", order("o", said=1, email="jan@kos.pl"))
    (moved,) = told(world, "shop", order("o", said=2, external_id="2"))
    assert (moved["outcome"], moved["contact_id"]) == ("updated", EWA)
    shown = [contact(world.ports, c)[0]["purchases"] for c in (JAN, EWA)]
    assert shown[0] is None
    assert shown[1]["totals"] == {"PLN": {"orders": 1, "amount": "100.00", "last": "2026-11-21"}}
    world.work()
    settled(world)


def test_what_stands_stays_when_its_value_has_come_to_be_another_s(world: World) -> None:
    told(world, "crm", passed("a", said=1, email="jan@kos.pl"))
    world.tell("crm", "1", 5, given_name="Jan")
    world.tell("shop", "2", 5, given_name="Ewa", emails=["jan@kos.pl"])
    world.work()
    (result,) = told(world, "crm", passed("a", said=2, email="jan@kos.pl", subject="x"))
    assert (result["contact_id"], result["found_by"]) == (JAN, "email")


def test_a_person_notes_what_passed_once(world: World) -> None:
    given = passed("n1", "note", text="dzwonić po 16")
    results = [note.note(world.ports, JAN, given, "key:1") for _ in range(2)]
    assert outcomes(results) == ["created", "unchanged"]
    world.clock.tick(seconds=1)
    changed = note.note(world.ports, JAN, given | {"text": "dzwonić po 17"}, "key:1")
    assert (changed["outcome"], changed["contact_id"]) == ("updated", JAN)
    (entry,) = timeline_of(world, JAN, kinds=["note"])
    assert (entry["text"], entry["source"]) == ("dzwonić po 17", "hand")
    with pytest.raises(NotFoundError):
        note.note(world.ports, "nobody", given, "key:1")
    with pytest.raises(InvalidError):
        note.note(world.ports, JAN, {"kind": "note"}, "key:1")
