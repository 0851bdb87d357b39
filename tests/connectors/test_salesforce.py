"""What is special to Salesforce: errors by code, sessions, queries, and polls that see all."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.connectors.connector import Page, Told
from chalicelib.connectors.kinds.salesforce import NAMELESS, PAGE
from tests.connectors.rig_salesforce import salesforce
from tests.connectors.rigs import Rig

EWA: dict[str, Any] = {
    "given_name": "Ewa",
    "family_name": "Lis",
    "emails": [{"address": "ewa@example.org"}],
}


@pytest.fixture
def rig() -> Any:
    """An org that has seen no request that it would not take."""
    made = salesforce()
    yield made
    assert made.standin.broken == []


def push(rig: Rig, contact: dict[str, Any], remote: str = "", **more: Any) -> Any:
    (result,) = rig.connector().push([rig.op(contact, remote, **more)])
    return result


def polled(rig: Rig, cursor: str) -> tuple[list[Told], str]:
    """All that there is by now, and where to go on."""
    page, told = Page([], cursor, more=True), list[Told]()
    for _ in range(20):
        page = rig.connector().poll(page.cursor)
        told += page.told
        if not page.more:
            return told, page.cursor
    raise AssertionError("it never ends")


def test_no_secret_stands_in_a_url(rig: Rig) -> None:
    remote = push(rig, EWA).remote
    rig.connector().find(rig.op(EWA))
    rig.connector().poll(None)
    push(rig, EWA, remote)
    for request in rig.wire.sent:
        assert "client-secret" not in request.url and "session" not in request.url


def test_a_session_that_ended_is_begun_anew(rig: Rig) -> None:
    connector = rig.connector()
    connector.push([rig.op(EWA)])
    rig.standin.expire()
    (result,) = connector.push([rig.op(EWA)])
    assert (result.status, result.created) == ("done", False)
    assert sum(r.url.endswith("/token") for r in rig.wire.sent) == 2


def test_who_has_no_last_name_is_made_all_the_same(rig: Rig) -> None:
    nameless = {"emails": EWA["emails"]}
    remote = push(rig, nameless).remote
    assert rig.standin.records[remote]["LastName"] == NAMELESS
    assert rig.shown(remote) == nameless
    push(rig, EWA, remote)
    push(rig, nameless, remote, cleared=frozenset({"family_name", "given_name"}))
    assert rig.shown(remote) == nameless


def test_the_same_creation_twice_makes_one(rig: Rig) -> None:
    first, second = push(rig, EWA), push(rig, EWA)
    assert (first.created, second.created) == (True, False)
    assert first.remote == second.remote and len(rig.standin.records) == 1


@pytest.mark.parametrize("address", ["o'hara@example.org", "' OR Email != '", "a\\' OR Id != 'b"])
def test_a_text_cannot_end_a_query(rig: Rig, address: str) -> None:
    rig.make(LastName="Nowak", Email="nowak@example.org")
    op = replace(rig.op({}), lookup=(address,))
    assert rig.connector().find(op) == []


def test_who_has_our_id_comes_before_who_has_the_address(rig: Rig) -> None:
    theirs = rig.make(LastName="Lis", Email="ewa@example.org")
    assert rig.connector().find(rig.op(EWA)) == [theirs]
    ours = push(rig, EWA).remote
    assert rig.connector().find(rig.op(EWA)) == [ours]


def test_whom_a_user_made_is_marked_as_ours(rig: Rig) -> None:
    remote = rig.make(LastName="Lis")
    push(rig, EWA, remote)
    assert rig.connector().find(rig.op({})) == [remote]


def test_errors_are_known_by_their_codes(rig: Rig) -> None:
    remote = push(rig, EWA).remote
    rig.standin.contacts.locked.add(remote)
    locked = push(rig, EWA, remote)
    assert (locked.status, locked.reason) == ("failed", "unable_to_lock_row")
    rig.standin.contacts.duplicate_rule = True
    double = push(rig, EWA, id="somebody-else")
    assert (double.status, double.reason) == ("refused", "duplicates_detected")
    rig.standin.limits.day.limit = 0
    spent = push(rig, EWA)
    assert (spent.status, spent.reason) == ("throttled", "request_limit_exceeded")


def test_a_poll_tells_changes_deletions_and_merges(rig: Rig) -> None:
    kept, lost, gone = (rig.make(LastName=f"Lis {n}") for n in range(3))
    ours = push(rig, EWA).remote
    rig.clock.on(hours=1)
    cursor = polled(rig, "")[1]
    rig.clock.on(hours=1)
    rig.standin.merge(kept, lost)
    rig.delete(gone)
    push(rig, EWA | {"given_name": "Ewelina"}, ours)
    told = {t.remote: t for t in polled(rig, cursor)[0]}
    assert {r: (t.kind, t.into) for r, t in told.items()} == {
        kept: ("upsert", ""),
        lost: ("merge", kept),
        gone: ("delete", ""),
        ours: ("upsert", ""),
    }
    assert [r for r, t in told.items() if t.ours] == [ours]
    assert told[gone].occurred_at == rig.clock()


def test_fetching_tells_where_they_are_gone(rig: Rig) -> None:
    kept, lost, gone, purged = (rig.make(LastName=f"Lis {n}") for n in range(4))
    rig.delete(purged)
    rig.clock.on(days=16)
    rig.standin.merge(kept, lost)
    rig.delete(gone)
    told = {t.remote: t.kind for t in rig.connector().fetch([kept, lost, gone, purged])}
    assert told == {kept: "upsert", lost: "merge", gone: "delete", purged: "delete"}
    assert rig.connector().read(rig.op(EWA, gone)) is None


@pytest.mark.parametrize("page", [7, 2000])
def test_a_poll_leaves_out_nobody_of_a_crowded_second(rig: Rig, page: int) -> None:
    rig.standin.queries.page = page
    many = PAGE + 1 if page > PAGE else 3 * page + 1
    made = [rig.make(LastName=f"Lis {n}") for n in range(many)]
    rig.clock.on(hours=1)
    told, cursor = polled(rig, "")
    assert [t.remote for t in told] == made
    assert polled(rig, cursor)[0] == []


def test_what_may_have_been_under_way_is_looked_for_again(rig: Rig) -> None:
    seen = rig.make(LastName="Lis")
    told, cursor = polled(rig, "")
    late = rig.make(LastName="Maj")  # of the same moment, and seen only now
    assert [t.remote for t in told] == [seen]
    told, cursor = polled(rig, cursor)
    assert [t.remote for t in told] == [seen, late]
    rig.clock.on(hours=1)
    assert polled(rig, polled(rig, cursor)[1])[0] == []
