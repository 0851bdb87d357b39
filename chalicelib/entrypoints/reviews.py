"""The stewards' desk: open questions by priority, decided, assigned, postponed."""

from typing import Annotated, Any, Literal

from chalice import Blueprint
from pydantic import Field

from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.entrypoints.http import Call, Form, Id, answered, expose
from chalicelib.flow.reading import lists
from chalicelib.flow.reviewing import assign, decide_many, desk, progress, review, show_review

reviews = Blueprint(__name__)
ME = "me"


class Answer(Form):
    """A steward's word on a review; mode, prefer and choices as in a merge by hand."""

    verdict: Literal["same", "different"]
    mode: Literal["merge", "overwrite", "skip"] = "merge"
    prefer: str = ""
    choices: dict[str, Id] = {}


class Filter(Form):
    """Which of the open questions; `q` is a filter that both contacts must match."""

    min_score: int | None = None
    max_score: int | None = None
    assignee: str | None = None
    q: str = ""


class ManyAnswers(Form):
    """One verdict on the reviews that are named, or on those that a filter finds."""

    verdict: Literal["same", "different"]
    reviews: tuple[Id, ...] | None = None
    filter: Filter | None = None
    limit: Annotated[int, Field(ge=1, le=decide_many.REVIEWS_CAP)] = 100
    preview: bool = False


class Arrangement(Form):
    """A merge patch of how a review lies on the desk; `force` takes it from somebody else."""

    assignee: Id | None = None
    postponed_until: str | None = None
    note: Annotated[str, Field(max_length=2_000)] | None = None
    force: bool = False


@expose(reviews, "/v1/reviews", "GET")
def get_reviews(call: Call) -> Any:
    """The open questions by priority, or some of them."""
    asked = call.request.query_params or {}
    wanted = desk.Wanted(
        assignee=_assignee(call, call.named("assignee") or None),
        contact=call.named("contact"),
        postponed=_flag(asked.get("postponed", "false")),
    )
    of = f"{wanted.assignee} {wanted.contact} {wanted.postponed}"
    return call.listed(
        "reviews", of, lambda ports, _, after, n: desk.reviews(ports, after, n, wanted)
    )


def _assignee(call: Call, named: str | None) -> str | None:
    """Whom a name in a query means: `me` who asks, `none` nobody."""
    return {ME: call.by, assign.NOBODY: ""}.get(named, named) if named else None


def _flag(given: str) -> bool:
    if given not in ("true", "false"):
        raise InvalidError("postponed is true or false.", status=400)
    return given == "true"


@expose(reviews, "/v1/reviews/progress", "GET")
def get_progress(call: Call) -> Any:
    """How much is open, and what was decided by whom."""
    return progress.progress(call.ports, call.by)


@expose(reviews, "/v1/reviews/{review_id}", "GET")
def get_review(call: Call, review_id: str) -> Any:
    """One whole: side by side, with its group."""
    return show_review.show(call.ports, review_id)


@expose(reviews, "/v1/reviews/{review_id}", "POST")
def post_review(call: Call, review_id: str) -> Any:
    """Answer one: the machine never overrules it."""
    given = call.form(Answer)
    said = review.Answer(**given.model_dump(), by=call.by)
    return review.answer(call.ports, review_id, said)


@expose(reviews, "/v1/reviews/{review_id}", "PATCH")
def patch_review(call: Call, review_id: str) -> Any:
    """Assign it, postpone it, note something."""
    given = call.form(Arrangement)
    news = given.model_dump(include=given.model_fields_set - {"force"})
    if news.get("assignee") == ME:
        news["assignee"] = call.by
    return assign.arrange(call.ports, review_id, news, given.force)


@expose(reviews, "/v1/reviews/decide", "POST")
def post_decisions(call: Call) -> Any:
    """Answer many at once; more than twenty are a job."""
    given = call.form(ManyAnswers)
    order = decide_many.Order(
        given.verdict, call.by, given.reviews or (), _wanted(call, given), given.limit
    )
    if given.preview:
        return decide_many.preview(call.ports, order)
    status, answer = decide_many.decide(call.ports, order)
    return answered(answer, status)


def _wanted(call: Call, given: ManyAnswers) -> desk.Wanted | None:
    if (given.reviews is None) == (given.filter is None):
        detail = "Name either reviews or a filter."
        raise InvalidError(detail, [FieldError("/filter", "either_or", detail)])
    if given.filter is None:
        return None
    asked = given.filter
    return desk.Wanted(
        assignee=_assignee(call, asked.assignee),
        min_score=asked.min_score,
        max_score=asked.max_score,
        q=asked.q,
    )


@expose(reviews, "/v1/judgements", "GET")
def get_judgements(call: Call) -> Any:
    """What people answered and undid, with the reasons that the machine had."""
    return call.listed(
        "judgements", "", lambda ports, _, after, n: lists.judgements(ports, after, n)
    )
