"""Start, find and stop the engine of one local cloud."""

import fcntl
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

from infra.local.cloud import ACCOUNT, CREDENTIALS, HOST, REGION, Cloud, CloudError

ENGINE = Path(__file__).with_name("engine.py")
START_SECONDS = 30
STOP_SECONDS = 60  # a big state takes its time to be saved


def running(cloud: Cloud) -> tuple[Cloud, int] | None:
    """The cloud at the port where its engine really runs, and the engine's process id."""
    if not cloud.engine_file.exists():
        return None
    with cloud.engine_file.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            said = json.load(file)
            return replace(cloud, port=said["port"]), said["pid"]
    return None


def crashed(cloud: Cloud) -> bool:
    """Whether the last engine ended without saving its state."""
    return cloud.engine_file.exists() and running(cloud) is None


def check_port(cloud: Cloud) -> None:
    """Raise `CloudError` when another program listens on the cloud's port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, cloud.port))
        except OSError as error:
            raise CloudError(
                f"Port {cloud.port} is in use by another program. Choose another one:"
                f" KARTOTEKA_PORT={cloud.port + 1} make up"
            ) from error


def start(cloud: Cloud) -> None:
    """Start the engine in the background and wait until it answers."""
    shutil.rmtree(cloud.home / "tmp", ignore_errors=True)  # unpacked functions stay behind
    (cloud.home / "tmp").mkdir(parents=True)
    _readdress_queues(cloud)
    with cloud.engine_log.open("w") as log:
        engine = subprocess.Popen(
            [sys.executable, str(ENGINE), str(cloud.engine_file)],
            cwd=cloud.home,
            env=_environment(cloud),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    deadline = time.monotonic() + START_SECONDS
    while not _answers(cloud):
        if engine.poll() is not None or time.monotonic() > deadline:
            raise CloudError(f"The engine does not start; {cloud.engine_log} says why.")
        time.sleep(0.05)


def stop(cloud: Cloud) -> bool:
    """Stop the engine so that its state is saved; False when none was running."""
    found = running(cloud)
    if found is None:
        return False
    _, pid = found
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while running(cloud):
        if time.monotonic() > deadline:
            os.killpg(pid, signal.SIGKILL)
            raise CloudError("The engine did not stop and was killed; its last changes are lost.")
        time.sleep(0.05)
    return True


def _readdress_queues(cloud: Cloud) -> None:
    """Follow a move: queues are kept by addresses that hold the port, in three services."""
    for service in ("sqs", "lambda", "cloudformation"):
        kept = cloud.home / f"state/{service}.json"
        if kept.exists():
            address = f"http://localhost:{cloud.port}/{ACCOUNT}/"
            kept.write_text(re.sub(rf"http://localhost:\d+/{ACCOUNT}/", address, kept.read_text()))


def _answers(cloud: Cloud) -> bool:
    try:
        with urllib.request.urlopen(f"{cloud.endpoint}/_ministack/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _environment(cloud: Cloud) -> dict[str, str]:
    """All that the engine sees: its functions inherit it, so nothing of the user's shell."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return inherited | {
        "GATEWAY_PORT": str(cloud.port),
        "BIND_HOST": HOST,  # its default is every interface
        "MINISTACK_REGION": REGION,
        "AUTH": "true",  # the functions' roles are enforced
        "PERSIST_STATE": "1",
        "STATE_DIR": str(cloud.home / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(cloud.home / "s3"),
        "TMPDIR": str(cloud.home / "tmp"),
        "IOT_MTLS_ENABLED": "0",  # would listen on every interface
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        **{name.upper(): value for name, value in CREDENTIALS.items()},
    }
