"""What a person is made of, and what Google makes of it on write.

Unchecked: that blank values are dropped and others trimmed; that `canonicalForm` comes only where
the number is written with its country code.
"""

import re
from calendar import monthrange
from collections.abc import Container, Iterator
from typing import Any

Fields = dict[str, list[dict[str, Any]]]

MY_CONTACTS = "contactGroups/myContacts"
SINGLETONS = ("biographies", "birthdays", "genders", "names")
WRITABLE = (
    *("addresses", "biographies", "birthdays", "calendarUrls", "clientData", "emailAddresses"),
    *("events", "externalIds", "genders", "imClients", "interests", "locales", "locations"),
    *("memberships", "miscKeywords", "names", "nicknames", "occupations", "organizations"),
    *("phoneNumbers", "relations", "sipAddresses", "urls", "userDefined"),
)
_OUTPUT = (
    *("metadata", "formattedType", "formattedValue", "formattedProtocol", "displayNameLastFirst"),
    *("canonicalForm", "domainMembership"),
)
_LISTED = 100  # addresses and numbers that a list shows of a person


def written(given: dict[str, Any], names: tuple[str, ...] = WRITABLE) -> Fields:
    """The fields of a request as they are kept; output-only parts are ignored."""
    return {name: _kept(name, given[name]) for name in names if given.get(name)}


def faults(given: dict[str, Any], groups: Container[str]) -> Iterator[str]:
    """Why a person is refused though its shape is right."""
    for name in SINGLETONS:
        if len(given.get(name, [])) > 1:
            yield f"person.{name} is a singleton field for contact sources"
    for birthday in given.get("birthdays", []):
        if not _is_date(birthday.get("date", {})):
            yield "person.birthdays: invalid date"
    for membership in given.get("memberships", []):
        group = membership.get("contactGroupMembership", {}).get("contactGroupResourceName")
        if group not in groups:
            yield "person.memberships: no such contact group"


def shown(fields: Fields, mask: set[str], source: str, listed: bool) -> dict[str, Any]:
    """The fields of the mask, with what only Google says; a list shows less than a read."""
    most = {"emailAddresses": _LISTED, "phoneNumbers": _LISTED} if listed else {}
    return {
        name: [
            {**value, **_said(name, value), "metadata": _metadata(place == 0, source)}
            for place, value in enumerate(all[: most.get(name)])
        ]
        for name, all in fields.items()
        if name in mask
    }


def _kept(name: str, values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    cleaned = [_clean(value) for value in values]
    if name == "names":
        cleaned = [_without(value, "displayName") for value in cleaned]
    return [value for value in cleaned if value]


def _clean(value: dict[str, Any]) -> dict[str, Any]:
    texts = {key: part.strip() if isinstance(part, str) else part for key, part in value.items()}
    return {key: part for key, part in texts.items() if part != "" and key not in _OUTPUT}


def _without(value: dict[str, Any], key: str) -> dict[str, Any]:
    return {each: part for each, part in value.items() if each != key}


def _metadata(primary: bool, source: str) -> dict[str, Any]:
    return {"primary": primary, "source": {"type": "CONTACT", "id": source}}


def _said(name: str, value: dict[str, Any]) -> dict[str, Any]:
    if name == "names":
        parts = [value.get(part, "") for part in ("givenName", "middleName", "familyName")]
        return {"displayName": " ".join(filter(None, parts)) or value.get("unstructuredName", "")}
    number = value.get("value", "")
    if name == "phoneNumbers" and number.startswith("+"):
        return {"canonicalForm": "+" + re.sub(r"\D", "", number)}
    return {}


def _is_date(date: dict[str, int]) -> bool:
    year, month, day = (date.get(part, 0) for part in ("year", "month", "day"))
    if not (0 <= year <= 9999 and 0 <= month <= 12):
        return False
    return day == 0 or (month > 0 and 0 < day <= monthrange(year or 2000, month)[1])
