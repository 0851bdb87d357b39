"""What is special to Mailchimp: subscriptions, archives, hooks."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.connectors.connector import Op, Result, Told, UnavailableError
from chalicelib.connectors.kinds import mailchimp_polls
from chalicelib.domain.errors import InvalidError, UnauthorizedError
from chalicelib.domain.hooks import Hook
from tests.connectors.rig_mailchimp import mailchimp
from tests.connectors.rigs import ID, Rig
from tests.connectors.test_contract import polled
from tests.standins.base import Called
from tests.standins.mailchimp.store import hashed

EMAIL = "ewa@example.org"
NEWS = {"purpose": "newsletter", "channel": "email", "occurred_at": "2026-01-01T00:00:00Z"}
GRANTED, WITHDRAWN = NEWS | {"status": "granted"}, NEWS | {"status": "withdrawn"}
EWA: dict[str, Any] = {"given_name": "Ewa", "emails": [{"address": EMAIL}], "consents": [GRANTED]}


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = mailchimp()
    yield made
    assert made.standin.broken == []


def push(rig: Rig, contact: dict[str, Any], remote: str = "") -> Result:
    """What the flow does: find, then push; again where it is gone."""
    op = rig.op(contact, remote)
    found = remote or next(iter(rig.connector().find(op)), "")
    (result,) = rig.connector().push([rig.op(contact, found)])
    return push(rig, contact) if result.status == "gone" else result


def let_go(rig: Rig, remote: str, removal: Any = "archive") -> Result:
    (result,) = rig.connector().push([Op("remove", ID, "m", {}, remote, removal=removal)])
    return result


def status(rig: Rig, email: str = EMAIL) -> str:
    return str(rig.standin.records[email].status)


@pytest.mark.parametrize(
    ("facts", "new", "made"),
    [
        ([], "", "transactional"),
        ([], "subscribed", "subscribed"),
        ([GRANTED], "", "subscribed"),
        ([GRANTED], "pending", "pending"),
        ([WITHDRAWN], "subscribed", "unsubscribed"),
        ([GRANTED, WITHDRAWN | {"occurred_at": "2026-02-01T00:00:00Z"}], "", "unsubscribed"),
        ([WITHDRAWN | {"purpose": "offers"}], "", "transactional"),
    ],
)
def test_who_is_made_is_subscribed_by_consent_or_by_a_setting(
    rig: Rig, facts: list[Any], new: str, made: str
) -> None:
    rig.options |= {"new": new} if new else {}
    assert push(rig, EWA | {"consents": facts}).created
    assert status(rig) == made


def test_a_consent_that_was_withdrawn_ends_the_subscription(rig: Rig) -> None:
    remote = push(rig, EWA).remote
    push(rig, EWA | {"consents": [WITHDRAWN]}, remote)
    assert status(rig) == "unsubscribed"


def pushed(rig: Rig, remote: str) -> None:
    push(rig, EWA | {"given_name": "Ewelina"}, remote)


def found_again(rig: Rig, remote: str) -> None:
    push(rig, EWA)


def let_go_and_brought_back(rig: Rig, remote: str) -> None:
    let_go(rig, remote)
    push(rig, EWA)


def archived_and_brought_back(rig: Rig, remote: str) -> None:
    rig.delete(remote)
    push(rig, EWA, remote)


def moved(rig: Rig, remote: str) -> None:
    push(rig, EWA | {"emails": [{"address": "ewa@new.example"}]}, remote)


def forgotten(rig: Rig, remote: str) -> None:
    let_go(rig, remote, "delete")
    push(rig, EWA)


WAYS = [pushed, found_again, let_go_and_brought_back, archived_and_brought_back, moved, forgotten]


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize("by", ["user", "admin", "api"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("before", [False, True])
def test_nothing_of_ours_turns_an_unsubscribe_on(
    way: Any, by: str, lenient: bool, before: bool
) -> None:
    rig = mailchimp(archived_is_new=lenient)
    rig.options["new"] = "subscribed"
    remote = push(rig, EWA).remote
    if before:  # it was archived and brought back before
        let_go(rig, remote)
        push(rig, EWA)
    rig.standin.unsubscribe(remote, by)
    way(rig, remote)
    assert all(m.status != "subscribed" for m in rig.standin.records.values())
    assert rig.standin.broken == []


def test_who_we_archived_comes_back_as_subscribed_as_before(rig: Rig) -> None:
    remote = push(rig, EWA).remote
    assert let_go(rig, remote).status == "done" and status(rig) == "archived"
    assert push(rig, EWA).remote == remote
    assert status(rig) == "subscribed" and rig.standin.records[EMAIL].tags == []


def test_whom_staff_archived_comes_back_without_a_subscription(rig: Rig) -> None:
    remote = push(rig, EWA).remote
    rig.delete(remote)
    push(rig, EWA, remote)
    assert status(rig) == "transactional"


def test_another_address_moves_the_member_and_a_taken_one_is_refused(rig: Rig) -> None:
    remote = push(rig, EWA).remote
    assert push(rig, EWA | {"emails": [{"address": "e@new.example"}]}, remote).remote == remote
    assert [*rig.standin.records] == ["e@new.example"]
    rig.make("b@example.org")
    taken = push(rig, EWA | {"emails": [{"address": "b@example.org"}]}, remote)
    assert (taken.status, taken.reason) == ("refused", "address_taken")


def test_an_address_that_was_forgotten_there_is_refused(rig: Rig) -> None:
    assert let_go(rig, push(rig, EWA).remote, "delete").status == "done"
    assert push(rig, EWA) == Result("refused", "forgotten")
    assert push(rig, {"given_name": "Ewa"}) == Result("refused", "no_email")


def test_a_tag_and_our_id_are_set_and_taken_away(rig: Rig) -> None:
    rig.options |= {"tag": "Kartoteka", "key": "OURS"}
    remote = push(rig, EWA).remote
    member = rig.standin.records[EMAIL]
    rig.standin.tag(remote, "theirs")
    assert (member.tags, member.merges["OURS"]) == (["Kartoteka", "theirs"], ID)
    calls = len(rig.standin.calls)
    push(rig, EWA, remote)
    assert len(rig.standin.calls) == calls + 2  # what is as it should be takes no call
    let_go(rig, remote, "unlink")
    assert (member.tags, member.merges["OURS"], member.status) == (["theirs"], "", "subscribed")


def test_a_403_without_a_word_is_too_much_at_once(rig: Rig) -> None:
    rig.standin.fail_next(403)
    assert rig.connector().push([rig.op(EWA)])[0].status == "throttled"


def test_a_poll_tells_who_left_who_was_archived_and_when(rig: Rig) -> None:
    ewa, jan = (push(rig, named(n)).remote for n in ("ewa", "jan"))
    rig.clock.on(hours=1)
    _, cursor = polled(rig, None)
    rig.standin.unsubscribe(ewa)
    rig.delete(jan)
    told = {t.remote: t for t in polled(rig, cursor)[0]}
    assert (told[ewa].body["status"], told[ewa].occurred_at) == ("unsubscribed", rig.clock())
    assert (told[jan].kind, told[jan].occurred_at) == ("delete", rig.clock())
    withdrawn = {"purpose": "newsletter", "channel": "email", "status": "withdrawn"}
    assert rig.mapper.inward(told[ewa].body)["consents"] == [withdrawn]


def test_a_status_that_is_neither_yes_nor_no_says_nothing_of_consent(rig: Rig) -> None:
    remote = push(rig, EWA | {"consents": []}).remote
    rig.standin.clean(remote)
    (told,) = rig.connector().fetch([remote])
    assert "consents" not in rig.mapper.inward(told.body)


def named(name: str) -> dict[str, Any]:
    return EWA | {"emails": [{"address": f"{name}@example.org"}]}


@pytest.mark.parametrize("apart", [0, 1, 10])
def test_a_poll_misses_nobody_whatever_changes_between_its_pages(
    rig: Rig, apart: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailchimp_polls, "PAGE", 3)
    made = []
    for number in range(11):
        made.append(push(rig, named(f"a{number}")).remote)
        rig.clock.on(seconds=apart)
    first = rig.connector().poll(None)
    if apart:  # of one second there is no order that a change could disturb
        rig.clock.on(hours=1)
        rig.standin.edit(made[0], FNAME="Other")
    assert {t.remote for t in [*first.told, *polled(rig, first.cursor)[0]]} == set(made)


def hook(called: Called, **more: Any) -> Hook:
    query = {name: values[0] for name, values in called.query.items()}
    return Hook(called.method, called.path, query, {**called.headers, **more}, called.body)


def events(rig: Rig) -> list[Hook]:
    return [hook(called) for called in rig.standin.events() if called.method == "POST"]


def hooked(rig: Rig) -> str:
    """A member of an audience that tells us of everything that people do; their id."""
    kinds = ("subscribe", "unsubscribe", "profile", "cleaned", "upemail", "campaign")
    body = {
        "url": "https://kartoteka.example/in?token=t0ken",
        "events": dict.fromkeys(kinds, True),
        "sources": {"user": True, "admin": True, "api": False},
    }
    call(rig, "POST", "/webhooks", body)
    return push(rig, EWA).remote


def call(rig: Rig, method: str, path: str, body: Any) -> None:
    connector: Any = rig.connector()
    assert connector._call(method, path, body).ok


@pytest.mark.parametrize(
    ("deed", "body", "there"),
    [
        (lambda s, r: s.unsubscribe(r), "unsubscribed", "upsert"),
        (lambda s, r: s.clean(r, "abuse"), "unsubscribed", "upsert"),
        (lambda s, r: s.clean(r), None, "upsert"),
        (lambda s, r: s.delete(r), None, "delete"),
        (lambda s, r: s.edit(r, FNAME="Ewelina"), None, "upsert"),
        (lambda s, r: s.edit(r, email="e@new.example"), None, "upsert"),
    ],
)
def test_a_notice_leads_to_the_member_and_says_at_once_who_left(
    rig: Rig, deed: Any, body: str | None, there: str
) -> None:
    remote = hooked(rig)
    rig.clock.on(days=1)
    deed(rig.standin, remote)
    (notice,) = events(rig)
    (told,) = rig.connector().parse(notice)
    assert (told.kind, told.body.get("status"), told.occurred_at) == ("ref", body, rig.clock())
    (found,) = rig.connector().fetch([told.remote])
    assert (found.kind, found.remote) == (there, remote)


def test_what_we_do_ourselves_and_other_audiences_tell_nothing(rig: Rig) -> None:
    remote = hooked(rig)
    push(rig, EWA | {"given_name": "Ewelina"}, remote)
    assert events(rig) == []
    rig.options = {"list": "another"}
    form = {"type": "profile", "fired_at": "2026-11-23 12:00:00", "data[list_id]": "one"}
    assert rig.connector().parse(posted(form)) == []
    rig.options = {"list": "one"}
    assert rig.connector().parse(posted(form | {"type": "campaign"})) == []


def posted(form: dict[str, str], token: str = "") -> Hook:
    return Hook("POST", "/in", {"token": token}, {}, urlencode(form).encode())


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"type=profile", b"fired_at=yesterday&data[list_id]=a6b5da1054"]
)
def test_a_body_that_is_none_of_mailchimps_is_refused(rig: Rig, body: bytes) -> None:
    with pytest.raises(InvalidError):
        rig.connector().parse(Hook("POST", "/in", {}, {}, body))


@pytest.mark.parametrize(
    ("access", "token", "late", "taken"),
    [
        ({"hook_token": "t0ken"}, "t0ken", 0, True),
        ({"hook_token": "t0ken"}, "other", 0, False),
        ({"hook_token": "t0ken"}, "", 0, False),
        ({"signing_secret": "s3cret"}, "", 0, True),
        ({"signing_secret": "s3cret"}, "", 6, False),
        ({"signing_secret": "other"}, "", 0, False),
        ({"signing_secret": "s3cret", "hook_token": "t0ken"}, "t0ken", 0, True),
        ({"signing_secret": "s3cret", "hook_token": "t0ken"}, "", 0, False),
        ({}, "", 0, False),
    ],
)
def test_a_call_must_have_every_proof_that_is_set(
    access: dict[str, str], token: str, late: int, taken: bool
) -> None:
    rig = mailchimp(secret="s3cret")
    rig.standin.unsubscribe(hooked(rig))
    rig.access |= access
    (notice,) = events(rig)
    rig.clock.on(minutes=late)
    given = Hook("POST", "/in", {"token": token}, notice.headers, notice.body)
    assert accepted(rig, given) is taken
    forged = Hook("POST", "/in", {"token": "other"}, notice.headers, notice.body + b"&a=b")
    assert not accepted(rig, forged)


@pytest.mark.parametrize("own", ["", "t0ken"])
def test_a_hook_that_we_made_has_a_token_of_its_own(own: str) -> None:
    """Beside the one that a person chose, where one did; a log of it tells no secret."""
    rig = mailchimp()
    rig.access |= {"hook_token": own} if own else {}
    remote = push(rig, EWA).remote
    rig.connector().subscribe("https://kartoteka.example/in?number=1", "whsec_1")
    (hook_there,) = rig.standin.hooks.all.values()
    assert "whsec_1" not in hook_there["url"]
    assert hook_there["sources"] == {"user": True, "admin": True, "api": False}
    rig.standin.unsubscribe(remote)
    (notice,) = events(rig)
    rig.connector().verify(notice, ["whsec_2", "whsec_1"])
    for given in (notice, Hook("POST", "/in", {}, {}, notice.body)):
        with pytest.raises(UnauthorizedError):
            rig.connector().verify(given, ["whsec_2"])


def test_a_hook_that_a_person_made_for_the_url_is_taken_over() -> None:
    rig = mailchimp()
    call(rig, "POST", "/webhooks", {"url": "https://kartoteka.example/in?token=t0ken"})
    made = rig.connector().subscribe("https://kartoteka.example/in?number=1", "whsec_1")
    assert rig.connector().subscriptions() == [made]
    assert all(rig.standin.hooks.all[made.id]["events"][name] for name in ("cleaned", "upemail"))


def test_where_hooks_are_signed_a_person_makes_them() -> None:
    rig = mailchimp()
    rig.access |= {"signing_secret": "s3cret"}
    with pytest.raises(UnavailableError, match="signed"):
        rig.connector().subscribe("https://kartoteka.example/in?number=1", "whsec_1")
    assert rig.standin.calls == []


def accepted(rig: Rig, given: Hook) -> bool:
    try:
        rig.connector().verify(given, ())
    except UnauthorizedError:
        return False
    return True


def test_the_visit_that_saves_a_hook_is_answered(rig: Rig) -> None:
    assert rig.connector().handshake(Hook("GET", "/in", {}, {}, b"")) == "ok"
    assert rig.connector().handshake(Hook("POST", "/in", {}, {}, b"")) is None


def test_a_hash_of_nobody_is_told_as_gone(rig: Rig) -> None:
    nobody = hashed("nobody@example.org")
    assert rig.connector().fetch([nobody]) == [Told("delete", nobody)]
    assert rig.connector().read(rig.op(EWA)) is None
