"""A container fetches one token for many deliveries, and another when an account changes."""

from chalicelib.connectors.catalogue import Connections
from chalicelib.connectors.connector import Account
from chalicelib.connectors.hurry import leisure
from tests.connectors.rig_graph import graph
from tests.connectors.rigs import Rig
from tests.connectors.test_contract import EWA


def account(rig: Rig, **changed: str) -> Account:
    access, options = rig.access | changed, dict(rig.options)
    return Account("t", rig.kind, rig.url, options, access, places=rig.mapper.places)


def tokens(rig: Rig) -> int:
    return sum(called.path.endswith("/token") for called in rig.standin.calls)


def test_a_token_serves_until_it_dies_or_the_account_changes() -> None:
    rig = graph()
    connections = Connections(rig.wire, rig.clock)
    for _ in range(3):
        connections.connect(account(rig), leisure).push([rig.op(EWA)])
    assert tokens(rig) == 1
    rig.clock.on(hours=1)
    connections.connect(account(rig), leisure).push([rig.op(EWA)])
    assert tokens(rig) == 2
    (result,) = connections.connect(account(rig, refresh_token="other"), leisure).push(
        [rig.op(EWA)]
    )
    assert (tokens(rig), result.status) == (3, "failed")


def test_a_place_that_gives_no_tokens_for_now_is_waited_for() -> None:
    rig = graph()
    rig.standin.fail_next(429, on="/token$")
    (result,) = rig.connector().push([rig.op(EWA)])
    assert (result.status, result.retry_after) == ("throttled", "10")
    rig.standin.fail_next(503, on="/token$")
    (result,) = rig.connector().push([rig.op(EWA)])
    assert result.status == "failed"
