"""Decide: what becomes of one contact when a list is pushed.

head, version -> is it meant? -> may it be there? -> finding, entry and membership in one
transaction, and its deliveries are due
"""

from dataclasses import dataclass

from chalicelib.domain import times
from chalicelib.domain.deliveries import Delivery, marked
from chalicelib.domain.filters import compile_filter
from chalicelib.domain.graph import Head
from chalicelib.domain.lists import STATES, Entry, Listing, task_of
from chalicelib.domain.sources import Target
from chalicelib.domain.versions import Version
from chalicelib.domain.views import contact_view
from chalicelib.flow.jobs import Job
from chalicelib.flow.listing.addresses import why_unfit
from chalicelib.flow.ports import Ports
from chalicelib.flow.walk import Place
from chalicelib.store import contacts, deliveries, keys
from chalicelib.store.ports import Absent, Put, Write

AT_ONCE = 45  # members that are taken off in the transaction of the finding: two writes each


@dataclass(frozen=True)
class Pushing:
    """A push at work."""

    ports: Ports
    job: Job
    target: Target

    @property
    def name(self) -> str:
        """Its list's name."""
        return str(self.job.spec["list"])

    @property
    def preview(self) -> bool:
        """Whether it only says what it would do."""
        return bool(self.job.spec["preview"])

    @property
    def entries(self) -> str:
        """The partition of the list's entries."""
        return keys.listed(self.target.id, self.name).pk

    def decided(self, place: Place) -> Listing | None:
        """What is decided about the contact that is met here; None where that is nothing."""
        head = contacts.head_of(self.ports.items, place.contact)
        if head is None:
            return None
        row = self.ports.items.get(keys.finding(self.job.id, head.id))
        if row:
            return Listing.of_row(row)
        version = contacts.version(self.ports.items, head.id, head.version)
        meant = self._is_meant(head, version)
        if not meant and place.pk != self.entries:
            return None  # nobody is on the list without an entry, which is come to
        return self._decide(place, head, version, meant)

    def _is_meant(self, head: Head, version: Version) -> bool:
        """By the filter as it is on the day of the push."""
        text = self.job.spec["filter"]
        if head.status != "active" or text is None:
            return False
        day = times.moment(self.job.created_at).date()
        return compile_filter(text, day).matches(contact_view(version))

    def _decide(self, place: Place, head: Head, version: Version, meant: bool) -> Listing | None:
        rows = deliveries.of_members(self.ports.items, self.target.id, head)
        on = [row for row in rows.values() if self.name in (row.lists or ())]
        if place.pk == self.target.id and not (on or any(row.present for row in rows.values())):
            return None  # it has no place to keep, and is come to later
        known = rows.get(head.id) or Delivery(target=self.target.id, contact=head.id)
        why, writes = why_unfit(
            self.ports, self.job, self.target, head, version, known, meant=meant
        )
        task = task_of(meant, why, had=bool(on))
        if task is None:
            return None
        found = Listing(id=head.id, place=place.name, task=task, why=why, had=bool(on))
        if not self.preview:
            stays = STATES[task] == "listed"
            writes += self._on(known, head, found) if stays else self._off(on, found)
        finding = Put(keys.finding(self.job.id, head.id), found.row(), Absent())
        self.ports.items.write([finding, *writes])
        return found

    def _on(self, known: Delivery, head: Head, found: Listing) -> list[Write]:
        """The entry; and that the contact is on the list under its own id, where that is new."""
        entry, lists = self._entry(head.id, found), known.lists or ()
        if self.name in lists:
            return [entry]
        return [entry, self._marked(known, head.rev, (*lists, self.name))]

    def _off(self, on: list[Delivery], found: Listing) -> list[Write]:
        """By whichever members it is on; the last of them with the finding, so that a push that
        is begun again finds something to take off.
        """
        for row in on[AT_ONCE:]:
            self.ports.items.write(self._left(row, found))
        left = [write for row in on[:AT_ONCE] for write in self._left(row, found)]
        own = found.id in [row.contact for row in on]
        return left if own else [*left, self._entry(found.id, found)]

    def _left(self, row: Delivery, found: Listing) -> list[Write]:
        others = tuple(n for n in row.lists or () if n != self.name)
        entry = self._entry(row.contact, found)
        return [entry, self._marked(row, row.wanted, others)]

    def _marked(self, row: Delivery, rev: int, lists: tuple[str, ...]) -> Write:
        news = marked(row, rev, self.ports.now(), run=self.job.id)
        return deliveries.delivery_write(
            row, news.model_copy(update={"lists": tuple(sorted(lists))})
        )

    def _entry(self, contact: str, found: Listing) -> Write:
        entry = Entry(
            contact=contact,
            state=STATES[found.task],
            push=self.job.id,
            at=times.text(self.ports.now()),
            why=found.why,
        )
        return Put(keys.listed(self.target.id, self.name, contact), entry.row())
