"""Our tables of SendGrid's requests, and the stand-in's answers, against SendGrid's documents."""

import json
import re
from typing import Any

import pytest

from tests.standins import specs
from tests.standins.base import Called
from tests.standins.sendgrid import SendGrid
from tests.unit.standins.calling import Clock
from tests.unit.standins.sendgrid_requests import BROKEN, KEY, VALID, Request, prepared

pytestmark = pytest.mark.where_obtainable
_FILES = {
    "/v3/marketing/lists": "sendgrid-mc_lists.json",
    "/v3/marketing/field_definitions": "sendgrid-mc_custom_fields.json",
    "/v3/marketing": "sendgrid-mc_contacts.json",
    "/v3/": "sendgrid-suppressions.json",
}
# Three operations are said to answer an object where their example has a text.
_SLIP = re.compile("/job_id: '.*' is not of type 'object'")


def of(url: str) -> specs.Spec:
    """The document in which this path is."""
    file = next(file for start, file in _FILES.items() if url.startswith(start))
    return specs.read(file, loose=["custom_fields"])


def called(method: str, url: str, body: Any) -> Called:
    written = b"" if body is None else json.dumps(body).encode()
    return Called.of(method, url, {**KEY, "content-type": "application/json"}, written)


def test_every_operation_of_the_stand_in_is_in_the_documents() -> None:
    sendgrid = prepared(SendGrid(Clock()))
    for request in VALID:
        asked, spec = called(*request), of(request[1])
        replied = sendgrid.answer(asked)
        assert (request, spec.faults(asked)) == (request, [])
        faults = spec.answer_faults(asked, replied)
        assert (request, [each for each in faults if not _SLIP.fullmatch(each)]) == (request, [])


@pytest.mark.parametrize("request_", BROKEN, ids=lambda each: each[1][:60])
def test_a_broken_request_is_not_valid_by_the_documents(request_: Request) -> None:
    assert of(request_[1]).faults(called(*request_))
