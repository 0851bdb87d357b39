"""What every connector must do, whatever the system."""

import inspect
from typing import Any

import pytest

from chalicelib.connectors.connector import Op
from tests.connectors.rig_carddav import carddav, carddav_4
from tests.connectors.rig_google import google
from tests.connectors.rig_graph import graph, graph_app
from tests.connectors.rig_hubspot import hubspot
from tests.connectors.rig_ldap import ldap
from tests.connectors.rig_mailchimp import mailchimp
from tests.connectors.rig_pipedrive import pipedrive
from tests.connectors.rig_salesforce import salesforce
from tests.connectors.rig_sendgrid import sendgrid
from tests.connectors.rig_tryton import tryton
from tests.connectors.rigs import ID, Rig

KINDS: list[Any] = [
    carddav,
    carddav_4,
    google,
    graph,
    graph_app,
    hubspot,
    pytest.param(ldap, marks=pytest.mark.where_obtainable),
    mailchimp,
    pipedrive,
    salesforce,
    sendgrid,
    tryton,
]
EWA: dict[str, Any] = {
    "given_name": "Ewa",
    "family_name": "Lis",
    "full_name": "Ewa Lis",
    "emails": [{"address": "ewa@example.org"}],
    "phones": [{"number": "+48600100200"}],
}


@pytest.fixture(params=KINDS, ids=lambda make: make.__name__)
def rig(request: pytest.FixtureRequest) -> Any:
    """Each system in turn; at the end it must have seen no request that it would not take.

    The parameters of its maker are fixtures: the real server that it is about.
    """
    needed = inspect.signature(request.param).parameters
    made: Rig = request.param(*(request.getfixturevalue(name) for name in needed))
    yield made
    assert made.standin.broken == []


def push(rig: Rig, contact: dict[str, Any], remote: str = "", **more: Any) -> Any:
    (result,) = rig.connector().push([rig.op(contact, remote, **more)])
    rig.settle()
    return result


def put(rig: Rig, contact: dict[str, Any], **more: Any) -> str:
    """Bring it there; its remote id."""
    result = push(rig, contact, **more)
    assert result.status in ("done", "pending"), result
    return str(result.remote or rig.connector().find(rig.op(contact, **more))[0])


def test_what_was_pushed_stands_there(rig: Rig) -> None:
    assert rig.shown(put(rig, EWA)) == rig.mapper.projection(EWA)


def test_the_same_again_changes_nothing(rig: Rig) -> None:
    remote = put(rig, EWA)
    before = rig.held(remote)
    push(rig, EWA, remote)
    assert rig.shown(remote) == rig.mapper.projection(EWA)
    assert before and rig.held(remote)


def test_a_field_without_a_mapping_is_left_alone(rig: Rig) -> None:
    remote = put(rig, EWA)
    rig.edit(remote, **rig.foreign)
    push(rig, EWA | {"family_name": "Maj", "full_name": "Ewa Maj"}, remote)
    held = rig.held(remote)
    assert held and rig.foreign.items() <= flat(held).items()
    assert (rig.shown(remote) or {}).get("family_name", "Maj") == "Maj"


def flat(body: Any) -> dict[str, Any]:
    """The leaves of a body by their own names."""
    if not isinstance(body, dict):
        return {}
    nested = (flat(v) for v in body.values())
    leaves = {n: v for n, v in body.items() if not isinstance(v, dict)}
    return leaves | {n: v for part in nested for n, v in part.items()}


def test_what_a_contact_has_no_more_is_cleared(rig: Rig) -> None:
    remote = put(rig, EWA)
    without = {n: v for n, v in EWA.items() if n != "phones"}
    push(rig, without, remote, cleared=frozenset({"phones"}))
    assert "phones" not in (rig.shown(remote) or {})


def test_whom_it_has_already_is_found_and_not_doubled(rig: Rig) -> None:
    remote = put(rig, EWA)
    assert rig.connector().find(rig.op(EWA)) == [remote]
    assert rig.connector().find(rig.op({}, id="somebody else")) == []


def test_a_creation_whose_answer_was_lost_is_found(rig: Rig) -> None:
    rig.standin.fail_next(500, after=True, on=rig.writes)
    assert push(rig, EWA).status == "failed"
    (remote,) = rig.connector().find(rig.op(EWA))
    assert push(rig, EWA, remote).status in ("done", "pending")


