"""What a contact becomes: the next head, and the next version where it changed.

Pure: from the head as it was, the records and judgements as they shall be, to one `Step`
that the store writes in one transaction on the condition of the old `rev`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import times
from chalicelib.domain.errors import TooLargeError
from chalicelib.domain.evidence import Record
from chalicelib.domain.golden import elect
from chalicelib.domain.graph import Head, united
from chalicelib.domain.judgements import Judgement
from chalicelib.domain.model import Entity, canonical
from chalicelib.domain.survivorship import DEFAULTS, Rules
from chalicelib.domain.versions import (
    Cause,
    Version,
    content_of,
    leaves_of,
    seal_of,
    values_of,
    winners_of,
)

BYTES_CAP = 380_000  # an item holds 400 KB, keys and the store's own form included


@dataclass(frozen=True)
class Why:
    """The cause of a change, the batch it belongs to, now, and the rules in force."""

    cause: Cause
    batch: str
    now: datetime
    rules: Rules = DEFAULTS


@dataclass(frozen=True)
class Step:
    """One contact's part of a transaction: before, after, and a version where one is due."""

    before: Head
    after: Head
    version: Version | None = None


def settle(
    before: Head,
    records: Mapping[str, Record],
    judgements: Iterable[Judgement],
    why: Why,
    unmatched: Iterable[str] = (),
) -> Step:
    """The contact that these records and judgements make, next after `before`.

    `unmatched` are records that the matcher must see (again); those of `before` stay.
    """
    rev = before.rev + 1
    waiting = {r: v for r, v in before.unmatched.items() if r in records}
    head = Head(
        id=before.id,
        rev=rev,
        members=tuple(r.id for r in sorted(records.values(), key=lambda r: r.age)),
        judgements=united(judgements),
        unmatched=waiting | dict.fromkeys(unmatched, f"{before.id}#{rev}"),
        rules=why.rules.version,
    )
    if not any(r.alive and r.id not in head.retired for r in records.values()):
        head = head.model_copy(update={"status": "retired"})
    return _versioned(before, head, records, why)


def absorb(before: Head, into: str, why: Why) -> Step:
    """The stub of a contact that is absorbed, with a last version that says so."""
    stub = Head(id=before.id, rev=before.rev + 1, status="merged", into=into)
    return _versioned(before, stub, {}, why)


def _versioned(before: Head, head: Head, records: Mapping[str, Record], why: Why) -> Step:
    elected = elect(records.values(), head.judgements, why.rules)
    values, winners = values_of(elected), winners_of(elected)
    leaves, evidence = leaves_of(records.values(), values, winners)
    content = content_of(head.status + head.into, head.members, leaves, winners)
    bounded(head)
    same = {"version": before.version, "recorded_at": before.recorded_at, "seal": before.seal}
    if content == before.content:
        return Step(before, head.model_copy(update={**same, "content": content}))
    unsealed = Version(
        contact=head.id,
        number=before.version + 1,
        status=head.status,
        values=values,
        winners=winners,
        members=head.members,
        leaves=leaves,
        evidence=evidence,
        cause=why.cause,
        batch=why.batch,
        recorded_at=times.later(why.now, before.recorded_at),
        previous=before.seal,
        seal="",
        into=head.into,
        rules=head.rules,
        origins={r.id: (r.source, r.external_id) for r in records.values()},
    )
    bounded(unsealed)
    version = unsealed.model_copy(update={"seal": seal_of(unsealed)})
    made = {"version": version.number, "recorded_at": version.recorded_at, "seal": version.seal}
    return Step(before, head.model_copy(update={**made, "content": content}), version)


def bounded(entity: Entity) -> None:
    """Refuse what no item can hold, before anything is written."""
    if len(canonical(entity.row())) > BYTES_CAP:
        raise TooLargeError("One contact cannot hold that much.")


def join(
    winner: Head,
    loser: Head,
    records: Mapping[str, Record],
    judgements: Iterable[Judgement],
    why: Why,
) -> tuple[Step, Step]:
    """Both heads of a merge: the united contact and the stub."""
    held = winner.model_copy(update={"unmatched": winner.unmatched | loser.unmatched})
    return settle(held, records, judgements, why), absorb(loser, winner.id, why)
