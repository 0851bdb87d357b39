"""A server's process for as long as a test needs it, and what is made once for all tests."""

import fcntl
import os
import shlex
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

BUILD = Path(__file__).parents[2] / ".build"
_START_SECONDS = 60
_STOP_SECONDS = 10


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    seconds: float = 300,
) -> str:
    """What a command said; `RuntimeError` with it where it fails, `TimeoutExpired` if too long."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=seconds,
    )
    if done.returncode:
        raise RuntimeError(f"{shlex.join(command)} failed: {done.stdout[-2000:]}")
    return done.stdout


@contextmanager
def running(
    command: Sequence[str],
    folder: Path,
    answers: Callable[[], bool],
    environment: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """A process that has answered, and is ended after use; `RuntimeError` with its log if not."""
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _await(process, shlex.join(command), answers, log)
        yield
    finally:
        _end(process)


def _await(
    process: subprocess.Popen[bytes], command: str, answers: Callable[[], bool], log: Path
) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{command} does not start: {log.read_text()[-2000:]}")
        time.sleep(0.02)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """A folder in `.build` as `make` filled it; other processes wait for the first to ask.

    Where `make` raises, nothing stays.
    """
    BUILD.mkdir(exist_ok=True)
    with (BUILD / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = BUILD / name
        if not made.exists():
            with TemporaryDirectory(dir=BUILD) as scratch:
                half = Path(scratch, name)
                half.mkdir()
                make(half)
                half.rename(made)
    return made
