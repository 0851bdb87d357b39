"""Signatures: the official vector, every way to get it wrong, and what a caller may learn."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidError, UnauthorizedError
from chalicelib.domain.signing import Message, new_secret, sign, verify

# The vector of the JavaScript, PHP, Ruby ... test suites of Standard Webhooks.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
TIME = 1614265330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

NOW = datetime.fromtimestamp(TIME, UTC)
OTHER = new_secret(bytes(range(24)))


def headers(**changed: str | None) -> dict[str, str]:
    sent = {"id": ID, "timestamp": str(TIME), "signature": SIGNATURE} | changed
    return {f"webhook-{name}": value for name, value in sent.items() if value is not None}


def signed(message_id: str = ID, timestamp: int = TIME, secret: str = SECRET) -> dict[str, str]:
    signature = sign(secret, message_id, timestamp, BODY)
    return headers(id=message_id, timestamp=str(timestamp), signature=signature)


def refusal(sent: dict[str, str], body: bytes = BODY, secrets: tuple[str, ...] = (SECRET,)) -> str:
    with pytest.raises(UnauthorizedError) as caught:
        verify(secrets, sent, body, NOW)
    return caught.value.detail


def test_signing_gives_the_official_vector() -> None:
    assert sign(SECRET, ID, TIME, BODY) == SIGNATURE


def test_the_official_vector_verifies() -> None:
    assert verify([SECRET], headers(), BODY, NOW) == Message(ID, TIME)


@pytest.mark.parametrize("secrets", [(SECRET, OTHER), (OTHER, SECRET)])
def test_each_of_two_secrets_verifies_while_one_replaces_the_other(
    secrets: tuple[str, ...],
) -> None:
    assert verify(secrets, headers(), BODY, NOW).id == ID


@pytest.mark.parametrize(
    "signature",
    [
        f"v1,{'A' * 43}= {SIGNATURE}",
        f"v1a,{'A' * 86}== {SIGNATURE}",
        f"v2,whatever {SIGNATURE} v1,",
        " ".join([*["v1,x"] * 9, SIGNATURE]),
    ],
)
def test_one_good_signature_among_ten_is_enough(signature: str) -> None:
    assert verify([SECRET], headers(signature=signature), BODY, NOW).id == ID


@pytest.mark.parametrize(
    ("fault", "sent"),
    [
        ("row 1: no signature", headers(signature=None)),
        ("no timestamp", headers(timestamp=None)),
        ("no id", headers(id=None)),
        ("nothing at all", {}),
        ("row 2: wrong signature", headers(signature="v1," + "A" * 43 + "=")),
        ("row 3: another source's secret", signed(secret=OTHER)),
        ("row 5: 301 s ahead", signed(timestamp=TIME + 301)),
        ("301 s old", signed(timestamp=TIME - 301)),
        ("row 14: an older scheme", headers(signature=SIGNATURE.replace("v1", "v0"))),
        ("row 14: the asymmetric scheme", headers(signature=SIGNATURE.replace("v1", "v1a"))),
        ("row 14: an empty signature", headers(signature="v1,")),
        ("no scheme", headers(signature=SIGNATURE.removeprefix("v1,"))),
        ("an empty header", headers(signature="")),
        ("row 15: url-safe", headers(signature=SIGNATURE.replace("+", "-").replace("/", "_"))),
        ("row 15: no padding", headers(signature=SIGNATURE.rstrip("="))),
        ("row 15: a trailing space", headers(signature=SIGNATURE + " ")),
        ("a leading space", headers(signature=" " + SIGNATURE)),
        ("a trailing newline", headers(signature=SIGNATURE + "\n")),
        ("two headers joined", headers(signature=f"{SIGNATURE},{SIGNATURE}")),
        ("not ASCII", headers(signature=SIGNATURE + "ł")),
        ("a lone surrogate", headers(signature="\ud800")),
    ],
)
def test_what_does_not_verify_is_refused_with_always_the_same_words(
    fault: str, sent: dict[str, str]
) -> None:
    assert refusal(sent) == refusal(headers(), body=BODY + b" "), fault


@pytest.mark.parametrize(
    "timestamp",
    [
        "1e9",
        f" {TIME}",
        f"{TIME} ",
        f"+{TIME}",
        f"0{TIME}",
        f"{TIME}.0",
        f"{TIME}\n",
        "1_614_265_330",
    ]
    + ["-1", "0", "٣", "١٦١٤٢٦٥٣٣٠", "1" + "0" * 20, "9" * 5000, "", "now", f"{TIME},{TIME}"],
)
def test_a_timestamp_is_plain_digits(timestamp: str) -> None:
    refusal(headers(timestamp=timestamp))


@pytest.mark.parametrize("seconds", [-300, -1, 0, 299, 300])
def test_a_clock_may_differ_by_five_minutes(seconds: int) -> None:
    assert verify([SECRET], signed(), BODY, NOW + timedelta(seconds=seconds)).timestamp == TIME


def test_no_secret_means_no_entry_even_with_the_decoy() -> None:
    refusal(headers(), secrets=())
    refusal(signed(secret="whsec_"), secrets=())


MALFORMED_IDS = ["", "a.b", "a\nb", "a\r\nb", "a b", " a", "a\t", "ż", "a\x00", "a\x7f", "a" * 257]


@pytest.mark.parametrize("secrets", [(SECRET,), ()])
@pytest.mark.parametrize("message_id", [*MALFORMED_IDS, "a" * 300, "a,b", "a, b"])
def test_a_malformed_id_is_a_bad_request_whoever_sends_it(
    message_id: str, secrets: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidError) as caught:
        verify(secrets, signed(message_id), BODY, NOW)
    assert caught.value.status == 400


@pytest.mark.parametrize("message_id", ["1", "a" * 256, "crm/2026-11-21:7#x", "'\"{}~!"])
def test_an_id_is_any_other_printable_text(message_id: str) -> None:
    assert verify([SECRET], signed(message_id), BODY, NOW).id == message_id


@pytest.mark.parametrize("count", [11, 1000])
def test_more_than_ten_signatures_are_a_bad_request(count: int) -> None:
    with pytest.raises(InvalidError) as caught:
        verify([SECRET], headers(signature=" ".join([SIGNATURE] * count)), BODY, NOW)
    assert caught.value.status == 400


@pytest.mark.parametrize("size", [0, 23, 65])
def test_a_secret_is_neither_short_nor_long(size: int) -> None:
    with pytest.raises(ValueError, match="24 to 64"):
        new_secret(bytes(size))


@given(st.binary(min_size=24, max_size=64), st.binary(max_size=200), st.integers(0, 1599))
def test_no_single_bit_can_change(random_bytes: bytes, body: bytes, bit: int) -> None:
    secret = new_secret(random_bytes)
    sent = headers(signature=sign(secret, ID, TIME, body))
    assert verify([secret], sent, body, NOW) == Message(ID, TIME)
    changed = bytearray(body or b"\0")
    changed[bit // 8 % len(changed)] ^= 1 << bit % 8
    refusal(sent, bytes(changed), (secret,))
