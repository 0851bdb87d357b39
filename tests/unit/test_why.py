"""Why are these two (not) one? The answers; nothing is written and nothing personal logged."""

import pytest

from chalicelib.domain.errors import InvalidError, NotFoundError
from chalicelib.domain.matching import MODEL
from chalicelib.flow.merging import unmerge
from chalicelib.flow.reviewing import review
from chalicelib.flow.reviewing.desk import reviews
from tests.support.scenes import born
from tests.support.world import World
from tests.unit.asking import (
    EWA,
    FULL,
    MAIL,
    PHONE,
    asked_why,
    by_hand,
    tell,
)


def test_why_two_records_are_one_contact_tells_what_joined_them(world: World) -> None:
    tell(world, a=FULL, b=FULL)
    answer = asked_why(world, born("crm", "b"), born("crm", "a"))
    (edge,) = answer["judgements"]
    assert (answer["joined"], answer["verdict"]) == (True, "same")
    assert [c["id"] for c in answer["contacts"]] == [born("crm", "a")] * 2
    assert (edge["verdict"], edge["by"]) == ("same", MODEL.by)
    assert edge["score"] == sum(r["points"] for r in edge["reasons"])
    assert edge["explanation"]["en"].startswith("The same contact: the names agree; ")
    assert answer["explanation"]["en"].startswith(
        "One contact: the names agree; the machine joined them on 2026-11-21; for it: "
    )


def test_only_the_edges_between_the_two_are_told(world: World) -> None:
    one, other, third = tell(world, a=EWA, b={"given_name": "Jan"}, c={"given_name": "Piotr"})
    by_hand(world, one, other)
    last = by_hand(world, other, third)
    answer = asked_why(world, other, third)
    assert [j["merge"] for j in answer["judgements"]] == [last]
    assert answer["explanation"]["pl"].startswith("Jeden kontakt: ")
    assert "człowiek połączył je 2026-11-21" in answer["explanation"]["pl"]


def test_why_two_contacts_are_two_tells_what_forbids_it(world: World) -> None:
    one, other = tell(world, a=FULL, b={**FULL, "birth_date": "1988-11-02"})
    answer = asked_why(world, one, other)
    assert (answer["joined"], answer["verdict"], answer["judgements"]) == (False, "unsure", [])
    assert answer["contradictions"] == ["birth_date"]
    assert answer["score"] == sum(r["points"] for r in answer["reasons"])
    assert answer["explanation"]["en"].endswith("not join them: different birth dates.")


def test_a_persons_word_that_two_are_different_is_told(world: World) -> None:
    one, other = tell(world, a=FULL, b={**FULL, "birth_date": "1988-11-02"})
    (question,) = reviews(world.ports, None, 10)["items"]
    said = review.answer(world.ports, question["id"], review.Answer("different", "key:steward"))
    answer = asked_why(world, other, one)
    (word,) = answer["judgements"]
    assert answer["verdict"] == "different"
    assert (word["id"], word["by"], word["at"][:10]) == (
        said["judgement"],
        "key:steward",
        "2026-11-21",
    )
    assert "a person said on 2026-11-21 that they are different" in answer["explanation"]["en"]


def test_what_was_joined_and_parted_again_is_two(world: World) -> None:
    one, other = tell(world, a=EWA, b={"given_name": "Jan"})
    merged = by_hand(world, one, other)
    assert asked_why(world, one, other)["joined"]
    unmerge.undo(world.ports, merged, "key:steward")
    answer = asked_why(world, one, other)
    assert (answer["joined"], answer["verdict"]) == (False, "none")


def test_the_best_pair_of_all_records_is_told_and_all_of_them_count(world: World) -> None:
    mail = {**EWA, "emails": [MAIL]}
    one, two, three = tell(
        world,
        a={"given_name": "Olga", "family_name": "Wrona"},
        b=FULL | {"phones": []},
        c={**mail, "birth_date": "1988-11-02"},
    )
    by_hand(world, one, two)
    answer = asked_why(world, one, three)
    assert next(r for r in answer["reasons"] if r["field"] == "emails")["level"] == "same"
    assert {"birth_date", "given_name"} <= set(answer["contradictions"])
    assert answer["likeness"] < answer["score"]


def test_what_two_contacts_share_is_counted_in_the_whole_store(world: World) -> None:
    names = ("Ewa", "Jan", "Olga", "Piotr")
    people = {
        name: {"given_name": name, "family_name": f"{name}cz", "phones": [PHONE]} for name in names
    }
    one, other, *_ = tell(world, **people)
    phone = next(r for r in asked_why(world, one, other)["reasons"] if r["field"] == "phones")
    assert (phone["names"], phone["level"], phone["value"]) == (4, "same_few", "+48…01")


def test_a_contact_that_says_nothing_any_more_is_like_none(world: World) -> None:
    one, other = tell(world, a=FULL, b={"given_name": "Jan"})
    world.call(
        "crm", {"external_id": "b", "occurred_at": "2026-11-21T12:00:09Z"}, "contact.deleted"
    )
    world.work()
    answer = asked_why(world, one, other)
    assert (answer["verdict"], answer["score"], answer["reasons"]) == ("none", 0, [])


def test_unknown_contacts_and_one_contact_twice_are_refused(world: World) -> None:
    (ewa,) = tell(world, a=FULL)
    for pair in ((ewa, "nobody"), ("nobody", ewa)):
        with pytest.raises(NotFoundError):
            asked_why(world, *pair)
    with pytest.raises(InvalidError) as refused:
        asked_why(world, ewa, ewa)
    assert [e.pointer for e in refused.value.errors] == ["/contacts"]
