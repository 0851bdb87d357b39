"""Who meets whom over one review."""

from collections.abc import Callable

from chalicelib.flow.reviewing.review import Verdict
from tests.faults.acting import ASKED
from tests.faults.branches_reviews import (
    LATER,
    SETTLED,
    TRIO,
    arranges,
    asked,
    decides,
    next_day,
    ordered,
    postponed,
    sweeps,
)
from tests.faults.meeting import (
    Meeting,
    Met,
    against,
    on,
    one_after_the_other,
    queued,
    twice,
    works_off,
)
from tests.support.scenes import Act, born, hands, joins, judged, patches, replies, rest, undoes
from tests.support.state import read
from tests.support.world import World


def one_wins(met: Met) -> None:
    """Of two stewards who want different things one is refused."""
    refusals = [a for a in met.answers.values() if isinstance(a, str)]
    assert refusals in (["already_assigned"], ["already_decided"], ["judged_different"])


def one_has_it(met: Met) -> None:
    """Who was told that it is hers has it."""
    one_wins(met)
    (told,) = (a for a in met.answers.values() if isinstance(a, dict))
    (decision,) = met.state.decisions.values()
    assert decision.desk.assignee == told["assignee"]


def answer_stands(met: Met) -> None:
    """The answer is kept, whatever else was done to the question; so is what was arranged."""
    (question,) = (d for d in met.state.decisions.values() if d.judgement.verdict == "unsure")
    assert question.retracted_at and question.undo == met.answers[0]
    if isinstance(met.answers[1], dict):
        assert question.desk.assignee == (met.answers[1]["assignee"] or "")


def each_decided_once(met: Met) -> None:
    """Every question has one answer, and nobody was told that his other one was taken."""
    known = met.state.decisions.values()
    assert all(d.retracted_at or d.desk.settled for d in known if d.judgement.verdict == "unsure")
    same, different = met.answers[0], met.answers[1]
    both = zip(same, different, strict=True)
    assert not any(one == other == "decided" for one, other in both)


def many(*verdicts: Verdict) -> Callable[[World], list[Act]]:
    """Stewards with one word each on all that is open."""

    def acts(world: World) -> list[Act]:
        reviews = asked(read(world.items.snapshot()))
        return [decides(reviews, verdict) for verdict in verdicts]

    return acts


def same(review_id: str) -> Act:
    return replies(review_id, "same")


def different(review_id: str) -> Act:
    return replies(review_id, "different")


def ewas(review_id: str) -> Act:
    return arranges(review_id, assignee="ewa")


def jans(review_id: str) -> Act:
    return arranges(review_id, assignee="jan")


def rests(review_id: str) -> Act:
    return arranges(review_id, postponed_until=LATER)


def ranked_and(*acts: Callable[[str], Act]) -> Callable[[World], list[Act]]:
    """The worker that ranks the reviews of a contact that changed, and others."""
    return lambda world: [
        hands("match", list(world.queues.waiting["match"])),
        *on("unsure", *acts)(world),
    ]


def undone(world: World) -> Act:
    return undoes(judged(read(world.items.snapshot()), "same"))


WORKERS = [works_off("match", born("crm", name)) for name in "12"]
LESS_1, LESS_2 = patches("crm", "1", 6, roles=[]), patches("crm", "2", 6, roles=[])
REVIEWS = {
    "two stewards, one says same and one different": Meeting(
        ASKED, on("unsure", different, same), one_wins
    ),
    "two stewards take one review": Meeting(ASKED, on("unsure", ewas, jans), one_has_it),
    "a review is judged the same, and taken": Meeting(
        ASKED, on("unsure", same, ewas), answer_stands
    ),
    "a review is judged different, and taken": Meeting(
        ASKED, on("unsure", different, ewas), answer_stands
    ),
    "a review is judged different, and postponed": Meeting(
        ASKED, on("unsure", different, rests), answer_stands
    ),
    "a review is judged the same as its time comes": Meeting(
        (*ASKED, postponed, next_day), on("unsure", same, lambda _: sweeps), answer_stands
    ),
    "a review is taken as its time comes": Meeting(
        (*ASKED, postponed, next_day), on("unsure", ewas, lambda _: sweeps)
    ),
    "a review is ranked, and taken": Meeting((*ASKED, LESS_1), ranked_and(ewas)),
    "a review is ranked, and judged different": Meeting((*ASKED, LESS_1), ranked_and(different)),
    "a review is ranked from both its sides": Meeting((*ASKED, LESS_1, LESS_2), queued("match")),
    "a review that a merge settles and an undo asks again": Meeting(
        SETTLED,
        lambda w: against("match", one_after_the_other(undone(w), *WORKERS))(w),
        preemptions=1,
    ),
    "a review that an undo asks again and a merge settles": Meeting(
        (*SETTLED, rest, lambda w: undone(w)(w)), against("match", joins("crm/1", "crm/2"))
    ),
    "many reviews decided by two": Meeting(
        TRIO, many("same", "different"), each_decided_once, large=True, preemptions=1
    ),
    "many reviews decided by two workers": Meeting(
        (*TRIO, ordered("same")), twice("jobs"), large=True, preemptions=1
    ),
}
