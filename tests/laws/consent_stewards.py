"""What stewards do in the law on consent, each as one step."""

from dataclasses import dataclass
from typing import Any

from chalicelib.domain import times
from chalicelib.flow.editing import edit, retire, split
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.editing.split import Parting
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.reading import read
from chalicelib.flow.undoing import undo_batches
from chalicelib.store import contacts
from tests.laws.consenting import NEWS, PEOPLE, Mailing, record_of
from tests.laws.ledger import WITHDRAWN
from tests.support.scenes import born

BY = "key:steward"
SOURCES = ("crm", "shop")
KINDS = (
    *("import", "import", "import", "again", "gone"),
    *("leave", "leave", "return", "complain", "bounce", "put_away", "edit_there", "edit_spot"),
    *("merge", "unmerge", "split", "undo", "retire", "restore", "revert", "pin", "pin_out"),
    *("release", "pause", "resume", "backfill", "fail", "lose"),
    *("turn", "turn", "turn", "once", "twice", "drop"),
)


@dataclass(frozen=True)
class Step:
    """One thing that happens: `who` and `other` are people, `which` picks among what there is."""

    kind: str
    who: int = 0
    other: int = 0
    which: int = 0
    source: int = 0
    event: str = "contact.upserted"
    says: str = ""
    proof: bool = False
    days: int = 0


class Stewards(Mailing):
    """The steps of people; `batches` are those that can be undone."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[str] = []

    def _merge(self, step: Step) -> None:
        pair = record_of(step.who, "crm"), record_of(step.other, SOURCES[step.source])
        mode: Any = ("merge", "overwrite", "skip")[step.which % 3]
        choices = {"consents": pair[1]} if step.proof else {}
        order = Order(pair, mode, pair[step.which % 2], BY, choices=choices)
        self.batches.append(merge.merge(self.world.ports, order)[1]["id"])

    def _unmerge(self, step: Step) -> None:
        rows = self.world.items.snapshot().items()
        ties = sorted({r["merge"] for k, r in rows if k.pk.startswith("J#")} - {""})
        if ties:
            unmerge.undo(self.world.ports, ties[step.which % len(ties)], BY)

    def _split(self, step: Step) -> None:
        head = contacts.head_of(self.world.items, record_of(step.who, "crm"))
        if head and len(head.members) > 1:
            leaving = (head.members[step.which % len(head.members)],)
            parting = Parting(head.id, leaving, BY, self.world.chance.token())
            split.split(self.world.ports, parting)

    def _undo(self, step: Step) -> None:
        batch = self.batches[-1 - step.which % len(self.batches)]
        undo_batches.undo(self.world.ports, batch, BY)
        self.ledger.undo(batch)

    def seen(self, step: Step) -> Seen:
        contact = record_of(step.who, SOURCES[step.source])
        if contacts.head_of(self.world.items, contact) is None:
            contact = self._elsewhere(step)
        etag = read.contact(self.world.ports, contact)[1]
        return Seen(contact, etag, BY, self.world.chance.token())

    def _elsewhere(self, step: Step) -> str:
        """Who somebody is whom this source does not know: as who signed up, if they did."""
        member = self.chimp.records.get(f"{PEOPLE[step.who]}@example.org")
        own = born("mc", member.contact_id) if member else ""
        known = contacts.head_of(self.world.items, own) if own else None
        return own if known else record_of(step.who, "crm")

    def _retire(self, step: Step) -> None:
        seen = self.seen(step)
        retire.retire(self.world.ports, seen)
        self.batches.append(seen.batch(self.world.ports, "retire").id)

    def _restore(self, step: Step) -> None:
        retire.restore(self.world.ports, self.seen(step))

    def _revert(self, step: Step) -> None:
        seen = self.seen(step)
        head = contacts.head_of(self.world.items, seen.contact)
        assert head
        edit.revert(self.world.ports, seen, 1 + step.which % head.version, None)

    def _pin(self, step: Step) -> None:
        edit.edit(self.world.ports, self.seen(step), {"job_title": "prezes"})

    def _pin_out(self, step: Step) -> None:
        """A person calls: no more letters."""
        seen = self.seen(step)
        known = read.contact(self.world.ports, seen.contact)[0].get("consents") or []
        at = times.text(self.world.clock())
        fact = NEWS | {"status": step.says or WITHDRAWN, "occurred_at": at}
        edit.edit(self.world.ports, seen, {"consents": [*known, fact]})
        batch = seen.batch(self.world.ports, "edit").id
        told = self.state().statements.items()
        (bearer,) = (r for r, said in told for s in said if s.batch == batch)
        self.ledger.tell(bearer, fact, batch)
        self.batches.append(batch)

    def _release(self, step: Step) -> None:
        edit.release(self.world.ports, self.seen(step), ("consents", "job_title")[step.which % 2])
