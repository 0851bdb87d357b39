"""How much of each law's space a run looks at: a sample always, far more each night."""

from hypothesis import HealthCheck, settings

from tests.conftest import NIGHTLY


def sized(ci: int, nightly: int, steps: int = 50) -> settings:
    """Settings for a property: so many examples, of so many steps where it is a life."""
    return settings(
        max_examples=nightly if NIGHTLY else ci,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
