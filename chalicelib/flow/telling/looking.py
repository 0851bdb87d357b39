"""Look before writing: a partner's contact that somebody changed there is read first.

So no edit of theirs is overwritten unseen: it is noted, heard by the next round, and what is
sent then knows of it.
"""

from chalicelib.connectors.connector import Connector, Op, Result, UnavailableError
from chalicelib.domain.echoes import sift
from chalicelib.domain.mapping.catalogue import mapper_of
from chalicelib.domain.sources import Target
from chalicelib.flow import registry
from chalicelib.flow.hearing.notices import note
from chalicelib.flow.hearing.words import untimed, words
from chalicelib.flow.ports import Ports
from chalicelib.flow.telling.links import Link

SOON = "60"  # seconds


def changed_there(
    ports: Ports, target: Target, link: Link, connector: Connector, op: Op
) -> Result | None:
    """Why not to write now; None where nothing stands against it."""
    source = registry.heard_as(ports, target)
    if source is None or not connector.caps.reads:
        return None
    try:
        told = connector.read(op)
    except UnavailableError as error:
        return error.result
    mapper = mapper_of(target.kind, target.mapping)
    if told is None or mapper is None:
        return Result("gone", "not_found")
    fields = untimed(words(source, mapper, told.body, ports.now()), mapper)
    if not sift(fields, link.row.has, link.row.echoes).news:
        return None
    note(ports, target.id, op.remote)
    return Result("conflict", "changed_there", retry_after=SOON)
