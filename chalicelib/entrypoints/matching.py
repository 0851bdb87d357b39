"""Questions to the matcher: who is this, and why are these two (not) one? Nothing is stored."""

from typing import Any

from chalice import Blueprint

from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.entrypoints.http import Call, Form, Id, expose
from chalicelib.entrypoints.registry import Country
from chalicelib.flow.matching.who import who
from chalicelib.flow.matching.why import why

questions = Blueprint(__name__)


class Question(Form):
    """A record, read as one of a source in this country; or two contacts."""

    record: dict[str, Any] | None = None
    country: str = Country
    contacts: tuple[Id, Id] | None = None


@expose(questions, "/v1/match", "POST")
def post_match(call: Call) -> Any:
    """Personal data never stands in a URL: so a question is a body."""
    asked = call.form(Question)
    if asked.record is not None and asked.contacts is None:
        return who(call.ports, asked.record, asked.country)
    if asked.contacts is not None and asked.record is None:
        return why(call.ports, *asked.contacts)
    detail = "Give either a record or two contacts."
    raise InvalidError(detail, [FieldError("", "one_of", detail)])
