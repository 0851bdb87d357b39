"""Requests to Mailchimp: one of every operation, and broken ones."""

from typing import Any

from tests.standins.mailchimp import Mailchimp
from tests.standins.mailchimp.store import hashed

Request = tuple[str, str, Any]

LIST = "/3.0/lists/a6b5da1054"
MEMBERS = f"{LIST}/members"
ADA = {"email_address": "ada@kart.cz"}
HASH = hashed("ada@kart.cz")
ONE = f"{MEMBERS}/{HASH}"
NEW = {"email_address": "eva@kart.cz", "status": "subscribed"}
PUT = {**ADA, "status_if_new": "subscribed"}


def prepared(mailchimp: Mailchimp) -> Mailchimp:
    """One member, of whom the requests of the tables below speak."""
    mailchimp.create("ada@kart.cz", FNAME="Ada")
    return mailchimp


VALID: list[Request] = [
    ("GET", f"{MEMBERS}?count=1000&offset=0&since_last_changed=2026-01-01T00:00:00Z", None),
    ("GET", f"{MEMBERS}?sort_field=last_changed&sort_dir=DESC&status=archived", None),
    ("GET", f"{MEMBERS}?fields=members.email_address,total_items", None),
    ("POST", MEMBERS, {**NEW, "tags": ["vip"]}),
    ("POST", LIST, {"members": [NEW], "update_existing": True, "sync_tags": False}),
    ("GET", f"{ONE}?exclude_fields=merge_fields", None),
    ("PUT", f"{ONE}?skip_merge_validation=true", {**PUT, "merge_fields": {"LNAME": "L"}}),
    ("PATCH", ONE, {"vip": True, "language": "cs"}),
    ("POST", f"{ONE}/tags", {"tags": [{"name": "a", "status": "active"}], "is_syncing": True}),
    ("GET", f"{ONE}/tags?count=100", None),
    ("GET", f"{LIST}/merge-fields?count=100", None),
    ("POST", f"{LIST}/webhooks", {"url": "https://kart.cz/in", "events": {"profile": True}}),
    ("GET", f"{LIST}/webhooks", None),
    ("PATCH", f"{LIST}/webhooks/hook1", {"url": "https://kart.cz/in?a=b"}),
    ("DELETE", f"{LIST}/webhooks/hook1", None),
    ("DELETE", ONE, None),
    ("POST", f"{ONE}/actions/delete-permanent", None),
]

BROKEN: list[Request] = [
    ("GET", "/3.0/lists/a6b5da1054/member", None),
    ("GET", f"/2.0/lists/a6b5da1054/members/{HASH}", None),
    ("DELETE", MEMBERS, None),
    ("GET", f"{MEMBERS}?count=1001", None),
    ("GET", f"{MEMBERS}?limit=10", None),
    ("GET", f"{MEMBERS}?count=10&count=20", None),
    ("GET", f"{MEMBERS}?status=deleted", None),
    ("GET", f"{MEMBERS}?since_last_changed=yesterday", None),
    ("GET", f"{MEMBERS}?since_last_changed=2026-01-01T00:00:00+00:00", None),  # a + is a space
    ("GET", f"{MEMBERS}?sort_field=email_address", None),
    ("GET", f"{MEMBERS}?sort_dir=ASC", None),
    ("POST", MEMBERS, ADA),
    ("POST", MEMBERS, {**ADA, "status_if_new": "subscribed"}),
    ("PUT", ONE, {**ADA, "status": "subscribed"}),
    ("PUT", ONE, {**PUT, "status": "archived"}),
    ("PUT", ONE, {**PUT, "tags": ["vip"]}),
    ("PUT", ONE, {**PUT, "email": "ada@kart.cz"}),
    ("PUT", ONE, {**PUT, "merge_fields": {"FNAME": None}}),
    ("PUT", ONE, {**PUT, "merge_fields": [{"FNAME": "Ada"}]}),
    ("PUT", f"{MEMBERS}/{hashed('x@kart.cz')}", PUT | {"email_address": "eva@kart.cz"}),
    ("PUT", f"{ONE}?skip_merge_validation=1", PUT),
    ("PATCH", ONE, {"mergeFields": {}}),
    ("PATCH", ONE, {"vip": "true"}),
    ("PATCH", ONE, None),
    ("POST", LIST, {"members": [NEW] * 501}),
    ("POST", LIST, {"members": [ADA]}),
    ("POST", LIST, {"members": [{**NEW, "status_if_new": "subscribed"}]}),
    ("POST", LIST, {"members": [NEW], "updateExisting": True}),
    ("POST", f"{ONE}/tags", {"tags": ["vip"]}),
    ("POST", f"{ONE}/tags", {"tags": [{"name": "vip", "status": "on"}]}),
    ("POST", f"{LIST}/webhooks", {"events": {"profile": True}}),
    ("POST", f"{LIST}/webhooks", {"url": "https://kart.cz", "events": {"delete": True}}),
    ("POST", f"{LIST}/webhooks", {"url": "https://kart.cz", "sources": {"API": False}}),
    ("PATCH", f"{LIST}/webhooks/hook1", {"source": {"api": False}}),
    ("PATCH", f"{LIST}/webhooks/hook1", {"events": ["profile"]}),
]
