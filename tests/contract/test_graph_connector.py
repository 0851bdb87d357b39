"""What our connector sends to Graph is what Microsoft's own document allows.

It is of 2021 and does not know delta queries.
"""

from collections.abc import Callable

import pytest

from tests.connectors.rig_graph import graph, graph_app
from tests.connectors.rigs import Rig
from tests.connectors.sessions import session
from tests.standins import specs
from tests.standins.base import Called

pytestmark = pytest.mark.where_obtainable


def of_2021(called: Called) -> Called:
    """The document has users only, and no `/me`."""
    path = called.path.replace("/me/", "/users/user-1/")
    return Called(called.method, path, called.query, called.headers, called.body)


@pytest.mark.parametrize("make", [graph, graph_app])
def test_every_kind_of_request_is_microsofts(make: Callable[[], Rig]) -> None:
    spec = specs.read("graph-v1.0-personalcontacts.json")
    called = [of_2021(each) for each in session(make()) if not each.path.endswith("/delta")]
    assert [fault for each in called for fault in spec.faults(each)] == []
    assert len(called) == 16
    assert {(each.method, each.path.count("/")) for each in called} == {
        ("GET", 4),
        ("POST", 4),
        ("GET", 5),
        ("PATCH", 5),
        ("DELETE", 5),
    }


def test_every_request_about_a_subscription_is_microsofts() -> None:
    spec, rig = specs.read("graph-v1.0-subscriptions.json"), graph_app()
    made = rig.connector().subscribe("https://kartoteka.example/v1/hooks/t?number=1", "state")
    rig.connector().renew(made)
    rig.connector().subscriptions()
    rig.connector().unsubscribe(made)
    called = [each for each in rig.standin.calls if "/subscriptions" in each.path]
    assert [each.method for each in called] == ["POST", "PATCH", "GET", "DELETE"]
    assert [fault for each in called for fault in spec.faults(each)] == []
