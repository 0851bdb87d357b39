"""A session: every kind of call that a connector makes, to be held against a vendor's document."""

from typing import Any

from tests.connectors.rigs import Rig
from tests.connectors.test_contract import polled, push, put, removing
from tests.standins.base import Called

FULL: dict[str, Any] = {
    "given_name": "Ewa",
    "family_name": "Lis",
    "full_name": "Ewa Lis",
    "nicknames": ["Ewcia"],
    "organization": "Lis i Wspólnicy",
    "job_title": "prezes",
    "emails": [{"address": f"ewa{n}@example.org", "label": "work"} for n in range(4)],
    "phones": [{"number": f"+4860010020{n}", "label": "mobile"} for n in range(4)],
    "addresses": [
        {"street": "Prosta 1", "city": "Łódź", "postal_code": "90-001", "country": "PL"},
        {"city": "Kraków", "region": "małopolskie", "label": "other"},
    ],
    "birth_date": "1984-11-21",
    "tags": ["vip"],
}


def session(rig: Rig) -> list[Called]:
    """All calls but those for tokens."""
    cursor = polled(rig, None)[1]
    rig.connector().find(rig.op(FULL))
    remote = put(rig, FULL)
    rig.clock.on(minutes=10)
    rig.connector().find(rig.op(FULL))
    push(rig, FULL, remote)
    cleared = frozenset(FULL) - {"family_name"}
    push(rig, {"family_name": "Maj"}, remote, cleared=cleared)
    rig.connector().read(rig.op(FULL, remote))
    rig.connector().fetch([remote])
    polled(rig, cursor)
    for removal in ("unlink", "delete"):
        rig.connector().push([removing(rig, remote, removal)])
    rig.connector().health("t-ping-1")
    assert rig.standin.broken == []
    return [called for called in rig.standin.calls if not called.path.endswith("/token")]
