"""Worlds that more than one file of unit tests asks."""

import logging
from collections.abc import Iterator

import pytest

from tests.support.world import World
from tests.unit.asking import PERSONAL


@pytest.fixture
def world(caplog: pytest.LogCaptureFixture) -> Iterator[World]:
    """A source `crm`; in the end nothing personal was logged."""
    made = World()
    made.source("crm")
    caplog.set_level(logging.DEBUG)
    yield made
    for value in PERSONAL:
        assert value not in caplog.text
