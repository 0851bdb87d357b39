"""Batches against what was done in them: each has a header, each word of a person an effect.

A lost header is written from what speaks of its batch: the job of its name, a version, a
judgement, the record that was told of. What none of these says stays unknown: then it is `fsck`'s.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from chalicelib.domain import times
from chalicelib.domain.checking import Fault
from chalicelib.domain.evidence import Record, Statement
from chalicelib.domain.hearing import Heard
from chalicelib.domain.judgements import Decision
from chalicelib.domain.sources import HAND
from chalicelib.domain.splitting import PARTED, role_of
from chalicelib.domain.versions import Version
from chalicelib.flow import batches, jobs
from chalicelib.flow.batches import Batch, Kind
from chalicelib.flow.checking.standing import homes, rows, versions
from chalicelib.flow.intake.ingest import Effect
from chalicelib.flow.jobs import Job
from chalicelib.flow.merging.overtake import is_cut
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts, keys
from chalicelib.store.ports import Conflict, Item, Key, Write

BY = "fsck"
OF_JOBS: dict[jobs.Kind, Kind] = {
    "merge": "merge",
    "split": "split",
    "decide": "review",
    "undo_batch": "undo",
}


def headless(ports: Ports, item: Item) -> Iterator[Fault]:
    """The batches that a statement, a word on an interaction, a judgement, an effect or an undo
    is of, where none stands."""
    for name in _named(item):
        if batches.find(ports, name) is None:
            yield _fault("batch_headless", name, item, "what was done in it has no header")


def unlisted(ports: Ports, item: Item) -> Iterator[Fault]:
    """A judgement that a batch does not name among what it did."""
    words = f"does not name the judgement {item['judgement']['id']}"
    for batch in _listings(ports, Decision.of_row(item)):
        yield _fault("effect_lost", batch, item, words)


def unfounded(ports: Ports, item: Item) -> Iterator[Fault]:
    """An effect that names a judgement of which nothing stands."""
    name = Effect.of_row(item).judgement
    if name and contacts.decision(ports.items, name) is None:
        words = f"a person was answered, and of judgement {name} nothing stands"
        yield _fault("answer_unfounded", item["pk"].partition("#")[2], item, words)


def mend_batch(ports: Ports, fault: Fault) -> None:
    """Write the header that a row is found to be without, and the effect."""
    row = None if fault.lost else ports.items.get(Key("contacts", *fault.seeds))
    if row is None:
        return
    if fault.code == "batch_headless":
        _open(ports, _header(ports, fault.id, row))
    if row["pk"].startswith("J#") and (listed := _listings(ports, Decision.of_row(row))):
        ports.items.write(list(listed.values()))


def _open(ports: Ports, header: Batch) -> None:
    try:
        ports.items.write([batches.opening(header)])
    except Conflict:
        return  # another row of the same batch was mended before, or its call came again


def _named(item: Item) -> Iterable[str]:
    kind, _, name = item["pk"].partition("#")
    if kind == "J":
        decision = Decision.of_row(item)
        told = () if decision.judgement.machine else (decision.batch,)
        return (*told, restored) if (restored := _restored_by(decision)) else told
    if kind == "T":
        return (name,) if Job.of_row(item).kind == "undo_batch" else ()
    if kind == "B":
        return (name,)
    said = Heard.of_row(item) if kind == "I" else Statement.of_row(item)
    undo = (said.retracted_by,) if said.retracted_by else ()
    return (*said.tellers, *undo)


def _restored_by(decision: Decision) -> str:
    """The batch that brought back whom this judgement had put away; else empty."""
    retired = decision.judgement.verdict == "retired"
    return str(decision.undo.get("batch", "")) if retired else ""


def _listings(ports: Ports, decision: Decision) -> dict[str, Write]:
    """The effects that shall name a judgement, each under its batch; only what does not stand."""
    made, ended = _listing(ports, decision), _restoring(ports, decision)
    found = {decision.batch: made, _restored_by(decision): ended, **_cutting(ports, decision)}
    return {batch: listed for batch, listed in found.items() if listed}


def _restoring(ports: Ports, decision: Decision) -> Write | None:
    """The effect of a restore, which names one of the judgements that it ended."""
    batch, judgement = _restored_by(decision), decision.judgement
    header = batches.find(ports, batch) if batch else None
    if header is None or header.kind != "restore":
        return None
    listed = rows(ports.items, keys.judged(batch, ""))
    if any(row["outcome"] == "restored" for row in listed):
        return None
    made = _made(ports, batch, judgement.a)
    return batches.judged(batch, "restored", made.contact if made else judgement.a[0], judgement.id)


def _cutting(ports: Ports, decision: Decision) -> dict[str, Write | None]:
    """The effect of the split that cut an edge, by which its undo finds the edge."""
    split = decision.undo.get("batch", "") if decision.judgement.verdict == "same" else ""
    if not split or not is_cut(ports, decision):
        return {}
    listed = batches.judged(split, PARTED, decision.undo["contacts"][0], decision.judgement.id)
    return {split: None if ports.items.get(listed.key) else listed}


def _listing(ports: Ports, decision: Decision) -> Write | None:
    """The effect that shall name a judgement which a person's batch made for its own sake.

    None where it stands.
    """
    header, judgement = batches.find(ports, decision.batch), decision.judgement
    outcome = _outcome(header, decision) if header else ""
    if not outcome:
        return None
    home = homes(ports.items, judgement.a).get(judgement.a[0])
    contact = decision.effect.get("winner") or (home.id if home else judgement.a[0])
    listed = batches.judged(decision.batch, outcome, contact, judgement.id)
    return None if ports.items.get(listed.key) else listed


def _outcome(header: Batch, decision: Decision) -> str:
    """Empty where a judgement is the machine's, or only follows from what is taken back."""
    name, of_split = decision.judgement.id, header.kind == "split"
    meant = {
        "same": role_of(name, header.id) if of_split else "merged",
        "different": "different" if _answers(decision) else "",
        "retired": "retired" if header.kind == "retire" else "",
    }
    return "" if decision.judgement.machine else meant.get(decision.judgement.verdict, "")


