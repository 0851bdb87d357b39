"""By which rule a record's word wins: a table of cases for each criterion and their order."""

from collections.abc import Sequence
from typing import Any

import pytest

from chalicelib.domain.errors import InvalidError
from chalicelib.domain.evidence import Record, Told
from chalicelib.domain.golden import elect
from chalicelib.domain.judgements import Judgement
from chalicelib.domain.rules_forms import checked, read, shown, written
from chalicelib.domain.survivorship import DEFAULTS, Rules

DAY = "2026-01-{:02}T00:00:00.000000Z"
BAD, GOOD = {"address": "a@x.pl", "validity": "invalid"}, {"address": "b@x.pl"}
GOOD_TOO = {"address": "c@x.pl", "validity": "valid"}
Said = tuple[str, dict[str, Any]]


def rec(name: str, day: int = 1, trust: int = 50, source: str = "", **values: Any) -> Record:
    """A record named by its id; the ids are in the order of age."""
    fields = {n: Told(value=v, stamp=f"{DAY.format(day)}#0#{name}") for n, v in values.items()}
    return Record(
        id=name,
        source=source or name,
        external_id="e",
        first_seen="1",
        salt="s",
        trust=trust,
        fields=fields,
    )


def by(**fields: Any) -> Rules:
    return checked("v", {"fields": fields})


def rule(*order: str, **more: Any) -> dict[str, Any]:
    return {"order": order, **more}


OLD, NEW = rec("a", 1, job_title="kierownik"), rec("b", 2, job_title="szef")
TRUSTED = rec("c", 1, 90, job_title="prezes")
ECHO = rec("d", 1, 10, job_title="szef")


@pytest.mark.parametrize(
    ("order", "told", "winner", "won_by"),
    [
        (rule("trusted"), [OLD], "a", "only"),
        (rule("trusted"), [OLD, NEW, TRUSTED], "c", "trusted_source"),
        (rule("trusted"), [OLD, NEW], "a", "oldest_record"),
        (rule("trusted", sources=["b", "a"]), [OLD, NEW, TRUSTED], "b", "trusted_source"),
        (rule("trusted", sources=["z"]), [OLD, NEW, TRUSTED], "c", "trusted_source"),
        (rule("trusted", sources=["z", "a"]), [NEW, TRUSTED, OLD], "a", "trusted_source"),
        (rule("recent"), [OLD, NEW, TRUSTED], "b", "most_recent"),
        (rule("recent", "trusted"), [OLD, TRUSTED], "c", "trusted_source"),
        (rule("trusted", "recent"), [OLD, NEW], "b", "most_recent"),
        (rule("complete"), [OLD, NEW, TRUSTED], "a", "most_complete"),
        (rule("complete", "recent"), [NEW, ECHO], "b", "most_recent"),
        (rule("frequent"), [OLD, NEW, TRUSTED, ECHO], "b", "most_frequent"),
        (rule("frequent", "recent"), [OLD, NEW, TRUSTED], "b", "most_recent"),
        (rule("frequent", "complete"), [OLD, NEW, TRUSTED], "a", "most_complete"),
        (rule("frequent", "trusted", "recent", "complete"), [OLD, rec("e", job_title="x")], "a",
         "most_complete"),
        (rule("recent"), [OLD, TRUSTED], "a", "oldest_record"),
    ],
)  # fmt: skip
def test_the_criteria_rank_in_their_order(
    order: dict[str, Any], told: Sequence[Record], winner: str, won_by: str
) -> None:
    for records in (told, told[::-1]):
        won = elect(records, [], by(job_title=order))["job_title"]
        assert (won.record, won.rule) == (winner, won_by)


def test_the_order_is_the_rule_s_and_not_the_criteria_s() -> None:
    told = [OLD, NEW, TRUSTED]
    firsts = {"trusted": "c", "recent": "b", "complete": "a"}
    for first, winner in firsts.items():
        others = [c for c in firsts if c != first]
        for order in ([first, *others], [first, *others[::-1]]):
            assert elect(told, [], by(job_title=rule(*order)))["job_title"].record == winner


def test_who_lost_is_told_but_not_who_said_the_same() -> None:
    won = elect([OLD, NEW, ECHO], [], by(job_title=rule("frequent")))["job_title"]
    assert won.lost == (("a", "kierownik"),)


def test_a_name_is_judged_and_taken_as_a_whole() -> None:
    half = rec("a", 9, 90, given_name="Janusz")
    whole = rec("b", 1, given_name="Jan", family_name="Wrona")
    later = rec("c", 5, given_name="Ian", family_name="Crow")
    told = [half, whole, later]
    cases = {
        ("complete", "trusted"): {"given_name": "Jan", "family_name": "Wrona"},
        ("complete", "recent"): {"given_name": "Ian", "family_name": "Crow"},
        ("recent",): {"given_name": "Janusz"},
        ("trusted",): {"given_name": "Janusz"},
    }
    for order, name in cases.items():
        elected = elect(told, [], by(name=rule(*order)))
        assert {n: e.value for n, e in elected.items()} == name


def test_a_custom_field_goes_by_its_own_rule_or_by_that_of_all_customs() -> None:
    told = [rec("a", 1, **{"custom.x": "long", "custom.y": "long"}),
            rec("b", 2, **{"custom.x": "s", "custom.y": "s"})]  # fmt: skip
    rules = by(custom=rule("recent"), **{"custom.y": rule("complete")})
    elected = elect(told, [], rules)
    assert (elected["custom.x"].record, elected["custom.y"].record) == ("b", "a")


