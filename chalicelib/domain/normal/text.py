"""Text: NFC, white space collapsed, nothing invisible in it, otherwise as it was given.

Control characters, zero-width characters and those that override the direction of writing
make two equal names differ, or one name look like another; so they go. A joiner stays
where it shapes what is seen: between two characters of an emoji or of a non-Latin script.
"""

import re
import unicodedata
from typing import Any

from chalicelib.domain.normal.codec import Codec, Context, InvalidValueError

# Letters and symbols by category, yet drawn as nothing: Hangul fillers, the blank of Braille.
_BLANK = "\u034f\u115f\u1160\u2800\u3164\uffa0"
_JOINERS = "\u200c\u200d"
# What a joiner may shape: nothing Latin, no mark that may yet melt into a letter, no joiner.
_SHAPED = f"[^\\x00-\u036f\u1e00-\u1eff{_JOINERS}]"
_IDLE_JOINER = re.compile(f"(?<!{_SHAPED})[{_JOINERS}]|[{_JOINERS}](?!{_SHAPED})")
_TOKEN = re.compile(r"[a-z0-9_]{1,40}")


def given_text(value: Any) -> str:
    """The value if it is text; else `not_text`: a number is not silently turned into text."""
    if not isinstance(value, str):
        raise InvalidValueError("not_text", "The value must be text.")
    return value


def clean(value: Any) -> str:
    """One line of visible text; `invisible` if nothing would be seen of it."""
    return _visible(_tidy(given_text(value)))


def _tidy(text: str) -> str:
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    seen = _IDLE_JOINER.sub("", "".join(c for c in composed if _is_kept(c)))
    return " ".join(unicodedata.normalize("NFC", seen).split())


def _visible(text: str) -> str:
    if not any(unicodedata.category(c)[0] in "LNPS" for c in text):
        raise InvalidValueError("invisible", "The text has no visible character.")
    return text


def _is_kept(character: str) -> bool:
    if character in _BLANK:
        return False
    return character in _JOINERS or unicodedata.category(character) not in ("Cc", "Cf")


def line(limit: int) -> Codec:
    """One line of at most `limit` characters (code points, after cleaning)."""

    def read(value: Any, _: Context) -> str:
        return _within(limit, clean(value))

    return read


def lines(limit: int) -> Codec:
    """Text that may break lines, at most `limit` characters; its line break is a line feed."""

    def read(value: Any, _: Context) -> str:
        tidy = (_tidy(one) for one in given_text(value).splitlines())
        return _within(limit, _visible("\n".join(tidy).strip()))

    return read


def _within(limit: int, text: str) -> str:
    if len(text) > limit:
        raise InvalidValueError("too_long", f"At most {limit} characters are kept.")
    return text


def token(value: Any, _: Context) -> str:
    """A machine's word: small letters, digits and underscores, at most 40."""
    word = given_text(value).strip().lower()
    if not _TOKEN.fullmatch(word):
        raise InvalidValueError(
            "not_a_token", "Use 1 to 40 of the letters a-z, digits and underscores."
        )
    return word


def choice(*allowed: str) -> Codec:
    """One of a closed set of small-letter words, in whatever case it was written."""

    def read(value: Any, _: Context) -> str:
        word = given_text(value).strip().casefold()
        if word not in allowed:
            raise InvalidValueError("not_a_choice", f"Use one of: {', '.join(allowed)}.")
        return word

    return read
