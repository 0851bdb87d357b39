"""Why are these two contacts (not) one? What the machine thinks, and what was judged.

For two contacts all their records are compared across. Where the two ids lead to one
contact, it is the two records of these ids, and the judgements that hold them together.
"""

from collections.abc import Collection, Sequence
from typing import Any

from chalicelib.domain.deciding import card_of, cards_of
from chalicelib.domain.errors import FieldError, InvalidError, NotFoundError
from chalicelib.domain.graph import Contact, forbids, path
from chalicelib.domain.judgements import Decision, Judgement
from chalicelib.domain.matching import (
    Card,
    Comparison,
    Model,
    Pair,
    Ruling,
    compare,
    match_keys,
    rule,
)
from chalicelib.domain.matching.keys import cap_of
from chalicelib.domain.matching.looking import counts
from chalicelib.domain.verdicts import decision_view, model_view, name_view, ruling_view
from chalicelib.flow.changes import insisting
from chalicelib.flow.matching.look import StoredShelf
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling import models
from chalicelib.store import contacts

_NOTHING = Ruling(Comparison(0, (), (), "none"), 0, {})


def why(ports: Ports, one: str, other: str) -> dict[str, Any]:
    """Compare two contacts by their ids, old ones included; say what holds or parts them.

    Raises `InvalidError` for one id twice, `NotFoundError` for an unknown one.
    """
    if one == other:
        detail = "Name two different contacts."
        raise InvalidError(detail, [FieldError("/contacts", "repeated", detail)])
    model, ours, theirs = models.active(ports), _found(ports, one), _found(ports, other)
    joined = ours.head.id == theirs.head.id
    if joined:
        judged = path(theirs.head.edges, one, other)
        sides = [card_of(ours.records[one])], [card_of(theirs.records[other])]
    else:
        judged = forbids(ours.head, theirs.head)
        sides = cards_of(ours), cards_of(theirs)
    return {
        "joined": joined,
        "contacts": [_names(ports, contact) for contact in (ours, theirs)],
        **ruling_view(_ruled(ports, ours.head.members, *sides, model), judged),
        "judgements": [_decided(ports, judgement) for judgement in judged],
        "model": model_view(model),
    }


def _found(ports: Ports, contact_id: str) -> Contact:
    found = insisting(ports, lambda _: contacts.load(ports.items, contact_id))
    if found is None:
        raise NotFoundError("There is no contact under one of the ids.")
    return found


def _ruled(
    ports: Ports, own: Collection[str], ours: Sequence[Card], theirs: Sequence[Card], model: Model
) -> Ruling:
    """The ruling on the best pair across; nothing where a side has no record that speaks."""
    shared = _shared(ports, own, ours, theirs)
    pairs = [Pair(a, b, compare(a.seen, b.seen, shared, model)) for a in ours for b in theirs]
    if not pairs:
        return _NOTHING
    best = max(pairs, key=lambda p: p.comparison.score)
    return rule(best, ours, theirs, shared, model)


def _shared(
    ports: Ports, own: Collection[str], ours: Sequence[Card], theirs: Sequence[Card]
) -> dict[str, int]:
    """By how many the values that both sides have are shared; see `compare`."""
    shelf = StoredShelf(ports)
    keys, others = ({k for card in side for k in match_keys(card.seen)} for side in (ours, theirs))
    rows = {key: shelf.rows(key, cap_of(key) + 1) for key in sorted(keys & others)}
    return counts(rows, "", own)


def _decided(ports: Ports, judgement: Judgement) -> dict[str, Any]:
    kept = contacts.decision(ports.items, judgement.id)
    return decision_view(kept or Decision(judgement=judgement, batch=judgement.id))


def _names(ports: Ports, contact: Contact) -> dict[str, Any]:
    return name_view(contacts.version(ports.items, contact.head.id, contact.head.version))
