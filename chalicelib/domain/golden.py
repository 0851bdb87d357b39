"""The golden values: which record's word counts for each field, and why.

A pure, order-free function of the member records, the active judgements on them and the
rules of survivorship. Single fields go to one record; list fields unite what the records
say; a person's names come from one record, never a mix of two. Over all stand the pins.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain.evidence import FACTS, Record
from chalicelib.domain.fields import FIELDS, NAME, NAME_FIELDS, identity
from chalicelib.domain.judgements import Judgement
from chalicelib.domain.pins import Pin, Word, holds, standing
from chalicelib.domain.survivorship import DEFAULTS, Claim, Rule, Rules, contest, is_bad, moment
from chalicelib.domain.voices import Voices, voices

# What a list field remembers of every voice, muted or overwritten: facts, not opinions.
REMEMBERED = frozenset({"consents", "notes", "tags"})
BY_HAND = ("pinned", "reverted")  # the rules by which a steward's word won
BY_OWNER = "owner:"  # before the target whose word wins by the rule that it owns the field
Share = tuple[str, Any]


@dataclass(frozen=True)
class Elected:
    """The golden value of a field: whose it is, by which rule, and what lost against it.

    None where a person pinned the field as empty. Of a list, `shares` says who said each
    element first, and `added` and `dropped` what pins changed of it.
    """

    value: Any
    record: str
    rule: str
    stamp: str
    lost: tuple[Share, ...] = ()
    shares: tuple[Share, ...] = ()
    added: tuple[Any, ...] = ()
    dropped: tuple[Share, ...] = ()


def elect(
    records: Iterable[Record], judgements: Iterable[Judgement], rules: Rules = DEFAULTS
) -> dict[str, Elected]:
    """The golden value of every field that any record or pin has, each with its reason."""
    heard = voices(records, judgements)
    pins = standing(heard)
    told = {n for r in heard.speaking + heard.muted for n in r.values()} | {"tags"} | pins.keys()
    told |= {n for r in heard.silent for n in FACTS & r.values().keys()}
    elected = _names(heard, rules) | _purchases(heard.speaking)
    for name in sorted(told.difference(NAME_FIELDS)):
        many = name in FIELDS and FIELDS[name].many
        found = (_united if many else _single)(name, heard, rules.of(name))
        elected |= {name: found} if found else {}
    for name, words in pins.items():
        elected |= _pinned(name, words, elected.get(name), heard)
    return _coherent(elected)


def _single(name: str, heard: Voices, rule: Rule) -> Elected | None:
    claims = _claims(name, heard.speaking)
    return _won(name, claims, rule, heard) if claims else None


def _claims(name: str, records: Iterable[Record]) -> list[Claim]:
    return [Claim(r, r.fields[name].value, r.fields[name].stamp) for r in records if _said(r, name)]


def _said(record: Record, name: str) -> bool:
    return name in record.fields and record.fields[name].value is not None


def _won(name: str, claims: Sequence[Claim], rule: Rule, heard: Voices) -> Elected:
    ranked, won_by = contest(name, claims, rule, heard)
    best = ranked[0]
    lost = tuple((c.record.id, c.value) for c in ranked[1:] if c.value != best.value)
    return Elected(best.value, best.record.id, won_by, best.stamp, lost)


def _names(heard: Voices, rules: Rules) -> dict[str, Elected]:
    """All name fields from the one record that names the contact best."""
    claims = [claim for record in heard.speaking if (claim := _name_claim(record))]
    if not claims:
        return {}
    ranked, won_by = contest(NAME, claims, rules.of(NAME), heard)
    best = ranked[0]
    stamps = best.record.fields
    return {
        name: Elected(value, best.record.id, won_by, stamps[name].stamp, _unlike(name, ranked))
        for name, value in best.value.items()
    }


def _unlike(name: str, ranked: Sequence[Claim]) -> tuple[Share, ...]:
    """What the others say for one part of the name."""
    best = ranked[0].value[name]
    others = ((c.record.id, c.value.get(name, best)) for c in ranked[1:])
    return tuple((record, value) for record, value in others if value != best)


def _name_claim(record: Record) -> Claim | None:
    told = {n: record.fields[n] for n in NAME_FIELDS if _said(record, n)}
    value = {n: t.value for n, t in told.items()}
    return Claim(record, value, max(t.stamp for t in told.values())) if told else None


def _united(name: str, heard: Voices, rule: Rule) -> Elected | None:
    """A list field: the union, or where the rule says so one record's list.

    An overwrite or a choice replaces it, but for what is remembered.
    """
    claims = _list_claims(name, heard.speaking)
    ranked, won_by = contest(name, claims, rule, heard) if claims else ((), "")
    speakers = _speakers(name, ranked, heard, rule)
    shares = tuple(_shares(speakers))
    if not shares:
        return None
    lost = (c for c in ranked if c not in speakers and rule.take == "one")
    return Elected(
        value=[element for _, element in shares],
        record=shares[0][0],
        rule="union" if rule.take == "all" else won_by,
        stamp=next(c.stamp for c in speakers if c.record.id == shares[0][0]),
        lost=tuple((c.record.id, c.value) for c in lost),
        shares=shares,
    )


def _speakers(name: str, ranked: Sequence[Claim], heard: Voices, rule: Rule) -> Sequence[Claim]:
    """The claims whose elements stand in the list, the best first."""
    if name in REMEMBERED:
        others = heard.muted + (heard.silent if name in FACTS else ())
        return [*ranked, *_list_claims(name, others)]
    chosen = [c for c in ranked if c.record.id in heard.choice(name).records]
    lifted = [c for c in ranked if c.record.id in heard.lifted]
    return chosen or lifted or (ranked if rule.take == "all" else ranked[:1])


def _list_claims(name: str, records: Iterable[Record]) -> list[Claim]:
    found = ((r, _elements(name, r)) for r in records)
    stamps = ((r, said, r.fields[name].stamp if _said(r, name) else r.floor) for r, said in found)
    return [Claim(record, said, stamp) for record, said, stamp in stamps if said]


def _elements(name: str, record: Record) -> list[Any]:
    said = list(record.fields[name].value) if _said(record, name) else []
    return said + list(record.source_tags) if name == "tags" else said


def _purchases(speaking: Iterable[Record]) -> dict[str, Elected]:
    """What each record bought, side by side; a view unites it (`purchases_view`)."""
    shares = tuple((r.id, r.bought.row()) for r in speaking if r.bought)
    if not shares:
        return {}
    return {"purchases": Elected([b for _, b in shares], shares[0][0], "union", "", (), shares)}


def _shares(claims: Sequence[Claim]) -> list[Share]:
    """Each element once, with the record that said it first; what reaches nobody comes last.

    Whether it does is what was said of it last, whoever said it.
    """
    first: dict[Hashable, Share] = {}
    validity: dict[Hashable, tuple[str, str]] = {}
    for claim in claims:
        for element in claim.value:
            mark = identity(element)
            first.setdefault(mark, (claim.record.id, element))
            if isinstance(element, Mapping) and element.get("validity"):
                said = (moment(claim.stamp), element["validity"])
                validity[mark] = max(said, validity.get(mark, said))
    shares = [
        (record, {**element, "validity": validity[mark][1]} if mark in validity else element)
        for mark, (record, element) in first.items()
    ]
    return sorted(shares, key=lambda share: is_bad(share[1]))


def _pinned(
    name: str, words: Sequence[Pin], elected: Elected | None, heard: Voices
) -> dict[str, Elected]:
    """The field as the pins on it make it."""
    if name in FIELDS and FIELDS[name].many:
        return {name: _edited(words, elected)}
    (pin,) = words
    if not holds(pin, _claims(name, heard.speaking)):
        return {}
    said = [(elected.record, elected.value), *elected.lost] if elected else []
    value = pin.word["value"]
    lost = tuple((record, other) for record, other in said if other != value)
    return {name: Elected(value, pin.record, _by(pin.word), pin.stamp, lost)}


def _by(word: Word) -> str:
    """The rule by which a word on a field won."""
    if "ruled" in word:
        return BY_OWNER + str(word["ruled"])
    return "reverted" if "against" in word else "pinned"


def _edited(words: Sequence[Pin], elected: Elected | None) -> Elected:
    """A list with the elements that people added and without those they dropped."""
    known = elected or Elected([], words[0].record, "pinned", words[0].stamp)
    adds = {identity(p.word["add"]): p for p in words if "add" in p.word}
    drops = {identity(p.word["drop"]) for p in words if "drop" in p.word}
    kept = [(r, e) for r, e in known.shares if identity(e) not in drops]
    shares = [
        (adds[mark].record, adds.pop(mark).word["add"]) if (mark := identity(e)) in adds else (r, e)
        for r, e in kept
    ]
    shares += [(pin.record, pin.word["add"]) for pin in adds.values()]
    ordered = _led(shares, words)
    return replace(
        known,
        value=[element for _, element in ordered] or None,
        shares=tuple(ordered),
        added=tuple(p.word["add"] for p in words if "add" in p.word),
        dropped=tuple((r, e) for r, e in known.shares if identity(e) in drops),
    )


def _led(shares: Sequence[Share], words: Sequence[Pin]) -> list[Share]:
    """First the elements that were given a place, of one place the newest first."""
    given = [p.word for p in words if "place" in p.word]
    places = {identity(w["add"]): (w["place"], -n) for n, w in enumerate(given)}
    behind = (len(shares), 0)
    return sorted(shares, key=lambda share: places.get(identity(share[1]), behind))


def _coherent(elected: dict[str, Elected]) -> dict[str, Elected]:
    """A full name of a source's does not stand beside a given or family name that was pinned."""
    full = elected.get("full_name")
    parts = [elected[n].rule for n in ("given_name", "family_name") if n in elected]
    if full and not _by_word(full.rule) and any(map(_by_word, parts)):
        gone = replace(full, value=None, lost=((full.record, full.value), *full.lost))
        return elected | {"full_name": gone}
    return elected


def _by_word(rule: str) -> bool:
    return rule in BY_HAND or rule.startswith(BY_OWNER)
