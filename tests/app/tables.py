"""What the tables hold, all of it, to compare before with after."""

from collections.abc import Iterator
from typing import Any

from chalicelib.settings import TABLES
from tests.app.conftest import LocalCloud

Rows = dict[tuple[str, str, str], Any]


def scan(cloud: LocalCloud) -> Rows:
    """Every row of every table by table, pk and sk."""
    return {(name, row["pk"], row["sk"]): row for name in TABLES for row in rows(cloud, name)}


def unchanged(cloud: LocalCloud) -> Iterator[None]:
    """Assert that the tables are the same after what is done in between."""
    before = scan(cloud)
    yield
    assert scan(cloud) == before


def rows(cloud: LocalCloud, name: str) -> list[dict[str, Any]]:
    """All rows of one table, by our name for it."""
    table, found = cloud.table(name), list[dict[str, Any]]()
    page = table.scan(ConsistentRead=True)
    while True:
        found += page["Items"]
        if "LastEvaluatedKey" not in page:
            return found
        page = table.scan(ConsistentRead=True, ExclusiveStartKey=page["LastEvaluatedKey"])
