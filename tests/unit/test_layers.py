"""The folder list is the architecture: imports point inward, and only where they may."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "chalicelib"
INWARD = {
    "domain": {"domain"},
    "store": {"domain", "store"},
    "queues": {"queues"},
    "secrets": {"domain", "secrets"},
    "connectors": {"domain", "connectors"},
    "flow": {"domain", "flow", "store", "queues", "secrets", "connectors"},
    "entrypoints": {"domain", "flow", "entrypoints", "wiring", "queues", "store"},
}
PORTS_ONLY = {"queues", "secrets", "store"}  # of these, flow knows no adapter
ADAPTERS = {"dynamodb", "memory", "sqs", "ssm", "webhook", "remembered", "gathered", "meter"}
OUTSIDE = {"boto3", "botocore", "chalice", "httpcore", "os"}
MAY_USE = {
    "store": {"botocore"},
    "queues": {"botocore"},
    "secrets": {"botocore"},
    "connectors": {"httpcore"},
    "entrypoints": {"chalice"},
}
CLOCKS = {"datetime.now", "datetime.utcnow", "time.time", "date.today", "random", "uuid.uuid4"}


def files() -> list[Path]:
    return [p for p in ROOT.rglob("*.py") if p.parent != ROOT and p.name != "__init__.py"]


def imported(path: Path) -> set[str]:
    """The dotted names that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_inward(path: Path) -> None:
    layer = path.relative_to(ROOT).parts[0]
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "chalicelib":
            assert parts[1] in INWARD[layer], f"{layer} imports {name}"
            adapter = layer == "flow" and parts[1] in PORTS_ONLY and parts[2] in ADAPTERS
            assert not adapter, f"flow imports the adapter {name}"
        elif parts[0] in OUTSIDE:
            assert parts[0] in MAY_USE.get(layer, set()), f"{layer} imports {name}"


@pytest.mark.parametrize("layer", ["domain", "flow"])
def test_time_and_chance_are_handed_in(layer: str) -> None:
    for path in (ROOT / layer).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute):
                assert ast.unparse(node) not in CLOCKS, f"{path.name} reads the clock itself"
