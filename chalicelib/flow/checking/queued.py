"""A paused source's line against the calls in it: each that it counts stands, and no other.

A lost call is only in its sender's hands, and what the line was without its head nobody knows:
it is named, and left.
"""

from collections.abc import Iterable

from chalicelib.domain.checking import Fault
from chalicelib.domain.pausing import Kept, Line
from chalicelib.flow import batches, jobs
from chalicelib.flow.checking.standing import rows
from chalicelib.flow.pausing.rest import source_rests
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Item


def lined(ports: Ports, item: Item) -> Iterable[Fault]:
    """Of a line's head, or of any row of one without: whether the whole of it stands."""
    source = str(item["pk"].partition("#")[2])
    head = ports.items.get(keys.line(source))
    if head and item["sk"] != "HEAD":
        return
    line = Line.of_row(head) if head else Line(source=source)
    calls: dict[int, list[Item]] = {}
    for row in rows(ports.items, keys.kept(source, 0, 0)._replace(sk="0")):
        calls.setdefault(int(row["sk"].partition("#")[0]), []).append(row)
    torn = sorted(calls) != list(range(1, line.last + 1))
    if torn or any(_is_torn(ports, line, n, parts) for n, parts in calls.items()):
        words = "calls that it kept while it was paused, or their order, are lost"
        yield Fault(code="line_torn", of="source", id=source, detail=words)
    elif line.waiting and not source_rests(ports, source) and not jobs.is_open(ports, "resume"):
        words = "calls wait, and nobody applies them: pause and resume it"
        yield Fault(code="line_torn", of="source", id=source, detail=words)


def _is_torn(ports: Ports, line: Line, number: int, parts: list[Item]) -> bool:
    """A call has all its parts, and is empty once it was applied."""
    kept = Kept.of_row(parts[0])
    header = batches.find(ports, kept.batch)
    left = number <= line.done and any(part["body"] for part in parts)
    return left or len(parts) != kept.parts or header is None or header.place != number
