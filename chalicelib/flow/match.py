"""Match: write the record's keys, look, compare, then join, ask or leave; then mark it.

    list of keys, record -> write its keys -> read every key -> read the candidates
    -> best pair first: tie | open a review -> mark as matched (which lets the targets know)

Written before looked (law 5): of two duplicates that arrive at once one sees the other.
"""

import json
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from chalicelib.domain.deciding import (
    CANDIDATES_CAP,
    Pair,
    doubtful,
    obstacle,
    ranked,
    touched,
)
from chalicelib.domain.errors import TooLargeError
from chalicelib.domain.evidence import Record
from chalicelib.domain.graph import Contact
from chalicelib.domain.ids import keyed
from chalicelib.domain.judgements import Mode
from chalicelib.domain.matching import MODEL, match_keys, name_print
from chalicelib.domain.settle import Step
from chalicelib.domain.sources import Source
from chalicelib.flow import index, registry, review
from chalicelib.flow.changes import Change, change_writes, changed, insisting, kick
from chalicelib.flow.ports import Ports
from chalicelib.flow.search_index import index_contact
from chalicelib.flow.tie import Wish, tie
from chalicelib.store import contacts, keys
from chalicelib.store.ports import Conflict, Delete, Key

KEY_CAP = 200
NAMELESS = ""
BY = f"model:{MODEL.version}"
_log = logging.getLogger(__name__)


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
    # Indexed before it is marked: a contact that targets may hear of can be found.
    index_contact(ports, change.contact)
    kick(ports, insisting(ports, lambda _: _finish(ports, change, seen)))


def match_record(ports: Ports, record_id: str) -> str | None:
    """Write one record's keys, look, and act on what is found, the best pair first.

    Returns since when it had waited; None where it waits no more.
    """
    contact = insisting(ports, lambda _: _index_record(ports, record_id))
    since = contact.head.unmatched.get(record_id) if contact else None
    if contact and since:
        for pair in find(ports, contact.records[record_id]):
            kick(ports, _act(ports, pair))
    return since


def _index_record(ports: Ports, record_id: str) -> Contact | None:
    """Make the record's match keys what its values ask for; a deleted one has none."""
    listed = index.listing(ports, record_id, "match")
    contact = contacts.load(ports.items, record_id)
    if contact and index.update(ports, listed, _rows(ports, contact.records[record_id])):
        now = contacts.head_of(ports.items, record_id)
        if now and now.unmatched.get(record_id) != contact.head.unmatched.get(record_id):
            raise Conflict  # it changed while its rows were written: they may be too old
    return contact


def _rows(ports: Ports, record: Record) -> Mapping[index.Row, str]:
    """A row for each key, with the name's print: how many names share it is counted."""
    values = record.values()
    print_ = name_print(values)
    name = keyed(ports.keys.matching, print_) if print_ else NAMELESS
    return {(_partition(ports, key), record.id): name for key in match_keys(values)}


def _partition(ports: Ports, key: str) -> str:
    return f"match={keyed(ports.keys.matching, key)}"


def find(ports: Ports, record: Record) -> list[Pair]:
    """The pairs worth acting on, the best first: by what the stored keys lead to."""
    found: Counter[str] = Counter()
    shared: dict[str, int] = {}
    for key in sorted(match_keys(record.values())):
        rows = ports.items.query("index", _partition(ports, key), limit=KEY_CAP + 1).items
        shared[key] = len({row["note"] for row in rows} - {NAMELESS})
        if len(rows) <= KEY_CAP:
            found.update(row["sk"] for row in rows if row["sk"] != record.id)
    nearest = sorted(found, key=lambda r: (-found[r], r))[:CANDIDATES_CAP]
    return ranked(record, _read(ports, nearest), shared)


def _read(ports: Ports, record_ids: Iterable[str]) -> list[Record]:
    rows = ports.items.get_many([keys.record(r) for r in record_ids])
    return [Record.of_row(row) for row in rows.values()]


def _act(ports: Ports, pair: Pair) -> Sequence[Change]:
    """Join two contacts where the machine may; ask where it may not or is not sure."""
    younger = max(pair.record, pair.candidate, key=lambda r: r.age)
    source = registry.find(ports, Source, younger.source)
    automatic = source is None or source.automatic_merge
    if pair.comparison.verdict == "same" and automatic:
        try:
            return _join(ports, pair, younger, source.duplicate_policy if source else "merge")
        except Unwanted as unwanted:
            if unwanted.why in ("joined", "judged_different"):
                return ()
        except TooLargeError:
            _log.warning(json.dumps({"not_joined": pair.record.id, "why": "too_large"}))
    return _ask(ports, pair)


def _ask(ports: Ports, pair: Pair) -> Sequence[Change]:
    """Put it to a person; a contact that holds all it can is left, and the log says so."""
    try:
        return review.ask(ports, doubtful(pair), BY)
    except TooLargeError:
        _log.warning(json.dumps({"not_asked": pair.record.id, "why": "too_large"}))
        return ()


def _join(ports: Ports, pair: Pair, younger: Record, policy: Mode) -> Sequence[Change]:
    edge = ports.chance.token()
    wish = Wish(
        id=edge,
        merge=edge,
        a=pair.record.id,
        b=pair.candidate.id,
        by=BY,
        mode=policy,
        batch=edge,
        touch=lambda _ours, _theirs: touched(policy, younger.id),
        check=_refuse_unwanted,
        score=pair.comparison.score,
        reasons=tuple(asdict(r) for r in pair.comparison.reasons),
    )
    return tie(ports, wish).changes


def _refuse_unwanted(ours: Contact, theirs: Contact) -> None:
    why = obstacle(ours, theirs)
    if why:
        raise Unwanted(why)


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
