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
from chalicelib.flow.merge import (
    CONTACTS_IN_REQUEST,
    answer_of,
    edge_ids,
    head_under,
    merge_of,
)
from chalicelib.flow.ports import Ports
from chalicelib.flow.untie import untie
from chalicelib.store import contacts


def undo(ports: Ports, merge_id: str, by: str) -> tuple[int, dict[str, Any]]:
    """Retract the edges of a merge: (200, who stands apart) or, for more than ten, (202, job).

    A repetition answers as the first. Raises `NotFoundError`; `ConflictError` for a merge
    that is still being done.
    """
    decision = contacts.decision(ports.items, merge_id)
    if decision and decision.judgement.verdict == "same":
        return 200, _answer(merge_id, [_untie(ports, merge_id, by)])
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
    answer = _answer(merged.id, undone)
    jobs.close(ports, job, "done", answer)
    return answer


def _untie(ports: Ports, edge_id: str, by: str) -> Decision:
    tied = untie(ports, edge_id, by, f"undo-{edge_id}")
    kick(ports, tied.changes)
    return tied.decision


def _answer(merge_id: str, undone: Sequence[Decision]) -> dict[str, Any]:
    """Which contacts stand apart now, and which merges still hold some of them together."""
    parts = {contact for d in undone for contact in d.undo["contacts"]}
    holding = {merge_of(edge) for edge in undone[-1].undo["held_by"]}
    return {"id": merge_id, "contacts": sorted(parts), "held_by": sorted(holding)}


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
