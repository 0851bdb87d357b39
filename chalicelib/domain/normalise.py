"""From a record as a source sent it to the normal form of its fields.

Pure: the same input, rules and day give the same output, and the normal form of a normal
form is itself. What cannot be read is dropped and named, never guessed and never stored.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.domain.fields import CUSTOM_PREFIX, Field, Shape, field_of, identity
from chalicelib.domain.normal.codec import Codec, Context, InvalidValueError, is_empty
from chalicelib.domain.structure import check_structure, pointer

MOST_ERRORS = 100


@dataclass(frozen=True)
class FieldRules:
    """What a source's settings say of its fields.

    `country` is the region of national telephone numbers and postcodes. `allowed` lists the
    fields that the source may tell (`custom` stands for all custom fields, `custom.x` for
    one); others are dropped and named. None allows every field and refuses unknown ones.
    `invalid` says what becomes of a record with an invalid value. `source` is its id.
    """

    country: str = "PL"
    allowed: frozenset[str] | None = None
    invalid: Literal["drop", "refuse"] = "drop"
    source: str = ""


@dataclass(frozen=True)
class Normalised:
    """The fields in normal form (None: a patch clears it; custom ones as `custom.<name>`).

    `errors` name the values that were dropped as invalid, at most a hundred, by a pointer
    into the record; `dropped` the fields that the source may not tell, sorted.
    """

    fields: dict[str, Any]
    errors: list[FieldError]
    dropped: list[str]


def normalise(
    given: Mapping[str, Any], *, whole: bool, rules: FieldRules, today: date
) -> Normalised:
    """Read a record without its `external_id`, `occurred_at` and `sequence`.

    In a whole record an empty value (null, blank, an empty list) is an absent one; in a
    patch it clears the field. An element of a list that is invalid leaves the list; a field
    of which nothing valid is left is absent, also from a patch: an error clears nothing.

    Raises `InvalidError`, which names each fault, when the record as a whole is refused: its
    structure, an unknown field without an allow-list, an invalid value where the rules say so.
    """
    check_structure(given)
    told, dropped = _sifted(flattened(given, whole=whole), rules.allowed)
    reader = Reader(Context(rules.country, today, source=rules.source))
    fields = reader.fields(told)
    if reader.errors and rules.invalid == "refuse":
        raise InvalidError("The record has invalid values.", reader.errors[:MOST_ERRORS])
    if not whole:
        fields |= {name: None for name, value in told.items() if is_empty(value)}
    return Normalised(fields, reader.errors[:MOST_ERRORS], dropped)


def flattened(given: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """The fields by their canonical names; a `custom` that is no object stays, unknown.

    So does its null in a patch, which cannot say which of the custom fields to clear.
    """
    told = {name: value for name, value in given.items() if name != "custom"}
    custom = given.get("custom", {})
    if isinstance(custom, Mapping):
        return told | {CUSTOM_PREFIX + name: value for name, value in custom.items()}
    return told if whole and is_empty(custom) else {**told, "custom": custom}


def _sifted(
    told: dict[str, Any], allowed: frozenset[str] | None
) -> tuple[dict[str, Any], list[str]]:
    """The fields to read, and the names of those that the allow-list drops."""
    if allowed is None:
        _refuse_unknown(told)
        return told, []
    kept = {name: value for name, value in told.items() if _may_tell(name, allowed)}
    return kept, sorted(told.keys() - kept.keys())


def _may_tell(name: str, allowed: frozenset[str]) -> bool:
    field = field_of(name)
    return field is not None and (name in allowed or field.name in allowed)


def _refuse_unknown(told: Iterable[str]) -> None:
    detail = "There is no such field. Custom ones are named a-z, 0-9 and _ in the object custom."
    unknown = sorted(name for name in told if not field_of(name))
    if unknown:
        errors = [FieldError(pointer_to(name), "unknown_field", detail) for name in unknown]
        raise InvalidError("The record has unknown fields.", errors[:MOST_ERRORS])


def pointer_to(name: str) -> str:
    """Where a field stands in what was given."""
    if name.startswith(CUSTOM_PREFIX):
        return pointer("custom", name.removeprefix(CUSTOM_PREFIX))
    return pointer(name)


class Reader:
    """Reads values by the form of their field and notes what it had to drop."""

    def __init__(
        self, context: Context, field_of: Callable[[str], Field | None] = field_of
    ) -> None:
        self._context, self._field_of = context, field_of
        self.errors: list[FieldError] = []

    def fields(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """The normal forms of all values that have one."""
        read = {
            name: self._field(field, value, pointer_to(name))
            for name, value in told.items()
            if (field := self._field_of(name)) and not is_empty(value)
        }
        return {name: value for name, value in read.items() if value is not None}

    def _field(self, field: Field, value: Any, at: str) -> Any:
        if not field.many:
            return self._value(field.form, value, at)
        if not isinstance(value, list):
            return self._drop(at, "not_a_list", "The value must be a list.")
        if len(value) > field.limit:
            self._drop(at, "too_many", f"Only the first {field.limit} elements are read.")
        return self._elements(field, value[: field.limit], at) or None

    def _elements(self, field: Field, given: list[Any], at: str) -> list[Any]:
        kept: dict[Hashable, Any] = {}
        for place, element in enumerate(given):
            read = None if is_empty(element) else self._value(field.form, element, f"{at}/{place}")
            if read is not None:
                kept.setdefault(place if field.repeats else identity(read), read)
        return list(kept.values())

    def _value(self, form: Codec | Shape, value: Any, at: str) -> Any:
        try:
            if isinstance(form, Shape):
                return self._object(form, value, at)
            return form(value, self._context)
        except InvalidValueError as fault:
            return self._drop(at, fault.code, fault.detail)

    def _object(self, shape: Shape, value: Any, at: str) -> dict[str, Any]:
        given = _spread(shape, value, self._context.source)
        for name in sorted(given.keys() - shape.parts.keys()):
            self._drop(at + pointer(name), "unknown_field", "There is no such part.")
        beside: dict[str, Any] = {}
        for name in shape.parts:
            if not is_empty(given.get(name)):
                beside[name] = self._part(shape, name, given[name], beside, at)
            elif name in shape.required:
                raise InvalidValueError("required", f"The part {name} is missing.")
        return _meaningful({name: part for name, part in beside.items() if part is not None})

    def _part(self, shape: Shape, name: str, value: Any, beside: Mapping[str, Any], at: str) -> Any:
        try:
            return shape.parts[name](value, replace(self._context, beside=beside))
        except InvalidValueError as fault:
            if name in shape.required:
                raise
            return self._drop(at + pointer(name), fault.code, fault.detail)

    def _drop(self, at: str, code: str, detail: str) -> None:
        self.errors.append(FieldError(at, code, detail))


def _spread(shape: Shape, value: Any, source: str) -> Mapping[str, Any]:
    if shape.short_for and isinstance(value, str):
        return {shape.short_for: value}
    if not isinstance(value, Mapping):
        raise InvalidValueError("not_an_object", "The value must be an object.")
    if shape.own and is_empty(value.get(shape.own)):
        return {**value, shape.own: source}
    return value


def _meaningful(parts: dict[str, Any]) -> dict[str, Any]:
    if parts.keys() <= {"label"}:
        raise InvalidValueError("required", "A label alone says nothing.")
    return parts
