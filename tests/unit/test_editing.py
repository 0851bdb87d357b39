"""What people do to contacts by themselves: the answers, the refusals, what is left behind."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.errors import (
    ConflictError,
    InvalidError,
    KartotekaError,
    NotFoundError,
    StaleError,
)
from chalicelib.flow import edit, history, merge, read, retire, split, unmerge
from chalicelib.flow.merge import Order
from chalicelib.flow.pin import Seen
from chalicelib.flow.split import Parting
from tests.support.checks import settled
from tests.support.scenes import born
from tests.support.witness import watched
from tests.support.world import World, record

ME = "key:steward"
EWA: dict[str, Any] = {"given_name": "Ewa", "family_name": "Gilelek", "job_title": "kowal"}
MAIL = {"address": "ewa@gilelek.pl"}


@pytest.fixture
def world() -> World:
    made = watched()
    made.source("crm")
    made.target("all", fields=["full_name", "job_title", "emails"])
    made.tell("crm", "1", **EWA, emails=["ewa@gilelek.pl"])
    made.work()
    return made


def seen(world: World, contact: str = "") -> Seen:
    name = contact or born("crm", "1")
    return Seen(name, read.contact(world.ports, name)[1], ME, world.chance.token())


def told(world: World) -> list[Any]:
    """What the target was told last of each contact."""
    return [push["data"].get("job_title") for push in world.pushes()]


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


def _three(world: World) -> list[str]:
    for name in "23":
        world.clock.tick(seconds=1)
        world.tell("crm", name, given_name="Ola", job_title=f"title {name}")
    world.work()
    return [born("crm", name) for name in "123"]


def test_what_one_merge_holds_though_another_is_undone_can_be_split(world: World) -> None:
    one, two, three = _three(world)
    first = merge.merge(world.ports, Order((one, two), "merge", "", ME))[1]["id"]
    merge.merge(world.ports, Order((one, three), "merge", "", ME))
    merge.merge(world.ports, Order((two, three), "merge", "", ME))
    _, answer = unmerge.undo(world.ports, first, ME)
    assert answer["split"] == {"contact": one, "records": [two]}
    _, parted = split.split(world.ports, Parting(one, tuple(answer["split"]["records"]), ME, "k"))
    world.work()
    settled(world)
    assert parted["contacts"] == [two, one]
    with pytest.raises(ConflictError) as refused:
        merge.merge(world.ports, Order((one, two), "merge", "", ME))
    assert refused.value.extra["judgements"] == [parted["different"]]


def test_what_stays_together_is_held_by_the_person_s_own_word(world: World) -> None:
    one, two, three = _three(world)  # two and three hang together by one alone
    merge.merge(world.ports, Order((one, two), "merge", "", ME))
    merge.merge(world.ports, Order((one, three), "merge", "", ME))
    _, parted = split.split(world.ports, Parting(one, (one,), ME, "k"))
    settled_contacts = sorted(parted["contacts"])
    assert settled_contacts == sorted([one, min(two, three, key=[one, two, three].index)])
    assert read.contact(world.ports, three)[0]["id"] == two


def test_records_can_be_moved_to_another_contact(world: World) -> None:
    one, two, three = _three(world)
    merge.merge(world.ports, Order((one, two), "merge", "", ME))
    _, moved = split.split(world.ports, Parting(one, (two,), ME, "k", to=three))
    world.work()
    settled(world)
    assert moved["contacts"] == [two, one]
    assert read.contact(world.ports, three)[0]["id"] == two


def test_more_than_ten_steps_are_a_job(world: World) -> None:
    names = [str(n) for n in range(10, 23)]
    for name in names:
        world.clock.tick(seconds=1)
        world.tell("crm", name, given_name="Ola")
    ids = tuple(born("crm", name) for name in names)
    merge.merge(world.ports, Order(ids, "merge", "", ME))
    world.work()
    status, answer = split.split(world.ports, Parting(ids[0], ids[:1], ME, "k"))
    world.work()
    settled(world)
    assert (status, set(answer)) == (202, {"job"})
    assert len(read.contact(world.ports, ids[1])[0]["records"]) == 12


Act = Callable[[World], object]
REFUSED: dict[str, tuple[Act, type[KartotekaError], str]] = {
    "an edit of a contact that has changed since": (
        lambda w: edit.edit(w.ports, Seen(born("crm", "1"), '"x.1"', ME, "k"), {"stage": "lead"}),
        StaleError,
        "stale",
    ),
    "an edit of nobody": (
        lambda w: edit.edit(w.ports, Seen("nobody", '"nobody.1"', ME, "k"), {"stage": "lead"}),
        NotFoundError,
        "notfound",
    ),
    "an unknown field": (
        lambda w: edit.edit(w.ports, seen(w), {"shoe": 44}),
        InvalidError,
        "/shoe",
    ),
    "an invalid value": (
        lambda w: edit.edit(w.ports, seen(w), {"emails": ["not an address"]}),
        InvalidError,
        "/emails/0",
    ),
    "an empty contact": (lambda w: edit.create(w.ports, {}, "n", ME), InvalidError, "invalid"),
    "a version that never was": (
        lambda w: edit.revert(w.ports, seen(w), 7, None),
        NotFoundError,
        "notfound",
    ),
    "a field that there is not": (
        lambda w: edit.revert(w.ports, seen(w), 1, ["shoe"]),
        InvalidError,
        "/fields/0",
    ),
    "bringing back what nobody put away": (
        lambda w: retire.restore(w.ports, seen(w)),
        ConflictError,
        "not_retired",
    ),
    "a split of all there is": (
        lambda w: split.split(w.ports, Parting(born("crm", "1"), (born("crm", "1"),), ME, "k")),
        InvalidError,
        "/records",
    ),
    "a split of strangers": (
        lambda w: split.split(w.ports, Parting(born("crm", "1"), ("nobody",), ME, "k")),
        InvalidError,
        "/records/0",
    ),
    "a choice of a stranger's word": (
        lambda w: merge.merge(
            w.ports, Order((born("crm", "1"), "x"), "merge", "", ME, choices={"stage": "y"})
        ),
        InvalidError,
        "/choices/stage",
    ),
    "a choice of half a name": (
        lambda w: merge.merge(
            w.ports,
            Order((born("crm", "1"), "x"), "merge", "", ME, choices={"given_name": "x"}),
        ),
        InvalidError,
        "/choices/given_name",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_may_not_be_is_refused_and_stores_nothing(world: World, case: str) -> None:
    act, error, where = REFUSED[case]
    before = world.items.snapshot()
    with pytest.raises(error) as refused:
        act(world)
    named = [e.pointer for e in getattr(refused.value, "errors", [])]
    assert where in (*named, refused.value.kind)
    assert world.items.snapshot() == before


def test_facts_are_not_edited_away(world: World) -> None:
    consent = {
        "purpose": "news",
        "channel": "email",
        "status": "granted",
        "occurred_at": "2026-11-21T10:00:00Z",
    }
    edit.edit(world.ports, seen(world), {"consents": [consent]})
    with pytest.raises(InvalidError) as refused:
        edit.edit(world.ports, seen(world), {"consents": []})
    assert [e.pointer for e in refused.value.errors] == ["/consents"]


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


def test_bringing_back_one_of_two_that_were_retired_as_one_leaves_the_other(world: World) -> None:
    one, two, _ = _three(world)
    joined = merge.merge(world.ports, Order((one, two), "merge", "", ME))[1]["id"]
    retire.retire(world.ports, seen(world))
    unmerge.undo(world.ports, joined, ME)
    retire.restore(world.ports, seen(world, one))
    world.work()
    settled(world)
    states = [read.contact(world.ports, c)[0]["status"] for c in (one, two)]
    assert states == ["active", "retired"]
