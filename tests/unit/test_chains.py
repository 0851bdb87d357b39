"""A chain that was meddled with is found out, and at which version."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.chains import Link, chain_faults, end_faults, link_of
from chalicelib.domain.graph import Head
from chalicelib.domain.versions import Version, seal_of
from tests.unit.test_differences import version

Chain = list[Version]


def sealed(number: int, after: Version | None, **changes: Any) -> Version:
    frame = {"number": number, "recorded_at": f"2026-11-21T12:00:0{number}.000000Z"}
    frame["previous"] = after.seal if after else ""
    made = version().model_copy(update=frame | changes)
    return made.model_copy(update={"seal": seal_of(made)})


def chain() -> Chain:
    found: Chain = []
    for number in range(1, 5):
        found.append(sealed(number, found[-1] if found else None))
    return found


def head(of: Version, **changes: Any) -> Head:
    named = {"version": of.number, "recorded_at": of.recorded_at, "seal": of.seal}
    return Head(id="c", **named | changes)


def faults(versions: Chain, named: Head) -> list[tuple[int, str]]:
    last = link_of(versions[-1]) if versions else Link()
    found = [*chain_faults("c", Link(), versions), *end_faults(named, last)]
    return [(fault.version, fault.code) for fault in found]


def swapped(n: int, **changes: Any) -> Callable[[Chain], Chain]:
    """One version is another than was sealed."""
    return lambda c: [*c[: n - 1], c[n - 1].model_copy(update=changes), *c[n:]]


def resealed(n: int, **changes: Any) -> Callable[[Chain], Chain]:
    """One version is another, with a seal of its own."""
    return lambda c: [*c[: n - 1], sealed(n, c[n - 2] if n > 1 else None, **changes), *c[n:]]


@pytest.mark.parametrize(
    ("meddle", "expected"),
    [
        (lambda c: c, []),
        (swapped(2, batch="x"), [(2, "bad_seal")]),
        (swapped(2, leaves={"r1": "x"}), [(2, "bad_seal")]),
        (swapped(2, contact="d"), [(2, "bad_seal")]),
        (resealed(2, batch="x"), [(3, "unlinked")]),
        (resealed(4, batch="x"), [(4, "head")]),
        (resealed(1, previous="x"), [(1, "unlinked"), (2, "unlinked")]),
        (lambda c: c[1:], [(2, "gap"), (2, "unlinked")]),
        (lambda c: [c[0], *c[2:]], [(3, "gap"), (3, "unlinked")]),
        (lambda c: c[:-1], [(3, "head")]),
        (lambda _: [], [(0, "head")]),
        (
            lambda c: [c[0], s := sealed(2, c[0], recorded_at=c[0].recorded_at), sealed(3, s)],
            [(2, "not_later"), (3, "head")],
        ),
    ],
)
def test_each_way_to_meddle_is_found(
    meddle: Callable[[Chain], Chain], expected: list[tuple[int, str]]
) -> None:
    assert faults(meddle(chain()), head(chain()[-1])) == expected


@pytest.mark.parametrize("changes", [{"version": 3}, {"seal": "x"}, {"recorded_at": "2"}])
def test_a_head_that_names_another_version_is_found(changes: dict[str, Any]) -> None:
    assert faults(chain(), head(chain()[-1], **changes)) == [(4, "head")]


def test_what_erasure_may_redact_is_not_sealed() -> None:
    redacted = swapped(2, values={}, winners={}, origins={})(chain())
    assert faults(redacted, head(redacted[-1])) == []


def test_a_chain_may_be_checked_in_parts() -> None:
    versions = chain()
    assert not [*chain_faults("c", link_of(versions[1]), versions[2:])]
    assert [f.code for f in chain_faults("c", Link(1, "", ""), versions[2:])] == ["gap", "unlinked"]
