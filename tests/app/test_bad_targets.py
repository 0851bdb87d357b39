"""Target URLs that no target may have, by their row in the table of bad inputs.

The local cloud lets plain http through to loopback, so those are left to the unit tests.
"""

from collections.abc import Iterator

import httpx
import pytest

from tests.app.conftest import LocalCloud
from tests.app.problems import check_problem
from tests.app.tables import rows

URLS = {
    69: ["http://example.com/hook", "http://example.com:443/hook"],
    70: [
        *("https://localhost.", "https://127.1", "https://0", "https://2130706433"),
        *("https://0x7f.1", "https://017700000001", "https://10.0.0.1", "https://192.168.1.1"),
        *("https://169.254.169.254/latest/meta-data", "https://0.0.0.0"),
    ],
    71: [
        *("https://[::]", "https://[::ffff:169.254.169.254]", "https://[64:ff9b::a9fe:a9fe]"),
        *("https://[fd00:ec2::254]", "https://[fe80::1%25eth0]"),
    ],
    73: ["https://no-such-host.invalid/hook", "https://db.internal"],
    74: [
        *("https://good.com@127.0.0.1/", "https://127.0.0.1#@good.com", "https://good.com\\@evil"),
        *(
            "//evil",
            "https:evil",
            "https://ev\til.com",
            "https://evil.com\n",
            "https://[example.com]",
        ),
        *("https://ｌｏｃａｌｈｏｓｔ", "https://①②⑦.⓪.⓪.①", " https://example.com", ""),
    ],
    75: [
        *("file:///etc/passwd", "gopher://example.com", "ftp://example.com", "data:text/plain,x"),
        *("javascript:alert(1)", "unix:/var/run/docker.sock"),
    ],
    76: ["https://example.com:8443/hook", "http://127.0.0.1:70000/", "https://example.com:0"],
    77: ["https://user:password@example.com/", "https://user@example.com/"],
    79: [
        "https://example.com/" + "x" * 2049,
        *("https://example.com/?token=abc", "https://example.com/?api_key=abc"),
    ],
}
FORMS = [
    {"kind": "webhook"},
    {"url": "https://example.com/", "kind": "magic"},
    {"url": "https://example.com/", "filter": "colour:red"},
    {"url": "https://example.com/", "fields": ["shoe_size"]},
    {"url": "https://example.com/", "headers": {"Authorization": "x\r\nHost: y"}},
    {"url": ["https://example.com/"]},
]


@pytest.fixture(autouse=True)
def unregistered(cloud: LocalCloud) -> Iterator[None]:
    """No target comes of a test."""
    before = rows(cloud, "registry")
    yield
    assert rows(cloud, "registry") == before


@pytest.mark.parametrize(("row", "url"), [(row, url) for row, urls in URLS.items() for url in urls])
def test_a_url_that_is_not_public_https_is_refused(
    http: httpx.Client, bearer: dict[str, str], row: int, url: str
) -> None:
    answer = http.put("/v1/targets/bad", json={"url": url}, headers=bearer)
    problem = check_problem(answer, 422)
    assert [error["pointer"] for error in problem["errors"]] == ["/url"]
    assert not url or url not in answer.text


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_settings_that_are_none_are_refused(
    http: httpx.Client, bearer: dict[str, str], form: dict[str, object]
) -> None:
    check_problem(http.put("/v1/targets/bad", json=form, headers=bearer), 422)
