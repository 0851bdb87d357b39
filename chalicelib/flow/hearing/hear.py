"""Hear: what a partner says of one of its contacts is sifted, taken in, and answered.

    whose is it? -> its own write coming back: nothing
                 -> nobody's: a record of the partner's, told whole
                 -> ours: what is neither known nor an echo is a patch of the partner's record,
                    which is joined to the contact that it was made from
    -> note what it has now -> the delivery looks whether that is what it should have

Every step is found done when it is done again; what it has is noted last.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from chalicelib.connectors.connector import Told
from chalicelib.domain import times
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.echoes import Heard, prints_of, sift
from chalicelib.domain.evidence import FACTS, Event
from chalicelib.domain.ids import record_id
from chalicelib.flow import batches
from chalicelib.flow.batches import Batch
from chalicelib.flow.changes import kick
from chalicelib.flow.conflicting import owning
from chalicelib.flow.conflicting.weigh import follow, raised, weighed
from chalicelib.flow.hearing import departures, links
from chalicelib.flow.hearing.partners import Partner
from chalicelib.flow.hearing.words import field_of_held, untimed, words
from chalicelib.flow.intake.ingest import Said, ingest
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts
from chalicelib.store.ports import Conflict

AHEAD = timedelta(minutes=5)  # a partner's clock may be wrong: what is later counts as now


class Hearing:
    """One run of hearing: what it changes is one batch.

    `afresh` also hears who did not change there: more of them is read than before.
    """

    def __init__(self, ports: Ports, partner: Partner, afresh: bool = False) -> None:
        self._ports, self._partner, self._afresh = ports, partner, afresh
        self._position = 0

    @cached_property
    def _batch(self) -> str:
        """Opened when there is something to put into it."""
        at = times.text(self._ports.now())
        name, by = self._ports.chance.token(), f"source:{self._partner.id}"
        with suppress(Conflict):  # the name is new: it stands already, the answer was lost
            self._ports.items.write([batches.opening(Batch(id=name, kind="poll", by=by, at=at))])
        return name

    def hear(self, told: Told) -> None:
        """Take in what the partner says; harmless when it was heard before."""
        holder = links.holder(self._ports, self._partner.id, told.remote)
        if told.kind == "upsert":
            self._upserted(told, holder)
        elif told.kind == "delete":
            self._deleted(told, holder)
        elif told.kind == "merge" and holder:
            links.merged(self._ports, self._partner, holder, told.into)

    def hear_said(self, said: Told, told: Told) -> None:
        """Take in what a partner's call said of consent: it happened, whatever it has now.

        `told` is what stands there; who is nobody's contact yet is taken in first.
        """
        if (
            told.kind == "upsert"
            and links.holder(self._ports, self._partner.id, told.remote) is None
        ):
            self.hear(told)
        holder = links.holder(self._ports, self._partner.id, told.remote)
        fields = words(self._partner.source, self._partner.mapper, said.body, self._at(said))
        facts = {n: v for n, v in fields.items() if n in FACTS and v}
        if holder and facts:
            self._taken(said, holder, facts)

    def _upserted(self, told: Told, holder: Delivery | None) -> None:
        fields = words(self._partner.source, self._partner.mapper, told.body, self._at(told))
        held = untimed(fields, self._partner.mapper)
        if holder is None:
            name = self._ingest(told, "contact.upserted", _said(fields))
            if name:
                links.own(self._ports, self._partner, name, told, prints_of(held))
            return
        heard = sift(held, holder.has, holder.echoes)
        if told.etag and told.etag == holder.etag and not self._afresh:
            heard = Heard({}, dict(holder.has))  # its own form of what it was sent
        self._known(told, holder, fields, heard)

    def _known(self, told: Told, holder: Delivery, fields: Mapping[str, Any], heard: Heard) -> None:
        """Of one that it has of us: what is news is taken, left, or asked about."""
        ports, target, at = self._ports, self._partner.target, self._at(told)
        found = weighed(ports, target, holder, {n: v for n, v in heard.news.items() if n in fields})
        beside = {field_of_held(n) for n in heard.news} - heard.news.keys()
        questions = holder.asked.keys() | found.asked.keys()
        taken = found.taken | {n for n in beside - questions if target.owns(n) != "ours"}
        news = {n: fields[n] for n in sorted(taken)}
        if news and not self._taken(told, holder, news):
            return
        owning.prevail(ports, target, holder, {n: heard.news[n] for n in found.owned})
        held = untimed(fields, self._partner.mapper)
        follow(ports, holder, heard.has, held, at)
        asks = raised(ports, holder, found, heard.news, at)
        there = target.removal != "ignore"
        spoken = links.Spoken(told.etag, prints_of(held), heard.has, found.flips, asks, there)
        links.heard(ports, holder, spoken)
        owning.decide(ports, target, holder, [*holder.asked.values(), *(c.name for c in asks)])

    def _taken(self, told: Told, holder: Delivery, news: Mapping[str, Any]) -> bool:
        """Whether the news were taken in and stand with the contact that they are about."""
        name = self._ingest(told, "contact.patched", news)
        return not name or links.joined(self._ports, self._partner, name, holder, told.remote)

    def _deleted(self, told: Told, holder: Delivery | None) -> None:
        name = record_id(self._ports.keys.ids, self._partner.id, told.remote)
        if contacts.load(self._ports.items, name):
            self._ingest(told, "contact.deleted", {})
        if holder:
            departures.left(self._ports, self._partner, holder)

    def _ingest(self, told: Told, event: Event, fields: Mapping[str, Any]) -> str:
        """The record that it is about, once it is stored; empty where nothing is said of it."""
        if event == "contact.upserted" and not fields:
            return ""
        name = record_id(self._ports.keys.ids, self._partner.id, told.remote)
        said = Said(
            record_id=name,
            external_id=told.remote,
            event=event,
            occurred_at=times.text(self._at(told)),
            sequence=0,
            fields=dict(fields),
            received="{}",
            batch=self._batch,
            position=self._position,
            came=times.text(self._ports.now()),
        )
        self._position += 1
        effect, changes = ingest(self._ports, self._partner.source, said)
        kick(self._ports, changes)
        return name

    def _at(self, told: Told) -> datetime:
        """When it happened there, as far as that can be."""
        now = self._ports.now()
        at = told.occurred_at or now
        return at if at <= now + AHEAD else now


def _said(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
