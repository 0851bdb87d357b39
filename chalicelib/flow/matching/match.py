"""Match: write the record's keys, look, compare, then join, ask or leave; then mark it.

    list of keys, record -> write its keys and card -> look -> best pair first:
    the contacts of both -> rule on them -> tie | open a review -> mark as matched
    (which lets the targets know)

Written before looked (law 5): of two duplicates that arrive at once one sees the other.
"""

import json
import logging
from collections.abc import Mapping, Sequence

from chalicelib.domain.deciding import card_of, cards_of, doubtful, obstacle, policy, touched
from chalicelib.domain.errors import TooLargeError
from chalicelib.domain.graph import Contact
from chalicelib.domain.judgements import Mode
from chalicelib.domain.matching import Model, Pair, compare, look, match_keys, note_of, rule
from chalicelib.domain.settle import Step
from chalicelib.domain.sources import Source
from chalicelib.flow import registry
from chalicelib.flow.changes import Change, change_writes, changed, insisting, kick
from chalicelib.flow.matching import index
from chalicelib.flow.matching.ask import ask
from chalicelib.flow.matching.look import KIND, StoredShelf
from chalicelib.flow.merging.link import both
from chalicelib.flow.merging.tie import Wish, tie
from chalicelib.flow.ports import Ports
from chalicelib.flow.reading.search_index import index_contact
from chalicelib.flow.reviewing.rank import rank
from chalicelib.flow.ruling import models
from chalicelib.flow.ruling.renew import renew
from chalicelib.store import contacts
from chalicelib.store.ports import Conflict, Delete, Key

_log = logging.getLogger(__name__)
Shared = Mapping[str, int]


class Unwanted(Exception):
    """The machine finds, on fresh reads, that it may not join the two."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def match(ports: Ports, pk: str, sk: str) -> None:
    """Work off one change of the match lane; harmless when it was done before."""
    row = ports.items.get(Key("changes", pk, sk))
    if row is None:
        return
    change = Change.of_row(row)
    seen = {r: since for r in change.records if (since := match_record(ports, r))}
    renew(ports, change.contact)  # it may be by rules that went out of force as it was written
    # Indexed before it is marked: a contact that targets may hear of can be found.
    index_contact(ports, change.contact)
    rank(ports, change.contact)
    kick(ports, insisting(ports, lambda _: _finish(ports, change, seen)))


def match_record(ports: Ports, record_id: str) -> str | None:
    """Write one record's keys, look, and act on what is found, the best pair first.

    Returns since when it had waited; None where it waits no more.
    """
    contact = insisting(ports, lambda _: _index_record(ports, record_id))
    since = contact.head.unmatched.get(record_id) if contact else None
    if contact and since and _act_on_all(ports, contact, record_id):
        insisting(ports, lambda _: _index_record(ports, record_id))  # its rows name its contact
    return since


def _act_on_all(ports: Ports, contact: Contact, record_id: str) -> bool:
    """Look for one record and act on each pair; whether there was any."""
    model, card = models.active(ports), card_of(contact.records[record_id])
    looked = look(StoredShelf(ports), card, (record_id,), model)
    for pair in looked.pairs:
        kick(ports, _act(ports, pair, looked.shared, model))
    return bool(looked.pairs)


def _index_record(ports: Ports, record_id: str) -> Contact | None:
    """Make the record's match keys what its values ask for; a deleted one has none."""
    listed = index.listing(ports, record_id, KIND)
    contact = contacts.load(ports.items, record_id)
    if contact and index.update(ports, listed, *rows_of(ports, contact, record_id)):
        now = contacts.head_of(ports.items, record_id)
        if now and now.unmatched.get(record_id) != contact.head.unmatched.get(record_id):
            raise Conflict  # it changed while its rows were written: they may be too old
    return contact


def rows_of(ports: Ports, contact: Contact, record_id: str) -> tuple[Mapping[index.Row, str], str]:
    """A row for each key, with a note of its names and contact; and the record's card."""
    shelf, card = StoredShelf(ports), card_of(contact.records[record_id])
    note = note_of(card.seen, contact.head.id, shelf.hide).text()
    rows = {(shelf.partition(key), record_id): note for key in match_keys(card.seen)}
    return rows, card.text() if rows else ""


