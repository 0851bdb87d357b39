"""Rules of survivorship as people write them: checked to the last part, kept as one text."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.domain.fields import FIELDS, NAME, NAME_FIELDS, field_of
from chalicelib.domain.golden import REMEMBERED
from chalicelib.domain.model import canonical
from chalicelib.domain.structure import pointer
from chalicelib.domain.survivorship import Rule, Rules, default_of

Json = dict[str, Any]
_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)


class _RuleForm(Rule):
    model_config = _STRICT | ConfigDict(frozen=True)
    sources: tuple[str, ...] = Field(default=(), max_length=100)


class _RulesForm(BaseModel):
    model_config = _STRICT
    about: str = Field(default="", max_length=2_000)
    fields: dict[str, _RuleForm] = {}


def checked(version: str, given: Json) -> Rules:
    """The rules of that version; `InvalidError` names every fault."""
    try:
        form = _RulesForm.model_validate(given)
    except ValidationError as error:
        raise InvalidError("The rules are not valid.", list(_unread(error))) from None
    faults = [fault for name, rule in form.fields.items() for fault in _faults(name, rule)]
    if faults:
        raise InvalidError("The rules are not valid.", faults)
    return Rules.model_validate({"version": version, **form.model_dump()})


def _unread(error: ValidationError) -> Iterator[FieldError]:
    for fault in error.errors(include_input=False, include_url=False, include_context=False):
        yield FieldError(pointer(*fault["loc"]), fault["type"], fault["msg"])


def _faults(name: str, rule: Rule) -> Iterator[FieldError]:
    at = ("fields", name)
    if name in NAME_FIELDS:
        detail = "The names of a contact come from one record: set the rule of `name`."
        yield FieldError(pointer(*at), "name_as_a_whole", detail)
    elif name not in (NAME, "custom") and not field_of(name):
        yield FieldError(pointer(*at), "unknown_field", "A contact has no such field.")
    if len(set(rule.order)) != len(rule.order) or not rule.order:
        yield FieldError(pointer(*at, "order"), "not_an_order", "Name each criterion once.")
    if rule.take == "one" and name in REMEMBERED:
        detail = "These are facts that no source can take from another: they are always united."
        yield FieldError(pointer(*at, "take"), "always_united", detail)


def shown(rules: Rules) -> Json:
    """The rules as JSON, and what a field goes by that has no rule of its own."""
    defaults = {name: default_of(name).row() for name in (NAME, "custom", *FIELDS)}
    for name in NAME_FIELDS:
        del defaults[name]
    return {**rules.row(), "defaults": defaults}


def written(rules: Rules) -> str:
    """The rules as the text that is stored."""
    return canonical(rules.row()).decode()


def read(text: str) -> Rules:
    """The rules of a stored text."""
    return Rules.of_row(json.loads(text))
