"""Who decides where a partner and we changed one field, and what taking theirs says of it."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.adopting import adopting, adopting_for_now
from chalicelib.domain.conflicts import FieldConflict, unasked, weigh
from chalicelib.domain.deliveries import Delivery, Place, begun, delivered, lost
from chalicelib.domain.echoes import prints_of
from chalicelib.domain.golden import elect
from chalicelib.domain.parcels import Parcel, print_of
from chalicelib.domain.pins import Pin, by_person, pinned, ruled, slot_of
from chalicelib.domain.sources import Owner, Target
from chalicelib.domain.times import text
from tests.support.world import START
from tests.unit.test_pins import rec

Fields = dict[str, Any]
BASE, THEIRS, OURS = "kierownik", "dyrektor", "prezes"
PACES = [(3, 1, False), (4, 1, True), (9, 4, False)]  # turns, minutes between them, left alone


def known(**more: Any) -> Delivery:
    has = prints_of({"job_title": BASE, "language": "pl"})
    return Delivery(target="t", contact="c", remote="1", has=has).model_copy(update=more)


def owned(**owners: Owner) -> Target:
    return Target(id="t", name="", kind="hubspot", owners=owners)


@pytest.mark.parametrize(
    ("owner", "ours", "taken", "owns", "asked"),
    [
        ("rules", OURS, True, False, False),
        ("rules", BASE, True, False, False),
        ("ours", OURS, False, False, False),
        ("ask", BASE, True, False, False),
        ("ask", THEIRS, True, False, False),
        ("ask", OURS, False, False, True),
        ("ask", None, False, False, True),
        ("theirs", BASE, True, True, False),
        ("theirs", OURS, False, False, True),
        ("newest", BASE, True, True, False),
        ("newest", OURS, False, False, True),
    ],
)
def test_news_is_taken_left_or_asked_about(
    owner: Owner, ours: str | None, taken: bool, owns: bool, asked: bool
) -> None:
    found = weigh(
        owned(job_title=owner),
        known(),
        {"job_title": THEIRS},
        prints_of({"job_title": ours}),
        START,
    )
    assert ("job_title" in found.taken, "job_title" in found.owned) == (taken, owns)
    assert found.asked == ({"job_title": "both_changed"} if asked else {})


def test_what_is_asked_already_is_not_asked_again_and_not_taken() -> None:
    held, mine = known(asked={"job_title": "q"}), prints_of({"job_title": OURS})
    news = {"job_title": THEIRS, "language": "en"}
    found = weigh(owned(job_title="ask"), held, news, mine | prints_of({"language": "pl"}), START)
    assert found.asked == {} and found.taken == {"language"}


def test_facts_have_no_owner() -> None:
    assert owned(consents="ours").owns("consents") == "rules"


def turned(row: Delivery, value: str, minutes: int) -> Delivery:
    """A partner says this, and we put ours there again."""
    now = START + timedelta(minutes=minutes)
    found = weigh(owned(), row, {"job_title": value}, row.has, now)
    return row.model_copy(update={"flips": found.flips})


@pytest.mark.parametrize(
    ("turns", "apart", "freezes"), [(3, 1, False), (4, 1, True), (9, 4, False)]
)
def test_the_fourth_turn_in_ten_minutes_is_asked_about(
    turns: int, apart: int, freezes: bool
) -> None:
    row = known()
    for n in range(turns - 1):
        row = turned(row, THEIRS, n * apart)
    now = START + timedelta(minutes=(turns - 1) * apart)
    found = weigh(owned(), row, {"job_title": THEIRS}, row.has, now)
    assert found.asked == ({"job_title": "flipping"} if freezes else {})
    assert ("job_title" in found.taken) == (not freezes)


def test_facts_are_never_left_alone() -> None:
    turns = tuple(f"{text(START)} {n}" for n in range(9))
    row = known(flips={"consents": turns})
    found = weigh(owned(), row, {"consents": [{"status": "withdrawn"}]}, row.has, START)
    assert found.taken == {"consents"} and found.asked == {}


def test_a_user_who_changes_his_mind_is_one_turn() -> None:
    row = known()
    for n, value in enumerate("abcdef"):
        row = turned(row, value, n)
        row = row.model_copy(update={"has": row.has | prints_of({"job_title": value})})
    assert len(row.flips["job_title"]) == 1


def test_an_answer_ends_the_turns_too() -> None:
    row = known(asked={"job_title": "q"}, flips={"job_title": ("x",), "language": ("y",)})
    assert unasked(row, ["job_title"]).flips == {"language": ("y",)}
    assert unasked(row, ["job_title"]).asked == {}


def parcel(**data: str) -> Parcel:
    prints = prints_of(data)
    return Parcel("contact.upserted", data, print_of(prints), text(START), prints)


def test_what_is_asked_is_not_sent_and_not_called_an_echo() -> None:
    row = known(asked={"job_title": "q"})
    held = parcel(job_title=OURS, language="en").withholding(row.asked, row.has)
    assert held.data == {"language": "en"}
    assert held.prints == prints_of({"job_title": BASE, "language": "en"})
    assert begun(row, 1, held).echoes.keys() == {"language"}
    assert held.print == parcel(job_title=BASE, language="en").print


def test_what_was_heard_during_a_push_is_what_the_target_has() -> None:
    before = known(asked={"job_title": "q"})
    sent = parcel(job_title=OURS, language="en").withholding(before.asked, before.has)
    during = before.model_copy(update={"has": before.has | prints_of({"job_title": THEIRS})})
    after = delivered(during, sent, 1, 1, START, Place("1", "e"))
    assert after.has == prints_of({"job_title": THEIRS, "language": "en"})


def test_questions_end_with_the_place() -> None:
    row = known(asked={"job_title": "q"})
    assert lost(row, START).asked == {}
    for reason, remote, asked in (("merged", "1", True), ("merged", "", False), ("x", "1", False)):
        removal = Parcel("contact.removed", {"reason": reason}, "x", text(START))
        left = delivered(row, removal, 1, 1, START, Place(remote)).asked
        assert left == ({"job_title": "q"} if asked else {})


def test_each_word_of_either_side_is_another_etag() -> None:
    asked = FieldConflict(
        name="n", target="t", contact="c", field="f", why="both_changed", asked_at="", theirs_at=""
    )
    tags = {asked.etag("a"), asked.etag("b"), asked.model_copy(update={"rev": 2}).etag("a")}
    assert len(tags) == 3 and asked.id == "t.c.n"


def phone(number: str, **more: str) -> Fields:
    return {"number": number, **more}


def number_of(element: Fields) -> Fields:
    """The system shows numbers alone."""
    return {"number": element["number"]}


def test_a_single_value_is_pinned_and_for_now_only_until_something_new_is_said() -> None:
    words = adopting("job_title", THEIRS, OURS, OURS, lambda e: e)
    assert words == {"job_title": pinned(THEIRS)}
    assert "against" in adopting_for_now(words, [OURS])["job_title"]


def test_of_a_list_what_it_cannot_show_stays() -> None:
    golden = [phone("1", label="home"), phone("2", label="work"), phone("3")]
    shown = [phone("1"), phone("2")]
    words = adopting("phones", [phone("9"), phone("1")], golden, shown, number_of)
    assert words[slot_of("phones", phone("2"))] == {"drop": phone("2", label="work")}
    assert words[slot_of("phones", phone("1"))] == {"add": phone("1", label="home"), "place": 1}
    assert words[slot_of("phones", phone("9"))] == {"add": phone("9"), "place": 0}
    assert slot_of("phones", phone("3")) not in words


def test_what_it_took_off_an_element_is_off() -> None:
    golden = [phone("1", label="home")]
    words = adopting("phones", [phone("1")], golden, golden, lambda e: e)
    assert words == {slot_of("phones", phone("1")): {"add": phone("1"), "place": 0}}


def test_a_place_comes_before_all_others_and_the_newer_of_two_first() -> None:
    led = {"add": phone("8"), "place": 0}, {"add": phone("9"), "place": 0}
    pins = {slot_of("phones", word["add"]): (word, day) for day, word in enumerate(led, 1)}
    elected = elect([rec("a", pins=pins, phones=[phone("1")])], [])["phones"]
    assert elected.value == [phone("9"), phone("8"), phone("1")]


def test_a_rules_word_says_whose_it_is() -> None:
    word = ruled({"job_title": pinned(THEIRS)}, "t")["job_title"]
    elected = elect([rec("a", pins={"job_title": (word, 1)}, job_title=OURS)], [])["job_title"]
    assert (elected.value, elected.rule) == (THEIRS, "owner:t")


@pytest.mark.parametrize(
    ("word", "fixed"),
    [
        ({"value": 1}, True),
        ({"value": 1, "against": []}, False),
        ({"value": 1, "ruled": "t"}, False),
        ({"drop": 1}, True),
    ],
)
def test_a_persons_word_is_told_from_a_rules(word: Fields, fixed: bool) -> None:
    assert by_person([Pin("r", "s", word, "")]) is fixed
