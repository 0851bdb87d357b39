"""Chains of versions: law 3, versions 1..n without gaps, each sealed to the one before."""

from collections.abc import Iterator, Sequence

from chalicelib.domain.checking.faults import Fault
from chalicelib.domain.checking.standing import Standing
from chalicelib.domain.versions import Version, seal_of


def chain_faults(standing: Standing) -> Iterator[Fault]:
    """The chain itself, and whether the head names its last version."""
    head, chain = standing.head, standing.versions
    for detail in _broken(head.id, chain):
        yield _fault("chain_broken", head.id, detail)
    last = chain[-1] if chain else None
    if last is None or last.number != head.version:
        found = f"the last that stands is {last.number}" if last else "none stands"
        yield _fault("version_astray", head.id, f"{head.version} versions, but {found}")
    elif (head.seal, head.recorded_at) != (last.seal, last.recorded_at):
        yield _fault("version_astray", head.id, "the head does not name its last version")


def _broken(contact: str, chain: Sequence[Version]) -> Iterator[str]:
    if [v.number for v in chain] != list(range(1, len(chain) + 1)):
        yield f"versions with gaps: {len(chain)}, up to {chain[-1].number}"
    if [v.previous for v in chain] != ["", *(v.seal for v in chain[:-1])][: len(chain)]:
        yield "the chain of seals is broken"
    if any(seal_of(v) != v.seal or v.contact != contact for v in chain):
        yield "a seal does not fit its version"
    times = [v.recorded_at for v in chain]
    if times != sorted(set(times)):
        yield "versions out of time"


def _fault(code: str, contact: str, detail: str) -> Fault:
    return Fault(code=code, of="contact", id=contact, detail=detail, seeds=(contact,))
