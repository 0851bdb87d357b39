"""Times as sortable text: RFC 3339, UTC, always six decimals, so that text order is time order."""

import re
from datetime import UTC, datetime, timedelta

_RFC3339 = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}):(\d{2})(?:\.(\d+))?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_MICROSECOND = timedelta(microseconds=1)


def text(moment: datetime) -> str:
    """`2026-11-21T21:00:00.000000Z`."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def moment(written: str) -> datetime:
    """Read RFC 3339 (a zone is required, a leap second counts as the next); else ValueError."""
    found = _RFC3339.fullmatch(written)
    if not found:
        raise ValueError("not an RFC 3339 time with a zone")
    day, clock, seconds, fraction, zone = found.groups()
    leap = seconds == "60"
    whole = f"{day}T{clock}:{'59' if leap else seconds}.{(fraction or '0')[:6]:0<6}"
    read = datetime.fromisoformat(whole + ("+00:00" if zone in "Zz" else zone)).astimezone(UTC)
    return read + timedelta(seconds=1) if leap else read


def later(now: datetime, previous: str) -> str:
    """The later of now and a microsecond after the previous time: never twice the same."""
    soonest = moment(previous) + _MICROSECOND if previous else now
    return text(max(now, soonest))
