"""The local cloud's life: up, up again, down, killed, in another's way."""

import json
import os
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from infra.local import deploy, lifecycle, process
from infra.local.cloud import HOST, Cloud, CloudError


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    cloud = Cloud(tmp_path_factory.mktemp("cloud"), free_port())
    try:
        lifecycle.up(cloud)
        yield cloud
    finally:
        lifecycle.reset(cloud)


def up(cloud: Cloud) -> tuple[dict[str, str], list[str]]:
    """Bring it up; its handle and what it said."""
    said: list[str] = []
    return lifecycle.up(cloud, said.append), said


def test_the_handle_serves_and_is_the_users_alone(cloud: Cloud) -> None:
    handle = json.loads(cloud.handle_file.read_text())
    assert set(handle) == {"base_url", "admin_key"}
    assert not handle["base_url"].endswith("/")
    request = urllib.request.Request(
        handle["base_url"] + "/v1/health",
        headers={"Authorization": f"Bearer {handle['admin_key']}"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 200
    assert cloud.handle_file.stat().st_mode & 0o077 == 0


def test_up_again_changes_nothing(cloud: Cloud) -> None:
    before = cloud.handle()
    handle, said = up(cloud)
    assert (handle, said) == (before, [])


def test_the_state_survives_down_and_up(cloud: Cloud) -> None:
    before = cloud.handle()
    cloud.table("registry").put_item(Item={"pk": "test", "sk": "kept"})
    assert lifecycle.down(cloud)
    assert not lifecycle.down(cloud)
    handle, said = up(cloud)
    assert (handle, said) == (before, [])
    assert "Item" in cloud.table("registry").get_item(Key={"pk": "test", "sk": "kept"})


def test_a_killed_engine_is_not_taken_for_a_living_one(cloud: Cloud) -> None:
    before = cloud.handle()
    found = process.running(cloud)
    assert found
    os.kill(found[1], signal.SIGKILL)
    while process.running(cloud):
        time.sleep(0.05)
    handle, said = up(cloud)
    assert handle == before
    assert said == ["The last run did not stop cleanly: this is the state of the last clean stop."]


def test_a_half_done_deployment_is_done_again(cloud: Cloud) -> None:
    cloud.client("ssm").delete_parameter(Name=deploy.NOTE)
    _, said = up(cloud)
    assert said == ["Deployed."]


def test_a_port_in_use_is_said_with_the_way_out_and_nothing_is_stopped(cloud: Cloud) -> None:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CloudError, match=f"Port {port} is in use .* KARTOTEKA_PORT={port + 1}"):
            lifecycle.up(replace(cloud, port=port), [].append)
    assert process.running(cloud)


def await_worker(cloud: Cloud, queue: str) -> None:
    """Send a message and wait until a function has taken it."""
    sqs = cloud.client("sqs")
    url = sqs.get_queue_url(QueueName=f"kartoteka-local-{queue}")["QueueUrl"]
    waiting = {"QueueUrl": url, "AttributeNames": ["ApproximateNumberOfMessages"]}
    sqs.send_message(QueueUrl=url, MessageBody="nobody")
    deadline = time.monotonic() + 20
    while sqs.get_queue_attributes(**waiting)["Attributes"]["ApproximateNumberOfMessages"] != "0":
        assert time.monotonic() < deadline, f"nobody works on the queue {queue}"
        time.sleep(0.1)


def test_another_free_port_moves_the_cloud_with_its_queues(cloud: Cloud) -> None:
    await_worker(cloud, "deliver")
    moved = replace(cloud, port=free_port())
    handle, said = up(moved)
    assert said == [f"Moving from port {cloud.port} to {moved.port}."]
    assert f":{moved.port}/" in handle["base_url"]
    assert process.running(cloud) == process.running(moved)
    await_worker(moved, "deliver")
    sender = moved.client("lambda").get_function_configuration(FunctionName="kartoteka-local-api")
    told = sender["Environment"]["Variables"]["KARTOTEKA_QUEUE_DELIVER"]
    assert f":{moved.port}/" in told


def test_reset_forgets_all(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path / "run", free_port())
    process.start(cloud)
    lifecycle.reset(cloud)
    assert process.running(cloud) is None
    assert not cloud.home.exists()
