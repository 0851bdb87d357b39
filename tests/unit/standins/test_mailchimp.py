"""The Mailchimp stand-in behaves as Mailchimp's documents say."""

import base64
import hmac
import json
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from tests.standins.base import Called, Replied
from tests.standins.common.failing import Lost
from tests.standins.mailchimp import Mailchimp
from tests.standins.mailchimp.merging import Field
from tests.standins.mailchimp.store import hashed

from .calling import Clock, ask
from .mailchimp_requests import ADA, BROKEN, HASH, LIST, MEMBERS, NEW, ONE, PUT, VALID, prepared

KEY = {"Authorization": "Basic " + base64.b64encode(b"any:key-us21").decode()}
EVENTS = dict.fromkeys(("subscribe", "unsubscribe", "profile", "cleaned", "upemail"), True)
HOOK = {
    "url": "https://kart.cz/in/secret",
    "events": EVENTS,
    "sources": {"user": True, "admin": True, "api": False},
}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def mailchimp(clock: Clock) -> Mailchimp:
    return prepared(Mailchimp(clock))


def call(mailchimp: Mailchimp, method: str, url: str, body: Any = None) -> Replied:
    return ask(mailchimp, method, url, body, KEY)


def listed(mailchimp: Mailchimp, query: str = "") -> list[str]:
    body = call(mailchimp, "GET", f"{MEMBERS}?count=1000{query}").body
    return [member["email_address"] for member in body["members"]]


def form(called: Called) -> dict[str, str]:
    return dict(parse_qsl(called.body.decode(), keep_blank_values=True))


def hooked(mailchimp: Mailchimp, **changed: Any) -> None:
    assert call(mailchimp, "POST", f"{LIST}/webhooks", {**HOOK, **changed}).status == 200
    mailchimp.events()


def told(mailchimp: Mailchimp) -> list[str]:
    return [form(called)["type"] for called in mailchimp.events()]


def test_a_put_creates_and_updates_under_the_hash_of_the_address(mailchimp: Mailchimp) -> None:
    given = {"email_address": "Eva@Kart.cz", "status_if_new": "pending"}
    made = call(mailchimp, "PUT", f"{MEMBERS}/{hashed('eva@kart.cz')}", given)
    assert (made.status, made.body["status"]) == (200, "pending")
    assert made.body["id"] == hashed("eva@kart.cz")
    merges = {"FNAME": " Ada ", "LNAME": "Byron", "SIZE": "9"}
    again = call(mailchimp, "PUT", ONE, {**PUT, "merge_fields": merges})
    assert again.body["full_name"] == "Ada Byron" and "SIZE" not in again.body["merge_fields"]
    assert sorted(mailchimp.records) == ["ada@kart.cz", "eva@kart.cz"]


def test_an_omitted_field_stays_and_an_empty_text_clears(mailchimp: Mailchimp) -> None:
    call(mailchimp, "PATCH", ONE, {"merge_fields": {"LNAME": "Byron"}})
    call(mailchimp, "PATCH", ONE, {"merge_fields": {"LNAME": ""}})
    merges = mailchimp.records["ada@kart.cz"].merges
    assert (merges["FNAME"], merges["LNAME"]) == ("Ada", "")


def test_who_left_cannot_be_subscribed_again_by_the_api(mailchimp: Mailchimp) -> None:
    mailchimp.unsubscribe("ada@kart.cz")
    again = {**PUT, "status": "subscribed", "merge_fields": {"FNAME": "New"}}
    refused = call(mailchimp, "PUT", ONE, again)
    assert (refused.status, refused.body["title"]) == (400, "Member In Compliance State")
    kept = mailchimp.records["ada@kart.cz"]
    assert (kept.status, kept.merges["FNAME"]) == ("unsubscribed", "Ada")
    assert call(mailchimp, "PUT", ONE, PUT).body["status"] == "unsubscribed"
    assert call(mailchimp, "PATCH", ONE, {"status": "pending"}).body["status"] == "pending"
    again["status"] = "subscribed"
    assert call(mailchimp, "PUT", ONE, again).status == 400
    mailchimp.create("ada@kart.cz")
    assert mailchimp.records["ada@kart.cz"].status == "subscribed"


