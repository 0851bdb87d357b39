"""Reasons add up to the score, read as one sentence, and give no value away."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.matching import MODEL, Language, compare, contradicts, explain
from chalicelib.domain.matching.explaining import PHRASES
from tests.unit.matching_people import (
    ELSEWHERE,
    HOME,
    HOME_AGAIN,
    LANDLINE,
    MOBILE,
    OTHER_MOBILE,
    Values,
    company,
    person,
)

ANNA = person("Anna", "Gilelek", email="anna.gilelek@wp.pl", phone=MOBILE, birth_date="1970-05-14")
ANIA = person("Ania", "Gilelek", email="anna.gilelek@wp.pl", phone=MOBILE, birth_date="1970-05-15")
JAN = person("Jan", "Gilelek", email="anna.gilelek@wp.pl", phone=MOBILE, birth_date="1969-11-30")

_EMAILS = st.sampled_from(
    [None, "a.lis@wp.pl", "a.lys@wp.pl", "a.lis@o2.pl", "biuro@x.pl", "lis@x.pl", "a.lis+z@wp.pl"]
)
_PEOPLE = st.builds(
    person,
    st.sampled_from([None, "Anna", "Ania", "A.", "Jan", "Janina", "Xymena", "Lis", "Anan"]),
    st.sampled_from(
        [None, "Lis", "Nowak", "Kowalski", "Kowalska", "Lis-Nowak", "Anna", "Nowka jr"]
    ),
    nicknames=st.sampled_from([None, ["Jaś"]]),
    birth_date=st.sampled_from([None, "1970-05-14", "1970-05-15", "--05-14", "1988-11-02"]),
    email=_EMAILS,
    phone=st.sampled_from([None, MOBILE, OTHER_MOBILE, LANDLINE]),
    at=st.sampled_from([None, HOME, HOME_AGAIN, ELSEWHERE]),
    organization=st.sampled_from([None, "Meblex", "Meblex 2 S.A."]),
    ids=st.sampled_from([{}, {"pesel": "70051401359"}, {"nip": "5261040828"}, {"ssn": "1"}]),
)
_COMPANIES = st.builds(
    company,
    st.sampled_from(["Meblex", "Meblex 2 S.A.", "Stalpol"]),
    email=_EMAILS,
    ids=st.sampled_from([{}, {"nip": "5261040828"}, {"nip": "7740001454"}, {"regon": "012345678"}]),
)
_RECORDS = st.one_of(_PEOPLE, _COMPANIES)
_SHARED = st.dictionaries(
    st.sampled_from(["email=a.lis@wp.pl", f"phone={MOBILE}"]), st.integers(0, 20)
)


@settings(max_examples=300, deadline=None)
@given(_RECORDS, _RECORDS, _SHARED)
def test_the_order_of_the_two_does_not_matter(a: Values, b: Values, shared: dict[str, int]) -> None:
    assert compare(a, b, shared, MODEL) == compare(b, a, shared, MODEL)
    assert contradicts(a, b) == contradicts(b, a) == compare(a, b, shared, MODEL).contradictions


@settings(max_examples=200, deadline=None)
@given(_RECORDS, _RECORDS, _SHARED)
def test_the_decision_can_be_recomputed(a: Values, b: Values, shared: dict[str, int]) -> None:
    made = compare(a, b, shared, MODEL)
    assert made.score == sum(reason.points for reason in made.reasons)
    if made.verdict == "same":
        assert made.score >= MODEL.same and not made.contradictions
    if made.verdict == "none":
        assert made.score < MODEL.unsure


@settings(max_examples=200, deadline=None)
@given(_RECORDS)
def test_no_record_contradicts_itself(a: Values) -> None:
    assert contradicts(a, a) == ()


@settings(max_examples=200, deadline=None)
@given(_RECORDS, _RECORDS, st.sampled_from(["en", "pl"]))
def test_every_comparison_can_be_told_in_one_sentence(
    a: Values, b: Values, language: Language
) -> None:
    told = explain(compare(a, b, {}, MODEL), language)
    assert told.endswith(".") and "\n" not in told


def test_the_sentence_names_what_speaks_for_it_and_what_forbids_it() -> None:
    assert explain(compare(ANNA, ANIA, {}, MODEL), "en").startswith(
        "The same; for it: the same e-m"
    )
    against = explain(compare(ANNA, JAN, {}, MODEL), "en")
    assert against.endswith("since they differ in birth date, given name.")
    assert "różni je data urodzenia, imię" in explain(compare(ANNA, JAN, {}, MODEL), "pl")


def test_a_widely_used_value_is_told_with_its_number_of_names() -> None:
    made = compare(ANNA, ANIA, {f"phone={MOBILE}": 4}, MODEL)
    assert "the same phone, used under 4 names" in explain(made, "en")


def test_values_are_masked() -> None:
    told = repr(compare(ANNA, ANIA, {}, MODEL))
    for value in ("anna", "gilelek", "600700801", "1970"):
        assert value not in told.casefold()


@pytest.mark.parametrize("language", ["en", "pl"])
def test_every_level_of_the_model_has_its_words(language: str) -> None:
    words = PHRASES[language]["levels"]
    for fields in MODEL.weights.values():
        for field, levels in fields.items():
            if field != "prior":
                assert set(levels) <= set(words[field]), field


def test_both_languages_have_the_same_words() -> None:
    def shape(tree: object) -> object:
        return {k: shape(v) for k, v in tree.items()} if isinstance(tree, dict) else None

    assert shape(PHRASES["en"]) == shape(PHRASES["pl"])


def test_the_model_is_whole_numbers_and_its_thresholds_are_in_order() -> None:
    assert MODEL.same > MODEL.unsure > 0
    for kind, proofs in MODEL.proofs.items():
        named = {(f, level) for f, levels in proofs.items() for level in levels}
        assert named <= {
            (f, level) for f in MODEL.weights[kind] for level in MODEL.weights[kind][f]
        }
    points = [p for k in MODEL.weights.values() for f in k.values() for p in f.values()]
    assert all(isinstance(p, int) for p in points)


def test_name_address_and_employer_never_join_alone() -> None:
    """However rare the name: a father and a son may share all three."""
    for given_name, family in product(["Xymena", "Jan"], ["Brzdąckowicz", "Nowak"]):
        one, two = (
            person(given_name, family, at=HOME, organization="Meblex", phone=phone)
            for phone in (MOBILE, MOBILE[:-1] + "2")
        )
        assert compare(one, two, {}, MODEL).verdict == "unsure"
