"""The check of a whole state sees what is wrong on the stewards' desk."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.judgements import Decision
from chalicelib.domain.priority import Worth
from chalicelib.store import keys
from chalicelib.store.contacts import decision_write
from chalicelib.store.ports import Set
from tests.faults.acting import ASKED, agreed
from tests.faults.branches_reviews import SETTLED
from tests.faults.test_fsck import found
from tests.support.scenes import registered, rest
from tests.support.state import read
from tests.support.witness import watched
from tests.support.world import World

Harm = Callable[[World], object]


def the_question(world: World) -> Decision:
    known = read(world.items.snapshot()).decisions.values()
    return next(d for d in known if d.judgement.verdict == "unsure")


def desk(**news: Any) -> Harm:
    """The question lies otherwise on the desk, and in the queue accordingly."""

    def harm(world: World) -> None:
        asked = the_question(world)
        changed = asked.model_copy(update={"desk": asked.desk.model_copy(update=news)})
        world.items.write([decision_write(changed, new=False)])

    return harm


def row(**news: str) -> Harm:
    return lambda world: world.items.write(
        [Set(keys.judgement(the_question(world).judgement.id), news)]
    )


@pytest.mark.unsound
@pytest.mark.parametrize(
    ("steps", "harm", "words"),
    [
        (ASKED, row(lane="postponed"), "queue_astray"),
        (ASKED, row(due="0000001#x"), "queue_astray"),
        ((*ASKED, agreed, rest), row(lane="review"), "queue_astray"),
        (ASKED, desk(settled=True), "left the desk wrongly"),
        ((*SETTLED, rest), desk(settled=False), "lies on the desk wrongly"),
        (ASKED, desk(worth=(Worth(), Worth(records=10))), "ranked by"),
    ],
)
def test_what_is_wrong_on_the_desk_is_named(
    steps: tuple[Harm, ...], harm: Harm, words: str
) -> None:
    assert words in found(watched(), registered, *steps, harm)
