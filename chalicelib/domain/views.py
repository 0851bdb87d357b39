"""The contact as the outside sees it: one flat object for answers, filters and pushes."""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.evidence import Record, time_of
from chalicelib.domain.fields import CUSTOM_PREFIX, FIELDS
from chalicelib.domain.golden import BY_HAND, Elected
from chalicelib.domain.graph import Head
from chalicelib.domain.purchases import purchases_view
from chalicelib.domain.sources import HAND
from chalicelib.domain.versions import Version

OFFERED = tuple(FIELDS) + ("custom", "purchases", "records", "status", "updated_at")
"""What a target's field list may name."""
USUAL = (
    "kind",
    "given_name",
    "family_name",
    "full_name",
    "organization",
    "job_title",
    "emails",
    "phones",
    "roles",
    "tags",
)
"""What a target gets that names no fields: enough to write to somebody, nothing sensitive."""


def contact_view(version: Version) -> dict[str, Any]:
    """The golden contact: every field (null or an empty list where nothing is known)."""
    values = version.values
    fields = {n: values.get(n, [] if f.many else None) for n, f in FIELDS.items()}
    fields["kind"] = fields["kind"] or "person"
    fields["full_name"] = fields["full_name"] or _full_name(values)
    custom = {
        n.removeprefix(CUSTOM_PREFIX): v for n, v in values.items() if n.startswith(CUSTOM_PREFIX)
    }
    return {
        "id": version.contact,
        "version": version.number,
        "status": version.status,
        **fields,
        "custom": custom,
        "purchases": purchases_view(values.get("purchases", ())),
        "records": _records(version),
        "updated_at": version.recorded_at,
    }


def _full_name(values: Mapping[str, Any]) -> str | None:
    """Given and family name; a company may be named by `organization` alone."""
    names = [values[n] for n in ("given_name", "family_name") if n in values]
    if not names and values.get("kind") == "company":
        names = [n for n in [values.get("organization")] if n]
    return " ".join(names) or None


def _records(version: Version) -> list[dict[str, str]]:
    told = [version.origins[m] for m in version.members if m in version.origins]
    return [{"source": source, "external_id": external_id} for source, external_id in told]


def provenance_view(
    elected: Mapping[str, Elected], records: Mapping[str, Record]
) -> dict[str, Any]:
    """For each field whose word counts, by which rule, and which words lost."""
    return {name: _provenance(e, records) for name, e in elected.items()}


def _provenance(elected: Elected, records: Mapping[str, Record]) -> dict[str, Any]:
    pinned, owner = elected.rule in BY_HAND, elected.rule.partition(":")[2]
    shown: dict[str, Any] = {
        "source": owner or (HAND.id if pinned else records[elected.record].source),
        "occurred_at": time_of(elected.stamp) or None,
        "rule": elected.rule,
        "lost": _said(elected.lost, records),
    }
    if elected.shares:
        shown["values"] = [
            {"source": HAND.id if v in elected.added else records[r].source, "value": v}
            for r, v in elected.shares
        ]
    return shown | ({"dropped": _said(elected.dropped, records)} if elected.dropped else {})


def _said(told: Iterable[tuple[str, Any]], records: Mapping[str, Record]) -> list[dict[str, Any]]:
    return [{"source": records[r].source, "value": value} for r, value in told]


def version_view(version: Version) -> dict[str, Any]:
    """One version: the contact as it was, why it came to be, and its seal."""
    return contact_view(version) | {
        "cause": version.cause.row(),
        "batch": version.batch,
        "recorded_at": version.recorded_at,
        "merged_into": version.into or None,
        "seal": version.seal,
    }


def values_shown(view: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a view by their canonical names: a custom one as `custom.<name>`."""
    custom = {CUSTOM_PREFIX + name: value for name, value in view["custom"].items()}
    return {name: view[name] for name in FIELDS} | custom


def etag(head: Head) -> str:
    """Id and version: a survivor's version may equal an absorbed contact's."""
    return f'"{head.id}.{head.version}"'
