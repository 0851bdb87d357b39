"""Who is this? A record is looked for as the worker looks, and nothing of it is stored.

So the answer says what would become of the record if a source told it now.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import islice
from typing import Any

from chalicelib.domain import times
from chalicelib.domain.deciding import cards_of
from chalicelib.domain.graph import Contact
from chalicelib.domain.matching import Card, Looked, Model, features, look, rule
from chalicelib.domain.messages import FRAME
from chalicelib.domain.normalise import FieldRules, normalise
from chalicelib.domain.verdicts import model_view, name_view, ruling_view
from chalicelib.flow.changes import insisting
from chalicelib.flow.matching.look import StoredShelf
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import models
from chalicelib.store import contacts

CANDIDATES_CAP = 10


def who(ports: Ports, record: Mapping[str, Any], country: str) -> dict[str, Any]:
    """The contacts that a record may belong to, the best first, at most ten.

    `record` is as a source sends it, `country` where its phone numbers and postcodes are
    read. What cannot be read is left out and named in `errors`; `InvalidError` as from
    `normalise`.
    """
    told = {name: value for name, value in record.items() if name not in FRAME}
    now, rules = ports.now(), FieldRules(country=country)
    normal = normalise(told, whole=True, rules=rules, today=now.date())
    model, card = models.active(ports), Card("", "", times.text(now), features(normal.fields))
    found = _candidates(ports, look(StoredShelf(ports), card, (), model), card, model)
    return {
        "candidates": list(islice(found, CANDIDATES_CAP)),
        "errors": [asdict(error) for error in normal.errors],
        "model": model_view(model),
    }


def _candidates(ports: Ports, looked: Looked, card: Card, model: Model) -> Iterator[dict[str, Any]]:
    """Each contact once, by its best pair; those that are nothing as a whole left out."""
    seen: set[str] = set()
    for pair in looked.pairs:
        if pair.candidate.id in seen:
            continue
        contact = _contact(ports, pair.candidate.id)
        cards = cards_of(contact) if contact else []
        if contact is None or not cards:
            continue  # deleted since it was indexed
        seen |= contact.records.keys()
        ruling = rule(pair, [card], cards, looked.shared, model)
        if ruling.comparison.verdict != "none":
            shown = contacts.version(ports.items, contact.head.id, contact.head.version)
            yield {"contact": name_view(shown)} | ruling_view(ruling)


def _contact(ports: Ports, record_id: str) -> Contact | None:
    return insisting(ports, lambda _: contacts.load(ports.items, record_id))
