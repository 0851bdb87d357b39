"""Our values and writes in the words of DynamoDB's API.

An own codec, since boto3's makes Decimals of numbers, takes what the port does not (sets,
bytes) and costs its import at every cold start. Expressions hold placeholders only, so that
no name or value can be read as syntax.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.store.ports import Absent, Condition, Delete, Equals, Item, Key, Put, Write

Tables = Mapping[str, str]


def key_of(key: Key) -> dict[str, Any]:
    """A key as DynamoDB has it."""
    return encode({"pk": key.pk, "sk": key.sk})


def encode(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item with DynamoDB's type marks; raises TypeError on what the port does not take."""
    return {name: _encode(value) for name, value in item.items()}


def decode(item: Mapping[str, Any]) -> Item:
    """The item that stands behind DynamoDB's type marks."""
    return {name: _decode(value) for name, value in item.items()}


def request(write: Write, tables: Tables) -> tuple[str, dict[str, Any]]:
    """The action (Put, Update or Delete) and its parameters, alone or in a transaction."""
    table = {"TableName": tables[write.key.table]}
    condition = _condition(write.condition)
    if isinstance(write, Put):
        item = encode(write.item) | key_of(write.key)
        return "Put", table | {"Item": item} | condition
    aim = table | {"Key": key_of(write.key)}
    if isinstance(write, Delete):
        return "Delete", aim | condition
    return "Update", aim | _merged(_assignments(write.values), condition)


def _condition(condition: Condition) -> dict[str, Any]:
    match condition:
        case Absent():
            return {
                "ConditionExpression": "attribute_not_exists(#key)",
                "ExpressionAttributeNames": {"#key": "pk"},
            }
        case Equals(name, value):
            return {
                "ConditionExpression": "#is = :is",
                "ExpressionAttributeNames": {"#is": name},
                "ExpressionAttributeValues": {":is": _encode(value)},
            }
    return {}


def _assignments(values: Mapping[str, Any]) -> dict[str, Any]:
    places = range(len(values))
    return {
        "UpdateExpression": "SET " + ", ".join(f"#{n} = :{n}" for n in places),
        "ExpressionAttributeNames": {f"#{n}": name for n, name in enumerate(values)},
        "ExpressionAttributeValues": {
            f":{n}": _encode(value) for n, value in enumerate(values.values())
        },
    }


def _merged(update: dict[str, Any], condition: dict[str, Any]) -> dict[str, Any]:
    """Both expressions share one set of names and one of values."""
    shared = {
        part: update[part] | condition.get(part, {})
        for part in ("ExpressionAttributeNames", "ExpressionAttributeValues")
    }
    return update | condition | shared


def _encode(value: object) -> dict[str, Any]:
    kind = type(value)
    if kind is str:
        return {"S": value}
    if kind is bool:
        return {"BOOL": value}
    if kind is int:
        return {"N": str(value)}
    if value is None:
        return {"NULL": True}
    if type(value) is list:
        return {"L": [_encode(element) for element in value]}
    if type(value) is dict:
        return {"M": encode(value)}
    raise TypeError(f"an item holds a {kind.__name__}")


def _decode(value: Mapping[str, Any]) -> Any:
    [(kind, content)] = value.items()
    match kind:
        case "N":
            return int(content)
        case "NULL":
            return None
        case "L":
            return [_decode(element) for element in content]
        case "M":
            return decode(content)
    return content
