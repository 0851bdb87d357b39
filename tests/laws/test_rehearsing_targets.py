"""What a rehearsal of a target foretells is what its stand-in sees once it is activated."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.connectors.ports import Answer
from chalicelib.domain.errors import ConflictError, InvalidError
from chalicelib.domain.rehearsing import TargetFinding
from chalicelib.flow.rehearsing import activate, rehearse
from chalicelib.flow.ruling.findings import findings
from chalicelib.flow.telling import accounts
from chalicelib.flow.telling.targets import put_target
from tests.laws.guarding import (
    BOOK,
    CRM,
    HUBSPOT,
    book,
    full,
    person,
    set_to,
    state,
    tell,
    until_told,
)
from tests.standins.hubspot import HubSpot
from tests.standins.wire import Wire
from tests.support.checks import settled
from tests.support.rest import holdings
from tests.support.scenes import born, work
from tests.support.witness import watched
from tests.support.world import World

COUNT = 8
ROLES = ("customer", "supplier", "other")
CONSENT = {"purpose": "newsletter", "channel": "email"}
Listed = dict[str, str]

people = st.lists(
    st.tuples(st.sampled_from(ROLES), st.booleans(), st.sampled_from(["kowal", "szewc", None])),
    min_size=COUNT,
    max_size=COUNT,
)
tried = st.fixed_dictionaries(
    {},
    optional={
        "filter": st.sampled_from(["role:customer", "-role:other", "role:supplier", ""]),
        "fields": st.sampled_from([["family_name", "emails"], ["family_name", "job_title"]]),
        "consent": st.sampled_from([None, CONSENT, CONSENT | {"unless": "withdrawn"}]),
    },
)
mapped = st.sampled_from([None, "archive", "unlink", "ignore"])
edits = st.lists(
    st.tuples(st.sampled_from(["tell", "edit", "delete"]), st.integers(0, COUNT - 1)), max_size=4
)


def told(n: int, someone: tuple[str, bool, str | None], at: int = 0) -> dict[str, Any]:
    role, consents, title = someone
    said = {"purpose": "newsletter", "channel": "email", "status": "granted"}
    fact = {"consents": [said | {"occurred_at": "2026-01-01T00:00:00Z"}]} if consents else {}
    return person(n, at, roles=[role], job_title=title, **fact)


def foretold(world: World, target: str, **changed: Any) -> tuple[str, Listed]:
    """A rehearsal: its id, and each contact's task where something would be sent."""
    job = rehearse.rehearse(world.ports, target, changed)
    world.drain("jobs")
    assert state(world).jobs[job.id].state == "done"
    kept = [r for k, r in world.items.snapshot().items() if k.pk == f"T#{job.id}"]
    found = [TargetFinding.of_row(r) for r in kept if r["sk"].startswith("F#")]
    sent = {f.id: f.task for f in found if f.task not in ("withhold", "leave")}
    counted = state(world).jobs[job.id].result
    tasks = ("create", "link", "update", "remove")
    assert {t: counted[t] for t in tasks} == {t: [*sent.values()].count(t) for t in tasks}
    return job.id, sent


def activated(world: World, rehearsal: str) -> dict[str, Any]:
    job = activate.activate(world.ports, "book", rehearsal)
    until_told(world, "jobs", "deliver")
    return state(world).jobs[job.id].result


@settings(max_examples=20, deadline=None)
@given(people=people, first=tried, others=tried, edited=edits)
def test_a_webhook_sees_what_was_foretold(
    people: list[Any], first: Any, others: Any, edited: list[Any]
) -> None:
    world = watched()
    world.source("crm")
    put_target(world.ports, "book", BOOK | {"guard": None, "state": "prepared"})
    world.call("crm", [told(n, p) for n, p in enumerate(people)])
    world.work()
    for changed in (first, others):
        rehearsal, listed = foretold(world, "book", **changed)
        had, since = holdings(world, "book"), len(world.sender.told)
        result = activated(world, rehearsal)
        pushes = [(t.contact, t.type) for t in world.sender.told[since:]]
        seen = {c: _of_webhook(event, c in had) for c, event in pushes}
        assert (seen, len(pushes), result.get("changed", 0)) == (listed, len(listed), 0)
        for _, n in edited:
            world.call("crm", [told(n, people[n - 1], at=9)])
        world.drain("match")  # told only of what it has to hear by the rehearsal
        world.queues.waiting.clear()
    world.work()
    settled(world)


def _of_webhook(event: str, had: bool) -> str:
    return "remove" if event == "contact.removed" else "update" if had else "create"


@settings(max_examples=20, deadline=None)
@given(people=people, first=tried, others=tried, removal=mapped, there=st.sets(st.integers(0, 7)))
def test_hubspot_sees_what_was_foretold(
    people: list[Any], first: Any, others: Any, removal: Any, there: set[int]
) -> None:
    world, hubspot = prepared(there)
    world.call("crm", [told(n, p) for n, p in enumerate(people)])
    world.work()
    for changed in (first, others | {"removal": removal}):
        rehearsal, listed = foretold(world, "book", **changed)
        had = {c.id: dict(c.properties) for c in hubspot.contacts.all.values()}
        since = len(world.sender.sent)
        activated(world, rehearsal)
        assert _of_hubspot(world, since, had) == listed
        settled(world)
        for remote in sorted(hubspot.records)[:2]:  # deleted there, or edited
            hubspot.delete(remote) if removal else hubspot.edit(remote, firstname="Ewa")
    assert hubspot.broken == []


