"""A local cloud for the tests of the deployed app: its own port, its own state, then gone."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from infra.local import lifecycle, logs
from infra.local.cloud import Cloud


@dataclass(frozen=True)
class LocalCloud:
    """The deployed app and its surroundings."""

    cloud: Cloud
    base_url: str
    admin_key: str

    @property
    def endpoint(self) -> str:
        """Where the AWS services are."""
        return self.cloud.endpoint

    def client(self, service: str) -> Any:
        """A boto3 client with the rights of the account."""
        return self.cloud.client(service)

    def table(self, name: str) -> Any:
        """A boto3 table, by our name for it (`contacts`)."""
        return self.cloud.table(name)

    def logs(self, function: str = "", since: int = 0) -> list[logs.Line]:
        """What the functions said since a time in milliseconds; all of them or one."""
        return logs.read(self.cloud, function, since)


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """The app, packaged from the sources as they stand and deployed.

    The functions' roles are enforced, but a kick that may not be sent is only logged: so no
    function may have been denied anything.
    """
    started = Cloud(tmp_path_factory.mktemp("cloud"), _free_port())
    try:
        handle = lifecycle.up(started)
        yield LocalCloud(started, handle["base_url"], handle["admin_key"])
        denied = [line for line in logs.read(started) if "AccessDenied" in line.text]
        assert not denied, f"a policy is too narrow: {denied[0]}"
    finally:
        lifecycle.reset(started)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
