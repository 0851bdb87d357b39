"""A steward's word against what sources say: a table of cases for each kind of word."""

from typing import Any

import pytest

from chalicelib.domain.evidence import Record, Told
from chalicelib.domain.golden import elect
from chalicelib.domain.judgements import Judgement, Mode
from chalicelib.domain.pins import Word, added, dropped, held, pinned, released, slot_of
from chalicelib.domain.versions import values_of

DAYS = [f"2026-01-0{n}T00:00:00.000000Z" for n in range(1, 8)]
A, B = {"address": "a@x.pl"}, {"address": "b@x.pl"}


def rec(
    name: str, day: int = 0, pins: dict[str, tuple[Word, int]] | None = None, **values: Any
) -> Record:
    """A record whose source spoke on a day, with words of stewards, each said on a day."""
    told = {n: Told(value=v, stamp=f"{DAYS[day]}#0#{name}") for n, v in values.items()}
    words = {
        slot: Told(value=word, stamp=f"{DAYS[at]}#0#x") for slot, (word, at) in (pins or {}).items()
    }
    return Record(
        id=name,
        source=name,
        external_id="e",
        first_seen=name,
        salt="s",
        trust=50,
        fields=told,
        pins=words,
    )


def edge(mode: Mode = "merge", at: int = 1, **effects: Any) -> Judgement:
    return Judgement(
        id="e", verdict="same", a=("a",), b=("b",), by="key:x", at=DAYS[at], mode=mode, **effects
    )


def golden(*records: Record, edges: tuple[Judgement, ...] = ()) -> dict[str, Any]:
    return {n: v for n, v in values_of(elect(records, edges)).items() if n != "tags"}


@pytest.mark.parametrize(
    ("record", "value"),
    [
        (rec("a", 0, {"stage": (pinned("lead"), 1)}, stage="former"), "lead"),
        (rec("a", 5, {"stage": (pinned("lead"), 1)}, stage="former"), "lead"),
        (rec("a", 5, {"stage": (pinned("lead"), 1)}), "lead"),
        (rec("a", 0, {"stage": (pinned(None), 1)}, stage="former"), None),
        (rec("a", 5, {"stage": (released([]), 1)}, stage="former"), "former"),
        (rec("a", 0, {"stage": (held("lead", ["former"]), 1)}, stage="former"), "lead"),
        (rec("a", 5, {"stage": (held("lead", ["former"]), 1)}, stage="former"), "lead"),
        (rec("a", 5, {"stage": (held("lead", ["former"]), 1)}, stage="refused"), "refused"),
        (rec("a", 0, {"stage": (held("lead", ["former"]), 1)}, stage="refused"), "lead"),
        (rec("a", 5, {"stage": (held(None, ["former"]), 1)}, stage="former"), None),
    ],
    ids=[
        "a pin beats what was said before",
        "a pin beats what is said later",
        "a pin where no source says anything",
        "pinned as empty",
        "released",
        "reverted",
        "reverted, and the source says the same again",
        "reverted, and the source says something new",
        "reverted, against an older word of another kind",
        "reverted to nothing",
    ],
)
def test_a_single_field_is_what_a_steward_says(record: Record, value: str | None) -> None:
    assert golden(record).get("stage") == value


@pytest.mark.parametrize(
    ("pins", "emails"),
    [
        ({slot_of("emails", B): (added(B), 1)}, [A, B]),
        ({slot_of("emails", A): (dropped(A), 1)}, None),
        ({slot_of("emails", A): (added({**A, "label": "work"}), 1)}, [{**A, "label": "work"}]),
        (
            {slot_of("emails", A): (dropped(A), 1), slot_of("emails", B): (added(B), 2)},
            [B],
        ),
        ({slot_of("emails", A): (released([]), 1)}, [A]),
    ],
    ids=["added", "dropped", "said otherwise", "replaced", "released"],
)
def test_a_list_is_what_sources_and_stewards_say_together(
    pins: dict[str, tuple[Word, int]], emails: list[Any] | None
) -> None:
    assert golden(rec("a", 0, pins, emails=[A])).get("emails") == emails


def test_what_a_source_adds_later_comes_in_beside_what_was_pinned() -> None:
    later = rec("a", 5, {slot_of("emails", A): (dropped(A), 1)}, emails=[A, B])
    assert golden(later)["emails"] == [B]


LEAD = {"stage": (pinned("lead"), 2)}
OVER = {"stage": (Word(released={"b": f"{DAYS[2]}#0#x"}), 4)}
FORMER = {"stage": (pinned("former"), 3)}


