"""Addresses: why a contact that is meant may not be on a list; in mailing, one for each address."""

from chalicelib.connectors.catalogue import caps_of
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.graph import Head
from chalicelib.domain.ids import keyed
from chalicelib.domain.routing import projection, why_not
from chalicelib.domain.sources import Target
from chalicelib.domain.versions import Version
from chalicelib.flow.jobs import Job
from chalicelib.flow.ports import Ports
from chalicelib.store import keys
from chalicelib.store.ports import Absent, Put, Write

Unfit = tuple[str, list[Write]]
"""Why not (empty: it may), and what keeps its address for it in this push."""


def why_unfit(
    ports: Ports,
    job: Job,
    target: Target,
    head: Head,
    version: Version,
    known: Delivery,
    *,
    meant: bool,
) -> Unfit:
    """By filter and consent, as at every push; who was deleted there is not sent again.

    Of a contact that is not `meant` nothing is asked.
    """
    if not meant:
        return "", []
    why = why_not(target, version, ports.now().date(), listed=True)
    if why or known.left:
        return why or "left", []
    return (
        _address(ports, job, target, head, version)
        if caps_of(target.kind).lists == "consenting"
        else ("", [])
    )


def _address(ports: Ports, job: Job, target: Target, head: Head, version: Version) -> Unfit:
    """The first one to come has it: those who have a place there come first.

    Whoever was merged since the push came to one of its members has it by that.
    """
    told = projection(target, version).get("emails")
    if not told:
        return "no_email", []
    address = told[0]["address"].lower()
    key = keys.claim(job.id, keyed(ports.keys.matching, address))
    stands = ports.items.get(key)
    if stands:
        return ("" if stands["contact"] in head.members else "same_address"), []
    return "", [Put(key, {"contact": version.contact}, Absent())]
