"""Which record's word counts: a table of cases for each rule, mode and tie."""

from typing import Any

import pytest

from chalicelib.domain.evidence import Record, Told
from chalicelib.domain.golden import elect
from chalicelib.domain.judgements import Judgement, Mode

EARLY, LATE = "2026-01-01T00:00:00.000000Z", "2026-06-01T00:00:00.000000Z"


def rec(name: str, trust: int = 50, at: str = EARLY, seen: str = "1", **values: Any) -> Record:
    """A record named by its id; `seen` orders records by age."""
    fields = {n: Told(value=v, stamp=f"{at}#0#{name}") for n, v in values.items()}
    return Record(
        id=name, source=name, external_id="e", first_seen=seen, salt="s", trust=trust, fields=fields
    )


def edge(
    a: str, b: str, mode: Mode = "merge", at: str = "1", **touch: tuple[str, ...]
) -> Judgement:
    return Judgement(
        id=f"{a}{b}{at}", verdict="same", a=(a,), b=(b,), by="key:x", at=at, mode=mode, **touch
    )


@pytest.mark.parametrize(
    ("records", "value", "winner", "rule"),
    [
        ([rec("a", stage="lead")], "lead", "a", "only"),
        ([rec("a", 80, stage="lead"), rec("b", 20, LATE, stage="former")], "lead", "a",
         "trusted_source"),
        ([rec("a", stage="lead"), rec("b", at=LATE, stage="former")], "former", "b", "most_recent"),
        ([rec("a", seen="2", stage="lead"), rec("b", stage="former")], "former", "b",
         "oldest_record"),
        ([rec("a", 90), rec("b", stage="former")], "former", "b", "only"),
    ],
)  # fmt: skip
def test_a_single_field_goes_to_one_record(
    records: list[Record], value: str, winner: str, rule: str
) -> None:
    won = elect(records, [])["stage"]
    assert (won.value, won.record, won.rule) == (value, winner, rule)


def test_what_lost_is_kept() -> None:
    won = elect([rec("a", 80, stage="lead"), rec("b", stage="former")], [])["stage"]
    assert won.lost == (("b", "former"),)


def test_a_name_is_never_a_mix_of_two() -> None:
    told = [rec("a", 90, full_name="J. Kowalski"), rec("b", given_name="Jan", family_name="Kowal")]
    won = elect(told, [])
    assert {n: (e.value, e.record) for n, e in won.items()} == {
        "given_name": ("Jan", "b"),
        "family_name": ("Kowal", "b"),
    }
    assert won["given_name"].rule == "most_complete"


def test_lists_unite_and_the_most_trusted_comes_first() -> None:
    one, two = {"address": "a@x.pl"}, {"address": "b@x.pl"}
    told = [rec("a", 10, emails=[one, two]), rec("b", 90, emails=[{**two, "label": "work"}])]
    won = elect(told, [])["emails"]
    assert won.value == [{**two, "label": "work"}, one]
    assert won.shares == (("b", {**two, "label": "work"}), ("a", one))


OLD = rec("a", 90, stage="lead", interests=["koty"], tags=["vip"], notes=["n1"])
NEW = rec("b", 10, seen="2", stage="former", interests=["psy"], tags=["shop"], notes=["n2"])


@pytest.mark.parametrize(
    ("edges", "stage", "interests"),
    [
        ([edge("a", "b")], "lead", ["koty", "psy"]),
        ([edge("a", "b", "overwrite", lifts=("b",))], "former", ["psy"]),
        ([edge("a", "b", "skip", mutes=("b",))], "lead", ["koty"]),
        ([edge("a", "b", "skip", mutes=("a",))], "former", ["psy"]),
        ([edge("a", "b", "skip", mutes=("a", "b"))], "lead", ["koty", "psy"]),
        ([edge("a", "b", "overwrite", at="1", lifts=("b",)), edge("a", "b", at="2")],
         "lead", ["koty", "psy"]),
        ([edge("a", "b", "overwrite", at="1", lifts=("b",)),
          edge("a", "c", "skip", at="2", mutes=("b",))], "lead", ["koty"]),
    ],
    ids=["merge", "overwrite", "skip the younger", "skip the older", "all muted is none muted",
         "the newest word on a pair counts", "mute beats lift"],
)  # fmt: skip
def test_the_modes_of_an_edge(edges: list[Judgement], stage: str, interests: list[str]) -> None:
    won = elect([OLD, NEW], edges)
    assert (won["stage"].value, won["interests"].value) == (stage, interests)


@pytest.mark.parametrize("mode", ["overwrite", "skip"])
def test_facts_are_remembered_whatever_the_mode(mode: Mode) -> None:
    touch = {"lifts": ("b",)} if mode == "overwrite" else {"mutes": ("b",)}
    won = elect([OLD, NEW], [edge("a", "b", mode, **touch)])
    assert sorted(won["tags"].value) == ["shop", "vip"]
    assert sorted(won["notes"].value) == ["n1", "n2"]


def test_a_deleted_record_says_nothing() -> None:
    gone = rec("a", 90, stage="lead").model_copy(update={"gone": True, "fields": {}})
    assert elect([gone, NEW], [])["stage"].value == "former"


def test_the_order_of_records_and_edges_is_no_matter() -> None:
    edges = [edge("a", "b", "overwrite", lifts=("b",)), edge("a", "b", "skip", "2", mutes=("a",))]
    assert elect([OLD, NEW], edges) == elect([NEW, OLD], edges[::-1])
