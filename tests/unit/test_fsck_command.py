"""`make fsck`, against an API that answers what it is told to."""

import io
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from rich.console import Console

from infra import fsck
from infra.client import Api, Json

SOUND: Json = {"state": "done", "result": {"looked": 7}}
LOST: Json = {"code": "record_lost", "record": "r1", "detail": "gone", "outcome": "left"}
MENDED: Json = {"code": "untold", "contact": "c1", "detail": "not told", "outcome": "mended"}
FOUND: Json = MENDED | {"outcome": None}


def answering(job: Json, findings: list[Json], asked: list[Json]) -> Api:
    """The job is open at first; the findings come in pages of one."""
    states = [{"state": "open", "progress": {"looked": 3}, "result": {}}, job]

    def handle(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            asked.append(json.loads(request.content))
            return httpx.Response(202, json={"job": "j"})
        if request.url.path.endswith("/findings"):
            at = int(request.url.params.get("cursor", 0))
            more = str(at + 1) if at + 1 < len(findings) else None
            return httpx.Response(200, json={"items": findings[at : at + 1], "next": more})
        return httpx.Response(200, json=states.pop(0))

    return Api("http://fake", "key", transport=httpx.MockTransport(handle), sleep=lambda _: None)


@pytest.mark.parametrize(
    ("job", "findings", "mend", "status"),
    [
        pytest.param(SOUND, [], False, 0, id="sound"),
        pytest.param(SOUND, [FOUND], False, 1, id="torn"),
        pytest.param(SOUND, [MENDED], True, 0, id="mended"),
        pytest.param(SOUND, [MENDED, LOST], True, 1, id="mended but for what is lost"),
        pytest.param({"state": "failed", "result": {}}, [], False, 1, id="given up"),
    ],
)
def test_it_says_by_its_status_whether_all_is_sound(
    monkeypatch: pytest.MonkeyPatch, job: Json, findings: list[Json], mend: bool, status: int
) -> None:
    asked: list[Json] = []
    local: Callable[[], Any] = lambda: answering(job, findings, asked)  # noqa: E731
    monkeypatch.setattr(Api, "local", local)
    assert fsck.main(mend) == status
    assert asked == [{"mend": mend}]


def test_it_shows_what_is_torn() -> None:
    told = io.StringIO()
    fsck.show(SOUND, [MENDED, LOST], Console(file=told, width=120))
    for word in ("record_lost", "record", "r1", "gone", "left", "7 items", "2 faults, 1 of them"):
        assert word in told.getvalue()


def test_a_terminal_is_shown_how_far_it_is() -> None:
    told = io.StringIO()
    terminal = Console(file=told, width=120, force_terminal=True)
    fsck.checked(answering(SOUND, [], []), terminal, mend=False)
    assert "3 items looked at" in told.getvalue()
