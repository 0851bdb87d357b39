"""The five systems, and what each says of a party: its own part, in its own spelling."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Any

from anyascii import anyascii

from infra.demo.cast import HEROINE, HEROINE_MOVES
from infra.demo.party import Party

Fields = dict[str, Any]

TAG = "meble-bukowe"
COUNTRY = "PL"
BATCH = 25


@dataclass(frozen=True)
class System:
    """A system of the company: how far it is trusted, and its say on the n-th party it knows."""

    id: str
    name: str
    trust: int
    since: datetime
    says: Callable[[Party, int], Fields]

    @property
    def source(self) -> str:
        """Its id in Kartoteka, of its own so that the demo touches nobody else's source."""
        return f"meble-{self.id}"

    def settings(self) -> Fields:
        """The body of its registration as a source."""
        return {
            "name": self.name,
            "kind": "generic",
            "tags": [TAG],
            "duplicate_policy": "merge",
            "trust": self.trust,
            "country": COUNTRY,
        }

    def statement(self, party: Party, number: int) -> "Statement":
        """What it says of the party; empty fields left out."""
        said = {name: value for name, value in self.says(party, number).items() if value}
        at = self.since + timedelta(hours=7 * number)
        return Statement(self.source, party.key, f"{self.id}-{number:04}", at, said)


@dataclass(frozen=True)
class Statement:
    """One system's word on one party, which only the demo knows by its key."""

    source: str
    party: str
    external_id: str
    occurred_at: datetime
    fields: Fields

    def record(self) -> Fields:
        """As it is sent."""
        at = self.occurred_at.isoformat().replace("+00:00", "Z")
        return {"external_id": self.external_id, "occurred_at": at, **self.fields}


def _crm(party: Party, number: int) -> Fields:
    return {
        "kind": _kind(party),
        "given_name": party.given,
        "family_name": party.family,
        "organization": party.organization,
        "job_title": party.job_title,
        "emails": _list(party.email.capitalize() if number % 5 == 0 else party.email),
        "phones": _list(_grouped(party.phone, "+48 ", " ")),
        "addresses": _address(party),
        "birth_date": party.born,
        "roles": list(party.roles[:1]),
        "identifiers": [{"kind": "nip", "value": _nip(party)}] if party.nip else [],
        "language": "pl",
    }


def _shop(party: Party, number: int) -> Fields:
    return {
        "given_name": party.called if number % 4 == 0 else party.given,
        "family_name": party.family,
        "emails": _list(party.email),
        "phones": _list(_grouped(party.phone, "", "-")) if number % 3 else [],
        "addresses": _address(party),
        "birth_date": party.born,
        "roles": ["customer"],
        "interests": [("stoły", "krzesła", "szafy", "łóżka")[number % 4]],
        "preferred_channel": "email",
    }


def _erp(party: Party, number: int) -> Fields:
    """Bought in 1998: capitals, and no Polish letters."""
    return {
        "kind": _kind(party),
        "given_name": anyascii(party.given).upper(),
        "family_name": anyascii(party.family).upper(),
        "organization": anyascii(party.organization).upper(),
        "emails": _list(party.email.upper()),
        "phones": _list(f"0048{party.phone}" if party.phone else ""),
        "addresses": _address(party, lambda text: anyascii(text).upper()),
        "roles": ["supplier" if "supplier" in party.roles else "customer"],
        "identifiers": [{"kind": "nip", "value": party.nip}] if party.nip else [],
    }


def _mailing(party: Party, number: int) -> Fields:
    return {
        "given_name": party.called if number % 2 else party.given,
        "family_name": party.family,
        "emails": _list(party.email),
        "roles": ["subscriber"],
        "language": "pl",
    }


def _phonebook(party: Party, number: int) -> Fields:
    return {
        "kind": _kind(party),
        "full_name": f"{party.called} {party.family}".strip(),
        "organization": party.organization,
        "phones": _list(party.phone if number % 2 else _grouped(party.phone, "(+48) ", " ")),
    }


def _kind(party: Party) -> str:
    return "person" if party.given else "company"


def _list(value: str) -> list[str]:
    return [value] if value else []


def _grouped(phone: str, prefix: str, between: str) -> str:
    return prefix + between.join((phone[:3], phone[3:6], phone[6:])) if phone else ""


def _nip(party: Party) -> str:
    return "-".join((party.nip[:3], party.nip[3:6], party.nip[6:8], party.nip[8:]))


def _address(party: Party, spelling: Callable[[str], str] = str) -> list[Fields]:
    parts = {"street": party.street, "city": party.town, "postal_code": party.postal_code}
    written = {name: spelling(part) for name, part in parts.items() if part}
    return [{**written, "country": COUNTRY}] if written else []


SYSTEMS = (
    System("crm", "CRM", 80, datetime(2026, 3, 2, tzinfo=UTC), _crm),
    System("shop", "Shop", 60, datetime(2026, 6, 1, tzinfo=UTC), _shop),
    System("erp", "ERP", 30, datetime(2025, 9, 1, tzinfo=UTC), _erp),
    System("mailing", "Mailing application", 40, datetime(2026, 5, 4, tzinfo=UTC), _mailing),
    System("phonebook", "Phone book", 20, datetime(2026, 1, 5, tzinfo=UTC), _phonebook),
)


def statements(parties: Iterable[Party]) -> list[Statement]:
    """All that the systems say, each numbering its parties from 1."""
    known = {system.id: 0 for system in SYSTEMS}
    said = []
    for party in parties:
        for system in SYSTEMS:
            if system.id in party.told_by:
                known[system.id] += 1
                said.append(system.statement(party, known[system.id]))
    return said


def move() -> Statement:
    """The last word: the shop patches the heroine's address."""
    first = next(s for s in statements([HEROINE]) if s.source == "meble-shop")
    at = datetime(2026, 10, 1, 9, tzinfo=UTC)
    return Statement(first.source, first.party, first.external_id, at, HEROINE_MOVES)


def batches(said: Sequence[Statement]) -> Iterator[list[Statement]]:
    """Webhook calls of one source each, the sources taking turns."""
    queues = []
    for system in SYSTEMS:
        own = [s for s in said if s.source == system.source]
        queues.append([own[n : n + BATCH] for n in range(0, len(own), BATCH)])
    for turn in zip_longest(*queues):
        yield from filter(None, turn)
