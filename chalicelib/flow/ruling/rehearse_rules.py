"""Rehearse rules: settle every contact by them in thought, and note whose values would change.

each contact -> elect by the rules it has, and by these -> a finding, kept with the job
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from chalicelib.domain.errors import NotFoundError, TooLargeError
from chalicelib.domain.findings import Told
from chalicelib.domain.golden import Elected, elect
from chalicelib.domain.graph import Contact
from chalicelib.domain.rule_findings import RuleFinding, content, differing, rule_finding_view
from chalicelib.domain.settle import Why, settle
from chalicelib.domain.survivorship import DEFAULTS, Rules
from chalicelib.domain.versions import Cause
from chalicelib.domain.views import contact_view
from chalicelib.flow import jobs
from chalicelib.flow.changes import insisting
from chalicelib.flow.jobs import Job
from chalicelib.flow.matching import foresee
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import rules
from chalicelib.flow.walk import Place, walk
from chalicelib.store import contacts, keys
from chalicelib.store.ports import Absent, Item, Put

_FIELD, _TARGET = "field ", "target "


def work(ports: Ports, job: Job, remaining_ms: Callable[[], int]) -> None:
    """Go on from where the job is until it is done or the time is nearly over."""
    tried = rules.SWITCH.tried(ports, job)
    tally = walk(ports, job, lambda place: _visit(ports, job, tried, place), remaining_ms)
    if tally is not None:
        jobs.close(ports, job, "done", {"version": tried.version, **_result(tally)})


def _result(tally: Counter[str]) -> dict[str, Any]:
    """How many contacts there are and would change; how many in each field; who is told."""

    def of(kind: str) -> dict[str, int]:
        return {n.removeprefix(kind): k for n, k in sorted(tally.items()) if n.startswith(kind)}

    counts = {n: tally[n] for n in ("contacts", "found", "too_large")}
    return {**counts, "fields": of(_FIELD), "told": of(_TARGET)}


def _visit(ports: Ports, job: Job, tried: Rules, place: Place) -> list[str]:
    """Look at one contact; what is to be counted of it, the same however often it is done."""
    seen = ["contacts"] if place.table == "index" else []
    try:
        finding = insisting(ports, lambda _: _find(ports, job, tried, place))
    except TooLargeError:
        return [*seen, "too_large"]
    if finding is None or finding.place != place.name:
        return seen  # it is counted where it was found
    fields, told = (_FIELD + n for n in finding.fields), (_TARGET + n for n in finding.told)
    return [*seen, "found", *fields, *told]


def _find(ports: Ports, job: Job, tried: Rules, place: Place) -> RuleFinding | None:
    row = ports.items.get(keys.finding(job.id, place.contact))
    if row:
        return RuleFinding.of_row(row)
    contact = contacts.load(ports.items, place.contact)
    if contact is None or contact.head.id != place.contact:
        return None  # merged away a moment ago
    finding = _foreseen(ports, contact, tried, place)
    if finding:
        ports.items.write([Put(keys.finding(job.id, finding.id), finding.row(), Absent())])
    return finding


def _foreseen(ports: Ports, contact: Contact, tried: Rules, place: Place) -> RuleFinding | None:
    head = contact.head
    before = _elected(contact, rules.of_head(ports, head.rules))
    after = _elected(contact, tried)
    fields = differing(before, after)
    if not fields:
        return None
    return RuleFinding(
        id=head.id,
        place=place.name,
        rules=head.rules or DEFAULTS.version,
        before=content(contact, before),
        after=content(contact, after),
        fields=fields,
        told=_told(ports, contact, tried),
    )


def _elected(contact: Contact, by: Rules) -> dict[str, Elected]:
    return elect(contact.records.values(), contact.head.judgements, by)


def _told(ports: Ports, contact: Contact, tried: Rules) -> Told:
    """What each target would be told, were these rules in force."""
    head = contact.head
    why = Why(Cause(type="rehearsal", by=f"rules:{tried.version}"), "", ports.now(), tried)
    step = settle(head, contact.records, head.judgements, why)
    now = contacts.version(ports.items, head.id, head.version)
    return foresee.told(ports, [step], {head.id: now})


def shown(ports: Ports, job: Job, row: Item) -> dict[str, Any]:
    """A finding of the job's as the outside sees it."""
    finding = RuleFinding.of_row(row)
    contact = insisting(ports, lambda _: contacts.load(ports.items, finding.id))
    if contact is None:
        raise NotFoundError("There is no contact under this id.")
    before, after = (rules.RULES.named(ports, v) for v in (finding.rules, job.spec["version"]))
    golden = _elected(contact, before), _elected(contact, after)
    return rule_finding_view(finding, contact, *golden, _name(ports, contact))


def _name(ports: Ports, contact: Contact) -> str | None:
    version = contacts.version(ports.items, contact.head.id, contact.head.version)
    name: str | None = contact_view(version)["full_name"]
    return name
