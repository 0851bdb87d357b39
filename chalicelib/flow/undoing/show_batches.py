"""Batches as they are shown: listed, one with what it did, and what its undo means for whom."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.evidence import Statement
from chalicelib.domain.graph import Contact
from chalicelib.domain.hearing import Heard
from chalicelib.domain.judgements import Judgement
from chalicelib.domain.undoing import hanging, returning
from chalicelib.flow import batches, jobs
from chalicelib.flow.batches import Batch, Chosen
from chalicelib.flow.changes import insisting
from chalicelib.flow.intake.ingest import UNDONE, Effect
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.flow.undoing import show_splits, show_words
from chalicelib.flow.undoing.outcome import Undone
from chalicelib.flow.undoing.take_back import UNDOABLE
from chalicelib.store import contacts, keys
from chalicelib.store.ports import Item

PAGES_CAP = 10
Json = dict[str, Any]


def listed(ports: Ports, wanted: Chosen, after: str | None, limit: int) -> Json:
    """The batches that are meant, the newest first."""
    found, following = batches.chosen(ports, wanted, after, limit)
    return {"items": [_header(b) for b in found], "next": following}


def _header(batch: Batch) -> Json:
    shown = {n: getattr(batch, n) for n in ("id", "kind", "by", "at", "name")}
    return shown | {"undone_by": batch.undone_by or None}


def one(ports: Ports, batch_id: str, after: str | None, limit: int) -> Json:
    """A batch, how many outcomes of each kind it had, and its effects; of an undo what it
    took back."""
    batch = batches.find(ports, batch_id)
    if batch is None:
        raise NotFoundError("There is no batch under this id.")
    job = jobs.find(ports, batch_id)
    if job and job.kind == "undo_batch":
        pk = keys.job(job.id).pk
        page = ports.items.query("contacts", pk, prefix=keys.OUTCOMES, after=after, limit=limit)
        shown = [_undone(ports, job.id, Undone.of_row(row)) for row in page.items]
        counts = job.result or job.progress.get("counts", {})
    else:
        page = batches.effects(ports, batch_id, after, limit)
        shown = [_effect(effect) for _, effect in _read(page.items)]
        counts = _counts(ports, batch_id)
    return _header(batch) | {"counts": counts, "items": shown, "next": page.next}


def _read(rows: Iterable[Item]) -> Iterator[tuple[str, Effect]]:
    """The effects among a batch's rows, each with its place; neither header nor bar."""
    for row in rows:
        if row["sk"] != "HEAD" and row["outcome"] != UNDONE:
            yield row["sk"], Effect.of_row(row)


def _effect(effect: Effect) -> Json:
    shown = {"contact_id": effect.contact_id, "outcome": effect.outcome}
    told = {"record": effect.record, "judgement": effect.judgement, "reason": effect.reason}
    return shown | {name: value for name, value in told.items() if value}


def _counts(ports: Ports, batch_id: str) -> dict[str, int]:
    return dict(Counter(effect.outcome for _, effect in _read(_rows(ports, batch_id))))


def _rows(ports: Ports, batch_id: str) -> Iterator[Item]:
    after = None
    while True:
        page = batches.effects(ports, batch_id, after, 100)
        yield from page.items
        after = page.next
        if after is None:
            return


def preview(ports: Ports, wanted: Chosen, after: str | None, limit: int) -> Json:
    """What the undo of these batches would mean, record by record; writes nothing.

    A page may hold fewer than asked for: effects that left nothing behind are passed over.
    """
    place, _, lane = (after or "").partition(" ")
    shown: list[Json] = []
    for _ in range(PAGES_CAP):
        found, following = batches.chosen(ports, wanted, lane or None, 1)
        for batch in found:
            page = batches.effects(ports, batch.id, place or None, limit - len(shown))
            effects = [e for _, e in _read(page.items) if batch.kind in UNDOABLE]
            meant = _meant(ports, wanted, batch)
            shown += [s for e in effects for s in _foreseen(ports, wanted, batch, e, meant)]
            place = page.next or ""
        if not place and not following:
            return {"items": shown, "next": None}
        lane = lane if place else str(following)
        if len(shown) >= limit:
            break
    return {"items": shown, "next": f"{place} {lane}"}


