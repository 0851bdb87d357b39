"""Answers of DynamoDB that no emulator gives: throttling, conflicts, unread keys."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from chalicelib.domain.errors import BusyError
from chalicelib.store.dynamodb import DynamoItems, client_config
from chalicelib.store.ports import Conflict, Key, Put

ONE, TWO = Key("contacts", "p", "1"), Key("contacts", "p", "2")
ROW_ONE: dict[str, Any] = {"pk": {"S": "p"}, "sk": {"S": "1"}}
ROW_TWO: dict[str, Any] = {"pk": {"S": "p"}, "sk": {"S": "2"}}


class World:
    """The adapter on a client that answers what it is told to."""

    def __init__(self) -> None:
        session = boto3.Session("test", "test", region_name="us-east-1")
        client = session.client("dynamodb", config=client_config())
        self.answers = Stubber(client)
        self.answers.activate()
        self.pauses: list[float] = []
        self.items = DynamoItems(client, {"contacts": "real-contacts"}, self.pauses.append)

    def fail(self, operation: str, code: str, reasons: list[str] | None = None) -> None:
        details = {"CancellationReasons": [{"Code": reason} for reason in reasons or []]}
        self.answers.add_client_error(operation, code, modeled_fields=details if reasons else None)


@pytest.fixture
def world() -> World:
    return World()


def found(*rows: dict[str, Any], unread: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    left = {"real-contacts": {"ConsistentRead": True, "Keys": unread}} if unread else {}
    return {"Responses": {"real-contacts": list(rows)}, "UnprocessedKeys": left}


def test_what_a_batch_read_leaves_over_is_asked_for_again(world: World) -> None:
    world.answers.add_response("batch_get_item", found(ROW_ONE, unread=[ROW_TWO]))
    world.answers.add_response(
        "batch_get_item",
        found(ROW_TWO),
        {"RequestItems": {"real-contacts": {"ConsistentRead": True, "Keys": [ROW_TWO]}}},
    )
    assert world.items.get_many([ONE, TWO]).keys() == {ONE, TWO}
    assert world.pauses == [0.05]


def test_a_batch_read_that_stays_undone_is_given_up(world: World) -> None:
    for _ in range(5):
        world.answers.add_response("batch_get_item", found(unread=[ROW_ONE]))
    with pytest.raises(BusyError):
        world.items.get_many([ONE])
    assert world.pauses == [0.05, 0.1, 0.2, 0.4]


@pytest.mark.parametrize(
    ("reasons", "failed"),
    [
        (["None", "ConditionalCheckFailed"], (1,)),
        (["ConditionalCheckFailed", "TransactionConflict"], (0,)),
        (["TransactionConflict", "None"], ()),
    ],
)
def test_a_cancelled_transaction_is_a_conflict(
    world: World, reasons: list[str], failed: tuple[int, ...]
) -> None:
    world.fail("transact_write_items", "TransactionCanceledException", reasons)
    with pytest.raises(Conflict) as lost:
        world.items.write([Put(ONE, {}), Put(TWO, {})])
    assert lost.value.failed == failed


def test_a_single_write_that_meets_a_transaction_is_a_conflict(world: World) -> None:
    world.fail("put_item", "TransactionConflictException")
    with pytest.raises(Conflict) as lost:
        world.items.write([Put(ONE, {})])
    assert lost.value.failed == ()


@pytest.mark.parametrize(
    ("code", "reasons"),
    [
        ("ThrottlingException", None),
        ("ProvisionedThroughputExceededException", None),
        ("TransactionCanceledException", ["ThrottlingError", "ConditionalCheckFailed"]),
        ("TransactionCanceledException", ["None", "ProvisionedThroughputExceeded"]),
        ("TransactionInProgressException", None),
    ],
)
def test_throttling_is_busy(world: World, code: str, reasons: list[str] | None) -> None:
    world.fail("transact_write_items", code, reasons)
    with pytest.raises(BusyError):
        world.items.write([Put(ONE, {}), Put(TWO, {})])


@pytest.mark.parametrize(
    ("code", "reasons"),
    [
        ("ValidationException", None),
        ("ResourceNotFoundException", None),
        ("TransactionCanceledException", ["ValidationError", "ConditionalCheckFailed"]),
        ("TransactionCanceledException", ["ItemCollectionSizeLimitExceeded", "None"]),
    ],
)
def test_any_other_error_is_no_lost_race(
    world: World, code: str, reasons: list[str] | None
) -> None:
    world.fail("transact_write_items", code, reasons)
    with pytest.raises(ClientError):
        world.items.write([Put(ONE, {}), Put(TWO, {})])


def test_throttled_reads_are_busy(world: World) -> None:
    world.fail("get_item", "ThrottlingException")
    world.fail("query", "ThrottlingException")
    world.fail("batch_get_item", "ThrottlingException")
    for read in (
        lambda: world.items.get(ONE),
        lambda: world.items.query("contacts", "p"),
        lambda: world.items.get_many([ONE]),
    ):
        with pytest.raises(BusyError):
            read()


def test_the_client_gives_up_below_the_gateways_limit() -> None:
    config = client_config()
    assert config.retries == {"mode": "standard", "total_max_attempts": 3}
    assert (config.connect_timeout, config.read_timeout) == (2, 5)