def test_who_bounced_cannot_be_subscribed_again(mailchimp: Mailchimp) -> None:
    mailchimp.clean("ada@kart.cz")
    assert call(mailchimp, "PATCH", ONE, {"status": "subscribed"}).status == 400


@pytest.mark.parametrize(("strict", "status"), [(False, 200), (True, 400)])
def test_what_the_api_ended_can_be_begun_again_unless_strict(
    clock: Clock, strict: bool, status: int
) -> None:
    mailchimp = prepared(Mailchimp(clock, strict=strict))
    call(mailchimp, "PATCH", ONE, {"status": "unsubscribed"})
    assert call(mailchimp, "PATCH", ONE, {"status": "subscribed"}).status == status


def test_a_post_is_refused_where_there_is_a_member(mailchimp: Mailchimp) -> None:
    refused = call(mailchimp, "POST", MEMBERS, {**ADA, "status": "subscribed"})
    assert (refused.status, refused.body["title"]) == (400, "Member Exists")


def test_a_delete_archives_once_and_a_post_brings_back(mailchimp: Mailchimp) -> None:
    assert call(mailchimp, "DELETE", ONE).status == 204
    assert call(mailchimp, "DELETE", ONE).status == 405
    assert call(mailchimp, "GET", ONE).body["status"] == "archived"
    assert listed(mailchimp) == [] and listed(mailchimp, "&status=archived") == ["ada@kart.cz"]
    assert call(mailchimp, "PUT", ONE, PUT).body["status"] == "archived"
    back = call(mailchimp, "POST", MEMBERS, {**ADA, "status": "subscribed"})
    assert back.body["status"] == "subscribed" and back.body["merge_fields"]["FNAME"] == "Ada"


def test_an_archived_member_can_be_as_new(clock: Clock) -> None:
    mailchimp = prepared(Mailchimp(clock, archived_is_new=True))
    mailchimp.delete("ada@kart.cz")
    assert call(mailchimp, "PUT", ONE, PUT).body["status"] == "subscribed"


def test_who_was_forgotten_comes_back_by_own_hand_only(mailchimp: Mailchimp) -> None:
    assert call(mailchimp, "POST", f"{ONE}/actions/delete-permanent").status == 204
    refused = call(mailchimp, "PUT", ONE, {**PUT, "status_if_new": "pending"})
    assert (refused.status, refused.body["title"]) == (400, "Forgotten Email Not Subscribed")
    mailchimp.create("ada@kart.cz")
    assert call(mailchimp, "PUT", ONE, PUT).status == 200


def test_an_address_moves_with_its_contact_but_not_onto_another(mailchimp: Mailchimp) -> None:
    contact = mailchimp.records["ada@kart.cz"].contact_id
    moved = call(mailchimp, "PATCH", ONE, {"email_address": "byron@kart.cz"})
    assert (moved.body["id"], moved.body["contact_id"]) == (hashed("byron@kart.cz"), contact)
    assert call(mailchimp, "GET", ONE).status == 404
    assert call(mailchimp, "GET", f"{MEMBERS}/{contact}").status == 200
    mailchimp.create("eva@kart.cz")
    taken = call(mailchimp, "PATCH", f"{MEMBERS}/{contact}", {"email_address": "eva@kart.cz"})
    assert taken.body["title"] == "Member Exists" and len(mailchimp.records) == 2


