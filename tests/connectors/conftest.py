"""The real servers that some of the systems are."""

from tests.servers.conftest import radicale, slapd, tryton

__all__ = ["radicale", "slapd", "tryton"]
