"""What must always hold of batches: that an undo took all back, that people's have headers."""

from collections.abc import Iterator

from .state import State

Faults = Iterator[str]


def _retracted(state: State) -> Faults:
    """What was retracted, was by an undo."""
    for record, statements in state.statements.items():
        if any(s.retracted_by and s.retracted_by not in state.batches for s in statements):
            yield f"record {record}: a statement retracted by nobody"


def undone(state: State) -> Faults:
    """What an undo is done with, left nothing standing."""
    for record, statements in state.statements.items():
        for said in statements:
            for batch in () if said.retracted_by else said.tellers:
                header = state.batches.get(batch)
                undo = state.jobs.get(header.undone_by) if header else None
                if undo and undo.state == "done":
                    yield f"record {record}: batch {batch} was undone, its statement stands"


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
