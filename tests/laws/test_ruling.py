"""Rules brought to everybody: what a finding says, who is reached, in which order one may ask."""

import pytest

from chalicelib.domain.errors import ConflictError, InvalidError, NotFoundError
from chalicelib.flow import jobs
from chalicelib.flow.editing import edit, retire
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.reading import read
from chalicelib.flow.ruling import rules, switch_rules
from chalicelib.flow.undoing import undo_batches
from tests.laws.rehearsing import town
from tests.laws.ruling import (
    JAN,
    JAN_ID,
    LONGEST,
    ME,
    TITLED,
    activated,
    found,
    ordered,
    rehearsed,
    stored,
    titled,
    undone,
)
from tests.support.checks import fsck, settled
from tests.support.scenes import joins, tells
from tests.support.state import read as state_of


def test_a_finding_says_what_becomes_of_whom_and_why() -> None:
    world, _, rehearsal = titled()
    (finding,) = found(world, rehearsal)
    assert finding == {
        "id": JAN_ID,
        "full_name": "Jan Wrona",
        "changed": False,
        "fields": [
            {
                "field": "job_title",
                "before": {"value": "prezes", "rule": "oldest_record", "source": "crm"},
                "after": {
                    "value": "wiceprezes zarządu",
                    "rule": "most_complete",
                    "source": "erp",
                },
            }
        ],
        "told": [],
    }
    assert jobs.job(world.ports, rehearsal).result == {
        "version": "tried",
        "contacts": 2,
        "found": 1,
        "too_large": 0,
        "fields": {"job_title": 1},
        "told": {},
    }


def test_a_finding_holds_no_values() -> None:
    world, _, rehearsal = titled()
    rows = world.items.snapshot().items()
    (kept,) = (row for key, row in rows if key.pk == f"T#{rehearsal}" and key.sk != "HEAD")
    assert "prezes" not in str(kept) and "Wrona" not in str(kept)


def test_a_finding_can_be_read_after_the_activation_and_shows_nothing_of_who_changed() -> None:
    world, version, rehearsal = titled()
    listed = found(world, rehearsal)
    activated(world, version, rehearsal)
    assert found(world, rehearsal) == listed
    tells("crm", "0", 9, **JAN, job_title="szef")(world)
    (finding,) = found(world, rehearsal)
    assert finding["changed"]
    assert finding["fields"] == [{"field": "job_title", "before": None, "after": None}]


def test_every_version_of_an_activation_and_its_undo_names_its_batch_and_its_rules() -> None:
    world, version, rehearsal = titled()
    batch = activated(world, version, rehearsal)
    undone(world, batch)
    state = state_of(world.items.snapshot())
    made = [(v.cause.type, v.cause.by, v.batch, v.rules) for v in state.versions[JAN_ID][-2:]]
    assert made == [
        ("rules", "rules:tried", batch, "tried"),
        ("undo", "rules:default", f"undo-{batch}", "default"),
    ]
    headers = {b.id: (b.kind, b.by, b.name) for b in state.batches.values() if b.kind != "call"}
    assert headers == {
        batch: ("rules", ME, "tried"),
        f"undo-{batch}": ("undo", ME, "tried"),
    }


def test_the_walk_writes_every_head_also_where_nothing_changes() -> None:
    world, version, rehearsal = titled()
    before = {h.id: h for h in state_of(world.items.snapshot()).heads.values()}
    batch = activated(world, version, rehearsal)
    after = {h.id: h for h in state_of(world.items.snapshot()).heads.values()}
    whole = [h for h in after.values() if not h.absorbed]
    assert [(h.rules, h.rev - before[h.id].rev) for h in whole] == [("tried", 1)] * 2
    assert jobs.job(world.ports, batch).result == {
        "version": "tried",
        "changed": 1,
        "unchanged": 1,
        "too_large": 0,
    }


def test_who_is_not_indexed_yet_is_rehearsed_and_settled_too() -> None:
    world = town(TITLED[:1])
    version = stored(world, LONGEST)
    world.clock.tick(seconds=1)
    tells("erp", "1", -1, **TITLED[1][1])(world)
    joins("crm/0", "erp/1")(world)
    tells("crm", "7", 1, job_title="kowal")(world)
    rehearsal = rehearsed(world, version)
    assert [f["id"] for f in found(world, rehearsal)] == [JAN_ID]
    assert jobs.job(world.ports, rehearsal).result["found"] == 1
    activated(world, version, rehearsal)
    fsck(world)
    heads = state_of(world.items.snapshot()).heads.values()
    assert {h.rules for h in heads if not h.absorbed} == {"tried"}


def test_a_retired_contact_comes_under_the_rules_when_it_comes_back() -> None:
    world, version, rehearsal = titled()
    _, etag = read.contact(world.ports, JAN_ID)
    retire.retire(world.ports, Seen(JAN_ID, etag, ME, "k1"))
    world.work()
    activated(world, version, rehearsal)
    assert state_of(world.items.snapshot()).heads[JAN_ID].rules == "default"
    _, etag = read.contact(world.ports, JAN_ID)
    back, _ = retire.restore(world.ports, Seen(JAN_ID, etag, ME, "k2"))
    assert back["job_title"] == "wiceprezes zarządu"
    world.work()
    settled(world)


def test_pins_stand_over_all_rules() -> None:
    world = town(TITLED)
    _, etag = read.contact(world.ports, JAN_ID)
    edit.edit(world.ports, Seen(JAN_ID, etag, ME, "k3"), {"job_title": "szef"})
    world.work()
    version = stored(world, LONGEST)
    assert found(world, rehearsed(world, version)) == []


def test_the_last_activation_is_undone_first_and_each_order_may_be_repeated() -> None:
    world, version, rehearsal = titled()
    first = activated(world, version, rehearsal)
    assert switch_rules.activate(world.ports, version, rehearsal, ME).id == first
    second = activated(world, "default", rehearsed(world, "default"))
    with pytest.raises(ConflictError) as refused:
        undo_batches.undo(world.ports, first, ME)
    assert (refused.value.kind, refused.value.extra["batch"]) == ("not_the_last", second)
    assert undone(world, second) == undone(world, second)
    undone(world, first)
    with pytest.raises(ConflictError) as again:
        switch_rules.activate(world.ports, version, rehearsal, ME)
    assert again.value.kind == "undone"
    world.work()
    settled(world)


def test_what_is_no_finished_rehearsal_of_the_version_is_not_activated() -> None:
    world, version, rehearsal = titled()
    for named in ("nothing", rehearsed(world, "default")):
        with pytest.raises(InvalidError):
            switch_rules.activate(world.ports, version, named, ME)
    open_one = switch_rules.rehearse(world.ports, version)
    with pytest.raises(ConflictError):
        switch_rules.activate(world.ports, version, open_one.id, ME)
    for no_batch in (rehearsal, "nothing"):
        with pytest.raises(NotFoundError):
            undo_batches.undo(world.ports, no_batch, ME)
    assert rules.RULES.active(world.ports).version == "default"


def test_one_batch_at_a_time() -> None:
    world, version, rehearsal = titled()
    other = rehearsed(world, "default")
    batch = ordered(world, version, rehearsal)
    for act in (
        lambda: switch_rules.activate(world.ports, "default", other, ME),
        lambda: undo_batches.undo(world.ports, batch, ME),
    ):
        with pytest.raises(ConflictError) as refused:
            act()
        assert (refused.value.kind, refused.value.extra["job"]) == ("job_open", batch)
