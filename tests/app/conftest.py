"""A local cloud for the tests of the deployed app: its own port, its own state, then gone."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from rich.console import Console

from infra import fsck
from infra.client import Api
from infra.local import lifecycle, logs
from infra.local.cloud import Cloud
from tests.app.listening import Listener, listening
from tests.app.speaking import Source, settle
from tests.support.ports import free_port

SAID = pytest.StashKey[list[str]]()


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
    started = Cloud(tmp_path_factory.mktemp("cloud"), free_port())
    try:
        handle = lifecycle.up(started)
        yield LocalCloud(started, handle["base_url"], handle["admin_key"])
        denied = [line for line in logs.read(started) if "AccessDenied" in line.text]
        assert not denied, f"a policy is too narrow: {denied[0]}"
    finally:
        lifecycle.reset(started)


@pytest.fixture(scope="session")
def http(cloud: LocalCloud) -> Iterator[httpx.Client]:
    """Requests to the API without a key, and without a second attempt."""
    with httpx.Client(base_url=cloud.base_url, timeout=120, trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
def bearer(cloud: LocalCloud) -> dict[str, str]:
    """The admin key as a header."""
    return {"authorization": f"Bearer {cloud.admin_key}"}


@pytest.fixture(scope="session")
def api(cloud: LocalCloud) -> Iterator[Api]:
    """The API with an admin key; in the end no function may have met a fault of ours.

    And all that the tests have left is sound.
    """
    with httpx.HTTPTransport() as transport:
        known = Api(cloud.base_url, cloud.admin_key, transport=transport)
        yield known
        settle(known)
        job, findings = fsck.checked(known, Console(quiet=True), mend=False)
        assert (job["state"], findings) == ("done", [])
    faults = [line for line in cloud.logs() if '"fault"' in line.text]
    assert not faults, f"a function failed: {faults[0]}"


@pytest.fixture(scope="session")
def source(api: Api, http: httpx.Client) -> Callable[..., Source]:
    """Registers a source of its own for whoever asks; its id is its only tag."""

    def register(name: str = "crm", **settings: Any) -> Source:
        known = f"{name}-{uuid.uuid4().hex[:8]}"
        wanted = {"name": name, "kind": "generic", "tags": [known], **settings}
        return Source(known, api.put(f"/v1/sources/{known}", wanted)["secret"], http)

    return register


@pytest.fixture
def target(api: Api) -> Iterator[Callable[..., Listener]]:
    """Registers targets that listen; in the end all is told, and they are told no more."""
    with ExitStack() as stack:

        def register(filter: str, **settings: Any) -> Listener:
            listener = stack.enter_context(listening())
            listener.id = f"target-{uuid.uuid4().hex[:8]}"
            wanted = {"name": "A target", "kind": "webhook", "url": listener.url, "filter": filter}
            path = f"/v1/targets/{listener.id}"
            listener.secret = api.put(path, wanted | settings)["secret"]
            stack.callback(api.put, path, wanted | {"enabled": False})
            stack.callback(_catch_up, api, listener)
            return listener

        yield register


def _catch_up(api: Api, listener: Listener) -> None:
    """Take what failed, so that nothing of it is due while other tests wait."""
    listener.answer = 204
    api.post("/v1/deliveries/retry", {"target": listener.id})
    settle(api)


@pytest.fixture(scope="session")
def say(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Puts a line under the tests' results."""
    return pytestconfig.stash.setdefault(SAID, []).append


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """What the tests had to say."""
    for line in config.stash.get(SAID, []):
        terminalreporter.write_line(line)
