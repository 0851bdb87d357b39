"""The sample receiver: signatures, order, removals."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from docs.receiver import MAX_BYTES, Book, Receiver, verify
from infra.client import signed

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
NOW = 1614265330
OFFICIAL = {  # the vector of the Standard Webhooks libraries' own tests
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": str(NOW),
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
SIGNATURE = OFFICIAL["webhook-signature"]
CONTACT = "0198f3a0-7b1c-8aaa-8bbb-0123456789ab"


@pytest.mark.parametrize(
    ("changes", "now", "good"),
    [
        ({}, NOW, True),
        ({}, NOW + 300, True),
        ({}, NOW - 300, True),
        ({"webhook-signature": f"v1,AAAA v1a,BBBB {SIGNATURE}"}, NOW, True),
        ({}, NOW + 301, False),
        ({}, NOW - 301, False),
        ({"webhook-id": "msg_other"}, NOW, False),
        ({"webhook-timestamp": str(NOW + 1)}, NOW, False),
        ({"webhook-timestamp": "1614265330.0"}, NOW, False),
        ({"webhook-timestamp": "١٦١٤٢٦٥٣٣٠"}, NOW, False),
        ({"webhook-timestamp": ""}, NOW, False),
        ({"webhook-signature": ""}, NOW, False),
        ({"webhook-signature": "v1,"}, NOW, False),
        ({"webhook-signature": SIGNATURE.removeprefix("v1,")}, NOW, False),
        ({"webhook-signature": SIGNATURE.replace("v1,", "v1a,")}, NOW, False),
        ({"webhook-signature": "v1,ż"}, NOW, False),
    ],
)
def test_only_a_fresh_message_with_our_signature_is_good(
    changes: dict[str, str], now: int, good: bool
) -> None:
    assert verify(SECRET, OFFICIAL | changes, BODY, now) is good


def test_a_changed_body_or_another_secret_is_not_good() -> None:
    assert not verify(SECRET, OFFICIAL, BODY + b" ", NOW)
    assert not verify("whsec_AAAA", OFFICIAL, BODY, NOW)


def test_the_client_signs_as_the_official_vector_does() -> None:
    headers = signed(SECRET, OFFICIAL["webhook-id"], BODY, NOW)
    assert headers == {"content-type": "application/json", **OFFICIAL}


def message(kind: str, version: int, **data: Any) -> dict[str, Any]:
    return {"type": f"contact.{kind}", "data": {"id": CONTACT, "version": version, **data}}


def told(*messages: tuple[str, str]) -> tuple[list[bool], Book]:
    """A book that got these: (end of the webhook-id, type)."""
    book = Book()
    taken = [
        book.apply(f"a-target-{CONTACT}-{end}", message(kind, int(end.split("-")[0]), said=end))
        for end, kind in messages
    ]
    return taken, book


@pytest.mark.parametrize(
    ("messages", "taken", "holds"),
    [
        ([("1", "upserted"), ("2", "upserted")], [True, True], "2"),
        ([("2", "upserted"), ("1", "upserted")], [True, False], "2"),
        ([("2", "upserted"), ("2", "upserted")], [True, False], "2"),
        ([("9", "upserted"), ("10", "upserted")], [True, True], "10"),
        ([("1", "upserted"), ("2", "removed")], [True, True], None),
        ([("2", "removed"), ("1", "upserted")], [True, False], None),
        ([("2", "upserted"), ("1", "removed")], [True, False], "2"),
        ([("2", "removed"), ("3", "upserted")], [True, True], "3"),
        ([("2", "upserted"), ("2-2", "removed"), ("2", "upserted")], [True, True, False], None),
        ([("2", "upserted"), ("2-2", "removed"), ("2-3", "upserted")], [True] * 3, "2-3"),
        ([("2-2", "removed"), ("3", "upserted")], [True, True], "3"),
        ([("1", "pinged")], [False], None),
    ],
)
def test_a_book_holds_the_latest_whatever_the_order(
    messages: list[tuple[str, str]], taken: list[bool], holds: str | None
) -> None:
    got, book = told(*messages)
    assert got == taken
    assert book.contacts.get(CONTACT, {}).get("said") == holds


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver(0, SECRET, Book()) as receiver:
        threading.Thread(target=receiver.serve_forever, args=(0.01,), daemon=True).start()
        yield receiver
        receiver.shutdown()


def posted(receiver: Receiver, body: bytes, headers: dict[str, str]) -> int:
    url = f"http://127.0.0.1:{receiver.server_port}/contacts"
    return httpx.post(url, content=body, headers=headers, trust_env=False).status_code


def test_it_takes_what_is_signed_and_a_repeat_of_it(receiver: Receiver) -> None:
    body = json.dumps(message("upserted", 1)).encode()
    headers = signed(SECRET, f"a-target-{CONTACT}-1", body, int(time.time()))
    assert [posted(receiver, body, headers) for _ in range(2)] == [204, 204]
    assert list(receiver.book.contacts) == [CONTACT]


def test_it_refuses_what_is_not_signed_and_what_is_too_long(receiver: Receiver) -> None:
    assert posted(receiver, BODY, OFFICIAL) == 401
    assert posted(receiver, b" " * (MAX_BYTES + 1), {}) == 413
    assert not receiver.book.contacts
