"""What a contact is made of, and what Exchange makes of it on write.

Documented: a later update of other properties may overwrite `displayName`; here an update of a
part of the name always does. Unchecked: how many values a collection holds (`LIMITS`), that an
e-mail's name is its address where none is given, that a birthday is kept at 11:59 UTC.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Fields = dict[str, Any]

LIMITS = {"emailAddresses": 3, "businessPhones": 2, "homePhones": 2, "imAddresses": 3}
EXTENDED = "singleValueExtendedProperties"
_LISTS = (*LIMITS, "categories", "children")
_ADDRESSES = ("businessAddress", "homeAddress", "otherAddress")
_NAMES = ("givenName", "middleName", "surname", "generation")
_TEXTS = (
    *("assistantName", "birthday", "businessHomePage", "companyName", "department", "displayName"),
    *("fileAs", "generation", "givenName", "initials", "jobTitle", "manager", "middleName"),
    *("mobilePhone", "nickName", "officeLocation", "personalNotes", "profession", "spouseName"),
    *("surname", "title", "yomiCompanyName", "yomiGivenName", "yomiSurname"),
)
EMPTY: Mapping[str, Any] = {
    **dict.fromkeys(_TEXTS),
    **{name: [] for name in _LISTS},
    **{name: {} for name in _ADDRESSES},
}


def faults(given: Fields, limits: Mapping[str, int]) -> Iterator[str]:
    """Why a contact is refused though its shape is right."""
    for name, most in limits.items():
        if len(given.get(name) or []) > most:
            yield f"{name} holds at most {most} values"


def written(kept: Fields, given: Fields) -> Fields:
    """The contact after a write; null clears a property, a collection is replaced as a whole."""
    known = {name: value for name, value in given.items() if not name.startswith("@")}
    fields = {**kept, **{name: _value(name, value) for name, value in known.items()}}
    if EXTENDED in known:
        fields[EXTENDED] = _extended(kept.get(EXTENDED, []), known[EXTENDED])
    return {**fields, **_named(fields, known)}


def _value(name: str, value: Any) -> Any:
    if value is None:
        return EMPTY[name]
    if name == "emailAddresses":
        return [{"name": each.get("address"), **each} for each in value]
    if name == "birthday":
        return re.sub(r"T.*", "T11:59:00Z", value)
    return value


def _extended(kept: list[Fields], given: list[Fields]) -> list[Fields]:
    """Each replaces the one of its id; the others stay."""
    ids = {each["id"] for each in given}
    return [each for each in kept if each["id"] not in ids] + given


def _named(fields: Fields, given: Fields) -> Fields:
    """The names that Exchange makes up itself."""
    made = {}
    if "displayName" not in given and not {*_NAMES}.isdisjoint(given):
        made["displayName"] = " ".join(filter(None, map(fields.get, _NAMES)))
    if "fileAs" not in given and not {*_NAMES}.isdisjoint(given):
        made["fileAs"] = ", ".join(filter(None, (fields.get("surname"), fields.get("givenName"))))
    return made
