"""Birth dates, whose year may be unknown, other days, and moments in time."""

import re
from datetime import date
from typing import Any

from chalicelib.domain import times
from chalicelib.domain.normal.codec import Context, InvalidValueError
from chalicelib.domain.normal.text import clean

# Only forms that can be read in one way: the year first, or the day first with full stops,
# as in Poland. `03/04/1980` is March to one and April to another: not accepted.
_WHOLE = (
    re.compile(r"(?P<y>[0-9]{4})([-/.]?)(?P<m>[0-9]{2})\2(?P<d>[0-9]{2})(?:[T ]00:00(:00)?)?"),
    re.compile(r"(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<y>[0-9]{4})"),
)
_YEARLESS = re.compile(r"--(?P<m>[0-9]{2})-?(?P<d>[0-9]{2})")
_OLDEST = date(1875, 1, 1)  # the birth year of the oldest person on record
_PLACEHOLDERS = frozenset({(1900, 1, 1), (0, 0, 0)})
_LEAP_YEAR = 2000  # any: 29 February is a birthday too


def birth_date(value: Any, context: Context) -> str:
    """`1980-12-31`, `19801231` or `31.12.1980` -> `1980-12-31`; `--12-31` has no year.

    From 1875 to today; the placeholders 1900-01-01 and 0000-00-00 are no dates of birth.
    """
    written = clean(value)
    if found := _YEARLESS.fullmatch(written):
        return f"--{_real(_LEAP_YEAR, int(found['m']), int(found['d'])):%m-%d}"
    born = _whole(written)
    if not _OLDEST <= born <= context.today:
        raise InvalidValueError("out_of_range", "The date must lie between 1875 and today.")
    return born.isoformat()


def _whole(written: str) -> date:
    found = next((m for form in _WHOLE if (m := form.fullmatch(written))), None)
    if not found:
        raise InvalidValueError(
            "not_a_date", "Write YYYY-MM-DD; a birthday whose year is unknown as --MM-DD."
        )
    year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
    if (year, month, day) in _PLACEHOLDERS:
        raise InvalidValueError("placeholder", "This date stands for a missing one.")
    return _real(year, month, day)


def _real(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise InvalidValueError("not_a_date", "The calendar has no such day.") from None


def day(value: Any, _: Context) -> str:
    """A day of the calendar, also one to come; written as a whole birth date is."""
    return _whole(clean(value)).isoformat()


def last_day(value: Any, context: Context) -> str:
    """The last day of a span; it does not come before the `since` beside it."""
    last = day(value, context)
    if last < (context.beside.get("since") or last):
        raise InvalidValueError("out_of_range", "The last day must not come before the first.")
    return last


def moment(value: Any, context: Context) -> str:
    """RFC 3339 with a zone -> the same moment in UTC with six decimals; not after today.

    Clocks and zones differ, so anything up to the end of today in UTC is accepted.
    """
    try:
        read = times.moment(clean(value))
    except (InvalidValueError, ValueError, OverflowError):
        raise InvalidValueError(
            "not_a_time", "Write the time as RFC 3339 has it, with its zone."
        ) from None
    if read.date() > context.today:
        raise InvalidValueError("in_the_future", "The time has not come yet.")
    return times.text(read)
