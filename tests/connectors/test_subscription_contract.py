"""What every connector must do that subscribes to its system's calls, whatever the system."""

from dataclasses import replace
from typing import Any, get_args

import pytest

from chalicelib.connectors.catalogue import caps_of
from chalicelib.connectors.connector import UnavailableError
from chalicelib.domain.errors import UnauthorizedError, UnsupportedError
from chalicelib.domain.hooks import Hook, Subscription
from chalicelib.domain.sources import PartnerKind
from tests.connectors.rig_graph import graph, graph_app
from tests.connectors.rig_hubspot import hubspot
from tests.connectors.rig_mailchimp import mailchimp
from tests.connectors.rig_pipedrive import pipedrive
from tests.connectors.rigs import Rig
from tests.connectors.test_contract import EWA, put
from tests.standins.base import Called

ABLE = (graph, graph_app, mailchimp, pipedrive)
URL = "https://kartoteka.example/v1/hooks/t?number=1"
OTHER = "https://elsewhere.example/in"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture(params=ABLE, ids=lambda make: make.__name__)
def rig(request: pytest.FixtureRequest) -> Any:
    """Each system in turn; at the end it must have seen no request that it would not take."""
    made: Rig = request.param()
    yield made
    assert made.standin.broken == []


def urls(rig: Rig) -> list[str]:
    return sorted(each.url for each in rig.connector().subscriptions())


def calls(rig: Rig) -> list[Hook]:
    """What the system calls us with by now, but to ask whether we are there."""
    return [hook_of(called) for called in rig.standin.events() if called.method == "POST"]


def hook_of(called: Called) -> Hook:
    query = {name: values[-1] for name, values in called.query.items()}
    return Hook(called.method, called.path, query, called.headers, called.body)


def test_those_that_can_are_known() -> None:
    able = {kind for kind in get_args(PartnerKind) if caps_of(kind).subscribes}
    assert able == {make().kind for make in ABLE}
    assert all(caps_of(kind).hooks for kind in able)


def test_one_that_cannot_says_so() -> None:
    connector = hubspot().connector()
    for ask in (
        lambda: connector.subscribe(URL, SECRET),
        lambda: connector.unsubscribe(Subscription("1", URL)),
        connector.subscriptions,
    ):
        with pytest.raises(UnsupportedError):
            ask()


def test_what_is_made_stands_there_under_our_url(rig: Rig) -> None:
    made = rig.connector().subscribe(URL, SECRET)
    (found,) = rig.connector().subscriptions()
    assert (found, found.url) == (made, URL)


def test_a_change_there_calls_us_with_a_proof_that_holds(rig: Rig) -> None:
    remote = put(rig, EWA)
    rig.connector().subscribe(URL, SECRET)
    rig.edit(remote, **rig.foreign)
    (hook,) = calls(rig)
    rig.connector().verify(hook, [SECRET])
    assert rig.connector().parse(hook) and not rig.connector().fates(hook)
    with pytest.raises(UnauthorizedError):
        rig.connector().verify(hook, ["whsec_another"])


def test_no_secret_stands_in_what_is_told_of_it(rig: Rig) -> None:
    made = rig.connector().subscribe(URL, SECRET)
    assert SECRET not in repr((made, rig.connector().subscriptions()))
    assert "token" not in made.url


def test_what_was_ended_calls_no_more(rig: Rig) -> None:
    remote = put(rig, EWA)
    made = rig.connector().subscribe(URL, SECRET)
    rig.connector().unsubscribe(made)
    rig.connector().unsubscribe(made)  # it is as it should be
    rig.edit(remote, **rig.foreign)
    assert (urls(rig), calls(rig)) == ([], [])


def test_those_of_others_are_told_apart_and_stay(rig: Rig) -> None:
    theirs = rig.connector().subscribe(OTHER, SECRET)
    ours = rig.connector().subscribe(URL, SECRET)
    assert urls(rig) == sorted([OTHER, URL])
    rig.connector().unsubscribe(ours)
    assert rig.connector().subscriptions() == [theirs]


def test_one_whose_answer_was_lost_is_found(rig: Rig) -> None:
    rig.standin.fail_next(500, after=True, on="^POST .*(subscriptions|webhooks)$")
    with pytest.raises(UnavailableError):
        rig.connector().subscribe(URL, SECRET)
    assert urls(rig) == [URL]


def test_another_secret_counts_once_it_is_asked_for_again(rig: Rig) -> None:
    """A system that allows one for each URL changes it; any other has two, by the number."""
    remote = put(rig, EWA)
    rig.connector().subscribe(URL, SECRET)
    anew = rig.connector().subscribe(URL.replace("1", "2"), "whsec_another")
    for each in rig.connector().subscriptions():
        if each.id != anew.id:
            rig.connector().unsubscribe(each)
    rig.edit(remote, **rig.foreign)
    (hook,) = calls(rig)
    rig.connector().verify(hook, ["whsec_another"])
    assert urls(rig) == [URL.replace("1", "2")]


def test_one_that_ends_lives_on_when_it_is_renewed(rig: Rig) -> None:
    made = rig.connector().subscribe(URL, SECRET)
    rig.clock.on(hours=30)
    renewed = rig.connector().renew(made)
    assert rig.connector().subscriptions() == [renewed]
    assert renewed == replace(made, expires_at=renewed.expires_at)
    if made.expires_at:
        assert renewed.expires_at and renewed.expires_at > made.expires_at > rig.clock()


@pytest.mark.parametrize(("status", "meaning"), [(429, "throttled"), (500, "failed")])
def test_a_bad_hour_is_told(rig: Rig, status: int, meaning: str) -> None:
    made = rig.connector().subscribe(URL, SECRET)
    for ask in (
        lambda: rig.connector().subscribe(OTHER, SECRET),
        lambda: rig.connector().unsubscribe(made),
        rig.connector().subscriptions,
    ):
        rig.standin.fail_next(status, on="(subscriptions|webhooks)")
        with pytest.raises(UnavailableError) as failed:
            ask()
        assert failed.value.result.status == meaning
    assert urls(rig) == [URL]
