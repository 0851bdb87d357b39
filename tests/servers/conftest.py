"""One server of each kind for the tests of a worker: each test makes contacts of its own."""

from collections.abc import Iterator

import pytest

from .debian import Unobtainable
from .radicale import Radicale, running_radicale
from .slapd import Directory, running_slapd
from .tryton import Tryton, running_tryton


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    """CardDAV."""
    with running_radicale(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture(scope="session")
def tryton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tryton]:
    """ERP."""
    with running_tryton(tmp_path_factory.mktemp("tryton")) as server:
        yield server


@pytest.fixture(scope="session")
def slapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    """LDAP; skips where there is no slapd: the test must be marked `where_obtainable`."""
    try:
        with running_slapd(tmp_path_factory.mktemp("slapd")) as server:
            yield server
    except Unobtainable as reason:
        pytest.skip(str(reason))
