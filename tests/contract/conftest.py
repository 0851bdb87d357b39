"""Every port on every adapter: memory, moto (one thread only), and the local cloud."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ParamValidationError
from moto import mock_aws

from chalicelib.queues.memory import MemoryQueues
from chalicelib.queues.ports import Queues
from chalicelib.queues.sqs import SqsQueues
from chalicelib.secrets.memory import MemorySecrets
from chalicelib.secrets.ports import Secrets
from chalicelib.secrets.ssm import SsmSecrets
from chalicelib.store.dynamodb import DynamoItems, client_config
from chalicelib.store.memory import MemoryItems
from chalicelib.store.ports import Items
from tests.support.engine import running_engine
from tests.support.tables import make_tables

ADAPTERS = ("memory", "moto", "local cloud")

Clients = Callable[[str], Any]
_fresh = (f"run{n}" for n in itertools.count())


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_engine(tmp_path_factory.mktemp("engine")) as url:
        yield url


@pytest.fixture(params=ADAPTERS)
def clients(request: pytest.FixtureRequest) -> Iterator[Clients | None]:
    """Makes clients of the adapter's cloud; None in memory."""
    with ExitStack() as stack:
        if request.param == "memory":
            yield None
        elif request.param == "moto":
            stack.enter_context(mock_aws())
            yield lambda service: _client(service, None)
        else:
            endpoint = request.getfixturevalue("engine")
            yield lambda service: _client(service, endpoint)


@pytest.fixture
def items(clients: Clients | None) -> Items:
    if clients is None:
        return MemoryItems()
    client = clients("dynamodb")
    return DynamoItems(client, make_tables(client, next(_fresh)), sleep=_no_sleep)


@pytest.fixture
def secrets(clients: Clients | None) -> Secrets:
    return SsmSecrets(clients("ssm"), next(_fresh)) if clients else MemorySecrets()


@pytest.fixture
def queues(clients: Clients | None) -> tuple[Queues, Callable[[], list[str]]]:
    """The port, with one queue named `match`, and what takes all messages out of it."""
    if clients is None:
        memory = MemoryQueues()
        return memory, lambda: memory.take("match")
    client = clients("sqs")
    url = client.create_queue(QueueName=next(_fresh))["QueueUrl"]
    return SqsQueues(client, {"match": url}), lambda: _drain(client, url)


@cache
def _client(service: str, endpoint: str | None) -> Any:
    """A client for the whole run: to make one takes longer than most tests."""
    session = boto3.Session("test", "test", region_name="us-east-1")
    return session.client(service, endpoint_url=endpoint, config=client_config())


def _drain(client: Any, url: str) -> list[str]:
    messages: list[str] = []
    while batch := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        messages += [message["Body"] for message in batch]
    return messages


def _no_sleep(seconds: float) -> None:
    raise AssertionError("a whole answer needs no pause")


@pytest.fixture
def refused() -> tuple[type[Exception], ...]:
    """What a refusal may be raised as, by us or by the client; never a `Conflict`."""
    return (TypeError, ValueError, ClientError, ParamValidationError)