LISTS = [rec("a", 1, emails=[BAD]), rec("b", 2, emails=[GOOD]), rec("c", 3, 90, emails=[GOOD_TOO])]


@pytest.mark.parametrize(
    ("order", "told", "addresses", "won_by"),
    [
        (rule("trusted"), LISTS, "cba", "union"),
        (rule("recent"), LISTS[:2], "ba", "union"),
        (rule("trusted", sources=["a"]), LISTS, "cba", "union"),
        (rule("trusted", take="one"), LISTS, "c", "trusted_source"),
        (rule("trusted", take="one", sources=["b"]), LISTS, "b", "trusted_source"),
        (rule("trusted", take="one", sources=["a"]), LISTS[:2], "b", "valid"),
        (rule("recent", take="one"), [LISTS[0].model_copy(update={"trust": 99}), LISTS[1]], "b",
         "valid"),
        (rule("complete", take="one"), [LISTS[1], rec("d", emails=[GOOD_TOO, BAD])], "ca",
         "most_complete"),
        (rule("trusted", take="one"), LISTS[:1], "a", "only"),
    ],
)  # fmt: skip
def test_a_list_takes_all_or_one_and_what_reaches_nobody_comes_last(
    order: dict[str, Any], told: Sequence[Record], addresses: str, won_by: str
) -> None:
    for records in (told, told[::-1]):
        won = elect(records, [], by(emails=order))["emails"]
        assert "".join(e["address"][0] for e in won.value) == addresses
        assert won.rule == won_by


def test_a_list_that_was_not_taken_is_told_as_lost() -> None:
    won = elect(LISTS, [], by(emails=rule("recent", take="one")))["emails"]
    assert won.lost == (("b", [GOOD]), ("a", [BAD]))


@pytest.mark.parametrize("field", ["phones", "emails"])
def test_validity_is_what_was_said_last_whoever_said_it(field: str) -> None:
    key = {"phones": "number", "emails": "address"}[field]
    one, other = "+48600700801" if field == "phones" else "a@x.pl", "z"
    bounced = {key: one, "validity": "invalid"}
    mended = {key: one, "validity": "valid"}
    told = [rec("a", 5, 90, **{field: [bounced]}), rec("b", 1, **{field: [{key: other}]})]
    values = elect(told, [], by(**{field: rule("trusted")}))[field].value
    assert [e[key] for e in values] == [other, one]
    told = [*told, rec("c", 6, **{field: [mended]})]
    values = elect(told, [], by(**{field: rule("trusted")}))[field].value
    assert mended in values


@pytest.mark.parametrize("field", ["tags", "notes", "consents"])
def test_facts_are_always_united(field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        by(**{field: rule("recent", take="one")})
    assert [(f.pointer, f.code) for f in refused.value.errors] == [
        (f"/fields/{field}/take", "always_united")
    ]


def test_a_choice_beats_an_overwrite_and_that_every_rule() -> None:
    def edge(**said: Any) -> Judgement:
        return Judgement(id="j", verdict="same", a=("a",), b=("b",), by="key:x", at="1", **said)

    rules = by(job_title=rule("trusted"))
    told = [TRUSTED, OLD, NEW]
    lifted = elect(told, [edge(lifts=("a",))], rules)["job_title"]
    assert (lifted.record, lifted.rule) == ("a", "overwrite")
    chosen = elect(told, [edge(lifts=("a",), picks={"job_title": ("b",)})], rules)["job_title"]
    assert (chosen.record, chosen.rule) == ("b", "chosen")


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"fields": {"job_title": {"order": ["newest"]}}}, "/fields/job_title/order/0",
         "literal_error"),
        ({"fields": {"job_title": {"order": []}}}, "/fields/job_title/order", "not_an_order"),
        ({"fields": {"job_title": {"order": ["recent", "recent"]}}}, "/fields/job_title/order",
         "not_an_order"),
        ({"fields": {"job_title": {}}}, "/fields/job_title/order", "missing"),
        ({"fields": {"titel": {"order": ["recent"]}}}, "/fields/titel", "unknown_field"),
        ({"fields": {"given_name": {"order": ["recent"]}}}, "/fields/given_name",
         "name_as_a_whole"),
        ({"fields": {"emails": {"order": ["recent"], "take": "two"}}}, "/fields/emails/take",
         "literal_error"),
        ({"fields": {"emails": {"order": ["recent"], "sources": [1]}}},
         "/fields/emails/sources/0", "string_type"),
        ({"fields": {"emails": {"order": ["recent"], "where": 1}}}, "/fields/emails/where",
         "extra_forbidden"),
        ({"fields": {"emails": {"order": ["recent"], "sources": ["s"] * 101}}},
         "/fields/emails/sources", "too_long"),
        ({"field": {}}, "/field", "extra_forbidden"),
        ({"version": "v"}, "/version", "extra_forbidden"),
        ({"about": "x" * 2_001}, "/about", "string_too_long"),
    ],
)  # fmt: skip
def test_each_fault_of_a_set_is_named(given: dict[str, Any], pointer: str, code: str) -> None:
    with pytest.raises(InvalidError) as refused:
        checked("v", given)
    assert [(f.pointer, f.code) for f in refused.value.errors] == [(pointer, code)]


def test_a_set_is_kept_as_it_was_given() -> None:
    rules = by(job_title=rule("recent"), emails=rule("trusted", take="one", sources=["crm"]))
    assert read(written(rules)) == rules
    assert shown(rules)["fields"]["emails"] == {
        "order": ["trusted"],
        "sources": ["crm"],
        "take": "one",
    }
    assert set(shown(DEFAULTS)["defaults"]) >= {"name", "custom", "emails", "job_title"}
