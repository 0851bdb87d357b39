"""Segments: filters that have a name of their own, for searches and for lists."""

from chalicelib.domain.model import Entity


class Segment(Entity):
    """A saved filter: it has no members but those that match whenever it is asked.

    One that was deleted is kept with the time; saved again, it is back.
    """

    id: str
    name: str = ""
    filter: str = ""
    created_at: str = ""
    deleted_at: str = ""
    rev: int = 0
