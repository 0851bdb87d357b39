"""The way back: every merge, by hand or by the machine, can be undone, whatever came after."""

from collections.abc import Sequence
from typing import Any

from chalicelib.domain.deciding import explained
from chalicelib.domain.errors import ConflictError, NotFoundError
from chalicelib.domain.graph import Head
from chalicelib.domain.judgements import Decision
from chalicelib.flow import jobs
from chalicelib.flow.changes import kick
from chalicelib.flow.jobs import Job
from chalicelib.flow.merging.merge import (
    CONTACTS_IN_REQUEST,
    answer_of,
    edge_ids,
    head_under,
    merge_of,
)
from chalicelib.flow.merging.untie import untie
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts

VERSIONS_LOOKED_AT = 50


def undo(ports: Ports, merge_id: str, by: str) -> tuple[int, dict[str, Any]]:
    """Retract the edges of a merge: (200, who stands apart) or, for more than ten, (202, job).

    A repetition answers as the first. Raises `NotFoundError`; `ConflictError` for a merge
    that is still being done.
    """
    decision = contacts.decision(ports.items, merge_id)
    if decision and decision.judgement.verdict == "same":
        return 200, _answer(ports, merge_id, [_untie(ports, merge_id, by)])
    merged = jobs.find(ports, merge_id)
    if merged is None or merged.kind != "merge" or merged.state == "failed":
        raise NotFoundError("There is no merge under this id.")
    if merged.state == "open":
        raise ConflictError("This merge is still being done; try again.", kind="job_open")
    job = jobs.open_job(ports, "undo", {"merge": merge_id, "by": by}, f"undo-{merge_id}")
    if len(merged.spec["contacts"]) > CONTACTS_IN_REQUEST and job.state == "open":
        jobs.kick_jobs(ports, [job])
        return 202, {"job": job.id}
    return 200, work(ports, job)


def work(ports: Ports, job: Job) -> dict[str, Any]:
    """Retract what is not retracted yet; harmless when all is."""
    if job.state == "done":
        return job.result
    merged = jobs.job(ports, job.spec["merge"])
    undone = [_untie(ports, edge_id, job.spec["by"]) for edge_id in edge_ids(merged)]
    answer = _answer(ports, merged.id, undone)
    jobs.close(ports, job, "done", answer)
    return answer


def _untie(ports: Ports, edge_id: str, by: str) -> Decision:
    tied = untie(ports, edge_id, by, f"undo-{edge_id}")
    kick(ports, tied.changes)
    return tied.decision


def _answer(ports: Ports, merge_id: str, undone: Sequence[Decision]) -> dict[str, Any]:
    """Which contacts stand apart now, and which merges still hold some of them together.

    Where they do, `split` is what would part them all the same.
    """
    parts = {contact for d in undone for contact in d.undo["contacts"]}
    holding = {merge_of(edge) for edge in undone[-1].undo["held_by"]}
    answer = {"id": merge_id, "contacts": sorted(parts), "held_by": sorted(holding)}
    offer = _offer(ports, undone[-1]) if holding else None
    return answer | ({"split": offer} if offer else {})


def _offer(ports: Ports, undone: Decision) -> dict[str, Any] | None:
    """The split that would take what the merge had brought out of the contact again."""
    home = head_under(ports, undone.judgement.b[0])
    brought = {r for loser in undone.effect["losers"] for r in _brought(ports, loser, undone)}
    leaving = sorted(brought.intersection(home.members)) if home else []
    return {"contact": home.id, "records": leaving} if home and leaving else None


def _brought(ports: Ports, loser: str, undone: Decision) -> tuple[str, ...]:
    """The records of an absorbed contact when the merge absorbed it."""
    past, _ = contacts.versions(ports.items, loser, None, VERSIONS_LOOKED_AT)
    gone = (v.number for v in past if v.cause.merge == undone.merge and v.status == "merged")
    before = next(gone, 1) - 1
    return next((v.members for v in past if v.number == before), (loser,))


def merges_of(ports: Ports, contact_id: str, cursor: str | None, limit: int) -> dict[str, Any]:
    """The merges that hold a contact together, then those of its history, undone ones too."""
    head = head_under(ports, contact_id)
    if head is None:
        raise NotFoundError("There is no contact under this id.")
    versions, following = contacts.versions(ports.items, head.id, cursor, limit)
    holding = _holding(head)
    past = [v.cause.merge for v in versions if v.cause.type == "merge" and v.cause.merge]
    names = dict.fromkeys(past if cursor else [*holding, *past])
    fresh = [n for n in names if not cursor or n not in holding]
    shown = [_shown(ports, name) for name in fresh]
    return {"items": [s for s in shown if s], "next": following}


def _holding(head: Head) -> list[str]:
    """The merges of the active edges, the newest first."""
    newest = sorted(head.edges, key=lambda e: (e.at, e.id), reverse=True)
    return list(dict.fromkeys(merge_of(edge.id) for edge in newest))


def _shown(ports: Ports, merge_id: str) -> dict[str, Any] | None:
    job = jobs.find(ports, merge_id)
    edges = edge_ids(job) if job else [merge_id]
    decision = contacts.decision(ports.items, edges[-1])
    if decision is None:
        return None
    return (
        answer_of(decision)
        | (job.result if job else {})
        | {
            "mode": decision.judgement.mode,
            "by": decision.judgement.by,
            "at": decision.judgement.at,
            "score": decision.score,
            "reasons": list(decision.reasons),
            "explanation": explained(decision),
            "undone_at": decision.retracted_at or None,
        }
    )
