"""Records against their statements and orders: law 1, a record is the fold of all that was told."""

from collections.abc import Iterable, Iterator
from functools import reduce

from chalicelib.domain import evidence
from chalicelib.domain.checking.faults import Fault
from chalicelib.domain.checking.standing import Standing
from chalicelib.domain.evidence import Record, Statement


def record_faults(standing: Standing) -> Iterator[Fault]:
    """Of every member: its record stands, and says what its statements say."""
    for name in standing.head.members:
        record = standing.records.get(name)
        if record is None:
            yield _fault("record_lost", name, "the record of a member does not stand", standing)
        else:
            yield from _fold_faults(record, standing)


def _fold_faults(record: Record, standing: Standing) -> Iterator[Fault]:
    statements = standing.statements.get(record.id, ())
    if unheard := told_unheard(record, statements):
        words = f"it says what {len(unheard)} statements told that do not stand"
        yield _fault("statement_lost", record.id, words, standing)
    if fold(record, statements) != record:
        words = "is not the fold of its statements"
        yield _fault("record_not_folded", record.id, words, standing)
    if standing.bought.get(record.id) != record.bought:
        words = "what it bought is not the fold of its orders"
        yield _fault("purchases_not_folded", record.id, words, standing)


def fold(record: Record, statements: Iterable[Statement]) -> Record:
    """The record as its statements make it; what else it says is kept where one of them is lost."""
    told = list(statements)
    known = [s for s in told if not s.retracted_by]
    if not told_unheard(record, told):
        return evidence.fold(record, known)
    return reduce(evidence.hear, known, record)


def told_unheard(record: Record, statements: Iterable[Statement]) -> set[str]:
    """The stamps by which a record speaks and of which no statement stands."""
    words = (*record.fields.values(), *record.pins.values())
    spoken = {told.stamp for told in words} | {record.floor}
    return spoken - {statement.stamp for statement in statements} - {""}


def _fault(code: str, record: str, detail: str, standing: Standing) -> Fault:
    return Fault(code=code, of="record", id=record, detail=detail, seeds=(standing.head.id,))
