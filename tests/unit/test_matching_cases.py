"""What the model decides on the named cases, and what forbids the machine to join."""

import pytest

from chalicelib.domain.matching import MODEL, compare, contradicts
from tests.unit.matching_cases import (
    CONTRADICTED,
    MAIL,
    NOT_CONTRADICTED,
    NOT_SAME,
    SAME,
    UNSURE,
)
from tests.unit.matching_people import LANDLINE, MOBILE, OTHER_MOBILE, Values, person


def verdict(a: Values, b: Values, shared: dict[str, int] | None = None) -> str:
    return compare(a, b, shared or {}, MODEL).verdict


@pytest.mark.parametrize("case", SAME)
def test_the_same_person_or_company_is_found(case: str) -> None:
    assert verdict(*SAME[case]) == "same"


@pytest.mark.parametrize("case", NOT_SAME)
def test_two_people_or_companies_are_never_joined(case: str) -> None:
    assert verdict(*NOT_SAME[case]) == ("unsure" if case in UNSURE else "none")


@pytest.mark.parametrize("case", CONTRADICTED)
def test_a_contradiction_is_named(case: str) -> None:
    assert contradicts(*NOT_SAME[case]) == CONTRADICTED[case]


@pytest.mark.parametrize("case", SAME | NOT_CONTRADICTED)
def test_what_one_person_may_say_is_no_contradiction(case: str) -> None:
    assert contradicts(*(SAME | NOT_CONTRADICTED)[case]) == ()


@pytest.mark.parametrize(("names", "expected"), [(1, "same"), (2, "unsure"), (13, "none")])
def test_a_phone_proves_less_the_more_names_use_it(names: int, expected: str) -> None:
    pair = (person("Jan", "Nowak", phone=LANDLINE), person("Jan", "Nowak", phone=LANDLINE))
    assert verdict(*pair, {f"phone={LANDLINE}": names}) == expected


def test_a_value_shared_beyond_the_cap_proves_nothing() -> None:
    pair = (person("Jan", "Nowak", phone=LANDLINE), person("Jan", "Nowak", phone=LANDLINE))
    shared = {f"phone={LANDLINE}": MODEL.cap + 1}
    phone = next(r for r in compare(*pair, shared, MODEL).reasons if r.field == "phones")
    assert (phone.level, phone.points, phone.names) == ("crowded", 0, MODEL.cap + 1)


def test_a_rare_surname_proves_more_than_a_common_one() -> None:
    rare, common = (
        compare(person("Jan", name), person("Jan", name), {}, MODEL).score
        for name in ("Zawadelczak", "Nowak")
    )
    assert rare > common


def test_another_phone_does_not_undo_one_e_mail_and_one_name() -> None:
    a = person("Jan", "Nowak", email=MAIL, phone=MOBILE)
    b = person("Jan", "Nowak", email=MAIL, phone=OTHER_MOBILE)
    assert verdict(a, b) == "same"
