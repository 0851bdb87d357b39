"""Contacts against their records, edges and versions."""

from collections.abc import Callable, Iterator

from chalicelib.domain.checking.chains import version_faults
from chalicelib.domain.checking.faults import Fault
from chalicelib.domain.checking.judgements import carried_faults
from chalicelib.domain.checking.records import record_faults
from chalicelib.domain.checking.standing import Standing
from chalicelib.domain.golden import elect
from chalicelib.domain.graph import Head, components
from chalicelib.domain.versions import content_of, leaves_of, values_of, winners_of

Check = Callable[[Standing], Iterator[Fault]]


def contact_faults(standing: Standing) -> list[Fault]:
    """All that is wrong with one contact or stub."""
    return [fault for check in CHECKS for fault in check(standing)]


def _head(standing: Standing) -> Iterator[Fault]:
    head = standing.head
    if head.absorbed != (head.status == "merged"):
        yield _fault("head_unsound", head, f"{head.status}, but leads to {head.into or 'nowhere'}")
    if head.absorbed and (head.members or head.judgements or head.unmatched):
        yield _fault("head_unsound", head, "a stub that holds something")
    if not head.absorbed and head.id not in head.members:
        yield _fault("record_elsewhere", head, "its own record is in no contact that it leads to")
    if not set(head.unmatched) <= set(head.members):
        yield _fault("head_unsound", head, "waits for the matching of records of others")


def _membership(standing: Standing) -> Iterator[Fault]:
    """Law 2: every record in one contact, to which its own id leads in one step."""
    head = standing.head
    if head.absorbed:
        home = standing.pointers.get(head.into)
        if home is None or head.id not in home.members:
            yield _fault(
                "record_elsewhere", head, f"its record is not in {head.into}, where it leads"
            )
    for member in head.members:
        pointer = standing.pointers.get(member)
        if member != head.id and (pointer is None or pointer.into != head.id):
            words = f"the id of its member {member} does not lead there"
            yield _fault("pointer_astray", head, words, member)


def _component(standing: Standing) -> Iterator[Fault]:
    """It is one component of records, named by the oldest, and nothing in it is different."""
    head, members = standing.head, frozenset(standing.head.members)
    if not members:
        return
    if len(components(members, head.edges)) != 1:
        yield _fault("not_connected", head, "its records are not held together by its edges")
    if any(not members.issuperset(e.a + e.b) for e in head.edges):
        yield _fault("edge_astray", head, "an edge leads out of it")
    if any(j.verdict == "different" and j.parts(members, members) for j in head.judgements):
        yield _fault("joins_different", head, "holds what was judged different")
    eldest = sorted(standing.records.values(), key=lambda r: r.age)
    if standing.whole and (head.members != tuple(r.id for r in eldest) or eldest[0].id != head.id):
        yield _fault("not_the_eldest", head, "is not named by its oldest record")


def _golden(standing: Standing) -> Iterator[Fault]:
    """Law 1: what is stored is what the evidence makes of it now."""
    head, records = standing.head, list(standing.records.values())
    if head.absorbed or not standing.whole:
        return
    elected = elect(records, head.judgements, standing.rules)
    values, winners = values_of(elected), winners_of(elected)
    leaves, said = leaves_of(records, values, winners)
    heard = any(r.alive and r.id not in head.retired for r in records)
    status = "active" if heard else "retired"
    if (head.status, head.content) != (status, content_of(status, head.members, leaves, winners)):
        yield _fault("head_not_rebuilt", head, "the head is not as rebuilt")
    rebuilt = (status, head.members, values, winners, leaves, said)
    for v in standing.versions[-1:]:
        if (v.status, v.members, v.values, v.winners, v.leaves, v.evidence) != rebuilt:
            yield _fault("version_not_rebuilt", head, f"version {v.number} is not as rebuilt")


def _fault(code: str, head: Head, detail: str, *others: str) -> Fault:
    seeds = (head.id, *others)
    return Fault(code=code, of="contact", id=head.id, detail=detail, seeds=seeds)


CHECKS: tuple[Check, ...] = (
    record_faults,
    _head,
    _membership,
    _component,
    _golden,
    version_faults,
    carried_faults,
)
