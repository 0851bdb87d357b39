"""The storage port on DynamoDB; each method is one API call (`get_many`: one, as a rule).

A lost answer is sent again by the SDK. A transaction carries a token, so that its repetition
succeeds. A *single* conditional write has none: its repetition may meet its own effect and
report a `Conflict` that is not one. So on any `Conflict` read again, and decide by what
stands. Unconditional writes and reads are the same when repeated.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.domain.errors import BusyError
from chalicelib.store.ports import Conflict, Item, Key, Page, Write
from chalicelib.store.wire import Tables, decode, encode, key_of, request

_THROTTLED = {
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingError",
    "ThrottlingException",
    "TransactionInProgressException",
}
_LOST_RACE = {"None", "ConditionalCheckFailed", "TransactionConflict"}
_SINGLE = {
    "ConditionalCheckFailedException": "ConditionalCheckFailed",
    "TransactionConflictException": "TransactionConflict",
}
_PAUSES = (0.05, 0.1, 0.2, 0.4)


def client_config() -> Config:
    """Give up within 21 seconds: below API Gateway's 29, unlike the SDK's defaults."""
    return Config(
        retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=2, read_timeout=5
    )


class DynamoItems:
    """`Items` on a low-level DynamoDB client made with `client_config`.

    `tables` names the real table of each of ours; `sleep` takes seconds and is only called
    where a batch read came back in part. Throttling that outlasts the SDK's own attempts
    raises `BusyError`; all other errors of the client are raised as they are.
    """

    def __init__(self, client: Any, tables: Tables, sleep: Callable[[float], None]) -> None:
        self._client = client
        self._tables = dict(tables)
        self._names = {real: ours for ours, real in tables.items()}
        self._sleep = sleep

    def get(self, key: Key) -> Item | None:
        with _errors():
            answer = self._client.get_item(
                TableName=self._tables[key.table], Key=key_of(key), ConsistentRead=True
            )
        return decode(answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Item]:
        wanted: dict[str, Any] = {}
        for key in dict.fromkeys(keys):
            request = wanted.setdefault(
                self._tables[key.table], {"ConsistentRead": True, "Keys": []}
            )
            request["Keys"].append(key_of(key))
        return dict(self._found(wanted)) if wanted else {}

    def query(
        self,
        table: str,
        pk: str,
        *,
        prefix: str = "",
        after: str | None = None,
        limit: int = 100,
        newest_first: bool = False,
    ) -> Page:
        names, values = {"#pk": "pk"}, {":pk": pk}
        expression = "#pk = :pk"
        if prefix:
            expression += " AND begins_with(#sk, :sk)"
            names["#sk"], values[":sk"] = "sk", prefix
        items, last = self._read(
            self._client.query,
            {
                "TableName": self._tables[table],
                "KeyConditionExpression": expression,
                "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": encode(values),
                "ConsistentRead": True,
                "ScanIndexForward": not newest_first,
                "Limit": limit,
            },
            None if after is None else {"pk": pk, "sk": after},
        )
        return Page(items, last["sk"] if last else None)

    def due(
        self,
        table: str,
        lane: str,
        upto: str,
        *,
        after: str | None = None,
        limit: int = 100,
        newest_first: bool = False,
    ) -> Page:
        items, last = self._read(
            self._client.query,
            {
                "TableName": self._tables[table],
                "IndexName": "due",
                "KeyConditionExpression": "#lane = :lane AND #due <= :upto",
                "ExpressionAttributeNames": {"#lane": "lane", "#due": "due"},
                "ExpressionAttributeValues": encode({":lane": lane, ":upto": upto}),
                "ScanIndexForward": not newest_first,
                "Limit": limit,
            },
            json.loads(after) if after else None,
        )
        return Page(items, json.dumps(last) if last else None)

    def scan(
        self,
        table: str,
        *,
        segment: int = 0,
        segments: int = 1,
        after: str | None = None,
        limit: int = 100,
    ) -> Page:
        items, last = self._read(
            self._client.scan,
            {
                "TableName": self._tables[table],
                "ConsistentRead": True,
                "Segment": segment,
                "TotalSegments": segments,
                "Limit": limit,
            },
            json.loads(after) if after else None,
        )
        return Page(items, json.dumps(last) if last else None)

    def write(self, writes: Sequence[Write]) -> None:
        actions = [request(write, self._tables) for write in writes]
        with _errors():
            if len(actions) == 1:
                self._write_one(*actions[0])
            else:
                items = [{action: parameters} for action, parameters in actions]
                self._client.transact_write_items(TransactItems=items)

    def _write_one(self, action: str, parameters: Mapping[str, Any]) -> None:
        calls = {
            "Put": self._client.put_item,
            "Update": self._client.update_item,
            "Delete": self._client.delete_item,
        }
        calls[action](**parameters)

    def _read(
        self, read: Callable[..., Any], parameters: dict[str, Any], start: Mapping[str, str] | None
    ) -> tuple[list[Item], Item | None]:
        if start is not None:
            parameters["ExclusiveStartKey"] = encode(start)
        with _errors():
            answer = read(**parameters)
        last = answer.get("LastEvaluatedKey")
        return [decode(item) for item in answer["Items"]], decode(last) if last else None

    def _found(self, wanted: dict[str, Any]) -> Iterator[tuple[Key, Item]]:
        """Read what is wanted, asking again for what a call left over."""
        for pause in (*_PAUSES, None):
            with _errors():
                answer = self._client.batch_get_item(RequestItems=wanted)
            for table, items in answer["Responses"].items():
                for item in map(decode, items):
                    yield Key(self._names[table], item["pk"], item["sk"]), item
            wanted = answer.get("UnprocessedKeys", {})
            if not wanted:
                return
            if pause is not None:
                self._sleep(pause)
        raise BusyError("The store left part of a read undone.")


@contextmanager
def _errors() -> Iterator[None]:
    """Lost races as `Conflict`, throttling as `BusyError`, all else as it comes."""
    try:
        yield
    except ClientError as error:
        codes = _codes(error)
        if _THROTTLED.intersection(codes):
            raise BusyError("The store is throttled.") from error
        if not _LOST_RACE.issuperset(codes):
            raise
        raise Conflict(
            [n for n, code in enumerate(codes) if code == "ConditionalCheckFailed"]
        ) from error


def _codes(error: ClientError) -> list[str]:
    """A code for each write of the call: of a cancelled transaction, or of the only one."""
    code = error.response["Error"]["Code"]
    if code == "TransactionCanceledException":
        return [reason["Code"] for reason in error.response["CancellationReasons"]]
    return [_SINGLE.get(code, code)]
