"""A server that does not start says why, and nothing half made is kept."""

import sys
from pathlib import Path

import pytest

from . import process
from .process import made_once, run, running

LOUD = [sys.executable, "-c", "import sys; sys.exit('no port')"]
IDLE = [sys.executable, "-c", "import time; time.sleep(600)"]


def test_what_a_server_said_is_told_where_it_ends_before_it_answers(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no port"), running(LOUD, tmp_path, lambda: False):
        raise AssertionError("it answered")


def test_a_server_that_never_answers_is_given_up_and_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_START_SECONDS", 0.1)
    mute = running(IDLE, tmp_path, lambda: False)
    with pytest.raises(RuntimeError, match="does not start"), mute:
        raise AssertionError("it answered")


def test_a_command_that_fails_tells_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no port"):
        run(LOUD, tmp_path)


def test_a_folder_is_made_once_and_not_kept_where_its_making_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "BUILD", tmp_path / "build")
    made: list[Path] = []

    def make(folder: Path) -> None:
        (folder / "half").touch()
        made.append(folder)
        if len(made) == 1:
            raise RuntimeError("torn")

    with pytest.raises(RuntimeError, match="torn"):
        made_once("kept", make)
    assert not (tmp_path / "build/kept").exists()
    assert made_once("kept", make) == made_once("kept", make) == tmp_path / "build/kept"
    assert len(made) == 2 and (tmp_path / "build/kept/half").exists()
