"""What must always hold of who rests: each call that waits stands whole, and nothing else does."""

from collections.abc import Iterator

from chalicelib.domain.model import digest
from chalicelib.domain.pausing import Kept, Line, unpacked
from chalicelib.store.ports import Item

from .state import State

Faults = Iterator[str]


def kept_faults(state: State) -> Faults:
    """Each line has all its calls, in order, whole until they are applied; then they are empty."""
    for name in state.lines.keys() | state.kept.keys():
        line, calls = state.lines.get(name, Line(source=name)), state.kept.get(name, {})
        if sorted(calls) != list(range(1, line.last + 1)) or line.waiting < 0:
            yield f"source {name}: its line has {sorted(calls)} of {line}"
        for number, parts in calls.items():
            yield from _call(state, line, number, parts)


def _call(state: State, line: Line, number: int, parts: list[Item]) -> Faults:
    kept, header = Kept.of_row(parts[0]), state.batches[parts[0]["batch"]]
    texts = [part["body"] for part in sorted(parts, key=lambda part: str(part["sk"]))]
    if len(parts) != kept.parts or (header.place, header.at) != (number, kept.at):
        yield f"source {line.source}: call {number} is torn"
    elif number <= line.done and any(texts):
        yield f"source {line.source}: call {number} was applied, and its body stands"
    elif number > line.done and not header.is_of(digest(unpacked(texts))):
        yield f"source {line.source}: call {number} is not what came"


def unstarted_faults(state: State) -> Faults:
    """A target that was not started was never thought of."""
    for target, contact in state.deliveries:
        if not state.targets[target].started:
            yield f"target {target}: prepared, and has a delivery of {contact}"


def left_faults(state: State) -> Faults:
    """Once all is done, calls wait only where their source is paused."""
    for name, line in state.lines.items():
        paused = "paused" in (state.pause.state, state.sources[name].state)
        if line.waiting and not paused:
            yield f"source {name}: {line.waiting} calls wait, and it is not paused"


RESTING = (kept_faults, unstarted_faults)
