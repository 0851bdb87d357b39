"""Telephone numbers in E.164, by Google's metadata (`phonenumbers`).

An extension is not part of E.164 and is left out. Text that holds two numbers, letters
that stand for digits, and runs such as 000-000-000 are no numbers to call.
"""

import re
from typing import Any

import phonenumbers

from chalicelib.domain.normal.codec import Context, InvalidValueError
from chalicelib.domain.normal.text import line

# The library knows `ext. 5`, not the Polish `wew. 5` (wewnętrzny), and reads its letters as digits.
_POLISH_EXTENSION = re.compile(r"(?<![^\W\d_])(?:wewn?|w)\b[.:]?\s*(?=\d+$)", re.IGNORECASE)
# Until 2010 Polish numbers were written with a trunk 0, and many files still have it:
# `0-22 826 10 22`, `(022) ...`, `+48 (0) 22 ...`. No Polish number begins with 0.
_POLISH_TRUNK = re.compile(r"(?P<country>(?:\+|00)\s*48)?[\s(.-]*0[\s).-]*(?=[1-9])")
_PLACEHOLDER = re.compile(r"(\d)\1*|123456789|987654321")
_LONGEST_EXTENSION = 6
_short = line(100)


def phone(value: Any, context: Context) -> str:
    """`600 100 200` -> `+48600100200`, a national number being one of `context.country`."""
    number = _parsed(_short(value, context), context.country)
    if _PLACEHOLDER.fullmatch(str(number.national_number)):
        raise InvalidValueError("placeholder", "This number stands for a missing one.")
    if len(number.extension or "") > _LONGEST_EXTENSION:
        raise InvalidValueError("not_a_phone", "Send each number as an element of its own.")
    if not phonenumbers.is_valid_number(number):
        raise InvalidValueError("not_a_phone", "No such telephone number can exist.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _parsed(text: str, country: str) -> phonenumbers.PhoneNumber:
    written = _without_trunk(_POLISH_EXTENSION.sub("ext. ", text), country)
    try:
        if phonenumbers.is_alpha_number(written):
            raise InvalidValueError("not_a_phone", "Write the number in digits.")
        return phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        raise InvalidValueError("not_a_phone", "This is not a telephone number.") from None


def _without_trunk(text: str, country: str) -> str:
    found = _POLISH_TRUNK.match(text)
    if found and (found["country"] or country == "PL"):
        return (found["country"] or "") + text[found.end() :]
    return text
