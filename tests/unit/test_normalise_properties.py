"""What holds for every record: the normal form is stable, and nothing vanishes unnamed."""

import json
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidError
from chalicelib.domain.fields import CUSTOM, FIELDS, Field, Shape, field_of
from chalicelib.domain.normalise import FieldRules, Normalised, normalise
from tests.unit.normalising import TODAY

# What breaks text: joiners, marks that melt into letters, overrides, odd blanks and cases.
_TRICKY = (
    "aeİßſKż中👩\u212b\u0301\u0323\u0335\u200b\u200c\u200d\u202e\u2028\u3164\ufe0f \t\n.@+-0169"
)
_text = st.text(st.sampled_from(_TRICKY), max_size=8) | st.text(max_size=8)
_telling = st.sampled_from(
    ["600 100 200", "+48600100200", "0-22 826 10 22 w. 5", "Jan@ŻÓŁW.pl", "A@b.test", "1980-12-31"]
    + ["--02-29", "31.12.1980", "pl-PL", "POL", "Niemcy", "00950", "10115", "CUSTOMER", "Granted"]
    + ["email", "nip", "regon", "krs", "5260250274", "28860", "2025-05-25T12:00:00+02:00"]
    + ["company", "lead", "NULL"]
)
_words = _telling | _text
_scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _words


def _one(form: object) -> st.SearchStrategy[Any]:
    """Values for a form, many of them right: an object has all its required parts."""
    if not isinstance(form, Shape):
        return _scalars
    required = dict.fromkeys(form.required, _words)
    optional = {part: _scalars for part in form.parts if part not in required}
    return st.fixed_dictionaries(required, optional=optional) | _scalars


def _any(field: Field) -> st.SearchStrategy[Any]:
    one = _one(field.form)
    return st.lists(one, max_size=4) | _scalars if field.many else one


_forms = {**FIELDS, "custom.size": CUSTOM, "custom.colour": CUSTOM}
_records = st.lists(st.sampled_from(sorted(_forms)), max_size=5, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: _any(_forms[name]) for name in names})
)
_anything = st.recursive(
    _scalars | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3),
    max_leaves=8,
)


def read(record: Any, whole: bool, allowed: frozenset[str] | None = None) -> Normalised | None:
    """What becomes of the record; None if it is refused."""
    try:
        return normalise(record, whole=whole, rules=FieldRules(allowed=allowed), today=TODAY)
    except InvalidError:
        event("refused")
        return None


@settings(max_examples=400, deadline=None)
@given(_records, st.booleans())
def test_the_normal_form_of_a_normal_form_is_itself(record: dict[str, Any], whole: bool) -> None:
    if told := read(record, whole):
        for name in told.fields:
            event(name)
        assert read(told.fields, whole) == Normalised(told.fields, [], [])


@settings(max_examples=300, deadline=None)
@given(_text)
def test_text_once_cleaned_stays_so(text: str) -> None:
    if told := read({"given_name": text, "notes": [text], "tags": [text]}, True):
        assert read(told.fields, True) == Normalised(told.fields, [], [])


@settings(max_examples=200, deadline=None)
@given(_records)
def test_in_a_patch_every_field_is_read_cleared_or_named(record: dict[str, Any]) -> None:
    if told := read(record, False):
        named = {e.pointer.removeprefix("/").replace("custom/", "custom.") for e in told.errors}
        missing = record.keys() - told.fields.keys()
        assert all(any(at.split("/")[0] == name for at in named) for name in missing)


@settings(max_examples=200, deadline=None)
@given(_records)
def test_a_whole_record_clears_nothing_and_is_json(record: dict[str, Any]) -> None:
    if told := read(record, True):
        assert None not in told.fields.values()
        assert all(field_of(name) for name in told.fields)
        assert json.loads(json.dumps(told.fields, allow_nan=False).encode()) == told.fields


@settings(max_examples=200, deadline=None)
@given(_anything | st.dictionaries(st.sampled_from([*FIELDS, "custom"]) | _text, _anything))
def test_no_input_does_more_than_be_refused(record: Any) -> None:
    read(record, True)
    read(record, False, frozenset({*FIELDS, "custom"}))