def prepared(there: set[int]) -> tuple[World, HubSpot]:
    """A HubSpot that is not told yet, and has some of the contacts already."""
    world = World()
    hubspot = HubSpot(world.clock, ten_seconds=1_000_000)
    world.sender = Wire({HUBSPOT: hubspot})
    world.source("crm")
    for n in sorted(there):
        hubspot.create(email=f"p{n}@example.org", lastname="Old")
    world.clock.tick(seconds=60)
    put_target(world.ports, "book", CRM | {"guard": None, "state": "prepared"})
    accounts.put_access(world.ports, "book", {"token": "pat-1"})
    return world, hubspot


def _of_hubspot(world: World, since: int, had: Any) -> Listed:
    """What its calls come to, for each contact."""
    seen: Listed = {}
    ours = {r: c.get("kartoteka_id", "") for r, c in had.items()}
    for call in world.sender.sent[since:]:
        remote = call.url.rpartition("/")[2]
        if call.method == "DELETE":
            seen[ours[remote]] = "remove"
        elif call.method == "PATCH":
            properties = json.loads(call.body)["properties"]
            unlinked = properties == {"kartoteka_id": ""}
            task = "remove" if unlinked else "update" if ours.get(remote) else "link"
            seen[ours[remote] if unlinked else properties["kartoteka_id"]] = task
        elif call.url.endswith("/batch/upsert"):
            seen[json.loads(call.body)["inputs"][0]["id"]] = "create"
    return seen


def test_a_first_sync_of_two_hundred_links_the_half_that_is_there_already() -> None:
    world, hubspot = prepared(set(range(0, 200, 2)))
    tell(world, range(200))
    world.work()
    rehearsal, listed = foretold(world, "book")
    assert [*listed.values()].count("link") == [*listed.values()].count("create") == 100
    result = activated(world, rehearsal)
    assert (result["link"], result["create"], result["marked"]) == (100, 100, 200)
    assert len(hubspot.records) == len({r["email"] for r in hubspot.records.values()}) == 200
    assert len({r["kartoteka_id"] for r in hubspot.records.values()}) == 200
    assert book(world).state == "active"


def test_what_has_changed_since_is_done_as_it_is_now_and_counted_apart() -> None:
    world = full(4, BOOK | {"guard": None})
    rehearsal, listed = foretold(world, "book", fields=["full_name"])
    assert [*listed.values()] == ["update"] * 4
    world.call("crm", [person(0, 5, roles=["other"]), person(1, 5, family_name="Lis"), person(9)])
    work("match")(world)
    result = activated(world, rehearsal)
    assert (result["update"], result["changed"]) == (2, 3)
    world.work()
    settled(world)


@pytest.mark.parametrize(
    ("fields", "settings", "why"),
    [
        ({"roles": ["customer"]}, {"consent": CONSENT}, "no_consent"),
        ({"roles": ["supplier"]}, {"filter": "role:customer"}, "left_filter"),
    ],
)
def test_what_is_withheld_says_why(fields: Any, settings: Any, why: str) -> None:
    world = full(0)
    tell(world, range(1), **fields)
    work("match")(world)
    job = rehearse.rehearse(world.ports, "book", settings)
    world.drain("jobs")
    assert state(world).jobs[job.id].result["withhold"] == {why: 1}


def test_who_waits_for_the_matcher_is_withheld_and_so_is_what_was_refused() -> None:
    world = full(0)
    tell(world, range(1))
    rehearsal, listed = foretold(world, "book")
    assert (listed, withheld(world, rehearsal)) == ({}, {"unmatched": 1})
    work("match")(world)
    world.sender.answers.append(Answer(410, None, "http_410"))
    assert foretold(world, "book")[1] == {born("crm", "0"): "create"}


def withheld(world: World, rehearsal: str) -> dict[str, int]:
    found: dict[str, int] = state(world).jobs[rehearsal].result["withhold"]
    return found


def test_a_finding_names_the_fields_and_holds_no_value() -> None:
    world = full(1)
    job = rehearse.rehearse(world.ports, "book", {"fields": ["full_name"]})
    world.drain("jobs")
    [shown] = findings(world.ports, job.id, None, 10)["items"]
    assert (shown["task"], shown["fields"]) == ("update", ["job_title"])
    kept = [r for k, r in world.items.snapshot().items() if k.pk == f"T#{job.id}"]
    assert "kowal" not in json.dumps(kept)


def test_a_rehearsal_sends_and_changes_nothing() -> None:
    world = full(5)
    before = {k: r for k, r in world.items.snapshot().items() if not k.pk.startswith("T#")}
    pushes = len(world.sender.sent)
    foretold(world, "book", filter="role:customer")
    assert {k: r for k, r in world.items.snapshot().items() if not k.pk.startswith("T#")} == before
    assert len(world.sender.sent) == pushes


def test_an_activation_names_a_rehearsal_that_still_holds() -> None:
    world = full(2)
    rehearsal, _ = foretold(world, "book", fields=["full_name"])
    with pytest.raises(InvalidError):
        activate.activate(world.ports, "book", "nothing")
    set_to(world, BOOK | {"filter": ""})
    with pytest.raises(ConflictError) as refused:
        activate.activate(world.ports, "book", rehearsal)
    assert refused.value.kind == "settings_changed"


def test_a_system_that_is_asked_too_often_is_asked_again_later() -> None:
    world, hubspot = prepared(set())
    tell(world, range(6))
    world.work()
    hubspot.fail_next(429, on="batch/read")
    job = rehearse.rehearse(world.ports, "book", {})
    world.drain("jobs")
    assert state(world).jobs[job.id].state == "open"
    world.clock.tick(minutes=3)
    world.sweep()
    world.drain("jobs")
    assert state(world).jobs[job.id].result["create"] == 6
