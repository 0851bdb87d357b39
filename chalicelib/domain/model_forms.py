"""Models as people write them: a whole one, or a change of another; checked to the last level.

A change is a JSON Merge Patch (RFC 7396): objects are merged name by name, null takes a name
away, everything else replaces what stood.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields
from itertools import pairwise
from typing import Any

from pydantic import TypeAdapter, ValidationError

from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.domain.graph import MEMBERS_CAP
from chalicelib.domain.matching import MODEL, Model
from chalicelib.domain.matching.explaining import PHRASES
from chalicelib.domain.matching.model import ANY
from chalicelib.domain.model import canonical
from chalicelib.domain.structure import pointer

Json = dict[str, Any]
Faults = Iterator[FieldError]
_MODEL: TypeAdapter[Model] = TypeAdapter(Model)
_PARTS = {field.name for field in fields(Model)}
_COLUMNS = {ANY, *PHRASES["en"]["levels"]["names"]}
_MOST_POINTS = 100_000
_MOST_LETTERS = 2_000


def _known() -> dict[str, set[str]]:
    """The levels of each field: those that have words, and those of the bundled model."""
    known = {field: set(levels) for field, levels in PHRASES["en"]["levels"].items()}
    for field, columns in MODEL.weights.items():
        known.setdefault(field, set()).update(*columns.values())
    for field, steps in MODEL.spreads.items():
        known.setdefault(field, set()).update(level for _, level in steps)
    return known


_LEVELS: Mapping[str, Collection[str]] = _known()


def shown(model: Model) -> Json:
    """A model as JSON, its version included."""
    return {field.name: getattr(model, field.name) for field in fields(Model)}


def written(model: Model) -> str:
    """A model as the text that is stored: one text for one model."""
    return canonical(shown(model)).decode()


def patched(base: Json, changes: Json) -> Json:
    """The base with the changes merged in."""
    made = {n: v for n, v in base.items() if n not in changes}
    for name, change in changes.items():
        if isinstance(change, dict):
            stood = base.get(name)
            made[name] = patched(stood if isinstance(stood, dict) else {}, change)
        elif change is not None:
            made[name] = change
    return made


def checked(version: str, given: Json) -> Model:
    """The model of that version; `InvalidError` names every fault of the JSON."""
    data = {"version": version} | given
    unknown = [_fault("unknown_field", "A model has no such part.", n) for n in given]
    faults = [f for f, n in zip(unknown, given, strict=True) if n == "version" or n not in _PARTS]
    if not faults:
        model = _read(data)
        faults = list(_faults(model))
    if faults:
        raise InvalidError("The model is not valid.", faults)
    return model


def _read(data: Json) -> Model:
    try:
        _MODEL.validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        faults = [_fault(e["type"], e["msg"], *e["loc"]) for e in found]
        raise InvalidError("The model is not valid.", faults) from None
    return Model.of(data)


def _faults(model: Model) -> Faults:
    if not 0 < model.unsure <= model.same:
        yield _fault("out_of_range", "unsure must be above 0, and at most same.", "unsure")
    if not 2 <= model.most <= MEMBERS_CAP:
        yield _fault("out_of_range", f"most is from 2 to {MEMBERS_CAP}.", "most")
    if len(model.about) > _MOST_LETTERS:
        yield _fault("too_long", f"At most {_MOST_LETTERS} characters.", "about")
    yield from _faults_of_proofs(model)
    yield from _faults_of_spreads(model)
    yield from _faults_of_weights(model)


def _unknown_levels(field: str, levels: Iterable[str], *path: str | int) -> Faults:
    if field not in _LEVELS:
        yield _fault("unknown_field", "Nothing is compared under this name.", *path)
        return
    for level in levels:
        if level not in _LEVELS[field]:
            yield _fault("unknown_level", "The field has no such level.", *path, level)


def _faults_of_proofs(model: Model) -> Faults:
    for number, proof in enumerate(model.proofs):
        if set(proof) != {"needs", "unless"} or not proof["needs"]:
            told = "A proof has unless, and needs with at least one field."
            yield _fault("bad_proof", told, "proofs", number)
        for part, wanted in proof.items():
            for field, levels in wanted.items():
                yield from _unknown_levels(field, levels, "proofs", number, part, field)


def _faults_of_spreads(model: Model) -> Faults:
    for field, steps in model.spreads.items():
        yield from _unknown_levels(field, [level for _, level in steps], "spreads", field)
        *bounded, last = [most for most, _ in steps] or [0]
        rising = None not in bounded and all(a < b for a, b in pairwise(bounded) if a and b)
        if last is not None or not rising:
            told = "Steps rise, and only the last one is without end (null)."
            yield _fault("bad_steps", told, "spreads", field)


def _faults_of_weights(model: Model) -> Faults:
    for field, columns in model.weights.items():
        for column, points in columns.items():
            path = ("weights", field, column)
            if column not in _COLUMNS:
                yield _fault("unknown_column", "Names cannot stand to each other so.", *path)
            yield from _unknown_levels(field, points, *path)
            for level, worth in points.items():
                if abs(worth) > _MOST_POINTS:
                    told = f"Points are from -{_MOST_POINTS} to {_MOST_POINTS}."
                    yield _fault("out_of_range", told, *path, level)


def _fault(code: str, detail: str, *path: str | int) -> FieldError:
    return FieldError(pointer(*path), code, detail)
