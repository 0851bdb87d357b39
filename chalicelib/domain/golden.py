"""The golden values: which record's word counts for each field, and why.

A pure, order-free function of the member records and the active `same` edges between
them. Single fields go to one record; list fields unite what the records say, the first
voice first; a person's names always come from one record, never a mix of two.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.evidence import Record, Told
from chalicelib.domain.fields import FIELDS, NAME_FIELDS, identity
from chalicelib.domain.judgements import Judgement

# What a list field remembers of every voice, muted or overwritten: facts, not opinions.
REMEMBERED = frozenset({"consents", "notes", "tags"})


@dataclass(frozen=True)
class Voices:
    """The records that count: those alive, the lifted ones known, the muted ones apart."""

    speaking: tuple[Record, ...]
    muted: tuple[Record, ...]
    lifted: frozenset[str]


@dataclass(frozen=True)
class Elected:
    """The golden value of a field: whose it is, by which rule, and what lost against it."""

    value: Any
    record: str
    rule: str
    stamp: str
    lost: tuple[tuple[str, Any], ...] = ()
    shares: tuple[tuple[str, Any], ...] = ()


def voices(records: Iterable[Record], edges: Iterable[Judgement]) -> Voices:
    """Apply the modes of the edges: the newest word on a pair counts, mute beats lift."""
    alive = sorted((r for r in records if r.alive), key=lambda r: r.age)
    newest = {e.pair: e for e in sorted(edges, key=lambda e: (e.at, e.id))}.values()
    lifted = frozenset(r for e in newest for r in e.lifts)
    muted = frozenset(r for e in newest for r in e.mutes)
    speaking = tuple(r for r in alive if r.id not in muted)
    if not speaking:
        return Voices(tuple(alive), (), lifted)
    return Voices(speaking, tuple(r for r in alive if r.id in muted), lifted)


def elect(records: Iterable[Record], edges: Iterable[Judgement]) -> dict[str, Elected]:
    """The golden value of every field that any record has, each with its reason."""
    heard = voices(records, edges)
    names = sorted({n for r in heard.speaking + heard.muted for n in r.values()} | {"tags"})
    elected = _names(heard) | _purchases(heard.speaking)
    for name in names:
        if name not in NAME_FIELDS:
            found = _united(name, heard) if _is_list(name) else _single(name, heard)
            if found:
                elected[name] = found
    return elected


def _is_list(name: str) -> bool:
    return name in FIELDS and FIELDS[name].many


def _single(name: str, heard: Voices) -> Elected | None:
    told = [(r, r.fields[name]) for r in heard.speaking if _said(r, name)]
    if not told:
        return None
    ranked = sorted(told, key=lambda c: _rank(c[0], c[1].stamp, heard))
    return _winner(ranked, heard)


def _said(record: Record, name: str) -> bool:
    return name in record.fields and record.fields[name].value is not None


def _rank(record: Record, stamp: str, heard: Voices) -> tuple[Any, ...]:
    """First: lifted, then the most trusted, then the newest, then the oldest record."""
    newness = tuple(-ord(c) for c in _moment(stamp))
    return (record.id not in heard.lifted, -record.trust, newness, record.age)


def _moment(stamp: str) -> str:
    """Time and sequence; what else is in a stamp says nothing between two sources."""
    return stamp.rpartition("#")[0]


def _winner(ranked: Sequence[tuple[Record, Told]], heard: Voices) -> Elected:
    record, told = ranked[0]
    lost = tuple((r.id, t.value) for r, t in ranked[1:] if t.value != told.value)
    rule = _rule(record, told, ranked[1:], heard)
    return Elected(told.value, record.id, rule, told.stamp, lost)


def _rule(record: Record, told: Told, others: Sequence[tuple[Record, Told]], heard: Voices) -> str:
    if not others:
        return "only"
    second, second_told = others[0]
    if (record.id in heard.lifted) != (second.id in heard.lifted):
        return "overwrite"
    if record.trust != second.trust:
        return "trusted_source"
    newer = _moment(told.stamp) != _moment(second_told.stamp)
    return "most_recent" if newer else "oldest_record"


def _names(heard: Voices) -> dict[str, Elected]:
    """All name fields from the one record that names the contact best."""
    naming = [(r, _name_told(r)) for r in heard.speaking if any(_said(r, n) for n in NAME_FIELDS)]
    if not naming:
        return {}
    naming.sort(key=lambda c: (not _complete(c[0]), _rank(c[0], c[1].stamp, heard)))
    naming.sort(key=lambda c: c[0].id not in heard.lifted)
    best = naming[0][0]
    rule = "only" if len(naming) == 1 else _name_rule(naming, heard)
    return {
        name: Elected(
            best.fields[name].value,
            best.id,
            rule,
            best.fields[name].stamp,
            tuple((r.id, r.fields[name].value) for r, _ in naming[1:] if _differs(r, best, name)),
        )
        for name in NAME_FIELDS
        if _said(best, name)
    }


def _name_told(record: Record) -> Told:
    stamps = [record.fields[n].stamp for n in NAME_FIELDS if _said(record, n)]
    return Told(value=None, stamp=max(stamps))


def _complete(record: Record) -> bool:
    return _said(record, "given_name") and _said(record, "family_name")


def _name_rule(naming: Sequence[tuple[Record, Told]], heard: Voices) -> str:
    (best, told), (second, _) = naming[:2]
    alike = (best.id in heard.lifted) == (second.id in heard.lifted)
    if alike and _complete(best) != _complete(second):
        return "most_complete"
    return _rule(best, told, naming[1:], heard)


def _differs(record: Record, best: Record, name: str) -> bool:
    return _said(record, name) and record.fields[name].value != best.fields[name].value


def _united(name: str, heard: Voices) -> Elected | None:
    """The union of a list field; an overwrite replaces it, but for what is remembered."""
    speakers = sorted(heard.speaking, key=lambda r: (r.id not in heard.lifted, -r.trust, r.age))
    if name in REMEMBERED:
        speakers += heard.muted
    elif any(r.id in heard.lifted and _said(r, name) for r in speakers):
        speakers = [r for r in speakers if r.id in heard.lifted]
    shares = list(_distinct(name, speakers))
    if not shares:
        return None
    first = next(r for r in speakers if r.id == shares[0][0])
    stamp = first.fields[name].stamp if _said(first, name) else first.floor
    values = [value for _, value in shares]
    return Elected(values, first.id, "union", stamp, (), tuple(shares))


def _distinct(name: str, speakers: Iterable[Record]) -> Iterable[tuple[str, Any]]:
    """Each element once, with the record that said it first."""
    seen: set[Hashable] = set()
    for record in speakers:
        for element in _elements(name, record):
            mark = identity(element)
            if mark not in seen:
                seen.add(mark)
                yield record.id, element


def _elements(name: str, record: Record) -> list[Any]:
    said = list(record.fields[name].value) if _said(record, name) else []
    return said + list(record.source_tags) if name == "tags" else said


def _purchases(speaking: Iterable[Record]) -> dict[str, Elected]:
    """What each record bought, side by side; a view unites it (`purchases_view`)."""
    shares = tuple((r.id, r.bought.row()) for r in speaking if r.bought)
    if not shares:
        return {}
    return {"purchases": Elected([b for _, b in shares], shares[0][0], "union", "", (), shares)}
