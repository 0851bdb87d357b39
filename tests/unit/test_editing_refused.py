"""What people may not do to contacts: each is refused by name and stores nothing."""

from collections.abc import Callable

import pytest

from chalicelib.domain.errors import (
    ConflictError,
    InvalidError,
    KartotekaError,
    NotFoundError,
    StaleError,
)
from chalicelib.flow.editing import edit, retire, split
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.editing.split import Parting
from chalicelib.flow.merging import merge
from chalicelib.flow.merging.merge import Order
from tests.support.scenes import born
from tests.support.world import World
from tests.unit.editing import ME, edited, seen


@pytest.fixture
def world() -> World:
    return edited()


Act = Callable[[World], object]
REFUSED: dict[str, tuple[Act, type[KartotekaError], str]] = {
    "an edit of a contact that has changed since": (
        lambda w: edit.edit(w.ports, Seen(born("crm", "1"), '"x.1"', ME, "k"), {"stage": "lead"}),
        StaleError,
        "stale",
    ),
    "an edit of nobody": (
        lambda w: edit.edit(w.ports, Seen("nobody", '"nobody.1"', ME, "k"), {"stage": "lead"}),
        NotFoundError,
        "notfound",
    ),
    "an unknown field": (
        lambda w: edit.edit(w.ports, seen(w), {"shoe": 44}),
        InvalidError,
        "/shoe",
    ),
    "an invalid value": (
        lambda w: edit.edit(w.ports, seen(w), {"emails": ["not an address"]}),
        InvalidError,
        "/emails/0",
    ),
    "an empty contact": (lambda w: edit.create(w.ports, {}, "n", ME), InvalidError, "invalid"),
    "a version that never was": (
        lambda w: edit.revert(w.ports, seen(w), 7, None),
        NotFoundError,
        "notfound",
    ),
    "a field that there is not": (
        lambda w: edit.revert(w.ports, seen(w), 1, ["shoe"]),
        InvalidError,
        "/fields/0",
    ),
    "bringing back what nobody put away": (
        lambda w: retire.restore(w.ports, seen(w)),
        ConflictError,
        "not_retired",
    ),
    "a split of all there is": (
        lambda w: split.split(w.ports, Parting(born("crm", "1"), (born("crm", "1"),), ME, "k")),
        InvalidError,
        "/records",
    ),
    "a split of strangers": (
        lambda w: split.split(w.ports, Parting(born("crm", "1"), ("nobody",), ME, "k")),
        InvalidError,
        "/records/0",
    ),
    "a choice of a stranger's word": (
        lambda w: merge.merge(
            w.ports, Order((born("crm", "1"), "x"), "merge", "", ME, choices={"stage": "y"})
        ),
        InvalidError,
        "/choices/stage",
    ),
    "a choice of half a name": (
        lambda w: merge.merge(
            w.ports,
            Order((born("crm", "1"), "x"), "merge", "", ME, choices={"given_name": "x"}),
        ),
        InvalidError,
        "/choices/given_name",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_may_not_be_is_refused_and_stores_nothing(world: World, case: str) -> None:
    act, error, where = REFUSED[case]
    before = world.items.snapshot()
    with pytest.raises(error) as refused:
        act(world)
    named = [e.pointer for e in getattr(refused.value, "errors", [])]
    assert where in (*named, refused.value.kind)
    assert world.items.snapshot() == before


def test_facts_are_not_edited_away(world: World) -> None:
    consent = {
        "purpose": "news",
        "channel": "email",
        "status": "granted",
        "occurred_at": "2026-11-21T10:00:00Z",
    }
    edit.edit(world.ports, seen(world), {"consents": [consent]})
    with pytest.raises(InvalidError) as refused:
        edit.edit(world.ports, seen(world), {"consents": []})
    assert [e.pointer for e in refused.value.errors] == ["/consents"]
