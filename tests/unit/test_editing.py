"""What people do to one contact: made, corrected, let go, reverted, put away, brought back."""

import pytest

from chalicelib.domain.errors import ConflictError
from chalicelib.flow.editing import edit, retire
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import history, read
from tests.support.checks import settled
from tests.support.scenes import born
from tests.support.world import World, record
from tests.unit.editing import EWA, MAIL, ME, edited, seen, three, told


@pytest.fixture
def world() -> World:
    return edited()


def test_a_contact_made_by_hand_is_a_contact_like_others(world: World) -> None:
    made, etag = edit.create(world.ports, {"full_name": "Ola Lis", "roles": ["customer"]}, "n", ME)
    world.work()
    settled(world)
    assert (made["full_name"], made["version"]) == ("Ola Lis", 1)
    assert made["records"] == [{"source": "hand", "external_id": "n"}]
    assert history.version(world.ports, made["id"], 1)["cause"]["by"] == ME


def test_the_same_key_again_is_the_same_contact(world: World) -> None:
    first = edit.create(world.ports, EWA, "n", ME)
    before = world.items.snapshot()
    assert edit.create(world.ports, EWA, "n", ME) == first
    assert world.items.snapshot() == before
    with pytest.raises(ConflictError) as refused:
        edit.create(world.ports, {"given_name": "Ola"}, "n", ME)
    assert refused.value.kind == "id_reused"
    assert world.items.snapshot() == before


def test_a_contact_made_by_hand_meets_its_duplicate(world: World) -> None:
    made, _ = edit.create(world.ports, {**EWA, "emails": ["ewa@gilelek.pl"]}, "n", ME)
    world.work()
    settled(world)
    assert read.contact(world.ports, made["id"])[0]["id"] == born("crm", "1")


def test_an_edit_holds_whatever_the_source_says_later(world: World) -> None:
    shown, _ = edit.edit(world.ports, seen(world), {"job_title": "prezes"})
    assert (shown["job_title"], shown["version"]) == ("prezes", 2)
    world.tell("crm", "1", 9, **EWA | {"job_title": "rybak"})
    world.work()
    settled(world)
    shown, _ = read.contact(world.ports, born("crm", "1"))
    assert shown["provenance"]["job_title"]["rule"] == "pinned"
    assert shown["provenance"]["job_title"]["lost"] == [{"source": "crm", "value": "rybak"}]
    assert told(world)[-1] == "prezes"


def test_a_released_field_is_the_source_s_again(world: World) -> None:
    edit.edit(world.ports, seen(world), {"job_title": "prezes", "emails": []})
    edit.release(world.ports, seen(world), "job_title")
    shown, _ = edit.release(world.ports, seen(world), "emails")
    world.work()
    settled(world)
    assert (shown["job_title"], shown["emails"]) == ("kowal", [MAIL])


def test_a_later_word_wins_though_the_clock_went_back(world: World) -> None:
    for title in ("prezes", "dyrektor", "kierownik"):
        world.clock.tick(seconds=-20)
        shown, _ = edit.edit(world.ports, seen(world), {"job_title": title})
        assert shown["job_title"] == title


def test_releasing_what_nobody_pinned_changes_nothing(world: World) -> None:
    before = world.items.snapshot()
    edit.release(world.ports, seen(world), "job_title")
    assert world.items.snapshot() == before


def test_a_pin_that_makes_two_one_is_seen_by_the_matcher(world: World) -> None:
    world.tell("crm", "2", given_name="E.", family_name="Gilelek")
    world.work()
    shown, _ = edit.edit(world.ports, seen(world, born("crm", "2")), {"emails": [MAIL]})
    world.work()
    settled(world)
    assert read.contact(world.ports, shown["id"])[0]["id"] == born("crm", "1")


def test_a_retired_contact_is_taken_from_the_targets_and_comes_back(world: World) -> None:
    shown, _ = retire.retire(world.ports, seen(world))
    world.work()
    assert (shown["status"], world.pushes()[-1]["type"]) == ("retired", "contact.removed")
    world.tell("crm", "1", 9, **EWA | {"job_title": "rybak"})
    world.work()
    settled(world)
    shown, _ = retire.restore(world.ports, seen(world))
    world.work()
    settled(world)
    assert (shown["status"], shown["job_title"], told(world)[-1]) == ("active", "rybak", "rybak")


