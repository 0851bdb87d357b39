"""The webhook's connector: what a target's answer means."""

from datetime import UTC, datetime

import pytest

from chalicelib.connectors.catalogue import connect
from chalicelib.connectors.connector import Account, Op, Status
from chalicelib.connectors.memory import MemorySender
from chalicelib.connectors.ports import Answer

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
OP = Op("upsert", "c1", "crm-c1-1", {"type": "contact.upserted", "data": {}})
SECRET = "whsec_" + "a" * 32


@pytest.mark.parametrize(
    ("statuses", "meaning"),
    [
        ([200, 201, 202, 204, 299], "done"),
        ([410], "stop"),
        ([None, 100, 301, 302, 304, 307, 308, 400, 401, 403, 404, 409, 413], "failed"),
        ([422, 429, 500, 502, 503, 504, 999], "failed"),
    ],
)
def test_a_status_is_done_or_stops_or_is_tried_again(
    statuses: list[int | None], meaning: Status
) -> None:
    sender = MemorySender([Answer(status, None, "reason") for status in statuses])
    webhook = connect(
        Account("crm", "webhook", "https://t.example/", secrets=(SECRET,)), sender, at
    )
    assert {webhook.push([OP])[0].status for _ in statuses} == {meaning}


def test_nothing_is_sent_unsigned() -> None:
    sender = MemorySender()
    unsigned = connect(Account("crm", "webhook", "https://t.example/"), sender, at)
    (result,) = unsigned.push([OP])
    assert (result.status, result.reason, sender.sent) == ("failed", "no_secret", [])


def at() -> datetime:
    return NOW
