"""Who is this? The answers; nothing is written and nothing personal logged."""

import pytest

from chalicelib.domain.errors import InvalidError
from chalicelib.domain.matching import MODEL, Reason
from chalicelib.domain.sources import Source
from chalicelib.flow import registry
from chalicelib.flow.matching.who import CANDIDATES_CAP
from tests.support.world import World
from tests.unit.asking import (
    BORN,
    EWA,
    FULL,
    MAIL,
    PHONE,
    ask,
    by_hand,
    tell,
)


def test_a_record_of_a_known_person_is_known(world: World) -> None:
    (ewa,) = tell(world, a=FULL)
    answer = ask(world, {**FULL, "given_name": "EWA"})
    (found,) = answer["candidates"]
    assert found["verdict"] == "same"
    assert found["contact"] == {
        "id": ewa,
        "kind": "person",
        **EWA,
        "full_name": "Ewa Gilelek",
        "organization": None,
    }
    assert found["explanation"]["en"].startswith("The same contact: the names agree; for it: ")
    assert found["explanation"]["pl"].startswith("Ten sam kontakt: imię i nazwisko się zgadzają; ")
    assert answer["model"] == {"version": "2", "same": MODEL.same, "unsure": MODEL.unsure}


def test_the_decision_follows_from_what_is_answered(world: World) -> None:
    tell(world, a=FULL, b={**EWA, "birth_date": BORN}, c={"given_name": "Jan", "phones": [PHONE]})
    for found in ask(world, FULL)["candidates"]:
        reasons = [Reason(**reason) for reason in found["reasons"]]
        assert found["score"] == sum(r.points for r in reasons)
        against = bool(found["contradictions"])
        assert found["verdict"] == MODEL.verdict(found["score"], reasons, against)


def test_the_records_of_one_contact_are_one_candidate(world: World) -> None:
    one, other = tell(world, a={**EWA, "emails": [MAIL]}, b={**EWA, "birth_date": BORN})
    by_hand(world, one, other)
    found = ask(world, FULL)["candidates"]
    assert [c["contact"]["id"] for c in found] == [one]


def test_the_best_come_first_and_at_most_ten(world: World) -> None:
    registry.register(world.ports, Source, "crm", {"name": "crm", "automatic_merge": False})
    people = {f"p{n}": {**EWA, "birth_date": BORN} for n in range(CANDIDATES_CAP + 2)}
    *_, best = tell(world, **people, best=FULL)
    found = ask(world, FULL)["candidates"]
    assert len(found) == CANDIDATES_CAP
    assert found[0]["contact"]["id"] == best
    assert [c["score"] for c in found] == sorted((c["score"] for c in found), reverse=True)


def test_a_contradiction_with_any_record_of_a_contact_counts(world: World) -> None:
    mail = {**EWA, "emails": [MAIL]}
    one, other = tell(world, a={**mail, "phones": [PHONE]}, b={**EWA, "birth_date": "1981-11-02"})
    by_hand(world, one, other)
    (found,) = ask(world, {**mail, "phones": [PHONE], "birth_date": BORN})["candidates"]
    assert found["verdict"] == "unsure"
    assert "birth_date" in found["contradictions"]


def test_who_was_deleted_is_nobody(world: World) -> None:
    tell(world, a=FULL)
    world.clock.tick(seconds=9)
    world.call(
        "crm", {"external_id": "a", "occurred_at": "2026-11-21T12:00:09Z"}, "contact.deleted"
    )
    assert ask(world, FULL)["candidates"] == []


def test_an_unknown_and_an_empty_record_are_nobody(world: World) -> None:
    tell(world, a=FULL)
    assert ask(world, {"given_name": "Bruno", "family_name": "Kos"})["candidates"] == []
    assert ask(world, {})["candidates"] == []


def test_a_record_may_be_given_as_a_source_sends_it(world: World) -> None:
    (ewa,) = tell(world, a=FULL)
    frame = {"external_id": "x", "occurred_at": "2026-11-21T12:00:00Z", "sequence": 3}
    assert ask(world, {**frame, **FULL})["candidates"][0]["contact"]["id"] == ewa


def test_what_cannot_be_read_is_named_and_the_rest_is_looked_for(world: World) -> None:
    (ewa,) = tell(world, a=FULL)
    answer = ask(world, {**FULL, "birth_date": "yesterday", "phones": [PHONE, "12"]})
    assert {e["pointer"] for e in answer["errors"]} == {"/birth_date", "/phones/1"}
    assert answer["candidates"][0]["contact"]["id"] == ewa


def test_an_unknown_field_refuses_the_question(world: World) -> None:
    with pytest.raises(InvalidError) as refused:
        ask(world, {**EWA, "shoe_size": 38})
    assert [(e.pointer, e.code) for e in refused.value.errors] == [("/shoe_size", "unknown_field")]


def test_a_number_is_read_in_the_country_that_is_named(world: World) -> None:
    tell(world, a={**EWA, "phones": ["+49 30 901820"]})
    local = {**EWA, "phones": ["030 901820"]}
    fields = [r["field"] for r in ask(world, local, "DE")["candidates"][0]["reasons"]]
    assert "phones" in fields
    elsewhere = ask(world, local, "PL")["candidates"]
    assert all(r["field"] != "phones" for found in elsewhere for r in found["reasons"])
