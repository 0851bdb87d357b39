"""What our connector sends to Google is what Google's own document allows."""

import pytest

from tests.connectors.rig_google import google
from tests.connectors.sessions import session
from tests.standins import specs

pytestmark = pytest.mark.where_obtainable


def test_every_kind_of_request_is_googles() -> None:
    spec = specs.read("google-people.v1.discovery.json")
    called = session(google())
    assert [fault for each in called for fault in spec.faults(each)] == []
    assert len(called) == 25
    assert {(each.method, each.path.rpartition("/")[2].partition(":")[2]) for each in called} == {
        ("GET", ""),
        ("GET", "batchGet"),
        ("GET", "searchContacts"),
        ("POST", "createContact"),
        ("PATCH", "updateContact"),
        ("DELETE", "deleteContact"),
    }
