"""Segments: filters saved under a name of their own."""

from typing import Any

from chalicelib.domain import times
from chalicelib.domain.errors import FieldError, InvalidError, NotFoundError
from chalicelib.domain.filters import compile_filter
from chalicelib.domain.segments import Segment
from chalicelib.flow.changes import insisting
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Equals, Put

SEGMENTS = "segments"
MISSING = "There is no segment under this id."


def put(ports: Ports, name: str, label: str, text: str) -> tuple[Segment, bool]:
    """Save one, or change it; says whether it is new. Raises `InvalidError` for its filter."""
    compile_filter(text)
    wanted = Segment(id=name, name=label, filter=text)
    return insisting(ports, lambda _: _put(ports, wanted))


def _put(ports: Ports, wanted: Segment) -> tuple[Segment, bool]:
    known = _kept(ports, wanted.id)
    is_new = known is None or bool(known.deleted_at)
    began = times.text(ports.now()) if known is None or is_new else known.created_at
    return _store(ports, known, wanted.model_copy(update={"created_at": began})), is_new


def delete(ports: Ports, name: str) -> Segment:
    """Away with it; lists that were made from it stay. `NotFoundError` where there is none."""
    return insisting(ports, lambda _: _delete(ports, name))


def _delete(ports: Ports, name: str) -> Segment:
    known = _kept(ports, name)
    if known is None:
        raise NotFoundError(MISSING)
    if known.deleted_at:
        return known
    gone = known.model_copy(update={"deleted_at": times.text(ports.now())})
    return _store(ports, known, gone)


def _store(ports: Ports, known: Segment | None, wanted: Segment) -> Segment:
    rev = known.rev if known else 0
    stored = wanted.model_copy(update={"rev": rev + 1})
    condition = Equals("rev", rev) if rev else Absent()
    ports.items.write([Put(keys.registered(SEGMENTS, stored.id), stored.row(), condition)])
    return stored


def _kept(ports: Ports, name: str) -> Segment | None:
    row = ports.items.get(keys.registered(SEGMENTS, name))
    return Segment.of_row(row) if row else None


def named(ports: Ports, name: str) -> Segment:
    """One by its id; `NotFoundError`."""
    found = _kept(ports, name)
    if found is None or found.deleted_at:
        raise NotFoundError(MISSING)
    return found


def listed(ports: Ports, _: str, after: str | None, limit: int) -> dict[str, Any]:
    """A page of them, by id."""
    page = ports.items.query("registry", SEGMENTS, after=after, limit=limit)
    known = [Segment.of_row(row) for row in page.items]
    return {"items": [view(s) for s in known if not s.deleted_at], "next": page.next}


def filter_of(ports: Ports, segment: str, text: str = "") -> str:
    """The filter of a segment, narrowed by another; `InvalidError` where there is no such one."""
    try:
        saved = named(ports, segment).filter if segment else ""
    except NotFoundError as error:
        raise InvalidError(
            error.detail, [FieldError("/segment", "unknown", error.detail)]
        ) from None
    parts = [part for part in (saved, text) if part.strip() not in ("", "*")]
    return parts[0] if len(parts) == 1 else " AND ".join(f"({part})" for part in parts)


def view(segment: Segment) -> dict[str, Any]:
    """As the outside sees it."""
    return segment.model_dump(include={"id", "name", "filter", "created_at"})
