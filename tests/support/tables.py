"""The product's tables, as its template defines them, made on an emulator."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
_SHAPE = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")


def make_tables(client: Any, prefix: str) -> dict[str, str]:
    """Make every table under a name of its own; the real name of each of ours."""
    names = {}
    for name, definition in definitions().items():
        names[name] = f"{prefix}-{name}"
        client.create_table(TableName=names[name], **definition)
    return names


@cache
def definitions() -> dict[str, Mapping[str, Any]]:
    """What `CreateTable` needs to know of each table, by our name for it."""
    resources = yaml_parse(TEMPLATE.read_text())["Resources"]
    return {
        logical.removesuffix("Table").lower(): {
            part: resource["Properties"][part] for part in _SHAPE if part in resource["Properties"]
        }
        for logical, resource in resources.items()
        if resource.get("Type") == "AWS::DynamoDB::Table"
    }
