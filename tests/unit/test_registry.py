"""What may not be registered."""

from collections.abc import Callable

import pytest

from chalicelib.domain.errors import ConflictError
from chalicelib.domain.sources import Source, Target
from chalicelib.flow import registry
from tests.support.world import World


@pytest.mark.parametrize(
    "ask",
    [
        lambda world: registry.register(world.ports, Source, "hand", {"name": "Mine"}),
        lambda world: registry.rotate_secret(world.ports, Source, "hand"),
    ],
)
def test_nobody_speaks_as_the_people_s_own_source(ask: Callable[[World], object]) -> None:
    world = World()
    before = world.items.snapshot()
    with pytest.raises(ConflictError) as refused:
        ask(world)
    assert refused.value.kind == "reserved"
    assert world.items.snapshot() == before


def test_a_target_may_be_called_hand() -> None:
    world = World()
    world.target("hand")
    assert registry.find(world.ports, Target, "hand")
