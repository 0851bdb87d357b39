"""Whom a target should have: by its filter and by consent, asked in this one place."""

from datetime import date
from typing import Any, Literal

from chalicelib.domain.consents import standing
from chalicelib.domain.filters import compile_filter
from chalicelib.domain.mapping.catalogue import mapper_of
from chalicelib.domain.sources import Gate, Target
from chalicelib.domain.versions import Version
from chalicelib.domain.views import contact_view, values_shown

Why = Literal["", "left_filter", "not_listed", "no_consent"]


def why_not(target: Target, version: Version, today: date, *, listed: bool) -> Why:
    """Why the target should not have the contact as it is in this version; empty if it should.

    `listed` says whether the contact is on any of the target's lists.
    """
    if not compile_filter(target.filter, today).matches(contact_view(version)):
        return "left_filter"
    if target.audience == "lists" and not listed:
        return "not_listed"
    allowed = target.consent is None or _consents(target.consent, version)
    return "" if allowed else "no_consent"


def _consents(gate: Gate, version: Version) -> bool:
    said = standing(version.values.get("consents", ()), gate.purpose, gate.channel)
    return said == "granted" or (said == "unknown" and gate.unless == "withdrawn")


def projection(target: Target, version: Version) -> dict[str, Any]:
    """What a target gets to see of a contact: the fields of its list, as it can hold them.

    A system with a mapping sees what that knows, where no fields are named.
    """
    view, mapper = contact_view(version), mapper_of(target.kind, target.mapping)
    if mapper is None:
        return {name: view[name] for name in target.fields if name in view}
    seen = target.fields or tuple(mapper.fields)
    told = values_shown(view)
    return mapper.projection({name: told[name] for name in seen if told.get(name)})