@pytest.mark.parametrize(
    ("merges", "field"),
    [
        ({"BIRTHDAY": "1815-12-10"}, "BIRTHDAY"),
        ({"ADDRESS": {"addr1": "Main 1", "city": "Brno"}}, "ADDRESS"),
        ({"ADDRESS": "Main 1, Brno"}, "ADDRESS"),
        ({"FNAME": "A" * 256}, "FNAME"),
        ({"FNAME": ""}, "FNAME"),
    ],
)
def test_a_merge_field_refuses_what_it_cannot_hold(
    clock: Clock, merges: dict[str, Any], field: str
) -> None:
    fields = (Field("FNAME", required=True), Field("BIRTHDAY", "birthday"))
    mailchimp = prepared(Mailchimp(clock, fields=(*fields, Field("ADDRESS", "address"))))
    refused = call(mailchimp, "PUT", ONE, {**PUT, "merge_fields": merges})
    assert (refused.status, refused.body["errors"][0]["field"]) == (400, field)
    lax = call(
        mailchimp, "PUT", f"{ONE}?skip_merge_validation=true", {**PUT, "merge_fields": merges}
    )
    assert lax.status == (200 if merges == {"FNAME": ""} else 400)


def test_an_address_that_is_none_or_looks_fake_is_refused(clock: Clock) -> None:
    mailchimp = Mailchimp(clock, fake=("example.org",))
    for email in ("ada", "ada@example.org"):
        given = {**NEW, "email_address": email}
        assert call(mailchimp, "POST", MEMBERS, given).status == 400
    assert not mailchimp.records


def test_tags_are_set_one_by_one(mailchimp: Mailchimp) -> None:
    mailchimp.tag("ada@kart.cz", "vip")
    given = [{"name": "vip", "status": "inactive"}, {"name": "new", "status": "active"}]
    assert call(mailchimp, "POST", f"{ONE}/tags", {"tags": given}).status == 204
    tags = call(mailchimp, "GET", f"{ONE}/tags").body["tags"]
    assert [tag["name"] for tag in tags] == ["new"]


def test_a_member_shows_fifty_tags_and_the_rest_are_read_by_pages(mailchimp: Mailchimp) -> None:
    for number in range(60):
        mailchimp.tag("ada@kart.cz", f"t{number}")
    shown = call(mailchimp, "GET", f"{ONE}?exclude_fields=merge_fields,tags.id").body
    assert (shown["tags_count"], len(shown["tags"])) == (60, 50)
    assert shown["tags"][0] == {"name": "t0"} and "merge_fields" not in shown
    page = call(mailchimp, "GET", f"{ONE}/tags?count=20&offset=50").body
    assert (page["total_items"], page["tags"][0]["name"]) == (60, "t50")


def test_a_poll_gives_what_changed_after_the_second(mailchimp: Mailchimp, clock: Clock) -> None:
    since = clock().strftime("&since_last_changed=%Y-%m-%dT%H:%M:%SZ")
    clock.on(seconds=0.5)
    mailchimp.create("eva@kart.cz")
    assert listed(mailchimp, since) == []
    clock.on(seconds=1)
    mailchimp.edit("eva@kart.cz", FNAME="Eva")
    mailchimp.edit("ada@kart.cz", FNAME="Ada")  # as it was
    assert listed(mailchimp, since) == ["eva@kart.cz"]


def test_pages_go_by_offset_and_move_under_the_reader(mailchimp: Mailchimp, clock: Clock) -> None:
    for name in ("b", "c", "d"):
        clock.on(seconds=1)
        mailchimp.create(f"{name}@kart.cz")
    pages = f"{MEMBERS}?sort_field=last_changed&sort_dir=ASC&count=2&fields=members.email_address"
    first = call(mailchimp, "GET", f"{pages}&offset=0").body
    assert first == {"members": [{"email_address": "ada@kart.cz"}, {"email_address": "b@kart.cz"}]}
    clock.on(seconds=1)
    mailchimp.edit("ada@kart.cz", FNAME="A.")
    second = call(mailchimp, "GET", f"{pages}&offset=2").body["members"]
    assert [each["email_address"] for each in second] == ["d@kart.cz", "ada@kart.cz"]


