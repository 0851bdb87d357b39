"""Tryton, before a real one."""

from typing import Any

from tests.connectors.real import Real
from tests.connectors.rigs import Body, Rig
from tests.servers.tryton import DATABASE, Tryton
from tests.unit.standins.calling import Clock

# It says 400 to bad content, and falls over what it does not understand.
_NOT_TAKEN = frozenset({404, 405, 415, 500})
EVERYBODY = [["active", "in", [True, False]]]


def tryton(tryton: Tryton) -> Rig:
    """A database without parties, but with a country."""
    for party in tryton.parties(domain=EVERYBODY):
        tryton.delete(party)
    if not tryton.found("country.country", []):
        tryton.rpc("country.country", "create", [{"name": "Poland", "code": "PL"}])

    def held(remote: str) -> Body | None:
        return _shown(tryton, int(remote))

    def edit(remote: str, **mechanisms: str) -> None:
        rows = [{"type": kind, "value": value} for kind, value in mechanisms.items()]
        tryton.edit(int(remote), contact_mechanisms=[["create", rows]])

    def make(**fields: Any) -> str:
        return str(tryton.create(**fields))

    return Rig(
        kind="tryton",
        standin=Real(tryton.url, _NOT_TAKEN),
        clock=Clock(),
        held=held,
        make=make,
        edit=edit,
        delete=lambda remote: tryton.delete(int(remote)),
        foreign={"website": "https://lis.example"},
        base=tryton.url,
        access={"key": tryton.key},
        options={"database": DATABASE},
        refused={"phones": [{"number": "+4860"}]},
    )


def _shown(tryton: Tryton, party: int) -> Body | None:
    """A party as its form on the screen shows it, by the desktop's own protocol."""
    record = tryton.parties("name", "website").get(party)
    if record is None:
        return None
    theirs = [["party", "=", party]]
    rows = tryton.found("party.contact_mechanism", theirs, "type", "value_compact", "name")
    return {
        **record,
        "contact_mechanisms": {
            kind: [
                {"value": row["value_compact"], "name": row["name"]}
                for row in rows.values()
                if row["type"] == kind
            ]
            for kind in ("email", "phone")
        },
    }
