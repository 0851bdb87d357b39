"""Reasons add up to the score, the decision follows from them, and they give no value away."""

from collections.abc import Mapping
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.matching import (
    MODEL,
    NAMESAKES,
    Card,
    Comparison,
    Language,
    Pair,
    contradicts,
    explain,
    features,
    rule,
)
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
    compared,
    person,
)

ANNA = person("Anna", "Gilelek", email="anna.gilelek@wp.pl", phone=MOBILE, birth_date="1970-05-14")
ANIA = person("Ania", "Gilelek", email="anna.gilelek@wp.pl", phone=MOBILE, birth_date="1970-05-15")
JAN = person("Jan", "Gilelek", email="anna.gilelek@wp.pl", phone=MOBILE, birth_date="1969-11-30")

_EMAILS = st.sampled_from(
    [
        None,
        "a.lis@wp.pl",
        "a.lys@wp.pl",
        "a.lis@o2.pl",
        "biuro@x.pl",
        "lis@x.pl",
        "a.lis+z@wp.pl",
        "a.lis70@wp.pl",
    ]
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
    job_title=st.sampled_from([None, "Księgowa", "Główna księgowa", "Prezes"]),
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
    st.sampled_from(["email=a.lis@wp.pl", f"phone={MOBILE}", NAMESAKES]), st.integers(0, 60)
)


Shares = Mapping[str, int]


def recomputed(made: Comparison) -> Comparison:
    """The comparison again, from the levels, contradictions and the model's table alone."""
    column = next((r.level for r in made.reasons if r.field == "names"), "")
    reasons = tuple(r._replace(points=MODEL.points(column, r.field, r.level)) for r in made.reasons)
    score = sum(r.points for r in reasons)
    verdict = MODEL.verdict(score, reasons, bool(made.contradictions))
    return Comparison(score, reasons, made.contradictions, verdict)


@settings(max_examples=300, deadline=None)
@given(_RECORDS, _RECORDS, _SHARED)
def test_the_order_of_the_two_does_not_matter(a: Values, b: Values, shared: Shares) -> None:
    made = compared(a, b, shared)
    assert made == compared(b, a, shared)
    known = contradicts(features(a), features(b))
    assert known == contradicts(features(b), features(a)) == made.contradictions


@settings(max_examples=500, deadline=None)
@given(_RECORDS, _RECORDS, _SHARED)
def test_the_decision_can_be_recomputed(a: Values, b: Values, shared: Shares) -> None:
    made = compared(a, b, shared)
    assert made == recomputed(made)
    assert made.score == sum(reason.points for reason in made.reasons)
    if made.verdict == "same":
        assert made.score >= MODEL.same and not made.contradictions
    if made.verdict == "none":
        assert made.score < MODEL.unsure


@settings(max_examples=150, deadline=None)
@given(st.lists(_RECORDS, min_size=1, max_size=3), st.lists(_RECORDS, min_size=1, max_size=3))
def test_the_ruling_on_two_contacts_can_be_recomputed(a: list[Values], b: list[Values]) -> None:
    ours, theirs = (
        [Card(f"{side}{n}", "crm", str(n), features(r)) for n, r in enumerate(records)]
        for side, records in (("a", a), ("b", b))
    )
    found = {
        (x.id, y.id): compared(r, s)
        for x, r in zip(ours, a, strict=True)
        for y, s in zip(theirs, b, strict=True)
    }
    best = max(found, key=lambda ids: found[ids].score)
    cards = {card.id: card for card in (*ours, *theirs)}
    pair = Pair(cards[best[0]], cards[best[1]], found[best])
    ruling = rule(pair, ours, theirs, {}, MODEL)
    told = ruling.comparison
    assert ruling.across == {ids: made.score for ids, made in found.items()}
    assert {c for made in found.values() for c in made.contradictions} <= set(told.contradictions)
    wanted = MODEL.verdict(told.score, told.reasons, bool(told.contradictions))
    unlike = ruling.likeness < MODEL.unsure and told.score < MODEL.same
    assert told.verdict == ("none" if wanted == "unsure" and unlike else wanted)


@settings(max_examples=200, deadline=None)
@given(_RECORDS)
def test_no_record_contradicts_itself(a: Values) -> None:
    assert contradicts(features(a), features(a)) == ()


@settings(max_examples=200, deadline=None)
@given(_RECORDS, _RECORDS, st.sampled_from(["en", "pl"]))
def test_every_comparison_can_be_told_in_one_sentence(
    a: Values, b: Values, language: Language
) -> None:
    made = compared(a, b)
    told = explain(made, language)
    assert all(r.level in PHRASES[language]["levels"][r.field] for r in made.reasons)
    assert told.endswith(".") and "\n" not in told and "{" not in told


def test_what_a_value_proves_depends_on_how_many_bear_it() -> None:
    made = compared(ANNA, ANIA, {f"phone={MOBILE}": 4, NAMESAKES: 7})
    borne = {r.field: r.names for r in made.reasons}
    assert (borne["phones"], borne["emails"], borne["namesakes"]) == (4, 1, 7)


def test_values_are_masked() -> None:
    made = compared(ANNA, ANIA)
    assert {r.value for r in made.reasons} == {"", "a…@w…", "+48…01"}
    for value in ("anna", "gilelek", "600700801", "1970"):
        assert value not in repr(made).casefold()


def test_the_thresholds_are_in_order_and_the_points_whole_numbers() -> None:
    assert MODEL.same > MODEL.unsure > 0 > MODEL.weakest
    points = [p for f in MODEL.weights.values() for c in f.values() for p in c.values()]
    assert points and all(isinstance(p, int) for p in points)


def test_name_address_and_employer_never_join_alone() -> None:
    """However rare the name: a father and a son may share all three."""
    for given_name, family in product(["Xymena", "Jan"], ["Brzdąckowicz", "Nowak"]):
        one, two = (
            person(given_name, family, at=HOME, organization="Meblex", phone=phone)
            for phone in (MOBILE, OTHER_MOBILE)
        )
        assert compared(one, two).verdict != "same"