def test_a_batch_fails_by_member(mailchimp: Mailchimp) -> None:
    mailchimp.create("left@kart.cz")
    mailchimp.unsubscribe("left@kart.cz")
    emails = ("ada@kart.cz", "eva@kart.cz", "left@kart.cz", "none")
    members = [{**NEW, "email_address": email, "tags": ["a"]} for email in emails]
    body = call(mailchimp, "POST", LIST, {"members": members, "update_existing": True}).body
    assert (body["total_created"], body["total_updated"], body["error_count"]) == (1, 1, 2)
    assert [error["email_address"] for error in body["errors"]] == ["left@kart.cz", "none"]
    body = call(mailchimp, "POST", LIST, {"members": members[:1]}).body
    assert body["errors"][0]["error_code"] == "ERROR_CONTACT_EXISTS"
    fewer = [{**members[1], "tags": ["b"]}]
    call(mailchimp, "POST", LIST, {"members": fewer, "update_existing": True})
    assert mailchimp.records["eva@kart.cz"].tags == ["a", "b"]
    call(mailchimp, "POST", LIST, {"members": fewer, "update_existing": True, "sync_tags": True})
    assert mailchimp.records["eva@kart.cz"].tags == ["b"]


def test_a_hook_is_saved_if_its_url_answers_a_get(clock: Clock) -> None:
    visited: list[Called] = []

    def visit(called: Called) -> Replied:
        visited.append(called)
        return Replied(200 if called.path == "/in/secret" else 405)

    mailchimp = Mailchimp(clock, visit=visit)
    refused = call(mailchimp, "POST", f"{LIST}/webhooks", {**HOOK, "url": "https://kart.cz/"})
    assert refused.status == 400 and not mailchimp.hooks.all
    assert call(mailchimp, "POST", f"{LIST}/webhooks", HOOK).status == 200
    assert [(each.method, each.path) for each in visited] == [("GET", "/"), ("GET", "/in/secret")]


def test_a_url_has_one_hook_which_can_be_changed(mailchimp: Mailchimp) -> None:
    hooked(mailchimp)
    again = call(mailchimp, "POST", f"{LIST}/webhooks", {**HOOK, "url": f"{HOOK['url']}?a=b"})
    assert (again.status, again.body["errors"][0]["field"]) == (400, "url")
    hooked(mailchimp, url="https://kart.cz/other")
    one, other = (f"{LIST}/webhooks/hook{n}" for n in (1, 2))
    assert call(mailchimp, "PATCH", other, {"url": HOOK["url"]}).status == 400
    news = {"url": f"{HOOK['url']}?a=b", "events": {"profile": False}}
    changed = call(mailchimp, "PATCH", one, news).body
    assert (changed["url"], changed["events"]["profile"]) == (news["url"], False)
    assert changed["sources"]["user"] is True
    mailchimp.events()
    mailchimp.edit("ada@kart.cz", FNAME="A.")
    assert [called.path for called in mailchimp.events()] == ["/other"]
    assert call(mailchimp, "DELETE", one).status == 204
    assert call(mailchimp, "PATCH", one, news).status == 404
    hooked(mailchimp)
    assert [each["id"] for each in mailchimp.hooks.all.values()] == ["hook2", "hook3"]


def test_hooks_tell_what_people_did_and_not_what_the_api_did(mailchimp: Mailchimp) -> None:
    hooked(mailchimp)
    call(mailchimp, "PUT", ONE, {**PUT, "merge_fields": {"FNAME": "A."}})
    assert told(mailchimp) == []
    mailchimp.create("eva@kart.cz", FNAME="Eva")
    mailchimp.edit("eva@kart.cz", FNAME="Eve")
    mailchimp.edit("eva@kart.cz", email="eve@kart.cz")
    mailchimp.unsubscribe("eve@kart.cz")
    mailchimp.clean("ada@kart.cz")
    assert told(mailchimp) == ["subscribe", "profile", "upemail", "unsubscribe", "cleaned"]
    call(mailchimp, "DELETE", f"{LIST}/webhooks/hook1")
    hooked(mailchimp, events={"profile": True}, sources={"api": True})
    call(mailchimp, "POST", MEMBERS, {**NEW, "email_address": "jan@kart.cz"})
    call(mailchimp, "PATCH", f"{MEMBERS}/{hashed('eve@kart.cz')}", {"merge_fields": {"FNAME": ""}})
    assert told(mailchimp) == ["profile"]


