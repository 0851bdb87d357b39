"""Keys: two records of one person share one, few are made, and placeholders make none."""

import pytest

from chalicelib.domain.matching import features, match_keys, name_print
from chalicelib.domain.matching.keys import MOST_KEYS
from tests.unit.matching_people import HOME, HOME_AGAIN, MOBILE, Values, company, named, person


def keys(values: Values) -> tuple[str, ...]:
    return match_keys(features(values))


def print_of(values: Values) -> str:
    return name_print(features(values))


FULL = person(
    "Katarzyna",
    "Wiśniewska-Żak",
    birth_date="1970-05-14",
    at=HOME,
    phone=MOBILE,
    email="k.zak@meblex.pl",
    organization="Meblex sp. z o.o.",
    ids={"nip": "5261040828", "pesel": "70051401359"},
)

MEETING = {
    "a diminutive": (person("Kasia", "Gilelek"), person("Katarzyna", "Gilelek")),
    "swapped names": (person("Gilelek", "Kasia"), named("Katarzyna Gilelek")),
    "swapped unknown names": (person("Xymena", "Brzdąc"), person("Brzdąc", "Xymena")),
    "another spelling": (person("Anna", "Müller"), person("Anna", "Mueller")),
    "Cyrillic": (person("Марія", "Бондарук"), person("Mariia", "Bondaruk")),
    "the other gender's form": (person("Anna", "Kowalska"), person("Anna", "Kowalski")),
    "the other gender's form, Czech": (person("Jana", "Svobodová"), person("Jana", "Svoboda")),
    "Cyrillic, spelt in German": (person("Юлія", "Шевченко"), person("Julia", "Schewtschenko")),
    "a full name in the field for the given name": (
        person("Kasia Gilelek", None),
        person("Katarzyna", "Gilelek"),
    ),
    "a double-barrelled surname": (
        person("Anna", "Gilelek-Brzdąc"),
        person("Anna", "Brzdąc"),
    ),
    "two digits swapped in an identifier": (
        person("Anna", "Gilelek", ids={"passport": "ea345678"}),
        person("Hanka", "Brzdąc", ids={"passport": "ea345687"}),
    ),
    "a surname in the mailbox": (
        person("Anna", None, email="anna.gilelek@wp.pl"),
        person("Anna", "Gilelek"),
    ),
    "a surname behind an initial in the mailbox": (
        person("Anna", None, email="agilelek7@wp.pl"),
        person("Ania", "Gilelek"),
    ),
    "a misspelt surname, one birth date": (
        person("Anna", "Gliczek", birth_date="1970-05-14"),
        person("Anna", "Gulczak", birth_date="1970-05-14"),
    ),
    "a misspelt given name, one postcode": (
        person("Zmilia", "Gilelek", at=HOME),
        person("Emilia", "Gilelek", at=HOME_AGAIN),
    ),
    "only the door in common": (
        person("Zmilia", "Gulelk", at=HOME),
        person("Emilia", "Gilelek", at=HOME_AGAIN),
    ),
    "one company's number": (
        company("Meblex", ids={"nip": "5261040828"}),
        company("Inna nazwa", ids={"nip": "5261040828"}),
    ),
    "one company's name": (company("Meblex Sp. z o.o."), company("MEBLEX")),
}

KEYLESS = {
    "nothing": {},
    "nothing but None": {"given_name": None, "emails": None, "addresses": None},
    "a given name alone": person("Anna", None),
    "an office's mailbox": person(None, None, email="biuro2@meblex.pl"),
    "placeholders": person("brak", "brak", email="brak@brak.pl", phone="+48000000000"),
}


@pytest.mark.parametrize("case", MEETING)
def test_records_of_one_person_share_a_key(case: str) -> None:
    a, b = MEETING[case]
    assert set(keys(a)) & set(keys(b))


@pytest.mark.parametrize("case", KEYLESS)
def test_what_identifies_nobody_makes_no_key(case: str) -> None:
    assert keys(KEYLESS[case]) == ()


def test_the_caller_can_tell_what_a_key_holds() -> None:
    made = keys(FULL)
    assert {"email=k.zak@meblex.pl", f"phone={MOBILE}", "id=pesel:70051401359"} <= set(made)
    assert "id=nip:5261040828" not in made  # the employer's number: all colleagues bear it


def test_a_full_record_has_few_keys() -> None:
    many = FULL | {
        "phones": [{"number": f"+4860070080{i}"} for i in range(9)],
        "emails": [{"address": f"zak{i}@wp.pl"} for i in range(9)],
    }
    assert len(keys(FULL)) <= MOST_KEYS
    assert len(keys(many)) == len(set(keys(many))) == MOST_KEYS


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (person("Kasia", "Gilelek"), person("KATARZYNA", "Gilelek")),
        (person("Anna", "Gilelek"), named("Gilelek Anna")),
        (person("Anna", "Gilelek"), person("Anna", "Gileelk")),
        (company("Meblex S.A."), company("MEBLEX")),
    ],
)
def test_spellings_of_one_name_have_one_print(a: Values, b: Values) -> None:
    assert print_of(a) == print_of(b) != ""


@pytest.mark.parametrize("values", [person("Anna", None), person("A.", "Gilelek"), {}])
def test_half_a_name_has_no_print(values: Values) -> None:
    assert print_of(values) == ""


def test_different_names_have_different_prints() -> None:
    people = [("Anna", "Gilelek"), ("Jan", "Gilelek"), ("Anna", "Starulicka"), ("Ewa", "Żak")]
    assert len({print_of(person(*names)) for names in people}) == len(people)
