"""Bad input to the webhook, by its row in the table of bad inputs: refused, and nothing stored.

What is wrong with the call refuses it as a whole; what is wrong with one record of a good
call is in `test_bad_records.py`, the admin's side in `test_bad_orders.py`.
"""

import gzip
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from chalicelib.domain.signing import sign
from infra.client import Api, envelope
from tests.app.conftest import LocalCloud
from tests.app.problems import CANARY, check_problem
from tests.app.speaking import Source, as_json, record, settle
from tests.app.tables import unchanged

GOOD = envelope("contact.upserted", [record("bad-1", full_name=CANARY)])
JSON = "application/json"


@dataclass(frozen=True)
class Bad:
    """A call with one thing wrong; everything else about it is right.

    `headers` replace the right ones (None: left out, a list: sent several times).
    """

    row: int
    status: int
    why: str
    body: bytes = GOOD
    id: str = ""
    ago: int = 0
    signed_by: str = "own"
    source: str = ""
    headers: dict[str, bytes | str | None | list[str]] = field(default_factory=dict)


def data(text: str) -> bytes:
    """The good call, with a field's value as it is written in JSON."""
    return GOOD.replace(as_json(CANARY), text.encode())


def signature(change: str) -> Bad:
    """The right signature, written in another way; see `_headers`."""
    return Bad(15, 401, change, headers={"webhook-signature": change})


CASES = [
    Bad(1, 401, "no signature", headers={"webhook-signature": None}),
    Bad(1, 401, "no id", headers={"webhook-id": None}),
    Bad(1, 401, "no timestamp", headers={"webhook-timestamp": None}),
    Bad(2, 401, "wrong signature", headers={"webhook-signature": "v1," + "A" * 43 + "="}),
    Bad(3, 401, "another source's secret", signed_by="other"),
    Bad(5, 401, "from the future", ago=-330),
    Bad(5, 401, "from the past", ago=330),
    *(
        Bad(6, 401, f"timestamp {ascii(text)}", headers={"webhook-timestamp": text.encode()})
        for text in ("1e9", "-1", "٣", "1" + "0" * 20, "")
    ),
    Bad(10, 400, "id with a full stop", id="a.b"),
    Bad(10, 400, "id of 300 characters", id="a" * 300),
    Bad(10, 400, "empty id", headers={"webhook-id": ""}),
    Bad(10, 400, "id not in ASCII", headers={"webhook-id": "żółw".encode()}),
    Bad(11, 400, "two ids", headers={"webhook-id": ["one", "two"]}),
    Bad(13, 400, "1,000 signatures", headers={"webhook-signature": "v1,AAAA " * 999 + "v1,AAAA"}),
    *(
        Bad(14, 401, f"signature {text}", headers={"webhook-signature": text})
        for text in ("v0,AAAA", "v1a,AAAA", "v1,", "v1")
    ),
    signature("url-safe"),
    signature("unpadded"),
    Bad(17, 401, "a secret two rotations old", signed_by="first"),
    Bad(18, 401, "unknown source", source="nobody"),
    Bad(18, 401, "disabled source", source="disabled", signed_by="disabled"),
    Bad(19, 400, "empty body", b""),
    Bad(20, 400, "no JSON", b"{"),
    *(Bad(21, 422, f"top level {text}", text.encode()) for text in ("null", "7", '"a"', "[]")),
    *(Bad(22, 400, text, data(text)) for text in ("NaN", "Infinity", "-Infinity", "1e400")),
    Bad(23, 400, "a key twice", GOOD.replace(b'"type"', b'"type": "x", "type"')),
    Bad(25, 400, "an integer of 5,000 digits", data("9" * 5000)),
    Bad(25, 400, "100,000 brackets", data("[" * 100_000)),
    Bad(26, 400, "byte order mark", b"\xef\xbb\xbf" + GOOD),
    *(Bad(27, 422, text, data(f'"{text}"')) for text in (r"\ud800", r"\u0000", r"\ufffe")),
    Bad(29, 415, "gzip", headers={"content-encoding": "gzip"}),
    *(
        Bad(30, 415, f"content type {text}", headers={"content-type": text})
        for text in ("text/plain", "application/xml", "multipart/form-data; boundary=x", "", None)
    ),
    Bad(33, 422, "unknown type", GOOD.replace(b"upserted", b"exploded")),
    Bad(33, 422, "unknown schema version", GOOD.replace(b'{"type"', b'{"version": 2, "type"')),
    Bad(33, 422, "no records", envelope("contact.upserted", [])),
    Bad(33, 422, "no data", as_json({"type": "contact.upserted"})),
    Bad(43, 413, "101 records", envelope("contact.upserted", [record("x")] * 101)),
    Bad(43, 413, "a body over 1 MiB", data('"' + "x" * 1024 * 1024 + '"')),
]
MANGLED = [  # on its way through the gateway, which joins headers and decodes bytes
    Bad(11, 400, "two signatures", headers={"webhook-signature": ["v1,AAAA", "v1,BBBB"]}),
    Bad(26, 400, "invalid UTF-8", data('"\xff"').replace("\xff".encode(), b"\xff")),
    Bad(26, 400, "UTF-16", GOOD.decode().encode("utf-16")),
    Bad(29, 415, "a bomb", gzip.compress(b"0" * 10**6), headers={"content-encoding": "gzip"}),
]