def test_an_event_is_a_form_with_the_member(mailchimp: Mailchimp) -> None:
    hooked(mailchimp)
    mailchimp.unsubscribe("ada@kart.cz", by="admin")
    (called,) = mailchimp.events()
    assert (called.method, called.path) == ("POST", "/in/secret")
    event = form(called)
    assert event["fired_at"] == "2026-11-23 12:00:00" and event["data[action]"] == "unsub"
    assert event["data[merges][FNAME]"] == "Ada" and event["data[email]"] == "ada@kart.cz"
    assert event["data[list_id]"] == "a6b5da1054" and event["data[id]"] == HASH[:10]
    assert "x-mailchimp-signature" not in called.headers


def test_an_event_is_signed_where_there_is_a_secret(clock: Clock) -> None:
    mailchimp = prepared(Mailchimp(clock, secret="hush"))
    hooked(mailchimp)
    mailchimp.unsubscribe("ada@kart.cz")
    (called,) = mailchimp.events()
    at, _, given = called.headers["x-mailchimp-signature"].partition(",v1=")
    signed = at.removeprefix("t=").encode() + b"." + called.body
    assert given == hmac.new(b"hush", signed, sha256).hexdigest()


def test_keys_go_by_basic_and_bearer_and_must_be_right(mailchimp: Mailchimp) -> None:
    def status(authorization: str | None) -> int:
        headers = {"Authorization": authorization} if authorization else {}
        return ask(mailchimp, "GET", ONE, headers=headers).status

    wrong = "Basic " + base64.b64encode(b"any:other-us21").decode()
    assert status(KEY["Authorization"]) == status("Bearer key-us21") == 200
    assert status(None) == status(wrong) == status("Bearer other") == 401


def test_ten_calls_may_be_under_way_and_nothing_says_how_many_are_left(
    mailchimp: Mailchimp, clock: Clock
) -> None:
    mailchimp.slow = timedelta(seconds=2)
    answers = [call(mailchimp, "GET", ONE) for _ in range(11)]
    assert [each.status for each in answers] == [*[200] * 10, 429]
    assert set(answers[10].headers) == {"content-type"}
    clock.on(seconds=2)
    assert call(mailchimp, "GET", ONE).status == 200
    mailchimp.fail_next(403)
    assert call(mailchimp, "GET", ONE) == Replied(403)


def test_an_answer_can_be_lost_after_its_effect(mailchimp: Mailchimp) -> None:
    mailchimp.fail_next(500, after=True)
    with pytest.raises(Lost):
        call(mailchimp, "PATCH", ONE, {"merge_fields": {"FNAME": "New"}})
    assert mailchimp.records["ada@kart.cz"].merges["FNAME"] == "New"


def test_every_operation_takes_a_valid_request(mailchimp: Mailchimp) -> None:
    statuses = [call(mailchimp, *request).status for request in VALID]
    assert max(statuses) < 300 and not mailchimp.broken


@pytest.mark.parametrize("request_", BROKEN, ids=lambda each: f"{each[0]} {each[1][-30:]}")
def test_a_broken_request_is_refused_and_noted(
    mailchimp: Mailchimp, request_: tuple[str, str, Any]
) -> None:
    before = mailchimp.records["ada@kart.cz"].shown("")
    assert call(mailchimp, *request_).status in (400, 404)
    assert len(mailchimp.broken) == 1 and not mailchimp.hooks.all
    assert [each.shown("") for each in mailchimp.records.values()] == [before]


def test_every_schema_belongs_to_an_operation(mailchimp: Mailchimp) -> None:
    path = Path(__file__).parents[2] / "standins" / "mailchimp.schema.json"
    named = {name.rpartition(".")[0] for name in json.loads(path.read_text())["$defs"]}
    assert named - {""} <= {operation for _, _, operation, _ in mailchimp._routes}
