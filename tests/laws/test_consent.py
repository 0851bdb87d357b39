"""Laws 9 and 10: nothing but an opt-in with proof turns a withdrawn consent on, in any order.

Imports old and new, echoes, two-way sync, merges, splits, undo, edits, outages; at Mailchimp
people leave, come back and complain. A person's undo of the very batch that told of a
withdrawal takes that word back; a record that is split away takes its own words along.
"""

import pytest
from hypothesis import given

from chalicelib.domain.consents import standing
from chalicelib.domain.errors import InvalidError
from chalicelib.flow.editing import edit
from chalicelib.flow.reading import read
from tests.laws.consent_steps import Lives, steps
from tests.laws.consent_stewards import Step
from tests.laws.consenting import NEWS, record_of
from tests.laws.ledger import GIVEN, WITHDRAWN
from tests.laws.sizes import sized
from tests.support.checks import product_faults

TURN = Step("turn")


def lived(*steps: Step) -> Lives:
    """This happens, then there is quiet."""
    lives = Lives()
    for step in steps:
        lives.play(step)
    lives.quiet()
    return lives


def faults_of(lives: Lives) -> list[str]:
    """All that is wrong, once nothing is left to be done."""
    faults = lives.faults + lives.wrong() + lives.holding() + lives.unheard()
    faults += lives.chimp.broken + lives.spot.broken
    return faults + [str(fault) for fault in product_faults(lives.world)]


@sized(60, 2_000)
@given(steps=steps)
def test_nothing_turns_a_withdrawn_consent_on(steps: list[Step]) -> None:
    assert faults_of(lived(*steps)) == []


def told(person: int = 0, source: int = 0, says: str = "", proof: bool = False) -> Step:
    return Step("import", who=person, source=source, says=says, proof=proof)


SHOP = 1
HISTORIES = {
    "the record that told of it is gone": (
        *(told(source=SHOP, says=WITHDRAWN), TURN),
        Step("gone", source=SHOP),
    ),
    "the contact was put away, and another record joins it": (
        *(told(says=WITHDRAWN), TURN, Step("retire")),
        *(told(source=SHOP, says=GIVEN), TURN, Step("merge", source=SHOP), TURN),
    ),
    "a person's word, silenced by a merge": (
        *(told(source=SHOP), Step("pin_out", source=SHOP)),
        *(Step("merge", who=1, source=SHOP, which=2), TURN),
    ),
    "a person's word on the side that was not chosen": (
        Step("pin_out"),
        Step("merge", who=0, other=1, which=0, proof=True),
    ),
    "let go with the other pins": (Step("pin_out"), Step("release", which=0)),
    "merged in the same moment": (Step("merge", who=1, which=5), Step("pin_out")),
    "and back there, of one's own will": (Step("leave"), TURN, Step("return"), TURN),
    "left, put away before anybody read it": (Step("leave"), Step("put_away"), Step("once")),
    "left, opted in, came back, left again": (
        *(told(says=WITHDRAWN), TURN, told(says=GIVEN, proof=True), TURN),
        *(Step("return"), TURN, Step("leave"), TURN),
    ),
    "a complaint": (Step("complain"), TURN, told(says=GIVEN)),
    "undone with what brought it, told by another, too": (
        *(told(says=WITHDRAWN), Step("again", which=2), TURN),
        *(Step("undo", which=0), TURN),
    ),
}


@pytest.mark.parametrize("steps", HISTORIES.values(), ids=HISTORIES)
def test_a_withdrawal_stands(steps: tuple[Step, ...]) -> None:
    lives = lived(*steps)
    assert faults_of(lives) == []
    assert WITHDRAWN in {consent(lives, person) for person in (0, 1)}


def consent(lives: Lives, person: int) -> str:
    """What somebody's contact says by now."""
    shown, _ = read.contact(lives.world.ports, record_of(person, "crm"))
    return standing(shown.get("consents") or (), *NEWS.values())