@dataclass(frozen=True)
class Scene:
    """The source that is called, and the secrets that stand for `signed_by`."""

    http: httpx.Client
    source: str
    disabled: str
    secrets: dict[str, str]

    def send(self, bad: Bad) -> httpx.Response:
        """Make the call."""
        path = {"": self.source, "disabled": self.disabled}.get(bad.source, bad.source)
        return self.http.post(f"/v1/hooks/{path}", content=bad.body, headers=self._headers(bad))

    def _headers(self, bad: Bad) -> list[tuple[bytes, bytes]]:
        name, at = bad.id or uuid.uuid4().hex, int(time.time()) - bad.ago
        signed = sign(self.secrets[bad.signed_by], name, at, bad.body)
        right = {
            "content-type": JSON,
            "webhook-id": name,
            "webhook-timestamp": str(at),
            "webhook-signature": signed,
        }
        written = {
            "url-safe": signed.replace("+", "-").replace("/", "_") + "-",
            "unpadded": signed.rstrip("="),
        }
        pairs: list[tuple[bytes, bytes]] = []
        for header, value in {**right, **bad.headers}.items():
            values = value if isinstance(value, list) else [value]
            said = [written.get(str(v), v) for v in values if v is not None]
            pairs += [(header.encode(), v.encode() if isinstance(v, str) else v) for v in said]
        return pairs


@pytest.fixture(scope="module")
def scene(source: Callable[..., Source], api: Api, http: httpx.Client) -> Scene:
    """Sources in the states that the cases need, with nothing on its way."""
    own, other, disabled = (source("bad") for _ in range(3))
    first = own.secret
    api.rotate(f"/v1/sources/{own.id}")
    now = api.rotate(f"/v1/sources/{own.id}")
    api.put(f"/v1/sources/{disabled.id}", {"name": "x", "kind": "generic", "enabled": False})
    settle(api)
    secrets = {"own": now, "first": first, "other": other.secret, "disabled": disabled.secret}
    return Scene(http, own.id, disabled.id, secrets)


@pytest.fixture
def untouched(scene: Scene, cloud: LocalCloud) -> Iterator[None]:
    """No row of any table comes, goes or changes in the test."""
    yield from unchanged(cloud)


def name_of(bad: Bad) -> str:
    return f"{bad.row}: {bad.why}"


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("bad", CASES, ids=name_of)
def test_a_bad_call_is_a_problem_and_stores_nothing(scene: Scene, bad: Bad) -> None:
    check_problem(scene.send(bad), bad.status)


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("bad", MANGLED, ids=name_of)
def test_what_the_gateway_mangles_is_a_problem_too_and_stores_nothing(
    scene: Scene, bad: Bad
) -> None:
    answer = scene.send(bad)
    check_problem(answer, bad.status if answer.status_code == bad.status else 401)


@pytest.mark.usefixtures("untouched")
def test_whoever_is_not_let_in_learns_nothing_of_why(scene: Scene) -> None:
    shut_out = [bad for bad in CASES if bad.status == 401 and bad.row in (1, 2, 3, 17, 18)]
    answers = [scene.send(bad).json() | {"instance": ""} for bad in shut_out]
    assert len(shut_out) > 5
    assert all(answer == answers[0] for answer in answers)


def test_the_good_call_of_these_tests_is_good(scene: Scene) -> None:
    assert scene.send(Bad(0, 202, "nothing wrong")).status_code == 202


def test_a_body_of_just_1_mib_is_read(scene: Scene) -> None:
    room = 1024 * 1024 - len(data('""'))
    answer = scene.send(Bad(43, 202, "", data('"' + "x" * room + '"')))
    assert answer.status_code == 202
    assert answer.json()["results"][0]["outcome"] == "refused"
