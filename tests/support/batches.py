"""What must always hold of batches: that an undo took all back, that people's have headers."""

from collections.abc import Iterator

from chalicelib.domain.evidence import Statement
from chalicelib.domain.hearing import Heard

from .state import State

Faults = Iterator[str]


def _said(state: State) -> Iterator[tuple[str, Statement | Heard]]:
    """Every statement of a record and every word on an interaction, with whose it is."""
    for record, statements in state.statements.items():
        yield from ((f"record {record}", s) for s in statements)
    for name, words in state.heard.items():
        yield from ((f"interaction {name}", w) for w in words)


def _retracted(state: State) -> Faults:
    """What was retracted, was by an undo."""
    for whose, said in _said(state):
        if said.retracted_by and said.retracted_by not in state.batches:
            yield f"{whose}: what it says was retracted by nobody"


def undone(state: State) -> Faults:
    """What an undo is done with, left nothing standing."""
    for whose, said in _said(state):
        for batch in () if said.retracted_by else said.tellers:
            header = state.batches.get(batch)
            undo = state.jobs.get(header.undone_by) if header else None
            if undo and undo.state == "done":
                yield f"{whose}: batch {batch} was undone, its word stands"


def _of_people(state: State) -> Faults:
    """Whatever people judged is of a batch that has a header, and that says so."""
    for batch, effects in state.judged.items():
        strange = [e.judgement for e in effects if e.judgement not in state.decisions]
        if strange or batch not in state.batches:
            yield f"batch {batch}: judgements {strange} that never were, or no header"
    for name, decision in state.decisions.items():
        if not decision.judgement.by.startswith("model:") and decision.batch not in state.batches:
            yield f"{decision.judgement.verdict} {name}: its batch has no header"


BATCHES = (_retracted, _of_people)
