"""Splink 5 asked about one new record after another: runs in the bench's own venv.

    python splink_look.py store.csv new.csv     prints JSON: CPU seconds of each question

The model is Splink's usual one for people, its weights estimated by its own unsupervised
methods on the store; blocking on mailbox, phone, name and birth date.
"""

import csv
import json
import logging
import sys
import time
from typing import Any

import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

COLUMNS = ("given_name", "family_name", "email", "phone", "city", "postcode", "birth_date")
BLOCKS = [
    block_on("email"),
    block_on("phone"),
    block_on("given_name", "family_name"),
    block_on("family_name", "postcode"),
    block_on("birth_date", "family_name"),
]


def table(path: str) -> dict[str, list[Any]]:
    """A CSV file by columns, with nothing where it says nothing."""
    with open(path, encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {name: [row.get(name) or None for row in rows] for name in ("id", *COLUMNS)}


def main(store: str, new: str) -> None:
    logging.disable(logging.WARNING)
    known, asked = table(store), table(new)
    api = DuckDBAPI()
    frame = api.register(known, dataset_display_name="store")
    linker = Linker(frame, settings())
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for block in (block_on("email"), block_on("given_name", "family_name")):
        linker.training.estimate_parameters_using_expectation_maximisation(block)
    print(json.dumps([seconds(linker, api, frame, one) for one in singly(asked)]))


def settings() -> SettingsCreator:
    """The comparisons by column."""
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("family_name"),
            cl.ExactMatch("email"),
            cl.LevenshteinAtThresholds("phone", 1),
            cl.ExactMatch("city"),
            cl.ExactMatch("postcode"),
            cl.LevenshteinAtThresholds("birth_date", 1),
        ],
        blocking_rules_to_generate_predictions=BLOCKS,
    )


def singly(asked: dict[str, list[Any]]) -> list[dict[str, list[Any]]]:
    """A table for each row."""
    return [{n: [column[i]] for n, column in asked.items()} for i in range(len(asked["id"]))]


def seconds(linker: Linker, api: DuckDBAPI, store: Any, one: dict[str, list[Any]]) -> float:
    """The processor's time for one question, its answer read."""
    started = time.process_time()
    new = api.register(one)
    linker.inference.predict_between(store, new, threshold_match_weight=-10).as_record_list()
    return time.process_time() - started


main(*sys.argv[1:])
