"""What differs between two versions is told field by field, and nothing else is."""

from typing import Any

import pytest

from chalicelib.domain.differences import changed, differences
from chalicelib.domain.versions import Cause, Version

MAIL, LABELLED = {"address": "a@b.pl"}, {"address": "A@b.pl", "label": "work"}
OTHER = {"address": "c@d.pl"}
ORIGINS = {"r1": ("crm", "7"), "r2": ("crm", "7a"), "r3": ("crm", "7A")}


def version(members: str = "r1", status: str = "active", into: str = "", **values: Any) -> Version:
    return Version(
        contact="c",
        number=1,
        status=status,
        values=values,
        winners={},
        members=tuple(members.split()),
        leaves={},
        evidence={},
        cause=Cause(type="contact.upserted", by="source:crm"),
        batch="b",
        recorded_at="2026-11-21T12:00:00.000000Z",
        previous="",
        seal="",
        into=into,
        origins=ORIGINS,
    )


def listed(field: str, before: Any, after: Any, added: Any, removed: Any) -> dict[str, Any]:
    told = {"before": before, "after": after, "added": added, "removed": removed}
    return {"field": field, **told}


def single(field: str, before: Any, after: Any) -> dict[str, Any]:
    return {"field": field, "before": before, "after": after}


def origin(external_id: str) -> dict[str, str]:
    return {"source": "crm", "external_id": external_id}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (version(given_name="Jan"), version(given_name="Jan"), []),
        (
            version(given_name="Jan"),
            version(given_name="Ewa"),
            [single("given_name", "Jan", "Ewa")],
        ),
        (version(), version(stage="lead"), [single("stage", None, "lead")]),
        (version(stage="lead"), version(), [single("stage", "lead", None)]),
        (
            version(**{"custom.vip": False}),
            version(**{"custom.vip": 0}),
            [single("custom.vip", False, 0)],
        ),
        (version(**{"custom.size": 0}), version(), [single("custom.size", 0, None)]),
        (version(tags=["a"]), version(), [listed("tags", ["a"], [], [], ["a"])]),
        (
            version(emails=[MAIL]),
            version(emails=[LABELLED]),
            [listed("emails", [MAIL], [LABELLED], [], [])],
        ),
        (
            version(emails=[MAIL, OTHER]),
            version(emails=[OTHER, MAIL]),
            [listed("emails", [MAIL, OTHER], [OTHER, MAIL], [], [])],
        ),
        (
            version(emails=[MAIL]),
            version(emails=[OTHER]),
            [listed("emails", [MAIL], [OTHER], [OTHER], [MAIL])],
        ),
        (version(), version(status="retired"), [single("status", "active", "retired")]),
        (
            version("r1 r2"),
            version("r1 r3"),
            [
                listed(
                    "records",
                    [origin("7"), origin("7a")],
                    [origin("7"), origin("7A")],
                    [origin("7A")],
                    [origin("7a")],
                )
            ],
        ),
        (
            version(given_name="Jan"),
            version("", "merged", "d"),
            [
                single("given_name", "Jan", None),
                single("merged_into", None, "d"),
                listed("records", [origin("7")], [], [], [origin("7")]),
                single("status", "active", "merged"),
            ],
        ),
    ],
)
def test_what_differs_is_told_field_by_field(
    before: Version, after: Version, expected: list[dict[str, Any]]
) -> None:
    assert differences(before, after) == expected


def test_the_first_version_changed_all_that_it_holds() -> None:
    first = version(tags=["a"], given_name="Jan")
    assert changed(None, first) == ["given_name", "tags", "records", "status"]
