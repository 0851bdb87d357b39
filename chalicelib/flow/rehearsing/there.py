"""There: how what is foreseen meets what the target really has, where that can be read.

A system that cannot be read, or does not answer, is taken to have what it was last sent. One
that is asked too often says so: then the rehearsal waits (`UnavailableError`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.connectors.connector import Connector, Op, Told, UnavailableError
from chalicelib.domain.mapping.catalogue import mapper_of
from chalicelib.domain.rehearsing import Task, differing, differing_prints, shown_of
from chalicelib.domain.sources import Target
from chalicelib.domain.versions import Version
from chalicelib.flow.hearing.words import untimed
from chalicelib.flow.ports import Ports
from chalicelib.flow.rehearsing.foresee import Sight
from chalicelib.flow.telling import links, pacing
from chalicelib.flow.telling.ops import op_of
from chalicelib.store import keys


@dataclass(frozen=True)
class Meeting:
    """What would really be done there, and to which fields.

    `remote` is the id of a contact there that would become ours; `unread` says that the system
    did not answer.
    """

    task: Task
    fields: tuple[str, ...] = ()
    remote: str = ""
    unread: bool = False


@dataclass(frozen=True)
class There:
    """A target as it is, and as it is tried; `connector` where it can be read."""

    ports: Ports
    before: Target
    tried: Target
    connector: Connector | None

    def met(self, sight: Sight) -> Meeting:
        """What comes of a message that is foreseen."""
        task, _, found = sight.foreseen
        if found is None:
            return Meeting(task)
        link = sight.link
        if task == "remove":
            kept = links.is_kept(self.ports, self.tried, link, sight.head)
            return Meeting("leave" if kept else "remove")
        op = op_of(self.tried, sight.known, found, link)
        by_record = Meeting("update" if link.remote else task, self._differing(sight))
        if self.connector is None:
            return by_record
        try:
            return self._asked(self.connector, sight, op)
        except UnavailableError as error:
            if error.result.status == "throttled":
                raise
            return replace(by_record, unread=True)

    def _asked(self, connector: Connector, sight: Sight, op: Op) -> Meeting:
        remote = op.remote or self._found(connector, op)
        told = self._read(connector, replace(op, remote=remote)) if remote else None
        if told is None:
            return Meeting("create", self._from(sight, {}))
        fields = self._from(sight, self._said(told))
        return Meeting("update", fields) if op.remote else Meeting("link", fields, remote)

    def _read(self, connector: Connector, op: Op) -> Told | None:
        pacing.draw(self.ports, self.before, connector.caps.costs.get("read", 1))
        return connector.read(op)

    def _found(self, connector: Connector, op: Op) -> str:
        pacing.draw(self.ports, self.before, connector.caps.costs.get("find", 1))
        found = connector.find(op)
        free = (r for r in found if links.is_free(self.ports, self.tried, r, op.id))
        return next(free, "")

    def _said(self, told: Told) -> dict[str, Any]:
        mapper = mapper_of(self.tried.kind, self.tried.mapping)
        said = untimed(mapper.inward(told.body), mapper) if mapper else {}
        return {n: v for n, v in said.items() if v}

    def _from(self, sight: Sight, there: Mapping[str, Any]) -> tuple[str, ...]:
        """The fields that change where this stands: those that are told, and that are cleared."""
        wanted = shown_of(self.tried, sight.version)
        ours = wanted.keys() | sight.link.row.has.keys()
        return differing(wanted, {n: v for n, v in there.items() if n in ours})

    def _differing(self, sight: Sight) -> tuple[str, ...]:
        """The fields that differ from those that it was last sent, as far as is known."""
        found = sight.foreseen.parcel
        if found and found.prints:
            return differing_prints(sight.link.row.has, found.prints)
        sent = shown_of(self.before, self._sent(sight)) if sight.known.present else {}
        return differing(sent, shown_of(self.tried, sight.version))

    def _sent(self, sight: Sight) -> Version | None:
        key = keys.version(sight.known.contact, sight.known.sent_version)
        row = self.ports.items.get(key)
        return Version.of_row(row) if row else None
