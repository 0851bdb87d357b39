"""Every level has its words and every word its level, in both languages."""

from typing import Any, get_args

import pytest

from chalicelib.domain.judgements import Judgement
from chalicelib.domain.matching import MODEL, Comparison, Language, Reason, explain
from chalicelib.domain.matching import facts_compared as facts
from chalicelib.domain.matching import names_compared as names
from chalicelib.domain.matching import reach_compared as reach
from chalicelib.domain.matching.clusters import STRANGERS, TOO_LARGE
from chalicelib.domain.matching.explaining import PHRASES
from chalicelib.domain.matching.features import COMPANY_IDENTIFIERS
from tests.unit.matching_levels import LEVELS
from tests.unit.matching_people import compared

FORMS = {
    "names": names.Standing,
    "given_name": names.GivenLevel,
    "family_name": names.FamilyLevel,
    "birth_date": facts.BirthLevel,
    "mailbox_year": facts.YearLevel,
    "work": facts.WorkLevel,
    "job_title": facts.JobLevel,
    "identifiers": facts.IdentifierLevel,
    "organization": facts.CompanyLevel,
    "emails": reach.EmailLevel,
    "phones": reach.PhoneLevel,
    "addresses": reach.AddressLevel,
}
LANGUAGES = get_args(Language)
CONTRADICTIONS = {"kind", "generation", "birth_date", "given_name", "pesel", *COMPANY_IDENTIFIERS}


def levels_of(field: str) -> set[str]:
    """What the code's types and the model's spreads allow a field to say."""
    spread = {level for _, level in MODEL.spreads.get(field, ())}
    told = set(get_args(FORMS.get(field))) - {""}
    return told | spread | ({"company"} if field == "names" else set())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_level_has_a_phrase_and_each_phrase_a_level(language: Language) -> None:
    said = {field: set(levels) for field, levels in PHRASES[language]["levels"].items()}
    assert said == {field: levels_of(field) for field in [*FORMS, "namesakes"]}


def test_the_model_weighs_nothing_that_cannot_be_said() -> None:
    for field, columns in MODEL.weights.items():
        for levels in columns.values():
            assert set(levels) <= levels_of(field), field
    for proof in MODEL.proofs:
        for field, named in [*proof["needs"].items(), *proof["unless"].items()]:
            assert set(named) <= levels_of(field), field


@pytest.mark.parametrize(("field", "level"), [(f, lv) for f, lvs in LEVELS.items() for lv in lvs])
def test_each_level_is_come_to_by_two_records(field: str, level: str) -> None:
    made = compared(*LEVELS[field][level])
    assert level in [r.level for r in made.reasons if r.field == field]


def test_each_phrase_has_its_two_records() -> None:
    assert {f: set(levels) for f, levels in LEVELS.items()} == {
        f: set(levels) for f, levels in PHRASES["en"]["levels"].items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_obstacle_has_a_phrase_and_each_phrase_an_obstacle(language: Language) -> None:
    assert set(PHRASES[language]["obstacles"]) == CONTRADICTIONS | {TOO_LARGE, STRANGERS}


def test_both_languages_have_the_same_words() -> None:
    def shape(tree: object) -> object:
        return {k: shape(v) for k, v in tree.items()} if isinstance(tree, dict) else None

    assert shape(PHRASES["en"]) == shape(PHRASES["pl"])


def told(language: Language, *contradictions: str, **points: tuple[str, int, int]) -> str:
    """The sentence on an unsure pair; `points` are level, points, names by field."""
    reasons = (Reason(f, level, p, "", n) for f, (level, p, n) in points.items())
    return explain(Comparison(0, tuple(reasons), contradictions, "unsure"), language)


SENTENCE: dict[str, Any] = {
    "names": ("both", -40, 0),
    "phones": ("same_few", 300, 3),
    "birth_date": ("same", 900, 0),
    "namesakes": ("few", -200, 4),
    "work": ("different", -350, 0),
}


def test_the_sentence_tells_the_strongest_first_and_frequency_in_words() -> None:
    assert told("en", "pesel", **SENTENCE) == (
        "Perhaps the same contact, a person must decide: the names agree; for it: the same birth "
        "date, the same phone, used under 3 names; against it: different employers, a name that "
        "4 contacts bear; the machine does not join them: different PESEL numbers."
    )
    assert told("pl", "pesel", **SENTENCE) == (
        "Być może ten sam kontakt, musi zdecydować człowiek: imię i nazwisko się zgadzają; za "
        "tym: ta sama data urodzenia, ten sam telefon, używany pod 3 nazwiskami; przeciw: różni "
        "pracodawcy, imię i nazwisko wspólne dla 4 kontaktów; maszyna ich nie połączy: różne "
        "numery PESEL."
    )


def test_what_says_nothing_is_not_told() -> None:
    assert told("en", work=("same", 0, 0)) == "Perhaps the same contact, a person must decide."


def test_a_level_that_an_older_model_knew_does_not_silence_the_rest() -> None:
    said = told("en", work=("long_gone", 50, 0), prior=("person", -900, 0), phones=("same", 9, 1))
    assert said.endswith("; for it: the same phone.")


@pytest.mark.parametrize(
    ("verdict", "by", "start"),
    [
        ("same", "model:2", "One contact; the machine joined them on 2026-11-21; for it: "),
        ("same", "key:ab", "One contact; a person joined them on 2026-11-21; for it: "),
        (
            "different",
            "key:ab",
            "Two contacts; a person said on 2026-11-21 that they are different; for it: ",
        ),
    ],
)
def test_a_word_that_stands_comes_first(verdict: Any, by: str, start: str) -> None:
    word = Judgement(id="j", verdict=verdict, a=("a",), b=("b",), by=by, at="2026-11-21T10:00:00Z")
    made = Comparison(300, (Reason("phones", "same", 300, "", 1),), (), "unsure")
    assert explain(made, "en", [word]).startswith(start)
    assert explain(made, "pl", [word]).count("2026-11-21") == 1
