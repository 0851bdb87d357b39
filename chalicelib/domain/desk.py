"""The desk: how a question lies before the stewards, apart from what it asks. Pure."""

from chalicelib.domain.model import Entity
from chalicelib.domain.priority import Worth


class Desk(Entity):
    """Whose a question is, until when it rests, and what it is worth to answer it.

    `worth` is that of the contacts of its two records, in this order. `settled` says that it
    asks nothing any more: its records were joined, or judged different, without it; an undo
    can unsettle it.
    """

    worth: tuple[Worth, Worth] = (Worth(), Worth())
    settled: bool = False
    assignee: str = ""
    postponed_until: str = ""
    note: str = ""