def test_an_opt_in_with_proof_grants_again_and_they_are_told_of() -> None:
    lives = lived(told(says=WITHDRAWN), TURN, told(says=GIVEN, proof=True), TURN)
    assert faults_of(lives) == [] and consent(lives, 0) == GIVEN
    assert record_of(0, "crm") in lives.letters.held
    assert lives.chimp.records["adam@example.org"].status == "subscribed"


def test_the_undo_of_the_very_import_takes_its_word_back() -> None:
    lives = lived(told(says=WITHDRAWN), TURN, Step("undo"), TURN)
    assert faults_of(lives) == [] and consent(lives, 0) == GIVEN


def test_a_consent_is_not_let_go_like_a_pin() -> None:
    lives = lived(Step("pin_out"))
    with pytest.raises(InvalidError):
        edit.release(lives.world.ports, lives.seen(Step("release")), "consents")


def test_who_signed_up_there_and_withdraws_here_gets_no_more_letters() -> None:
    lives = lived(Step("return", who=2), TURN, Step("pin_out", who=2), TURN)
    assert lives.chimp.records["ola@example.org"].status == "unsubscribed"
    assert faults_of(lives) == []


def test_who_leaves_as_we_let_them_go_is_heard() -> None:
    """By whose place it was there: nobody needs to find out again whom they look like."""
    lives = Lives()
    lives.world.source("mc", kind="mailchimp", automatic_merge=False)
    for step in (Step("leave"), Step("pause")):
        lives.play(step)
    lives.target("mc", filter="role:customer")
    lives.play(Step("backfill"))
    lives.play(TURN)
    lives.quiet()
    assert faults_of(lives) == [] and consent(lives, 0) == WITHDRAWN


def test_who_leaves_again_after_we_ended_it_once_is_heard() -> None:
    lives = Lives()
    lives.target("mc", consent=None)
    for step in (told(says=WITHDRAWN), TURN, told(says=GIVEN, proof=True), TURN):
        lives.play(step)
    for step in (Step("return"), TURN, Step("leave"), Step("drop"), TURN):
        lives.play(step)
    lives.quiet()
    assert consent(lives, 0) == WITHDRAWN and lives.unheard() == []


def test_who_owns_consents_here_still_hears_who_left_there() -> None:
    lives = Lives()
    lives.target("mc", owners={"consents": "ours"})
    for step in (Step("leave"), Step("drop")):  # so it is read, and no call tells of it
        lives.play(step)
    lives.quiet()
    assert faults_of(lives) == [] and consent(lives, 0) == WITHDRAWN


def test_an_address_that_bounced_is_known_and_then_there_is_silence() -> None:
    lives = lived(Step("bounce"), TURN)
    shown, _ = read.contact(lives.world.ports, record_of(0, "crm"))
    assert shown["emails"] == [{"address": "adam@example.org", "validity": "invalid"}]
    assert consent(lives, 0) == GIVEN
    written, known = writes(lives), shown["version"]
    lives.quiet()
    assert writes(lives) == written
    assert read.contact(lives.world.ports, record_of(0, "crm"))[0]["version"] == known


def test_who_bounced_is_not_given_another_address_there() -> None:
    lives = lived(Step("bounce"), TURN)
    told = {"external_id": "adam", "occurred_at": "2026-11-22T12:00:00Z"}
    lives.world.call("crm", [told | {"emails": ["adam@new.example"]}], "contact.patched")
    lives.quiet()
    assert [*lives.chimp.records] == ["adam@example.org", "ewa@example.org"]


def writes(lives: Lives) -> int:
    """How many calls wanted to change something at Mailchimp."""
    return sum(called.method != "GET" for called in lives.chimp.calls)


def test_who_left_there_and_opts_in_here_causes_no_more_calls() -> None:
    """Mailchimp keeps them out until they come back by themselves: we do not insist."""
    lives = lived(Step("leave"), TURN, told(says=GIVEN, proof=True), TURN)
    assert consent(lives, 0) == GIVEN
    assert lives.chimp.records["adam@example.org"].status == "unsubscribed"
    written = writes(lives)
    lives.quiet()
    assert writes(lives) == written and faults_of(lives) == []
