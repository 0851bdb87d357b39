"""Bodies: what strict JSON refuses, and that what it reads is written back the same."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.bodies import BODY_LIMIT, check_body, parse_json
from chalicelib.domain.errors import InvalidError
from chalicelib.domain.model import canonical


def status_of(raw: bytes) -> int:
    with pytest.raises(InvalidError) as caught:
        parse_json(raw)
    return caught.value.status


@pytest.mark.parametrize(
    ("fault", "raw"),
    [
        ("row 19: empty", b""),
        ("only spaces", b" \n"),
        ("cut off", b'{"a": '),
        ("two documents", b"{} {}"),
        ("a comma too many", b"[1,]"),
        ("a comment", b"{} // a"),
        ("single quotes", b"{'a': 1}"),
        ("a raw newline in a string", b'"a\nb"'),
        ("row 22: NaN", b'{"a": NaN}'),
        ("row 22: Infinity", b"[Infinity]"),
        ("row 22: -Infinity", b"-Infinity"),
        ("row 22: a float too large", b'{"a": 1e400}'),
        ("a float too small", b"-1e400"),
        ("row 23: a key twice", b'{"email": "a", "email": "b"}'),
        ("a key twice, written in two ways", b'[{"a": 1, "\\u0061": 1}]'),
        ("row 25: an integer of 5,000 digits", b"9" * 5000),
        ("a negative one", b"-" + b"9" * 5000),
        ("an integer above 2^53", b"9007199254740993"),
        ("an integer below -2^53", b"[-9007199254740993]"),
        ("row 26: a byte that is not UTF-8", b'"\xff"'),
        ("an overlong NUL", b'"\xc0\x80"'),
        ("a surrogate in UTF-8", b'"\xed\xa0\x80"'),
        ("row 26: UTF-16", "{}".encode("utf-16")),
        ("UTF-16 without its mark", "{}".encode("utf-16-le")),
        ("UTF-32", "{}".encode("utf-32-be")),
        ("row 26: a byte order mark", b"\xef\xbb\xbf{}"),
        ("21 levels", b"[" * 21 + b"]" * 21),
        ("21 levels of both kinds", b'{"a":[' * 10 + b"{}" + b"]}" * 10),
        ("100,000 brackets", b"[" * 100_000),
        ("100,000 closed brackets", b"[" * 100_000 + b"]" * 100_000),
        ("100,000 objects", b'{"a":' * 100_000),
        ("brackets behind closing ones", b"]" * 100_000 + b"[" * 100_000),
        ("brackets behind a string that looks open", b'["\\\\",' + b"[" * 100_000),
    ],
)
def test_what_is_not_strict_json_is_a_bad_request(fault: str, raw: bytes) -> None:
    assert status_of(raw) == 400, fault


@pytest.mark.parametrize(
    "raw",
    [b'"\\ud800"', b'"\\udc00\\ud800"', b'{"\\ud800": 1}', b'[{"a": ["x\\u0000"]}]', b'"\\ufffe"']
    + [b'"\xef\xbf\xbe"', b'"\\ufdd0"', '"\U0001ffff"'.encode()],
)
def test_characters_that_nobody_can_store_are_refused(raw: bytes) -> None:
    assert status_of(raw) == 422


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b" null ", None),
        (b"1.0", 1.0),
        (b"-0", 0),
        (b"9007199254740992", 2**53),
        (b"-9007199254740992", -(2**53)),
        (b"1e308", 1e308),
        (b"1e-400", 0.0),
        (b'"\\ud83d\\ude00"', "😀"),
        ('"Żółć \ufdcf"'.encode(), "Żółć \ufdcf"),
        (b'{"a": "[[[[[[[[[[[[[[[[[[[[[["}', {"a": "[" * 22}),
        (b'"\\"[[[[[[[[[[[[[[[[[[[[[["', '"' + "[" * 22),
        (b"[[],{}]" * 1, [[], {}]),
    ],
)
def test_strict_json_is_read(raw: bytes, value: object) -> None:
    assert parse_json(raw) == value


def test_twenty_levels_are_read() -> None:
    assert canonical(parse_json(b"[" * 20 + b"]" * 20)) == b"[" * 20 + b"]" * 20


def test_a_refusal_quotes_nothing_of_the_body() -> None:
    for raw in [b'{"secret": canary}', b'{"canary": 1, "canary": 2}', b'"canary\xff"']:
        with pytest.raises(InvalidError) as caught:
            parse_json(raw)
        error = caught.value
        assert "canary" not in f"{error} {error.errors} {error.__cause__}"
        assert error.__suppress_context__ or error.__context__ is None


@pytest.mark.parametrize("unit", [b'"', b'\\"', b'"\\', b"[]", b'"",', b"[", b"{", b"1", b"\\"])
def test_no_body_within_the_limit_takes_long(unit: bytes) -> None:
    raw = b'["' + unit * ((BODY_LIMIT - 2) // len(unit))
    begun = time.perf_counter()
    status_of(raw)
    assert time.perf_counter() - begun < 2


NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\0"), max_size=9)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=9,
)


@given(VALUES)
def test_what_is_written_is_read_back(value: object) -> None:
    assert parse_json(canonical(value)) == value
    assert parse_json(json.dumps(value, indent=1).encode()) == value


@given(st.dictionaries(TEXT, VALUES, max_size=5), st.randoms(use_true_random=False))
def test_canonical_json_does_not_depend_on_the_order_of_keys(
    value: dict[str, object], random: object
) -> None:
    items = list(value.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    assert canonical(dict(items)) == canonical(value)


@given(st.binary(max_size=60) | st.text('[]{}",:\\1eNu0 ', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused_never_anything_else(raw: bytes) -> None:
    try:
        parse_json(raw)
    except InvalidError as error:
        assert error.status in {400, 422}


def test_canonical_json_has_sorted_keys_no_spaces_and_plain_utf_8() -> None:
    assert canonical({"ż": [1, 1.5, None], "a": True}) == '{"a":true,"ż":[1,1.5,null]}'.encode()


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON", "application/json; charset=utf-8"]
    + ['application/json;charset="UTF-8"'],
)
@pytest.mark.parametrize("encoding", [None, "", "identity"])
def test_plain_json_passes(content_type: str, encoding: str | None) -> None:
    check_body(content_type, encoding, b"x" * BODY_LIMIT)


@pytest.mark.parametrize(
    ("content_type", "encoding", "size", "status"),
    [
        (None, None, 1, 415),
        ("", None, 1, 415),
        ("text/plain", None, 1, 415),
        ("application/xml", None, 1, 415),
        ("multipart/form-data; boundary=x", None, 1, 415),
        ("application/jsonp", None, 1, 415),
        ("application/json, text/plain", None, 1, 415),
        ("application/json; charset=utf-16", None, 1, 415),
        ("application/json", "gzip", 1, 415),
        ("application/json", "identity, gzip", 1, 415),
        ("application/json", "br", BODY_LIMIT + 1, 415),
        ("application/json", None, BODY_LIMIT + 1, 413),
    ],
)
def test_other_types_encodings_and_sizes_are_refused(
    content_type: str | None, encoding: str | None, size: int, status: int
) -> None:
    with pytest.raises(InvalidError) as caught:
        check_body(content_type, encoding, b"x" * size)
    assert caught.value.status == status
