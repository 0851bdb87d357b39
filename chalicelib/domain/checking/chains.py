"""Chains of versions: law 3, versions 1..n without gaps, each sealed to the one before."""

from collections.abc import Iterator

from chalicelib.domain.chains import Link, chain_faults, end_faults, link_of
from chalicelib.domain.checking.faults import Fault
from chalicelib.domain.checking.standing import Standing


def version_faults(standing: Standing) -> Iterator[Fault]:
    """The chain itself, and whether the head names its last version."""
    head, chain = standing.head, standing.versions
    for broken in chain_faults(head.id, Link(), chain):
        yield _fault("chain_broken", head.id, f"version {broken.version}: {broken.detail}")
    last = link_of(chain[-1]) if chain else Link()
    for astray in end_faults(head, last):
        yield _fault("version_astray", head.id, astray.detail)
    if not chain:
        yield _fault("version_astray", head.id, "no version stands")


def _fault(code: str, contact: str, detail: str) -> Fault:
    return Fault(code=code, of="contact", id=contact, detail=detail, seeds=(contact,))
