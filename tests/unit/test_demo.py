"""The demo against the fake API: its story ends well, and says so when it does not."""

import io
from collections.abc import Callable

import pytest
from rich.console import Console
from rich.progress import Progress

from infra.client import Api
from infra.demo import __main__ as demo
from infra.demo import play
from infra.demo.crowd import everybody
from infra.demo.systems import statements
from tests.unit.fake_api import FakeApi

Who = Callable[[str, str], str]


@pytest.fixture
def who() -> Who:
    """The truth: who is behind a record."""
    truth = {(s.source, s.external_id): s.party for s in statements(everybody())}
    return lambda source, external_id: truth[source, external_id]


def told(api: Api) -> tuple[bool, str]:
    out = io.StringIO()
    return demo.tell_story(api, Console(file=out, width=160)), out.getvalue()


def test_the_story_ends_well_where_everybody_is_known_for_who_they_are(who: Who) -> None:
    good, text = told(FakeApi(who).api())
    assert good, text
    assert "500 and one change (500 created, 1 updated)" in text
    assert "221" in text  # 500 records of 279 people and companies
    assert "kasia" not in text.partition("In numbers")[0]


def test_told_again_on_the_same_cloud_nothing_changes_and_the_targets_are_filled(who: Who) -> None:
    fake = FakeApi(who)
    told(fake.api())
    before = fake.contacts()
    good, text = told(fake.api())
    assert good, text
    assert "created" not in text
    assert {c["id"] for c in fake.contacts().values()} == set(before)


@pytest.mark.parametrize(
    ("mixed", "kept", "fault"),
    [
        ("son", "father", "father + son"),
        ("Maria", "Marta", "Maria + Marta"),
        ("heroine", "father", "father + heroine"),
    ],
)
def test_a_false_merge_fails_the_demo(who: Who, mixed: str, kept: str, fault: str) -> None:
    fake = FakeApi(lambda source, id: kept if who(source, id) == mixed else who(source, id))
    good, text = told(fake.api())
    assert not good
    assert fault in text


def test_an_unmerged_heroine_fails_the_demo(who: Who) -> None:
    fake = FakeApi(lambda source, id: f"{source} {id}" if id == "erp-0001" else who(source, id))
    good, text = told(fake.api())
    assert not good
    assert "2 contacts" in text


def test_a_filter_that_lets_everybody_through_fails_the_demo(who: Who) -> None:
    fake = FakeApi(who)
    fake.filters_work = False
    good, text = told(fake.api())
    assert not good
    assert "no  Nobody without the role customer reached the CRM" in text


def test_a_target_that_was_not_told_fails_the_demo(who: Who) -> None:
    class Forgetful(FakeApi):
        def _tell_targets(self) -> None:
            """Tell nobody."""

    good, text = told(Forgetful(who).api())
    assert not good
    assert "no  Everybody with it is there as of now" in text


def test_a_cloud_that_does_not_come_to_rest_stops_the_story(who: Who) -> None:
    class Restless(Api):
        def get(self, path: str, **query: str) -> dict[str, object]:
            return {"waiting": {"match": 3, "deliveries": 0}}

    with (
        Progress(disable=True) as progress,
        pytest.raises(play.StoryError, match="'match': 3"),
    ):
        play.wait_until_quiet(Restless("http://nowhere", "", sleep=lambda s: None), progress)
