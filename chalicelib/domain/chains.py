"""Whether a contact's versions are as they were written: what its seals prove.

Numbers 1..n without gaps, each version sealed to the one before and later than it, the head
naming the last. A chain is checked in parts: each begins with the `Link` where one ended.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from chalicelib.domain.graph import Head
from chalicelib.domain.versions import Version, seal_of


class Link(NamedTuple):
    """How far a chain was checked: its last version, of which the next one must follow."""

    number: int = 0
    seal: str = ""
    recorded_at: str = ""


class Fault(NamedTuple):
    """What is wrong (`code`), at which version."""

    version: int
    code: str
    detail: str


def link_of(version: Version) -> Link:
    """The version as a link."""
    return Link(version.number, version.seal, version.recorded_at)


def chain_faults(contact_id: str, before: Link, chain: Iterable[Version]) -> Iterator[Fault]:
    """What is wrong with the versions that stand after a link, the oldest first."""
    for version in chain:
        yield from _version_faults(contact_id, before, version)
        before = link_of(version)


def _version_faults(contact_id: str, before: Link, version: Version) -> Iterator[Fault]:
    if version.number != before.number + 1:
        detail = f"the one before it is version {before.number}"
        yield Fault(version.number, "gap", detail)
    if version.previous != before.seal:
        yield Fault(version.number, "unlinked", "it is not sealed to the one before it")
    if version.contact != contact_id or version.seal != seal_of(version):
        yield Fault(version.number, "bad_seal", "its seal does not fit it")
    if version.recorded_at <= before.recorded_at:
        yield Fault(version.number, "not_later", "it is not later than the one before it")


def end_faults(head: Head, last: Link) -> Iterator[Fault]:
    """What is wrong with the end of a chain."""
    if last != (head.version, head.seal, head.recorded_at):
        detail = f"the head names version {head.version}, the last that stands is {last.number}"
        yield Fault(last.number, "head", detail)
