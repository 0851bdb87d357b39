"""The retry schedule to the second, `Retry-After` in all its forms, and names of pushes."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.delivering import (
    PATIENCE,
    SCHEDULE,
    message_id,
    next_try,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MIDDLE = 0.5  # the jitter that changes nothing
DAY = timedelta(days=1)


def wait(attempt: int, jitter: float = MIDDLE, retry_after: str | None = None) -> timedelta:
    due = next_try(attempt, NOW, NOW, jitter, retry_after)
    assert due is not None
    return due - NOW


def test_ten_attempts_take_seventy_five_hours_and_a_half() -> None:
    assert len(SCHEDULE) == 10
    assert sum(SCHEDULE, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)


@pytest.mark.parametrize(
    ("attempt", "seconds"),
    [(1, 5), (2, 300), (3, 1800), (4, 7200), (5, 18_000), (6, 36_000), (7, 50_400), (8, 72_000)]
    + [(9, 86_400), (10, 86_400), (11, 86_400), (35, 86_400)],
)
def test_each_failure_waits_as_planned(attempt: int, seconds: int) -> None:
    assert wait(attempt) == timedelta(seconds=seconds)


def test_a_target_that_never_answers_is_given_up_after_thirty_days() -> None:
    now, attempt = NOW, 1
    while (due := next_try(attempt, NOW, now, MIDDLE, None)) is not None:
        assert now < due <= NOW + PATIENCE
        now, attempt = due, attempt + 1
    assert attempt == 10 + 26
    assert now > NOW + PATIENCE - DAY


@given(st.integers(1, 40), st.floats(0, 1, exclude_max=True))
def test_jitter_moves_a_wait_by_at_most_a_fifth(attempt: int, jitter: float) -> None:
    assert wait(attempt) * 0.799 <= wait(attempt, jitter) <= wait(attempt) * 1.201


def test_jitter_uses_the_whole_range() -> None:
    assert wait(2, 0.0) == timedelta(seconds=240)
    assert wait(2, 0.999999) == pytest.approx(timedelta(seconds=360), abs=timedelta(seconds=1))


def in_(wait: timedelta) -> str:
    return format_datetime(NOW + wait, usegmt=True)


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        ("120", timedelta(minutes=2)),
        (" 120 ", timedelta(minutes=2)),
        ("0", None),
        ("-1", None),
        ("+120", None),
        ("1.5", None),
        ("1e3", None),
        ("١٢٠", None),
        ("", None),
        ("soon", None),
        ("86400", DAY),
        ("86401", DAY),
        ("315360000", DAY),
        ("9" * 5000, DAY),
        (in_(timedelta(hours=1)), timedelta(hours=1)),
        (in_(timedelta(hours=1)).replace("GMT", "-0000"), timedelta(hours=1)),
        ("Saturday, 21-Nov-26 13:00:00 GMT", timedelta(hours=1)),
        (in_(timedelta(days=3650)), DAY),
        (in_(-timedelta(hours=1)), None),
        ("Sat, 32 Nov 2026 13:00:00 GMT", None),
        ("Sat, 21 Nov 99999 13:00:00 GMT", None),
        ("Sat, 21 Nov 999999999999 13:00:00 GMT", None),
        ("Sat, 99999999999999999999 Nov 2026 13:00:00 GMT", None),
        ("Sat, 21 Nov 2026 13:00:00 +99999999999999999999", None),
        ("Sat, 21 Nov 2026 13:00:00 +9999", None),
    ],
)
def test_retry_after_puts_the_next_try_off_by_a_day_at_most(
    header: str, asked: timedelta | None
) -> None:
    assert wait(1, retry_after=header) == (asked or wait(1))


def test_retry_after_never_hastens() -> None:
    assert wait(5, retry_after="1") == wait(5)


@given(st.text(max_size=40) | st.from_regex(r"\w+, \d+ \w+ \d+ \d+:\d+:\d+ [+-]?\w+"))
def test_any_retry_after_is_survived(header: str) -> None:
    assert wait(1) <= wait(1, retry_after=header) <= DAY


def test_a_push_is_named_by_target_contact_and_version() -> None:
    assert message_id("crm", "c1", 7, 0) == "crm-c1-7"
    assert message_id("crm", "c1", 7, 2) == "crm-c1-7-2"
