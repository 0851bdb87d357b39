"""What must be true in the end: pure questions to what was told, what stands and what was sent.

Each check names its faults by ids and invented keys; no faults: it holds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from infra.demo.party import Party
from infra.demo.systems import Statement
from infra.demo.targets import FIELDS, Target

Json = dict[str, Any]


@dataclass(frozen=True)
class Check:
    """A sentence that must be true, and where it is not."""

    sentence: str
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Ending:
    """How the story ended.

    `outcomes` are counted over all records sent; `contacts` are the demo's that stand;
    `entitled` are, by target id, all contacts of the cloud that a search for its role finds.
    """

    said: Sequence[Statement]
    outcomes: Counter[str]
    contacts: Sequence[Json]
    targets: Sequence[Target]
    entitled: Mapping[str, Sequence[Json]]
    reviews: Sequence[Json]

    def merges(self) -> int:
        """How many merges stand: each made one contact of two."""
        return sum(len(contact["records"]) - 1 for contact in self.contacts)

    def contact_of(self) -> dict[tuple[str, str], str]:
        """The id of the contact that holds each record (source, external id)."""
        return {
            (record["source"], record["external_id"]): contact["id"]
            for contact in self.contacts
            for record in contact["records"]
        }

    def homes(self) -> dict[str, set[str]]:
        """For each party the contacts that hold its records: one, if all were found to be one."""
        contact_of = self.contact_of()
        homes: dict[str, set[str]] = defaultdict(set)
        for s in self.said:
            if home := contact_of.get((s.source, s.external_id)):
                homes[s.party].add(home)
        return homes


def all_checks(ending: Ending, traps: Iterable[Sequence[Party]], heroine: str) -> list[Check]:
    """Every check, in the order in which they are told."""
    return [
        _accepted(ending),
        _kept(ending),
        _never_two_in_one(ending),
        _traps(ending, traps),
        Check("The heroine's records are one contact", _scattered(ending, heroine)),
        *(check for target in ending.targets for check in _target(ending, target)),
    ]


def _accepted(ending: Ending) -> Check:
    refused = ending.outcomes["refused"]
    return Check("Every record was accepted", [f"{refused} refused"] if refused else [])


def _kept(ending: Ending) -> Check:
    standing = ending.contact_of()
    lost = sorted({s.external_id for s in ending.said if (s.source, s.external_id) not in standing})
    return Check("Every record stands in a contact", lost)


def _never_two_in_one(ending: Ending) -> Check:
    dwellers: dict[str, list[str]] = defaultdict(list)
    for party, contacts in ending.homes().items():
        for contact in contacts:
            dwellers[contact].append(party)
    crowded = [" + ".join(sorted(parties)) for parties in dwellers.values() if len(parties) > 1]
    return Check("No contact holds two people", crowded)


def _traps(ending: Ending, traps: Iterable[Sequence[Party]]) -> Check:
    homes = ending.homes()
    pairs = [(a.key, b.key) for group in traps for a, b in combinations(group, 2)]
    faults = [f"{a} + {b}" for a, b in pairs if homes[a] & homes[b]]
    return Check(f"{len(pairs)} pairs that are easily mixed up stayed apart", faults)


def _scattered(ending: Ending, heroine: str) -> list[str]:
    homes = ending.homes()[heroine]
    return [] if len(homes) == 1 else [f"{len(homes)} contacts"]


def _target(ending: Ending, target: Target) -> list[Check]:
    """From both ends: what each message said, and what the receiver holds against what stands."""
    held = target.book.contacts
    entitled = {c["id"]: c for c in ending.entitled[target.id] if target.role in c["roles"]}
    messages = target.book.told("contact.upserted")
    uninvited = {told["id"] for told in messages if target.role not in told["roles"]}
    stale = {i for i in held.keys() & entitled.keys() if _differ(held[i], entitled[i])}
    return [
        Check(
            f"Nobody without the role {target.role} reached the {target.name}",
            sorted(uninvited | held.keys() - entitled.keys()),
        ),
        Check(
            f"Everybody with it is there as of now ({len(entitled)})",
            sorted(stale | entitled.keys() - held.keys()),
        ),
    ]


def _differ(held: Json, standing: Json) -> bool:
    return any((held.get(name) or None) != (standing.get(name) or None) for name in FIELDS)