def _act(ports: Ports, pair: Pair, shared: Shared, model: Model) -> Sequence[Change]:
    """Join two contacts where the machine may; ask where it may not or is not sure."""
    ours, theirs = insisting(ports, lambda _: both(ports, pair.record.id, pair.candidate.id))
    if ours.head.id == theirs.head.id:
        return ()
    ruled = _ruled(pair, ours, theirs, shared, model)
    younger = max(pair.record, pair.candidate, key=lambda card: card.age)
    record = (ours.records | theirs.records)[younger.id]
    mode = policy(record, registry.find(ports, Source, younger.source))
    if ruled.comparison.verdict == "same" and mode:
        try:
            return _join(ports, ruled, younger.id, mode, shared, model)
        except Unwanted as unwanted:
            if unwanted.why in ("joined", "judged_different"):
                return ()
        except TooLargeError:
            _log.warning(json.dumps({"not_joined": pair.record.id, "why": "too_large"}))
    if ruled.comparison.verdict != "none":
        _ask(ports, ruled, model)
    return ()


def _ruled(pair: Pair, ours: Contact, theirs: Contact, shared: Shared, model: Model) -> Pair:
    """The pair as its records speak now, and as it stands for their contacts.

    What was found may be what a record has said: the index is brought up to date by its match.
    """
    records = ours.records | theirs.records
    a, b = card_of(records[pair.record.id]), card_of(records[pair.candidate.id])
    if (a, b) != (pair.record, pair.candidate):
        pair = Pair(a, b, compare(a.seen, b.seen, shared, model))
    ruling = rule(pair, cards_of(ours), cards_of(theirs), shared, model)
    return pair._replace(comparison=ruling.comparison)


def _ask(ports: Ports, pair: Pair, model: Model) -> None:
    """Put it to a person; a contact that holds all it can is left, and the log says so."""
    try:
        ask(ports, doubtful(pair), model.by)
    except TooLargeError:
        _log.warning(json.dumps({"not_asked": pair.record.id, "why": "too_large"}))


def _join(
    ports: Ports, pair: Pair, younger: str, mode: Mode, shared: Shared, model: Model
) -> Sequence[Change]:
    def refuse_unwanted(ours: Contact, theirs: Contact) -> None:
        why = obstacle(ours, theirs)
        if not why and _ruled(pair, ours, theirs, shared, model).comparison.verdict != "same":
            why = "contradiction"
        if why:
            raise Unwanted(why)

    edge = ports.chance.token()
    wish = Wish(
        id=edge,
        merge=edge,
        a=pair.record.id,
        b=pair.candidate.id,
        by=model.by,
        mode=mode,
        batch=edge,
        touch=lambda _ours, _theirs: touched(mode, younger),
        check=refuse_unwanted,
        score=pair.comparison.score,
        reasons=tuple(r._asdict() for r in pair.comparison.reasons),
    )
    return tie(ports, wish).changes


def _finish(ports: Ports, change: Change, seen: Mapping[str, str]) -> Sequence[Change]:
    """Mark what was seen as it is and delete the change, in one transaction.

    What changed since, or was parted, waits by a newer mark, and by a newer change.
    """
    head = contacts.head_of(ports.items, next(iter(seen))) if seen else None
    waiting = dict(head.unmatched) if head else {}
    matched = [r for r, since in seen.items() if waiting.get(r) == since]
    if head is None or not matched:
        ports.items.write([Delete(change.key)])
        return ()
    left = {r: since for r, since in waiting.items() if r not in matched}
    after = head.model_copy(update={"unmatched": left, "rev": head.rev + 1})
    told = changed(ports, after.id, after.rev, match=None, fan_out=not left)
    writes = contacts.step_writes(Step(head, after)) + change_writes(told)
    ports.items.write([*writes, Delete(change.key)])
    return told
