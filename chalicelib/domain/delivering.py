"""When to push again (the schedule of Standard Webhooks 1.0.0), and how a push is named.

Ten attempts over about 76 hours, then one a day until 30 days after the first failure,
then given up. Pure: the time and the chance come from the caller.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

SCHEDULE = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long to wait before each attempt, since the one before it."""

LEASE = timedelta(seconds=120)
"""How long a push is one sender's: longer than a sender can live."""
DAILY = timedelta(days=1)
PATIENCE = timedelta(days=30)
JITTER = 0.2
MAX_RETRY_AFTER = timedelta(hours=24)


def next_try(
    attempt: int, first_failed: datetime, now: datetime, jitter: float, retry_after: str | None
) -> datetime | None:
    """Say when to push again after the `attempt`-th failure (from 1), or None to give up.

    `jitter` in [0, 1) moves the wait by up to a fifth either way. `retry_after`, the header
    as it came, can only put the next attempt off, by a day at most. Times are aware.
    """
    planned = SCHEDULE[attempt] if attempt < len(SCHEDULE) else DAILY
    wait = max(planned * (1 - JITTER + 2 * JITTER * jitter), asked(retry_after, now))
    due = now + wait
    return due if due <= first_failed + PATIENCE else None


def message_id(target: str, contact: str, version: int, counter: int) -> str:
    """Name a push: the same for each attempt at it, another for another message."""
    name = f"{target}-{contact}-{version}"
    return f"{name}-{counter}" if counter > 0 else name


def asked(retry_after: str | None, now: datetime) -> timedelta:
    """Read `Retry-After` (RFC 9110, 10.2.3); what makes no sense asks for nothing."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        # Ten digits are over 30 years, and thousands of them would not convert.
        return MAX_RETRY_AFTER if len(text) > 9 else _bounded(timedelta(seconds=int(text)))
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the latter by a number that no date holds
        return timedelta(0)
    return _bounded(date.replace(tzinfo=date.tzinfo or UTC) - now)


def _bounded(wait: timedelta) -> timedelta:
    return min(max(wait, timedelta(0)), MAX_RETRY_AFTER)
