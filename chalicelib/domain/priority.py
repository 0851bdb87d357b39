"""What a steward should see first: a likely pair of contacts that are worth much, then the oldest.

    priority = the machine's score + what each of the two contacts is worth

Both are in hundredths of a bit of evidence: a customer weighs as much as two bits. Worth
decides among questions that are about equally likely, and turns no doubt into a likely pair.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.model import Entity

CUSTOMER = 200
OPEN_STAGE = 100
OPEN_STAGES = frozenset({"lead", "prospect"})
PER_SOURCE, SOURCES_CAP = 50, 4
PER_RECORD, RECORDS_CAP = 10, 10


class Worth(Entity):
    """What one contact is worth to be looked at, part by part.

    A customer, an open sale, and each further source (up to four) and record (up to ten)
    that would be right or wrong with it.
    """

    customer: int = 0
    open_stage: int = 0
    sources: int = 0
    records: int = 0

    @property
    def points(self) -> int:
        """All parts together."""
        return self.customer + self.open_stage + self.sources + self.records


def worth(values: Mapping[str, Any], sources: int, records: int) -> Worth:
    """The worth of a contact by its golden values and by how many know it."""
    return Worth(
        customer=CUSTOMER if "customer" in values.get("roles", ()) else 0,
        open_stage=OPEN_STAGE if values.get("stage") in OPEN_STAGES else 0,
        sources=PER_SOURCE * min(sources - 1, SOURCES_CAP),
        records=PER_RECORD * min(records - 1, RECORDS_CAP),
    )
