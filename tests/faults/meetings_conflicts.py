"""Who meets whom over one conflict with a partner."""

from collections.abc import Callable

from chalicelib.domain.conflicts import Take
from tests.faults.acting import JAN, MAIL, ewa
from tests.faults.branches_conflicts import HELD, answers_it, hears, the_conflict
from tests.faults.meeting import Meeting, Met, both
from tests.support.scenes import Act, joins, tells
from tests.support.world import World


def one_answer_counts(met: Met) -> None:
    """Two who want different things never both win; what is kept is what one was told."""
    (conflict,) = met.state.conflicts.values()
    taken = [a for a in met.answers.values() if a in ("theirs", "ours")]
    refused = [a for a in met.answers.values() if a in ("already_decided", "stale")]
    assert taken == [conflict.take] and len(refused) == 1


def not_unseen(met: Met) -> None:
    """No answer is taken for a value that nobody saw."""
    for conflict in met.state.conflicts.values():
        assert conflict.take == "" or conflict.theirs == "dyrektor"


def seen_and(take: Take, act: Act) -> Callable[[World], list[Act]]:
    """Who saw the conflict as it is before the meeting, and somebody else."""
    return lambda world: [answers_it(take, seen=the_conflict(world)), act]


CONFLICTS = {
    "two answers to one conflict": Meeting(
        HELD, both(answers_it("theirs"), answers_it("ours")), one_answer_counts
    ),
    "a conflict is answered as the partner says another thing": Meeting(
        HELD, seen_and("ours", hears("szef", "e2")), not_unseen
    ),
    "a conflict is answered with theirs as the partner says another thing": Meeting(
        HELD, seen_and("theirs", hears("szef", "e2")), not_unseen, large=True
    ),
    "a conflict is answered as its contact changes": Meeting(
        HELD,
        both(answers_it("theirs"), tells("crm", "1", 9, **JAN, **MAIL, job_title="dozorca")),
    ),
    "a conflict is answered as its contact is merged": Meeting(
        (*HELD, ewa), both(answers_it("theirs"), joins("crm/3", "crm/1")), large=True
    ),
}
