"""Weigh the model anew: from labelled sets, and from what the stewards answered.

    make train LABELS="people.csv" JUDGED=1

Thresholds, proofs and spreads stay those of the bundled model; what no example shows stays
as assumed (`assumed.json`). The result is a file for `PUT /v1/models/{version}`: rehearse it
before it decides anything.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from chalicelib.domain.matching import MODEL
from infra.client import Api
from infra.matching.estimate import Example, Weights, estimate
from infra.matching.labels import Labelled

ASSUMED = Path(__file__).with_name("assumed.json")
_STRENGTH = 1.0  # the usual L2: it moved no figure of the labelled set from 0.2 to 1
_WORTH = 10  # a steward is asked about the hard ones: each answer counts as that many pairs


def main() -> None:
    """Read the examples, estimate, write the model."""
    options = _options()
    if options.judged and not options.labels:
        sys.exit("Answers alone are the hard pairs only: give LABELS as well.")
    examples = [e for path in options.labels for e in Labelled(path).examples()]
    if options.judged:
        examples += [e for e in judged() for _ in range(_WORTH)]
    if len({example.same for example in examples}) < 2:
        sys.exit("Nothing to learn from: the labels need pairs of both kinds.")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(written(model_of(estimate(examples, _STRENGTH))), encoding="utf-8")
    print(f"{len(examples)} examples weighed: {options.out}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make train")
    parser.add_argument("labels", nargs="*", type=Path, help="NAME.csv beside NAME.truth.csv")
    parser.add_argument("--judged", action="store_true", help="learn from the stewards' answers")
    parser.add_argument("--out", type=Path, default=Path(".build/model.json"))
    return parser.parse_args()


def judged() -> Iterator[Example]:
    """What people answered on the running installation, as examples."""
    for item in Api.local().items("/v1/judgements", limit="100"):
        levels = tuple((reason["field"], reason["level"]) for reason in item["reasons"])
        yield Example(levels, item["verdict"] == "same")


def model_of(estimated: Weights) -> dict[str, Any]:
    """A whole model, without its version: the bundled one with new weights."""
    assumed = json.loads(ASSUMED.read_text(encoding="utf-8"))
    weights = _completed(estimated, assumed)
    told = asdict(MODEL) | {"weights": weights}
    return {name: value for name, value in told.items() if name != "version"}


def _completed(estimated: Weights, assumed: Mapping[str, Any]) -> Weights:
    """Assumed weights laid over the estimated; no value proves more when more bear it."""
    for field, columns in assumed["weights"].items():
        for column, levels in columns.items():
            estimated.setdefault(field, {}).setdefault(column, {}).update(levels)
    for field, steps in MODEL.spreads.items():
        for levels in estimated.get(field, {}).values():
            _descend(levels, [name for _, name in steps], assumed["at_most"].get(field, {}))
    return estimated


def _descend(levels: dict[str, int], order: list[str], below: Mapping[str, int]) -> None:
    """Each level at most the one before it, and at most so far below the first."""
    first = levels.get(order[0])
    if first is None:
        return
    for before, name in zip(order, order[1:], strict=False):
        most = min(levels[before], first + below.get(name, 0))
        levels[name] = min(levels.get(name, most), most)


def written(model: Mapping[str, Any]) -> str:
    """A model as JSON that a person can read: a line for each field and column."""
    head = [f"  {json.dumps(n)}: {_lines(n, v)}" for n, v in model.items() if n != "weights"]
    fields = [
        f"    {json.dumps(field)}: {{\n"
        + ",\n".join(f"      {json.dumps(c)}: {json.dumps(t)}" for c, t in columns.items())
        + "\n    }"
        for field, columns in model["weights"].items()
    ]
    weights = '  "weights": {\n' + ",\n".join(fields) + "\n  }"
    return "{\n" + ",\n".join([*head, weights]) + "\n}\n"


def _lines(name: str, value: Any) -> str:
    if name != "proofs":
        return json.dumps(value)
    return "[\n" + ",\n".join(f"    {json.dumps(proof)}" for proof in value) + "\n  ]"


if __name__ == "__main__":
    main()