@pytest.mark.where_able
@pytest.mark.parametrize(
    ("status", "meaning"), [(429, "throttled"), (500, "failed"), (503, "failed")]
)
def test_a_bad_hour_is_told_from_a_bad_contact(rig: Rig, status: int, meaning: str) -> None:
    if meaning == "throttled" and not rig.busy:
        pytest.skip("its server is never busy")
    rig.standin.fail_next(status, times=3, on=rig.writes)
    assert push(rig, EWA).status == meaning


def test_what_it_cannot_take_is_refused(rig: Rig) -> None:
    if rig.refused is None:  # it takes whatever its mapping can write, but on a bad day
        rig.standin.fail_next(400, on=rig.writes)
    assert push(rig, dict(rig.refused or EWA)).status == "refused"


@pytest.mark.where_able
def test_a_token_that_died_is_not_a_refusal(rig: Rig) -> None:
    if rig.expire is None:
        pytest.skip("it has no tokens")
    connector = rig.connector()
    connector.push([rig.op(EWA)])
    rig.expire()
    (result,) = connector.push([rig.op(EWA, id=ID)])
    assert result.status in ("done", "failed", "pending")


def test_who_is_no_more_is_gone(rig: Rig) -> None:
    remote = put(rig, EWA)
    rig.delete(remote)
    assert push(rig, EWA, remote).status == "gone"


def test_every_way_to_let_go(rig: Rig) -> None:
    for number, removal in enumerate(sorted(set(rig.connector().caps.removals) - {"ignore"})):
        someone = {"emails": [{"address": f"ewa{number}@example.org"}], "given_name": "Ewa"}
        remote = put(rig, someone, id=f"contact-{number}")
        (result,) = rig.connector().push([removing(rig, remote, removal)])
        rig.settle()
        assert result.status in ("done", "pending")
        assert (rig.held(remote) is None) == (removal != "unlink"), removal


def test_who_is_gone_already_need_not_be_let_go(rig: Rig) -> None:
    remote = put(rig, EWA)
    rig.delete(remote)
    for removal in sorted(set(rig.connector().caps.removals) - {"ignore"}):
        (result,) = rig.connector().push([removing(rig, remote, removal)])
        assert result.status in ("done", "gone", "pending"), removal


def removing(rig: Rig, remote: str, removal: Any) -> Op:
    return Op("remove", ID, f"t-{ID}-2", {}, remote, removal=removal)


@pytest.mark.where_able
def test_what_stands_there_can_be_read(rig: Rig) -> None:
    if not rig.connector().caps.reads:
        pytest.skip("it cannot be read")
    remote = put(rig, EWA)
    told = rig.connector().read(rig.op(EWA, remote))
    assert told and told.remote == remote
    shown = {n: v for n, v in rig.mapper.inward(told.body).items() if v is not None}
    assert shown == rig.mapper.projection(EWA)


@pytest.mark.where_able
def test_a_poll_tells_what_users_do(rig: Rig) -> None:
    if not rig.connector().caps.polls:
        pytest.skip("it cannot be polled")
    remote = put(rig, EWA)
    rig.clock.on(hours=1)
    page = polled(rig, None)
    assert not rig.tells_everyone or remote in {told.remote for told in page[0]}
    rig.clock.on(hours=1)
    rig.act(remote) if rig.act else rig.edit(remote, **rig.foreign)
    rig.clock.on(hours=1)
    assert remote in {told.remote for told in polled(rig, page[1])[0]}


def polled(rig: Rig, cursor: str | None) -> tuple[list[Any], str]:
    """All that a poll tells, and where it goes on."""
    told: list[Any] = []
    for _ in range(20):
        page = rig.connector().poll(cursor)
        told, cursor = [*told, *page.told], page.cursor
        if not page.more:
            return told, cursor
    raise AssertionError("it never ends")


def test_it_says_whether_it_lets_us_in(rig: Rig) -> None:
    assert rig.connector().health("t-ping-1").status == "done"
    rig.access = dict.fromkeys(rig.access, "wrong")
    assert rig.connector().health("t-ping-2").status == "failed"