def test_a_revert_gives_the_version_back_and_sources_go_on(world: World) -> None:
    world.tell("crm", "1", 5, **EWA | {"job_title": "rybak", "stage": "lead"})
    world.clock.tick(seconds=30)
    shown, _ = edit.revert(world.ports, seen(world), 1, None)
    assert (shown["version"], shown["job_title"], shown["stage"]) == (3, "kowal", None)
    world.clock.tick(seconds=900)
    world.tell("crm", "1", 800, **EWA | {"job_title": "rybak", "stage": "lead"})
    assert read.contact(world.ports, born("crm", "1"))[0]["job_title"] == "kowal"
    world.tell("crm", "1", 900, **EWA | {"job_title": "piekarz", "stage": "lead"})
    world.work()
    settled(world)
    shown, _ = read.contact(world.ports, born("crm", "1"))
    assert (shown["job_title"], shown["stage"]) == ("piekarz", None)


def test_one_field_alone_can_be_reverted(world: World) -> None:
    world.tell("crm", "1", 5, **EWA | {"job_title": "rybak", "family_name": "Lis"})
    shown, _ = edit.revert(world.ports, seen(world), 1, ["job_title"])
    assert (shown["job_title"], shown["family_name"]) == ("kowal", "Lis")


def test_a_consent_is_not_taken_back_by_a_revert(world: World) -> None:
    consent = {
        "purpose": "news",
        "channel": "email",
        "status": "withdrawn",
        "occurred_at": "2026-11-21T10:00:00Z",
    }
    world.call("crm", [record("1", 5, consents=[consent])], "contact.patched")
    shown, _ = edit.revert(world.ports, seen(world), 1, None)
    assert [c["status"] for c in shown["consents"]] == ["withdrawn"]


def test_what_is_retired_is_brought_back_before_it_is_edited(world: World) -> None:
    retire.retire(world.ports, seen(world))
    for act in (
        lambda: edit.edit(world.ports, seen(world), {"stage": "lead"}),
        lambda: retire.retire(world.ports, seen(world)),
    ):
        with pytest.raises(ConflictError) as refused:
            act()
        assert refused.value.kind == "retired"


def test_a_new_record_that_matches_a_retired_contact_is_heard(world: World) -> None:
    retire.retire(world.ports, seen(world))
    world.work()
    world.tell("crm", "2", 9, **EWA | {"job_title": "rybak"}, emails=["ewa@gilelek.pl"])
    world.work()
    settled(world)
    shown, _ = read.contact(world.ports, born("crm", "2"))
    assert (shown["id"], shown["status"]) == (born("crm", "1"), "active")
    assert shown["job_title"] == "rybak"
    assert shown["provenance"]["job_title"]["lost"] == []


def test_who_is_brought_back_is_matched_though_nothing_of_the_contact_shows_it(
    world: World,
) -> None:
    one, two, _ = three(world)
    retire.retire(world.ports, seen(world, two))
    world.work()
    order = Order((one, two), "skip", one, ME)
    merge.merge(world.ports, order)
    world.work()
    before = read.contact(world.ports, one)[0]["version"]
    retire.restore(world.ports, seen(world, two))
    assert read.contact(world.ports, one)[0]["version"] == before
    world.work()
    settled(world)


def test_bringing_back_one_of_two_that_were_retired_as_one_leaves_the_other(world: World) -> None:
    one, two, _ = three(world)
    joined = merge.merge(world.ports, Order((one, two), "merge", "", ME))[1]["id"]
    retire.retire(world.ports, seen(world))
    unmerge.undo(world.ports, joined, ME)
    retire.restore(world.ports, seen(world, one))
    world.work()
    settled(world)
    states = [read.contact(world.ports, c)[0]["status"] for c in (one, two)]
    assert states == ["active", "retired"]
