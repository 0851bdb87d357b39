"""Strict JSON in (I-JSON, RFC 7493), canonical JSON out.

What two parsers could read differently is refused rather than guessed: duplicate keys, NaN,
numbers beyond a double, integers beyond 2^53, deep nesting, characters that no UTF-8 holds.
"""

import json
import re
from collections.abc import Iterator
from itertools import accumulate
from math import isinf
from typing import Any, NoReturn

from chalicelib.domain.errors import InvalidError

BODY_LIMIT = 1024 * 1024  # bytes
MAX_DEPTH = 20
MAX_INTEGER = 2**53

_JSON_TYPE = re.compile(
    r'application/(?:merge-patch\+)?json\s*(;\s*charset="?utf-8"?\s*)?', re.ASCII | re.IGNORECASE
)
# A whole string (closed or not), so that brackets inside it do not count; or a bracket.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_STEP = {"[": 1, "{": 1, "]": -1, "}": -1}
_NONCHARACTERS = "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
_UNFIT = re.compile(rf"[\x00\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}]")


def check_body(content_type: str | None, content_encoding: str | None, raw: bytes) -> None:
    """Refuse what is not plain `application/json` (415) or over `BODY_LIMIT` (413)."""
    if not _JSON_TYPE.fullmatch(content_type or ""):
        raise _refused("Send the body as application/json.", 415, "unsupported_media_type")
    if (content_encoding or "identity").lower() != "identity":
        raise _refused("Send the body without a content encoding.", 415, "unsupported_media_type")
    if len(raw) > BODY_LIMIT:
        raise _refused(f"The body is over {BODY_LIMIT} bytes.", 413, "body_too_large")


def parse_json(raw: bytes) -> Any:
    """Read one JSON document; raises `InvalidError`, which quotes nothing of the body.

    400 where it is not strict JSON; 422 where a string holds NUL, a lone surrogate or a
    noncharacter, which could be neither stored nor passed on.
    """
    text = _decode(raw)
    # Counted before the parser is let in: it would run out of stack.
    if _depth(text) > MAX_DEPTH:
        raise _malformed(f"The body is nested deeper than {MAX_DEPTH} levels.")
    value = _load(text)
    if any(_UNFIT.search(string) for string in _strings(value)):
        detail = "A string holds NUL, a lone surrogate or a noncharacter."
        raise _refused(detail, 422, "unfit_character")
    return value


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise _malformed("The body is not UTF-8.") from None  # the cause holds the body


def _depth(text: str) -> int:
    steps = (_STEP.get(token[0], 0) for token in _TOKEN.finditer(text))
    return max(accumulate(steps), default=0)


def _load(text: str) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _malformed(f"The body is not JSON ({where}).") from None  # it holds the body


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise _malformed("An object names a key twice.")
    return value


def _integer(digits: str) -> int:
    # The length first: a conversion's cost grows with the square of it.
    if len(digits) > 17 or abs(int(digits)) > MAX_INTEGER:
        raise _malformed("An integer is beyond 2^53; send it as a string.")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if isinf(value):
        raise _malformed("A number is too large.")
    return value


def _constant(_: str) -> NoReturn:
    raise _malformed("NaN and Infinity are not JSON.")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)


def _malformed(detail: str) -> InvalidError:
    return _refused(detail, 400, "malformed_body")


def _refused(detail: str, status: int, kind: str) -> InvalidError:
    return InvalidError(detail, status=status, kind=kind)
