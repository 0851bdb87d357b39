"""What is special to Google Contacts."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.connectors.kinds import google as module
from tests.connectors.meddling import meddle
from tests.connectors.rig_google import google
from tests.connectors.rigs import ID, Rig
from tests.connectors.test_contract import EWA, polled, push, put, removing

WORKS = {"type": "work"}


@pytest.fixture
def rig() -> Any:
    made = google()
    yield made
    assert made.standin.broken == []


def held(rig: Rig, remote: str, field: str) -> Any:
    return rig.standin.records[remote].get(field)


def test_what_users_added_to_our_fields_stays(rig: Rig) -> None:
    remote = put(rig, EWA | {"organization": "Lis", "job_title": "CEO"})
    rig.edit(
        remote,
        names=[{"givenName": "Ewa", "middleName": "Anna", "familyName": "Lis"}],
        emailAddresses=[{"value": "Ewa@example.org", "type": "home", "displayName": "Ewcia"}],
        phoneNumbers=[{"value": "+48 600 100 200", "type": "mobile"}],
        organizations=[{"name": "Lis", "department": "A"}, {"name": "Wilk"}],
    )
    push(rig, EWA | {"family_name": "Maj", "full_name": "Ewa Maj", "job_title": "CTO"}, remote)
    (name,) = held(rig, remote, "names")
    assert name == {
        "givenName": "Ewa",
        "middleName": "Anna",
        "familyName": "Maj",
        "unstructuredName": "Ewa Maj",
    }
    (email,) = held(rig, remote, "emailAddresses")
    assert email == {"value": "ewa@example.org", "type": "home", "displayName": "Ewcia"}
    assert held(rig, remote, "phoneNumbers") == [{"value": "+48600100200", "type": "mobile"}]
    ours, other = held(rig, remote, "organizations")
    assert (ours, other) == ({"title": "CTO", "department": "A", "name": "Lis"}, {"name": "Wilk"})


def test_a_name_that_is_not_told_is_made_of_its_parts(rig: Rig) -> None:
    remote = put(rig, EWA)
    without = {n: v for n, v in EWA.items() if n != "full_name"}
    push(rig, without | {"given_name": "Eva"}, remote)
    assert held(rig, remote, "names") == [{"givenName": "Eva", "familyName": "Lis"}]


def test_a_contact_that_changes_meanwhile_is_read_and_written_again(rig: Rig) -> None:
    remote = put(rig, EWA)
    meddle(rig, remote, 1, **rig.foreign)
    assert push(rig, EWA | {"given_name": "Eva"}, remote).status == "done"
    assert held(rig, remote, "urls") == rig.foreign["urls"]
    meddle(rig, remote, 2, **rig.foreign)
    result = push(rig, EWA, remote)
    assert (result.status, result.reason) == ("conflict", "stale")


def test_two_writes_at_once_are_no_refusal(rig: Rig) -> None:
    rig.standin.fail_next(409, on=rig.writes)
    assert (push(rig, EWA).status, push(rig, EWA).status) == ("failed", "done")


def test_a_poll_sees_a_write_some_minutes_later_as_it_was_when_pushed(rig: Rig) -> None:
    _, cursor = polled(rig, None)
    result = push(rig, EWA)
    assert polled(rig, cursor)[0] == []
    rig.clock.on(minutes=4)
    (told,) = polled(rig, cursor)[0]
    assert (told.kind, told.remote, told.etag) == ("upsert", result.remote, result.etag)
    assert told.occurred_at == rig.clock() - timedelta(minutes=4)


def test_what_google_leaves_out_is_empty(rig: Rig) -> None:
    remote = rig.make(names=[{"familyName": "Lis"}])
    told = rig.connector().read(rig.op({}, remote))
    assert told
    said = rig.mapper.inward(told.body)
    assert said.keys() == rig.mapper.fields
    assert {n: v for n, v in said.items() if v} == {"family_name": "Lis"}


def test_a_token_that_is_too_old_begins_anew(rig: Rig) -> None:
    put(rig, EWA)
    rig.clock.on(hours=1)
    told, cursor = polled(rig, None)
    rig.clock.on(days=8)
    page = rig.connector().poll(cursor)
    assert page.anew and page.told == told


def test_another_mapping_begins_anew(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    _, cursor = polled(rig, None)
    connector = rig.connector()
    object.__setattr__(connector.account, "places", ("names[0].givenName",))
    assert connector.poll(cursor).anew


def test_a_poll_goes_on_from_page_to_page(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    made = [rig.make(names=[{"givenName": f"A{n}"}]) for n in range(5)]
    rig.clock.on(hours=1)
    told, cursor = polled(rig, None)
    assert [t.remote for t in told] == made
    rig.delete(made[0])
    rig.edit(made[1], nicknames=[{"value": "Al"}])
    rig.edit(made[2], nicknames=[{"value": "Bo"}])
    rig.clock.on(hours=1)
    assert [(t.kind, t.remote) for t in polled(rig, cursor)[0]] == [
        ("delete", made[0]),
        ("upsert", made[1]),
        ("upsert", made[2]),
    ]


def test_a_contact_that_was_joined_with_a_profile_is_followed(rig: Rig) -> None:
    remote = put(rig, EWA)
    _, cursor = polled(rig, None)
    new = rig.standin.rename(remote)
    rig.clock.on(hours=1)
    expected = [("merge", remote, new), ("upsert", new, "")]
    assert [(t.kind, t.remote, t.into) for t in polled(rig, cursor)[0]] == expected
    assert [(t.kind, t.remote, t.into) for t in rig.connector().fetch([remote])] == expected
    assert push(rig, EWA, remote).remote == new


def test_many_are_fetched_and_the_deleted_are_said_to_be(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    names = [rig.make(names=[{"givenName": f"A{n}"}]) for n in range(3)]
    rig.delete(names[1])
    told = rig.connector().fetch(names)
    assert [(t.kind, t.remote) for t in told] == list(
        zip(("upsert", "delete", "upsert"), names, strict=True)
    )


@pytest.mark.parametrize("without", [(), ("emails",), ("emails", "phones"), tuple(EWA)[3:]])
def test_whoever_is_not_among_the_latest_is_searched(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, without: tuple[str, ...]
) -> None:
    monkeypatch.setattr(module, "PAGE", 1)
    contact = {n: v for n, v in EWA.items() if n not in without}
    remote = put(rig, contact)
    rig.clock.on(minutes=10)
    rig.make(names=[{"givenName": "Ewa", "familyName": "Lis"}])
    assert rig.connector().find(rig.op(contact)) == [remote]


def test_what_other_programs_keep_with_a_contact_stays(rig: Rig) -> None:
    theirs = {"key": "phone", "value": "7"}
    remote = put(rig, EWA)
    rig.edit(remote, clientData=[*held(rig, remote, "clientData"), theirs])
    push(rig, EWA, remote)
    assert held(rig, remote, "clientData") == [theirs, {"key": "kartoteka", "value": ID}]
    rig.connector().push([removing(rig, remote, "unlink")])
    assert held(rig, remote, "clientData") == [theirs]


def test_a_grant_that_was_taken_back_is_no_refusal(rig: Rig) -> None:
    rig.standin.grant.revoke()
    result = push(rig, EWA)
    assert (result.status, result.reason) == ("failed", "no_token")
