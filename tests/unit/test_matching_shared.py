"""Values shared by many stop counting as proof, without a list: in a store that fills up."""

import pytest

from chalicelib.domain.matching import MODEL
from tests.unit.matching_people import LANDLINE, MOBILE, Town, Values, company, compared, person

PEOPLE = (
    ("Adam", "Bielecki"), ("Beata", "Pawlikowska"), ("Cezary", "Harasimowicz"),
    ("Dorota", "Gilelek"), ("Emil", "Zegadłowicz"), ("Felicja", "Żuk"), ("Gustaw", "Holoubek"),
    ("Hanna", "Krall"), ("Ignacy", "Krasicki"), ("Joanna", "Bator"),
)  # fmt: skip
OFFICE = {"email": "biuro@meblex.pl", "organization": "Meblex"}
SHARED = {
    "a company's mailbox": OFFICE,
    "a mailbox that is no office's by its name": {"email": "meblex.lodz@wp.pl"},
    "a switchboard": {"phone": LANDLINE, "organization": "Meblex"},
    "a mobile phone": {"phone": MOBILE},
    "a switchboard and a mailbox": {"phone": LANDLINE, **OFFICE},
}


def ten(**fields: str) -> list[Values]:
    return [person(*name, **fields) for name in PEOPLE]


@pytest.mark.parametrize("case", SHARED)
def test_ten_people_stay_ten_and_nobody_is_asked(case: str) -> None:
    town = Town()
    judged = town.arrive(*ten(**SHARED[case]))
    assert [
        j.ruling.comparison.verdict for j in judged if j.ruling.comparison.verdict != "none"
    ] == []
    assert town.contacts() == len(PEOPLE)


@pytest.mark.parametrize("case", SHARED)
def test_two_namesakes_among_them_are_not_joined_by_what_all_share(case: str) -> None:
    town = Town()
    town.arrive(*ten(**SHARED[case]))
    town.arrive(*(person("Jan", "Nowak", **SHARED[case]) for _ in range(2)))
    assert town.contacts() == len(PEOPLE) + 2


def test_what_ten_share_does_not_hide_that_one_of_them_came_twice() -> None:
    town = Town()
    town.arrive(*ten(phone=LANDLINE))
    for _ in range(2):
        town.arrive(person("Ewa", "Wrona", phone=LANDLINE, email="ewa.wrona@wp.pl"))
    assert town.contacts() == len(PEOPLE) + 1


def test_the_company_stays_apart_from_the_ten_who_share_its_phone_and_mailbox() -> None:
    town = Town()
    town.arrive(*ten(phone=LANDLINE, **OFFICE))
    town.arrive(company("Meblex", phone=LANDLINE, email=OFFICE["email"]))
    assert town.contacts() == len(PEOPLE) + 1


def test_namesakes_by_the_dozen_are_neither_joined_nor_asked_about() -> None:
    town = Town()
    towns = ("Łódź", "Kraków", "Gdynia", "Opole", "Płock", "Radom", "Kielce", "Tychy", "Sopot")
    streets = [(f"Polna {n}", f"9{n}-00{n}", name) for n, name in enumerate(towns, 1)]
    judged = town.arrive(*(person("Jan", "Nowak", at=at) for at in streets))
    assert town.contacts() == len(towns)
    assert all(j.ruling.comparison.verdict == "none" for j in judged)


@pytest.mark.parametrize("field", ["phones", "emails"])
def test_a_value_proves_less_the_more_names_use_it(field: str) -> None:
    jan = person("Jan", "Nowak", phone=LANDLINE, email="meblex.lodz@wp.pl")
    key = {"phones": f"phone={LANDLINE}", "emails": "email=meblex.lodz@wp.pl"}[field]
    made = [compared(jan, jan, {key: names}) for names in (1, 2, 4, 10, 40)]
    one, two, few, many, crowd = (r.points for m in made for r in m.reasons if r.field == field)
    assert min(one, two) > few > many >= crowd
    assert few > 0 >= crowd


def test_a_name_proves_less_the_more_contacts_bear_it() -> None:
    jan = person("Jan", "Nowak")
    made = [compared(jan, jan, {"namesakes": bearers}) for bearers in (1, 2, 4, 8, 16, 32, 51)]
    points = [r.points for m in made for r in m.reasons if r.field == "namesakes"]
    assert points == sorted(points, reverse=True)


def test_what_very_many_share_is_no_proof() -> None:
    crowded = {"emails": ["crowded", "same_many"], "phones": ["crowded", "same_many"]}
    for proof in MODEL.proofs:
        for field, levels in proof["needs"].items():
            assert not set(levels) & set(crowded.get(field, ()))
