"""A processor's time for one look, beside the exact-match baseline and Splink on one store.

A look is timed whole: the features of the new record (its values are normalised already),
its keys, rows and cards out of a store in memory, the comparison, and the ruling on each
contact that it found. Nothing is written: each new record meets the same store. Times are
of the processor, all threads together, since another's work would stretch those of a clock.
"""

import csv
import gc
import json
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from chalicelib.domain.matching import MODEL, Card, features, look, rule
from infra.matching.sets import card_of, values_of
from infra.matching.shop import Shop
from tests.bench.matching.growth import SEED
from tests.bench.matching.quality import SHARED, rows_of
from tests.bench.matching.tables import percentile, show
from tests.bench.matching.telling import Row, told

STORE, NEW, SPLINK_NEW = 97_000, 3_000, 20
_BUILT = Path(".build/bench")
_VENV = Path(".build/bench-venv")
Probe = tuple[str, Mapping[str, Any]]


def main() -> None:
    """Print the times for the own set and, where it is present, for pl100k."""
    _race("own people", [record.row for record in islice(told(SEED), STORE + NEW)])
    if SHARED.exists():
        _race("pl100k", rows_of("pl100k"))


def _race(name: str, rows: Sequence[Row]) -> None:
    store, new = rows[:STORE], rows[STORE:]
    times = {
        "Kartoteka": _kartoteka(store, new),
        "exact e-mail or phone": _exact(store, new),
        **_splink(store, new[:SPLINK_NEW]),
    }
    head = ("one new record", "asked", "CPU ms p50", "p95", "max")
    shown = [
        (who, len(t), *(1000 * percentile(sorted(t), p) for p in (0.5, 0.95, 1)))
        for who, t in times.items()
    ]
    show(f"Time of a look: {name}, {len(store):,} records stored", head, shown)


def _kartoteka(store: Sequence[Row], new: Sequence[Row]) -> list[float]:
    shop = Shop(MODEL)
    for number, row in enumerate(store):
        for _ in shop.arrive(card_of(row, number)):
            pass
    before = replace(shop.shelf.costs)
    probes = [(row["id"], values_of(row)) for row in new]
    times = _timed(lambda probe: _look(shop, probe), probes)
    keys = (shop.shelf.costs.keys - before.keys) / len(new)
    cards = (shop.shelf.costs.cards - before.cards) / len(new)
    print(f"\n  {keys:.2f} key reads and {cards:.2f} cards a look of Kartoteka's")
    return times


def _look(shop: Shop, probe: Probe) -> None:
    record, values = probe
    card = Card(record, "new", "~", features(values))
    found = look(shop.shelf, card, (record,), MODEL)
    for pair in found.pairs:
        theirs = shop.members[shop.home[pair.candidate.id]]
        rule(pair, [card], theirs, found.shared, MODEL)


def _exact(store: Sequence[Row], new: Sequence[Row]) -> list[float]:
    """The baseline: one dictionary by e-mail address and phone number as they are written."""
    by_value: defaultdict[str, list[str]] = defaultdict(list)
    for row in store:
        for value in _reached_by(row):
            by_value[value].append(row["id"])
    return _timed(lambda row: [by_value.get(value) for value in _reached_by(row)], new)


def _reached_by(row: Row) -> Iterator[str]:
    return (row[name].casefold() for name in ("email", "phone") if row.get(name))


def _timed(act: Callable[[Any], object], things: Sequence[Any]) -> list[float]:
    """CPU seconds of each; the collector of garbage leaves the store alone."""
    gc.collect()
    gc.freeze()
    times = []
    for thing in things:
        started = time.process_time()
        act(thing)
        times.append(time.process_time() - started)
    gc.unfreeze()
    return times


def _splink(store: Sequence[Row], new: Sequence[Row]) -> dict[str, list[float]]:
    if not (_VENV / ".ready").exists():
        print("\n  Splink is not installed: left out")
        return {}
    _BUILT.mkdir(parents=True, exist_ok=True)
    files = [_write(_BUILT / "store.csv", store), _write(_BUILT / "new.csv", new)]
    script = Path(__file__).with_name("splink_look.py")
    command = [_VENV / "bin/python", script, *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"\n  Splink failed: {done.stderr.strip().splitlines()[-1]}")
        return {}
    return {"Splink 5, predict_between": json.loads(done.stdout.splitlines()[-1])}


def _write(path: Path, rows: Sequence[Row]) -> Path:
    names = dict.fromkeys(name for row in rows for name in row)
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(names))
        writer.writeheader()
        writer.writerows(rows)
    return path
