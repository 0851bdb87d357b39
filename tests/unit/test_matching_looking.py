"""What a look counts and where its keys lead, and how a pair is judged by its contacts."""

from typing import Any

from chalicelib.domain.matching import MODEL, NAMESAKES, Card, Pair, compare, features, look, rule
from chalicelib.domain.matching.clusters import STRANGERS, TOO_LARGE
from chalicelib.domain.matching.keys import cap_of
from infra.matching.shop import Shop
from tests.unit.matching_people import ELSEWHERE, HOME, MOBILE, OTHER_MOBILE, Values, person

MAIL = "jan.zawadelczak7@wp.pl"


def card(number: int, values: Values) -> Card:
    return Card(f"r{number}", "crm", f"{number:09}", features(values))


def shop_of(*people: Values) -> Shop:
    shop = Shop(MODEL)
    for number, values in enumerate(people):
        for _ in shop.arrive(card(number, values)):
            pass
    return shop


def looked(shop: Shop, values: Values) -> Any:
    return look(shop.shelf, card(999, values), (), MODEL)


def test_a_look_counts_the_contacts_that_bear_the_name() -> None:
    here, there = person("Jan", "Nowak", at=HOME), person("Jan", "Nowak", at=ELSEWHERE)
    shop = shop_of(here, there, {**there, "phones": [{"number": MOBILE}]})
    assert len(shop.members) == 3
    assert looked(shop, person("Jan", "Nowak")).shared[NAMESAKES] == 3


def test_records_of_one_contact_are_one_namesake() -> None:
    shop = shop_of(*[person("Jan", "Zawadelczak", email=MAIL)] * 3)
    assert len(shop.members) == 1
    assert looked(shop, person("Jan", "Zawadelczak")).shared[NAMESAKES] == 1


def test_a_key_that_too_many_bear_leads_to_none_of_them() -> None:
    names = "ABCDEFGHIJ"
    crowd = [
        person(f"{a}ulin", f"{b}orowitz{a}", phone=MOBILE)
        for a in names
        for b in names
        if names.index(a) * 10 + names.index(b) <= cap_of("phone=")
    ]
    shop = shop_of(*crowd)
    shop.shelf.costs.cards = 0
    looked(shop, person("Xymena", "Quasimodo", phone=MOBILE))
    assert shop.shelf.costs.cards == 0


def ruled(ours: list[Card], theirs: list[Card]) -> Any:
    first, other = ours[0], theirs[0]
    pair = Pair(first, other, compare(first.seen, other.seen, {}, MODEL))
    assert pair.comparison.verdict == "same"
    return rule(pair, ours, theirs, {}, MODEL).comparison


ONE = card(1, person("Jan", "Zawadelczak", email=MAIL, phone=MOBILE))
TWIN = card(2, person("Jan", "Zawadelczak", email=MAIL, phone=MOBILE))


def test_who_contradicts_another_record_of_the_contact_is_asked_about() -> None:
    old = card(3, person("Jan", "Zawadelczak", email=MAIL, birth_date="1950-05-14"))
    young = card(4, person("Jan", "Zawadelczak", email=MAIL, birth_date="1981-11-02"))
    told = ruled([ONE, old], [TWIN, young])
    assert (told.verdict, told.contradictions) == ("unsure", ("birth_date",))


def test_strangers_are_not_joined_by_what_lies_between_them() -> None:
    a = card(5, person("Jan", "Zawadelczak", phone=OTHER_MOBILE, email="jan@meblex.pl"))
    b = card(6, person("Brunhild", "Quasimodo", phone="+48501222333", email="anna.b@meblex.pl"))
    assert STRANGERS in ruled([ONE, a], [TWIN, b]).contradictions


def test_a_contact_that_grows_too_large_is_asked_about() -> None:
    many = [card(10 + n, person("Jan", "Zawadelczak", email=MAIL)) for n in range(MODEL.most)]
    told = ruled([ONE], [TWIN, *many])
    assert (told.verdict, told.contradictions) == ("unsure", (TOO_LARGE,))
