"""Choices: field by field, the contact whose word a person wants to count in a merge. Pure."""

from collections.abc import Collection, Iterator, Mapping

from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.domain.fields import NAME, NAME_FIELDS, field_of
from chalicelib.domain.structure import pointer

Choices = Mapping[str, str]
Sides = Mapping[str, tuple[str, ...]]


def check_choices(choices: Choices, named: Collection[str]) -> None:
    """Raise `InvalidError` for a field that there is not, or a contact that is not `named`."""
    faults = [
        FieldError(pointer("choices", name), code, detail)
        for name, chosen in choices.items()
        for code, detail in _faults(name, chosen, named)
    ]
    if faults:
        raise InvalidError("The choices are not valid.", faults)


def _faults(name: str, chosen: str, named: Collection[str]) -> Iterator[tuple[str, str]]:
    if name in NAME_FIELDS:
        yield "name_as_a_whole", "The names of a contact come from one record: choose `name`."
    elif name != NAME and not field_of(name):
        yield "unknown_field", "A contact has no such field."
    if chosen not in named:
        yield "not_one_of_them", "Choose one of the contacts that are merged."


def picks_of(choices: Choices, sides: Sides) -> dict[str, tuple[str, ...]]:
    """For each field the records of the side that was chosen; `sides` by contact."""
    return {name: sides[chosen] for name, chosen in choices.items() if chosen in sides}
