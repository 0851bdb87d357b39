"""A bare local cloud for one test run: on loopback, with nothing kept."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from .ports import free_port

_PATIENCE = 60.0


@contextmanager
def running_engine(folder: Path) -> Iterator[str]:
    """Start an engine, give its endpoint's URL, and end it; a failing start raises."""
    port = free_port()
    log = folder / "engine.log"
    with log.open("wb") as output:
        engine = subprocess.Popen(
            [sys.executable, "-m", "ministack"],
            env=_environment(folder, port),
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _await_health(engine, url, log)
        yield url
    finally:
        os.killpg(engine.pid, signal.SIGKILL)
        engine.wait()


def _environment(folder: Path, port: int) -> dict[str, str]:
    """Only what the engine needs: functions would inherit a developer's secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_REGION": "us-east-1",
        "TMPDIR": str(folder),
        "STATE_DIR": str(folder),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _await_health(engine: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not _healthy(url):
        if engine.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the local cloud did not start: {log.read_text()[-2000:]}")
        time.sleep(0.05)


def _healthy(url: str) -> bool:
    try:
        with urlopen(f"{url}/_ministack/health", timeout=2) as answer:
            healthy: bool = answer.status == 200
            return healthy
    except (URLError, TimeoutError, ConnectionError):
        return False
