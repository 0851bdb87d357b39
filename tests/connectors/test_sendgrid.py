"""What is special to SendGrid: jobs, identifiers, suppressions."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.connectors.connector import Op, Result
from chalicelib.connectors.kinds import sendgrid_polls
from tests.connectors.rig_sendgrid import sendgrid
from tests.connectors.rigs import ID, Rig
from tests.connectors.test_contract import polled

EMAIL, NEW = "ewa@example.org", "ewa@new.example"
OTHER = ID.replace("0c6b", "1d7c")  # another contact's
CUSTOMERS = "customer-7"
EWA: dict[str, Any] = {"given_name": "Ewa", "emails": [{"address": EMAIL}]}
LEFT = {"purpose": "newsletter", "channel": "email", "status": "withdrawn"}
FACT = LEFT | {"occurred_at": "2026-01-01T00:00:00Z"}


@pytest.fixture
def rig() -> Iterator[Rig]:
    """No call of ours may ever take a suppression away."""
    made = sendgrid()
    yield made
    assert made.standin.broken == []
    gone = [c.path for c in made.standin.calls if c.method == "DELETE" and "suppression" in c.path]
    assert gone == []


def push(rig: Rig, contact: dict[str, Any], remote: str = "", **more: Any) -> Result:
    """Find, push, and ask again until it is done or will not be."""
    op = rig.op(contact, remote, **more)
    found = remote or next(iter(rig.connector().find(op)), "")
    return ended(rig, rig.op(contact, found, **more))


def ended(rig: Rig, op: Op) -> Result:
    for _ in range(5):
        (result,) = rig.connector().push([op])
        while result.status == "pending":
            rig.settle()
            result = rig.connector().settle(result.job)
        if result.status != "throttled":
            return result
        rig.settle()
    raise AssertionError("it never ends")


def fields(rig: Rig, remote: str) -> dict[str, Any]:
    return dict(rig.standin.records[remote].fields)


def test_a_creation_is_pending_until_its_job_is_done_and_it_can_be_found(rig: Rig) -> None:
    (begun,) = rig.connector().push([rig.op(EWA)])
    assert (begun.status, begun.remote) == ("pending", "")
    assert EMAIL not in begun.job
    assert rig.connector().settle(begun.job) == Result("pending", job=begun.job)
    rig.settle()
    (made,) = rig.standin.records
    assert rig.connector().settle(begun.job) == Result("done", remote=made, created=True)


def test_a_job_that_is_forgotten_is_begun_anew_and_one_that_failed_is_not(rig: Rig) -> None:
    job = rig.connector().push([rig.op(EWA)])[0].job
    lost = job.replace(job.split(":")[1], OTHER)
    assert rig.connector().settle(lost).status == "gone"
    rig.standin.fail_next(503)
    assert rig.connector().settle(job).status == "failed"
    rig.make(email=EMAIL, external_id=OTHER)
    assert push(rig, EWA) == Result("refused", "job_failed")


def test_a_removal_that_failed_is_done_only_if_there_is_nobody(rig: Rig) -> None:
    remote = push(rig, EWA).remote
    removal = Op("remove", ID, "m", {}, remote, removal="delete")
    (begun,) = rig.connector().push([removal])
    lost = begun.job.replace(begun.job.split(":")[1], OTHER)
    assert rig.connector().settle(lost).status == "refused"
    rig.delete(remote)
    rig.settle()
    assert rig.connector().settle(begun.job).status == "done"
    assert ended(rig, removal).status == "done"


def test_all_identifiers_that_a_contact_has_stay(rig: Rig) -> None:
    had = {"email": EMAIL, "external_id": CUSTOMERS, "phone_number_id": "+48600100200"}
    remote = rig.make(**had)
    assert push(rig, EWA).remote == remote
    assert fields(rig, remote) == had | {"first_name": "Ewa"}


def test_who_bears_another_contacts_id_is_not_taken(rig: Rig) -> None:
    push(rig, EWA, id=OTHER)
    assert rig.connector().find(rig.op(EWA)) == []
    assert push(rig, EWA).status == "refused"
    assert len(rig.standin.records) == 1


def test_who_has_an_address_only_as_an_alternate_one_is_not_taken(rig: Rig) -> None:
    rig.make(email="boss@example.org", alternate_emails=[EMAIL])
    assert rig.connector().find(rig.op(EWA)) == []


@pytest.mark.parametrize("had", [{"external_id": ID}, {}])
def test_another_address_takes_two_jobs_and_makes_nobody_new(rig: Rig, had: dict[str, str]) -> None:
    remote = rig.make(email=EMAIL, **had)
    moved = EWA | {"emails": [{"address": NEW}]}
    (first,) = rig.connector().push([rig.op(moved, remote)])
    assert (first.status, first.reason, first.retry_after) == ("throttled", "address_moves", "60")
    assert push(rig, moved, remote).remote == remote
    assert fields(rig, remote) == {"email": NEW, "external_id": ID, "first_name": "Ewa"}
    assert len(rig.standin.records) == 1


@pytest.mark.parametrize("grouped", [False, True])
def test_what_was_stopped_for_an_address_is_stopped_for_the_next(rig: Rig, grouped: bool) -> None:
    group = grouping(rig) if grouped else None
    remote = push(rig, EWA).remote
    rig.standin.unsubscribe(EMAIL, group)
    push(rig, EWA | {"emails": [{"address": NEW}]}, remote)
    assert NEW in stopped(rig, group)


def grouping(rig: Rig) -> int:
    """A group of mails that our option names."""
    group: int = rig.standin.suppressions.new_group("News")
    rig.options["group"] = str(group)
    return group


def stopped(rig: Rig, group: int | None) -> dict[str, int]:
    kept = rig.standin.suppressions
    found: dict[str, int] = kept.left[group] if group else kept.kept["unsubscribes"]
    return found


@pytest.mark.parametrize("grouped", [False, True])
def test_a_consent_that_was_withdrawn_stops_mails_and_a_grant_starts_none(
    rig: Rig, grouped: bool
) -> None:
    group = grouping(rig) if grouped else None
    remote = push(rig, EWA | {"consents": [FACT]}).remote
    assert [*stopped(rig, group)] == [EMAIL]
    push(rig, EWA | {"consents": [FACT | {"status": "granted"}]}, remote)
    assert [*stopped(rig, group)] == [EMAIL]


@pytest.mark.parametrize("grouped", [False, True])
def test_what_is_read_tells_of_suppressions(rig: Rig, grouped: bool) -> None:
    group = grouping(rig) if grouped else None
    remote = push(rig, EWA).remote
    told = rig.connector().read(rig.op(EWA, remote))
    assert told and "consents" not in rig.mapper.inward(told.body)
    rig.standin.unsubscribe(EMAIL, group)
    told = rig.connector().read(rig.op(EWA))
    assert told and rig.mapper.inward(told.body)["consents"] == [LEFT]


def test_a_poll_tells_which_contacts_left_or_complained_and_when(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sendgrid_polls, "PAGE", 2)
    group, other = grouping(rig), rig.standin.suppressions.new_group("Offers")
    remote = push(rig, EWA).remote
    for name in ("a", "b", "c", "spam", "group", "other", "bounced"):
        rig.make(email=f"{name}@example.org")
    start, cursor = rig.clock(), polled(rig, None)[1]
    rig.clock.on(hours=1)
    rig.standin.unsubscribe(EMAIL.upper())
    rig.clock.on(hours=1)
    for name in ("a", "b", "c"):
        rig.standin.unsubscribe(f"{name}@example.org")
    rig.standin.unsubscribe("nobody@example.org")
    rig.standin.report("spam@example.org")
    rig.standin.unsubscribe("group@example.org", group)
    rig.standin.unsubscribe("other@example.org", other)
    rig.standin.bounce("bounced@example.org")
    rig.clock.on(hours=1)
    told, following = polled(rig, cursor)
    names = [t.body["email"].partition("@")[0] for t in told]
    assert names == ["ewa", "a", "b", "c", "spam", "group"]
    assert {t.body["status"] for t in told} == {"unsubscribed"}
    assert len({t.remote for t in told}) == 6
    assert (told[0].remote, (told[0].occurred_at - start).seconds) == (remote, 3600)
    rig.clock.on(hours=1)
    assert polled(rig, following)[0] == []


def test_custom_fields_are_mapped_by_name(rig: Rig) -> None:
    size = rig.standin.add_field("Size")
    body = {"email": EMAIL, "custom_fields": {"Size": "42"}}
    remote = ended(rig, Op("upsert", ID, "m", body)).remote
    assert rig.standin.records[remote].custom == {size: "42"}
    (told,) = rig.connector().fetch([remote])
    assert told.body["custom_fields"] == {"Size": "42"}
    wrong = Op("upsert", ID, "m", {"email": EMAIL, "custom_fields": {"Weight": "1"}}, remote)
    assert ended(rig, wrong) == Result("refused", "unknown_field")


def test_a_list_is_joined_and_left(rig: Rig) -> None:
    rig.options["list"] = rig.standin.add_list("News")
    remote = push(rig, EWA).remote
    assert rig.standin.records[remote].lists == [rig.options["list"]]
    let_go = Op("remove", ID, "m", {}, remote, removal="unlink")
    assert ended(rig, let_go).status == "done"
    assert rig.standin.records[remote].lists == []


def test_who_is_no_more_is_told_as_deleted(rig: Rig) -> None:
    remote = push(rig, EWA).remote
    assert [t.kind for t in rig.connector().fetch([OTHER, remote])] == ["upsert", "delete"]


def test_a_minute_that_is_spent_says_when_the_next_begins(rig: Rig) -> None:
    rig.standin.limit = 0
    rig.clock.on(seconds=15)
    (result,) = rig.connector().push([rig.op(EWA)])
    assert (result.status, result.retry_after) == ("throttled", "45")