@pytest.mark.parametrize(
    ("records", "edges", "value"),
    [
        ((rec("a", 0, LEAD), rec("b", 0, FORMER)), (edge(),), "former"),
        ((rec("a", 0, FORMER), rec("b", 0, LEAD)), (edge(),), "former"),
        ((rec("a", 0, FORMER), rec("b", 0, LEAD)), (edge("overwrite", 4, lifts=("b",)),), "lead"),
        ((rec("a", 0, FORMER), rec("b", 0, LEAD)), (edge("overwrite", 1, lifts=("b",)),), "former"),
        ((rec("a", stage="x"), rec("b", 0, LEAD)), (edge("skip", 4, mutes=("b",)),), "x"),
        ((rec("a", stage="x"), rec("b", 0, LEAD)), (edge("skip", 1, mutes=("b",)),), "lead"),
        ((rec("a", 0, FORMER), rec("b", stage="y")), (edge(at=4, picks={"stage": ("b",)}),), "y"),
        (
            (rec("a", 0, FORMER), rec("b", stage="y")),
            (edge(at=1, picks={"stage": ("b",)}),),
            "former",
        ),
        ((rec("a", 0, OVER, stage="x"), rec("b", 0, LEAD)), (edge(),), "x"),
        ((rec("a", 0, OVER, stage="x"), rec("b", 0, FORMER)), (edge(),), "former"),
        (
            (rec("a", 0, OVER, stage="x"), rec("b", 0, LEAD)),
            (edge("overwrite", 5, lifts=("b",)),),
            "x",
        ),
        ((rec("b", 0, LEAD),), (), "lead"),
    ],
    ids=[
        "the newer pin",
        "the newer pin, whoever bears it",
        "an overwrite renews the pins of its side",
        "what is pinned after an overwrite",
        "the pins of a skipped side are skipped",
        "what is pinned after a skip",
        "a choice ends the pins before it",
        "what is pinned after a choice",
        "a release ends the pin that it was said of",
        "a release ends no other",
        "a release stands also where an overwrite comes later",
        "apart from whom it was released on, a pin stands",
    ],
)
def test_words_meet_when_contacts_merge(
    records: tuple[Record, ...], edges: tuple[Judgement, ...], value: str
) -> None:
    assert golden(*records, edges=edges)["stage"] == value


def test_what_lost_against_a_pin_is_shown() -> None:
    won = elect([rec("a", 5, LEAD, stage="former")], [])["stage"]
    assert (won.rule, won.record, won.lost) == ("pinned", "a", (("a", "former"),))


def test_what_was_dropped_of_a_list_is_shown() -> None:
    pins = {slot_of("emails", A): (dropped(A), 1), slot_of("emails", B): (added(B), 1)}
    won = elect([rec("a", 5, pins, emails=[A])], [])["emails"]
    assert (won.dropped, won.added) == ((("a", A),), (B,))


def test_a_full_name_of_a_source_gives_way_to_a_pinned_part() -> None:
    record = rec("a", 5, {"family_name": (pinned("Lis"), 1)}, given_name="Ewa", full_name="Ewa Maj")
    assert golden(record) == {"given_name": "Ewa", "family_name": "Lis"}


def test_a_retired_record_says_nothing_nor_do_its_pins() -> None:
    word = Judgement(id="r", verdict="retired", a=("a",), b=(), by="key:x", at=DAYS[3])
    told = (rec("a", 0, LEAD, job_title="x"), rec("b", job_title="y"))
    assert golden(*told, edges=(edge(), word)) == {"job_title": "y"}
    assert golden(told[0], edges=(word,)) == {}


@pytest.mark.parametrize(
    ("choice", "names", "title"),
    [
        ({"name": ("b",)}, {"given_name": "Ola"}, "x"),
        ({"job_title": ("b",)}, {"given_name": "Ewa", "family_name": "Lis"}, "y"),
        ({}, {"given_name": "Ewa", "family_name": "Lis"}, "x"),
    ],
)
def test_a_choice_counts_for_its_field_alone(
    choice: dict[str, tuple[str, ...]], names: dict[str, str], title: str
) -> None:
    a = rec("a", 5, given_name="Ewa", family_name="Lis", job_title="x", emails=[A])
    b = rec("b", 0, given_name="Ola", job_title="y", emails=[B])
    won = golden(a, b, edges=(edge(picks=choice),))
    assert won == {**names, "job_title": title, "emails": [A, B]}


def test_a_choice_of_a_list_is_that_side_s_list() -> None:
    told = (rec("a", emails=[A]), rec("b", emails=[B]))
    assert golden(*told, edges=(edge(picks={"emails": ("b",)}),))["emails"] == [B]
