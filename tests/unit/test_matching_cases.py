"""What comes of the named cases in a store, in either order; what forbids the machine to join."""

import pytest

from chalicelib.domain.matching import contradicts, features
from tests.unit.matching_cases import FOUND, SAME
from tests.unit.matching_cases_apart import APART, ASKED, NOT_ASKED
from tests.unit.matching_contradictions import CONTRADICTED, NOT_CONTRADICTED
from tests.unit.matching_people import (
    Town,
    Values,
    compared,
    person,
)


def decided(a: Values, b: Values) -> str:
    """The verdict when the two come to an empty store; the same in either order."""
    verdicts = []
    for order in ((a, b), (b, a)):
        town = Town()
        verdicts.append(next((j.ruling.comparison.verdict for j in town.arrive(*order)), "none"))
        assert town.contacts() == (1 if verdicts[-1] == "same" else 2)
    assert len(set(verdicts)) == 1
    return verdicts[0]


def contradicted(a: Values, b: Values) -> tuple[str, ...]:
    return contradicts(features(a), features(b))


@pytest.mark.parametrize("case", SAME)
def test_the_same_person_or_company_is_joined(case: str) -> None:
    assert decided(*SAME[case]) == "same"


@pytest.mark.parametrize("case", FOUND)
def test_what_may_be_the_same_is_not_passed_over(case: str) -> None:
    assert decided(*FOUND[case]) != "none"


@pytest.mark.parametrize("case", APART)
def test_two_people_or_companies_are_never_joined(case: str) -> None:
    assert decided(*APART[case]) != "same"


@pytest.mark.parametrize("case", ASKED)
def test_what_the_machine_cannot_know_is_put_to_a_person(case: str) -> None:
    assert decided(*APART[case]) == "unsure"


@pytest.mark.parametrize("case", NOT_ASKED)
def test_nobody_is_asked_about_mere_chance(case: str) -> None:
    assert decided(*APART[case]) == "none"


@pytest.mark.parametrize("case", CONTRADICTED)
def test_a_contradiction_is_named(case: str) -> None:
    assert contradicted(*APART[case]) == CONTRADICTED[case]


@pytest.mark.parametrize("case", SAME | FOUND | NOT_CONTRADICTED)
def test_what_one_person_may_say_is_no_contradiction(case: str) -> None:
    assert contradicted(*(SAME | FOUND | NOT_CONTRADICTED)[case]) == ()


def test_a_rare_surname_proves_more_than_a_common_one() -> None:
    rare, common = (
        compared(person("Jan", name), person("Jan", name)).score
        for name in ("Zawadelczak", "Nowak")
    )
    assert rare > common