def _answers(decision: Decision) -> bool:
    """Whether a person was asked for it."""
    return bool(decision.effect.get("ended"))


def _header(ports: Ports, name: str, row: Item) -> Batch:
    decision = _decision(ports, row)
    record = _record(ports, row)
    source = record.source if record else str(row.get("source", ""))
    found = _of_job(ports, name) or _of_version(ports, name, decision, record)
    return found or _of_decision(name, decision) or _of_source(ports, name, source)


def _of_job(ports: Ports, name: str) -> Batch | None:
    job = jobs.find(ports, name)
    if job is None or job.kind not in OF_JOBS:
        return None
    by = job.spec.get("by") or job.spec["who"]
    return Batch(id=name, kind=OF_JOBS[job.kind], by=by, at=job.created_at)


def _of_version(
    ports: Ports, name: str, decision: Decision | None, record: Record | None
) -> Batch | None:
    """By the first version that the batch made of one of the contacts that it was about."""
    ids = [*decision.judgement.a, *decision.judgement.b] if decision else []
    ids += [record.id] if record else []
    made = _made(ports, name, ids)
    if made is None:
        return None
    by, cause = made.cause.by, made.cause.type
    told: Kind = "call" if by.startswith("source:") else "create"
    kind = next((k for k in get_args(Kind) if k == cause), told)
    return Batch(id=name, kind=kind, by=by, at=made.recorded_at)


def _made(ports: Ports, batch: str, ids: Sequence[str]) -> Version | None:
    """The first version that a batch made of one of these, or of a contact that one is in."""
    led = [home.id for home in homes(ports.items, ids).values()]
    chains = (versions(ports.items, contact) for contact in dict.fromkeys([*led, *ids]))
    return next((v for chain in chains for v in chain if v.batch == batch), None)


def _of_decision(name: str, decision: Decision | None) -> Batch | None:
    if decision is None:
        return None
    said = decision.judgement
    if name == _restored_by(decision):
        by, at = decision.retracted_by, decision.retracted_at
        return Batch(id=name, kind="restore", by=by, at=at)
    parts: Kind = "review" if _answers(decision) else "undo"
    kinds: dict[str, Kind] = {"same": "merge", "different": parts, "retired": "retire"}
    return Batch(id=name, kind=kinds.get(said.verdict, "review"), by=said.by, at=said.at)


def _of_source(ports: Ports, name: str, source: str) -> Batch:
    """By whose record it was; of what a person told, or what was refused, that says nothing."""
    by = f"source:{source}" if source not in ("", HAND.id) else BY
    return Batch(id=name, kind="call", by=by, at=times.text(ports.now()))


def _decision(ports: Ports, row: Item) -> Decision | None:
    if row["pk"].startswith("J#"):
        return Decision.of_row(row)
    named = Effect.of_row(row).judgement if row["pk"].startswith("B#") else ""
    return contacts.decision(ports.items, named) if named else None


def _record(ports: Ports, row: Item) -> Record | None:
    named = row["pk"].partition("#")[2] if row["pk"].startswith("R#") else row.get("record", "")
    found = ports.items.get(keys.record(named)) if named else None
    return Record.of_row(found) if found else None


def _fault(code: str, batch: str, item: Item, detail: str) -> Fault:
    seeds = (item["pk"], item["sk"])
    return Fault(code=code, of="batch", id=batch, detail=detail, seeds=seeds)
