"""Whose is it? The record that an interaction belongs to, by the address it was told with.

named by an id -> where it stands already -> who states the e-mail or phone -> born, if allowed

An interaction belongs to a record, not to a contact: so it goes the right way at every merge
and undo.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.domain import evidence, times
from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.domain.evidence import Record, Statement
from chalicelib.domain.graph import Contact, Head
from chalicelib.domain.ids import record_id
from chalicelib.domain.interactions import Whereabouts, Word
from chalicelib.domain.search_keys import contact_of, keys_of
from chalicelib.domain.sources import Source
from chalicelib.flow.intake.ingest import newborn
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts

CANDIDATES_CAP = 10
_STATED = {"email": ("emails", "address"), "phone": ("phones", "number")}


@dataclass(frozen=True)
class Home:
    """A record and its contact, what led there, and which other records could be meant.

    `statement` is set where the record is yet to be born with it, or again: once all that was
    said of it was taken back.
    """

    contact: Contact
    record: str
    found_by: str
    candidates: tuple[str, ...] = ()
    statement: Statement | None = None


def whose(
    ports: Ports, source: Source, word: Word, known: Whereabouts, batch: str, came: str
) -> Home:
    """The record that a word on an interaction is about; `InvalidError` where there is none."""
    home = led(ports, source, word, known)
    if home is None or home.contact.records[home.record].blank:
        home = _born(ports, source, word, batch, came) or home
    if home is None:
        detail = "Nobody is known by what it is addressed with; create would make a contact."
        raise InvalidError(detail, [FieldError("", "unknown_contact", detail)])
    return home


def led(ports: Ports, source: Source, word: Word, known: Whereabouts) -> Home | None:
    """The record to which a word leads by its address, or by where the interaction stands."""
    return _named(ports, source, word) or _standing(ports, known) or _stating(ports, source, word)


def _named(ports: Ports, source: Source, word: Word) -> Home | None:
    """The record of that very id; a contact's id is the id of its oldest record."""
    address, named = word.address, {}
    if "contact_id" in address:
        named["contact_id"] = address["contact_id"]
    if "external_id" in address:
        of = address.get("source", source.id)
        named["external_id"] = record_id(ports.keys.ids, of, address["external_id"])
    for how, name in named.items():
        contact = contacts.load(ports.items, name)
        if contact:
            return Home(contact, name, how)
    return None


def _standing(ports: Ports, known: Whereabouts) -> Home | None:
    """What stands is moved by a name only: not when its value has come to be another's."""
    contact = contacts.load(ports.items, known.record) if known.record else None
    return Home(contact, known.record, known.found_by, known.candidates) if contact else None


def _stating(ports: Ports, source: Source, word: Word) -> Home | None:
    """Who states the value: a record of the telling source first, then the oldest."""
    for term in [t for t in _STATED if t in word.address]:
        found = list(_holders(ports, source, term, word.address[term]))
        found.sort(key=lambda f: _rank(f[1], source))
        if found:
            contact, record = found[0]
            others = tuple(other.id for _, other in found[1:])
            return Home(contact, record.id, term, others)
    return None


def _rank(record: Record, source: Source) -> tuple[bool, tuple[str, str]]:
    return (record.source != source.id, record.age)


def _holders(
    ports: Ports, source: Source, term: str, value: str
) -> Iterator[tuple[Contact, Record]]:
    """The contacts that the index has under a value, and of each the record that states it."""
    field, part = _STATED[term]
    pages = (
        ports.items.query("index", key.partition, prefix=key.prefix, limit=CANDIDATES_CAP)
        for key in keys_of(term, value)
    )
    listed = [contact_of(row["sk"]) for page in pages for row in page.items]
    loaded = (contacts.load(ports.items, name) for name in listed)
    for contact in {c.head.id: c for c in loaded if c}.values():
        alive = (r for r in contact.records.values() if r.alive)
        stating = [r for r in alive if any(e[part] == value for e in r.values().get(field, ()))]
        if stating:
            yield contact, min(stating, key=lambda r: _rank(r, source))


def _born(ports: Ports, source: Source, word: Word, batch: str, came: str) -> Home | None:
    """A record of the telling source that states the address, under that very value.

    It is told as a patch: whatever else the source says of it counts beside it, also if it
    is older.
    """
    address = dict(word.address)
    if address.get("source", source.id) != source.id:
        del address["external_id"]
    how = next((n for n in ("external_id", *_STATED) if n in address), None)
    if how is None or not word.create:
        return None
    name = record_id(ports.keys.ids, source.id, address[how])
    contact = contacts.load(ports.items, name)
    if contact and not contact.records[name].blank:
        return Home(contact, name, how)
    known = contact or Contact(head=Head(id=name), records={})
    blank = known.records.get(name) or newborn(ports, source, name, address[how], came)
    statement = _statement(ports, source, word, batch, came)
    records = known.records | {name: evidence.hear(blank, statement)}
    return Home(Contact(head=known.head, records=records), name, how, statement=statement)


def _statement(ports: Ports, source: Source, word: Word, batch: str, came: str) -> Statement:
    allowed = source.allowed_fields
    fields = {
        field: [{part: word.address[term]}]
        for term, (field, part) in _STATED.items()
        if term in word.address and (allowed is None or field in allowed)
    }
    return Statement(
        stamp=evidence.stamp(min(word.occurred_at, came), 0, "contact.patched", fields),
        event="contact.patched",
        fields=fields,
        received=json.dumps(fields, ensure_ascii=False),
        batch=batch,
        recorded_at=times.text(ports.now()),
    )
