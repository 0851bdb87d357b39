"""The contact's fields: the one table of what a contact may hold and in which form.

Normalisation, the golden contact, filters and the documentation all read it. A custom field
stands in records as `custom.<name>`; each is described by `CUSTOM`.
"""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.normal.codec import Codec
from chalicelib.domain.normal.countries import country, postal_code
from chalicelib.domain.normal.custom import scalar
from chalicelib.domain.normal.dates import birth_date, day, last_day, moment
from chalicelib.domain.normal.emails import email
from chalicelib.domain.normal.identifiers import identifier
from chalicelib.domain.normal.languages import language
from chalicelib.domain.normal.phones import phone
from chalicelib.domain.normal.references import external_id, source_id
from chalicelib.domain.normal.text import choice, line, lines, token

KINDS = ("person", "company")
ROLES = ("customer", "supplier", "producer", "partner", "prospect", "subscriber", "other")
CHANNELS = ("email", "phone", "sms", "post", "chat")
STAGES = ("lead", "prospect", "customer", "former", "refused")
NAME_FIELDS = ("given_name", "family_name", "full_name")
NAME = "name"  # all of them together, where a rule or a choice is meant

CUSTOM_PREFIX = "custom."
_CUSTOM_NAME = re.compile(r"custom\.[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class Shape:
    """An object: its parts in the order of reading (a later one may depend on an earlier).

    A part that is invalid is left out; if it is one of `required`, so is the whole object.
    Plain text, where `short_for` is set, is taken for an object with that part alone. The
    part `own`, left out, is the source that tells.
    """

    parts: Mapping[str, Codec]
    required: tuple[str, ...] = ()
    short_for: str | None = None
    own: str | None = None


@dataclass(frozen=True)
class Field:
    """One field: its name in JSON, its label for people, the form of its value.

    With `many` the value is a list of at most `limit` elements of that form, in the order
    given and without repeats, unless it `repeats`.
    """

    name: str
    label: str
    form: Codec | Shape
    many: bool = False
    limit: int = 50
    repeats: bool = False


# Said of an element, not part of what it is.
_BESIDE = frozenset({"label", "validity", "role", "since", "until"})
_EXACT = frozenset({"external_id"})  # another system's: its letter case may tell two apart
_LABEL = {"label": line(50)}
_EMAIL = Shape(
    {"address": email, **_LABEL, "validity": choice("valid", "invalid")},
    required=("address",),
    short_for="address",
)
_PHONE = Shape(
    {"number": phone, **_LABEL, "validity": choice("valid", "invalid")},
    required=("number",),
    short_for="number",
)
_ADDRESS = Shape(
    {
        "country": country,
        "street": line(300),
        "city": line(200),
        "postal_code": postal_code,
        "region": line(200),
        **_LABEL,
    }
)
_IDENTIFIER = Shape({"kind": token, "value": identifier}, required=("kind", "value"))
_CONSENT = Shape(
    {
        "purpose": token,
        "channel": choice(*CHANNELS),
        "status": choice("granted", "withdrawn"),
        "occurred_at": moment,
        "proof": lines(1000),
    },
    required=("purpose", "channel", "status", "occurred_at"),
)
_RELATION = Shape(
    {
        "kind": token,
        "source": source_id,
        "external_id": external_id,
        "role": line(200),
        "since": day,
        "until": last_day,
    },
    required=("kind", "source", "external_id"),
    own="source",
)

FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field("kind", "Kind", choice(*KINDS)),
        Field("given_name", "Given name", line(200)),
        Field("family_name", "Family name", line(200)),
        Field("full_name", "Full name", line(200)),
        Field("nicknames", "Nicknames", line(200), many=True),
        Field("organization", "Organisation", line(300)),
        Field("job_title", "Job title", line(200)),
        Field("emails", "E-mail addresses", _EMAIL, many=True),
        Field("phones", "Telephone numbers", _PHONE, many=True),
        Field("addresses", "Postal addresses", _ADDRESS, many=True),
        Field("birth_date", "Date of birth", birth_date),
        Field("roles", "Roles", choice(*ROLES), many=True),
        Field("tags", "Tags", line(100), many=True, limit=100),
        Field("interests", "Interests", line(100), many=True),
        Field("preferred_channel", "Preferred channel", choice(*CHANNELS)),
        Field("stage", "Stage", choice(*STAGES)),
        Field("identifiers", "Identifiers", _IDENTIFIER, many=True),
        Field("language", "Language", language),
        Field("notes", "Notes", lines(5000), many=True),
        Field("consents", "Consents", _CONSENT, many=True),
        Field("relations", "Relations", _RELATION, many=True),
    )
}
CUSTOM = Field("custom", "Custom field", scalar)


def field_of(name: str) -> Field | None:
    """The field that a canonical name (`emails`, `custom.shoe_size`) stands for, if any."""
    return CUSTOM if _CUSTOM_NAME.fullmatch(name) else FIELDS.get(name)


def identity(element: Any) -> Hashable:
    """What makes two elements of a list the same: all but letter case and what is said beside.

    That is label and validity, and of a relation its role and dates.
    """
    if isinstance(element, Mapping):
        told = ((k, v) for k, v in element.items() if k not in _BESIDE)
        return tuple(sorted((k, v if k in _EXACT else identity(v)) for k, v in told))
    return str(element).casefold()
