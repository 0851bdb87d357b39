"""Rule findings: whose golden values other rules would change, as it is kept and as it is read.

What is kept holds no values, only digests of both states (salted by the records): what would
become of what is computed when it is read, if it is still the same.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.findings import Told, told_view
from chalicelib.domain.golden import Elected
from chalicelib.domain.graph import Contact
from chalicelib.domain.model import Entity
from chalicelib.domain.versions import content_of, leaves_of, values_of, winners_of
from chalicelib.domain.views import provenance_view

Golden = Mapping[str, Elected]


class RuleFinding(Entity):
    """A contact (its `id`) that would change in `fields`; `told` as in `Finding`.

    `rules` is the version that it was settled by, `before` and `after` are digests of what it
    was and would be, `place` is the row from which it was found.
    """

    id: str
    place: str
    rules: str
    before: str
    after: str
    fields: tuple[str, ...]
    told: Told


def differing(before: Golden, after: Golden) -> tuple[str, ...]:
    """The fields whose value or winner differs."""
    one, other = ((values_of(e), winners_of(e)) for e in (before, after))
    names = sorted(before.keys() | after.keys())
    return tuple(
        n for n in names if any(a.get(n) != b.get(n) for a, b in zip(one, other, strict=True))
    )


def content(contact: Contact, golden: Golden) -> str:
    """The digest that the contact's head has, or would have, with these golden values."""
    head, values, winners = contact.head, values_of(golden), winners_of(golden)
    leaves, _ = leaves_of(contact.records.values(), values, winners)
    return content_of(head.status + head.into, head.members, leaves, winners)


def rule_finding_view(
    finding: RuleFinding, contact: Contact, before: Golden, after: Golden, name: str | None
) -> dict[str, Any]:
    """A finding as the outside sees it, on the contact as it is now.

    `changed` says that it is another one than was rehearsed: then no values are shown.
    """
    shown = (content(contact, before), content(contact, after))
    changed = contact.head.id != finding.id or shown != (finding.before, finding.after)
    sides = [{} if changed else _sides(contact, golden) for golden in (before, after)]
    return {
        "id": finding.id,
        "full_name": name,
        "changed": changed,
        "fields": [
            {"field": n, "before": sides[0].get(n), "after": sides[1].get(n)}
            for n in finding.fields
        ],
        "told": told_view(finding.told),
    }


def _sides(contact: Contact, golden: Golden) -> dict[str, dict[str, Any]]:
    """Of each field the value, by which rule and whose it is."""
    reasons = provenance_view(golden, contact.records)
    return {
        name: {"value": e.value, **{n: reasons[name][n] for n in ("rule", "source")}}
        for name, e in golden.items()
    }