def _meant(ports: Ports, wanted: Chosen, batch: Batch) -> Mapping[str, str] | None:
    """What is left of a split, foreseen as a whole: each of its effects hangs on the others."""
    if batch.kind != "split":
        return None
    effects = (e for _, e in _read(_rows(ports, batch.id)))
    return show_splits.foreseen(ports, wanted, batch, effects)


def _foreseen(
    ports: Ports,
    wanted: Chosen,
    batch: Batch,
    effect: Effect,
    meant: Mapping[str, str] | None,
) -> list[Json]:
    """What becomes of what an effect left behind."""
    found: list[Json | None] = []
    if effect.judgement and (meant is None or effect.judgement in meant):
        reason = (meant or {}).get(effect.judgement)
        state = {"state": "refused", "reason": reason} if reason else {"state": "to_undo"}
        found.append({**_effect(effect), **state})
    if effect.word:
        goes = partial(_goes, ports, wanted)
        found.append(show_words.foreseen(ports, effect.interaction, effect.word, goes))
    if effect.stamp:
        found.append(_of_record(ports, wanted, batch, effect))
    return [f for f in found if f]


def _of_record(ports: Ports, wanted: Chosen, batch: Batch, effect: Effect) -> Json | None:
    """What becomes of a record; once, where the newest of its words is met."""
    contact, told = insisting(ports, lambda _: _loaded(ports, effect.record))
    going = [s for s in told if _goes(ports, wanted, s)]
    taken = [s.stamp for s in going]
    if not taken or effect.stamp != max(taken):
        return None
    edges = hanging(contact, effect.record, min(batch.at, *(s.recorded_at for s in going)))
    return {"state": "to_undo", **_returning(ports, contact, effect.record, told, taken, edges)}


def _goes(ports: Ports, wanted: Chosen, said: Statement | Heard) -> bool:
    """Whether it is retracted with these batches: nobody else said it."""
    found = (batches.find(ports, b) for b in said.tellers)
    return not said.retracted_by and all(b and wanted.holds(b) for b in found)


def _loaded(ports: Ports, record_id: str) -> tuple[Contact, list[Statement]]:
    contact = contacts.load(ports.items, record_id)
    if contact is None:
        raise NotFoundError("There is no contact under this id.")
    return contact, contacts.told(ports.items, record_id)


def _undone(ports: Ports, undo: str, undone: Undone) -> Json:
    """What became of an effect; the values as they are by now, with and without it."""
    shown: Json = {"state": undone.state, "contact_id": undone.contact}
    told = {"judgement": undone.judgement, "reason": undone.reason}
    shown |= {name: value for name, value in told.items() if value}
    if undone.word:
        return shown | show_words.undone(ports, undone.interaction, undo)
    if not undone.stamp:
        return shown
    contact, said = insisting(ports, lambda _: _loaded(ports, undone.record))
    taken = [s.stamp for s in said if s.retracted_by == undo]
    return shown | _returning(ports, contact, undone.record, said, taken, ())


def _returning(
    ports: Ports,
    contact: Contact,
    record_id: str,
    told: list[Statement],
    taken: list[str],
    edges: Collection[Judgement],
) -> Json:
    record, settled_by = contact.records[record_id], rules.of_head(ports, contact.head.rules)
    found = returning(contact, record, told, taken, tuple(edges), settled_by)
    return {
        "contact_id": contact.head.id,
        "record": {"source": record.source, "external_id": record.external_id},
        "fields": {n: {"before": old, "after": new} for n, (old, new) in found.fields.items()},
        "kept": list(found.kept),
        "apart": list(found.apart),
        "held_by": list(found.held_by),
    }
