"""For all tests: one stage, Hypothesis profiles, and no test is skipped in silence.

`KARTOTEKA_NIGHTLY=1` chooses the long runs (`make nightly`).
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

NIGHTLY = os.environ.get("KARTOTEKA_NIGHTLY") == "1"

# Triggers name their queues when `app` is imported. No AWS but what a test makes itself.
os.environ["KARTOTEKA_STAGE"] = "test"
os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
os.environ["AWS_ACCESS_KEY_ID"] = os.environ["AWS_SECRET_ACCESS_KEY"] = "test"
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"

# A busy machine must not decide over a test: no deadlines.
settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True)
settings.register_profile(
    "nightly",
    deadline=None,
    max_examples=2000,
    suppress_health_check=[HealthCheck.too_slow],
)
# A seeded bug need only be found, not shown at its smallest.
_SEARCH = (Phase.explicit, Phase.generate)
settings.register_profile("mutants", settings.get_profile("ci"), phases=_SEARCH)
settings.load_profile("nightly" if NIGHTLY else "ci")


@pytest.fixture(autouse=True)
def _sound(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test leaves in its last world in memory is sound, unless it says otherwise."""
    from tests.support.checks import product_faults
    from tests.support.world import LAST

    LAST.clear()
    yield
    if LAST and not request.node.get_closest_marker("unsound"):
        assert not product_faults(LAST[0])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A skipped test proves nothing, nor does one that may fail: it fails, unless what it is
    about is not to be had."""
    report = yield
    excused = item.get_closest_marker("where_obtainable") or item.get_closest_marker("where_able")
    if report.skipped and not excused:
        report.outcome = "failed"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """So does a module that skips itself."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
    return report
