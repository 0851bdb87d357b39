"""The keys under which a record is found, and the prints of its name.

Two records of one person should share at least one key even when any one field is
missing or misspelt: so names go in by meaning, by sound, by letters and by their beginning,
and several keys join different fields. A key is plain text here, `kind=value`; whoever
stores it hashes it.
"""

from collections.abc import Iterable
from itertools import islice

from chalicelib.domain.matching.features import COMPANY_IDENTIFIERS, Features
from chalicelib.domain.matching.names import masculine, meanings, sound

MOST_KEYS = 18
_MOST_VALUES = 3
_LETTERS_LEFT_OUT = frozenset("aeiouyjwv")

# A key that more records bear leads to none of them: it is read only this far.
_CAPS = {
    "id": 50, "email": 50, "phone": 50, "name": 50,
    "initial": 12, "birth": 20, "id-digits": 12, "letters": 8, "start": 8,
}  # fmt: skip
_CAP = 30


def cap_of(key: str) -> int:
    """The most records that a key may lead to: what very many share tells nobody apart."""
    return _CAPS.get(key.partition("=")[0], _CAP)


def match_keys(seen: Features) -> tuple[str, ...]:
    """At most `MOST_KEYS` plain keys of one record, the most telling first."""
    made = _company_keys(seen) if seen.company else _person_keys(seen)
    return tuple(islice(dict.fromkeys(made), MOST_KEYS))


def given_print(seen: Features) -> tuple[str, ...]:
    """What the first given name may mean, where it is known: two that share nothing differ."""
    return tuple(sorted(meanings(seen.given[0]))[:_MOST_VALUES]) if seen.given else ()


def name_print(seen: Features) -> str:
    """One short text per distinct name, alike for the spellings and diminutives of one name.

    Empty when the record states no whole name. It is coarse, since a slip of the pen must
    not look like another person.
    """
    if seen.company:
        return seen.organization
    given, family = next(iter(_given_sounds(seen)), ""), next(iter(_family_sounds(seen)), "")
    return _whole(given[:3], family[:3]) if len(given) > 1 and family else ""


def _given_sounds(seen: Features) -> tuple[str, ...]:
    return given_print(seen) or tuple(sound(name) for name in seen.given[:1])


def _families(seen: Features) -> list[str]:
    """The surname's parts, or what mailboxes suggest, whatever the gender."""
    return [masculine(family) for family in (seen.family or seen.guesses)[:2]]


def _family_sounds(seen: Features) -> list[str]:
    return [sound(family) for family in _families(seen)]


def _whole(given: str, family: str) -> str:
    """Both names, sorted, so that swapped fields make no difference."""
    return " ".join(sorted((given, family)))


def _person_keys(seen: Features) -> Iterable[str]:
    seen = _straight(seen)
    givens, families = _given_sounds(seen), _families(seen)
    given, family = next(iter(givens), ""), sound(families[0]) if families else ""
    for kind, value in seen.identifiers:
        if kind not in COMPANY_IDENTIFIERS:
            yield f"id={kind}:{value}"
            yield f"id-digits={kind}:{''.join(sorted(value))}"  # two of them may have swapped
    yield from _reach_keys(seen)
    yield from _name_keys(seen, givens, families)
    yield from _birth_keys(seen, given, family)
    yield from _place_keys(seen, given, family)
    yield from _work_keys(seen, given)


def _straight(seen: Features) -> Features:
    """With the names changed over, where only the surname is a known given name."""
    if seen.given and seen.family and meanings(seen.family[0]) and not meanings(seen.given[0]):
        return seen._replace(given=seen.family, family=seen.given)
    return seen


def _reach_keys(seen: Features) -> Iterable[str]:
    mailboxes = [email for email in seen.emails if not email.role][:_MOST_VALUES]
    yield from (f"email={email.address}" for email in mailboxes)
    yield from (f"phone={number}" for number in seen.phones[:_MOST_VALUES])
    for email in mailboxes[:1]:
        digits = "".join(filter(str.isdigit, email.local))
        if digits:
            yield f"digits={email.local[0]}|{digits}|{email.domain}"


def _name_keys(seen: Features, givens: Iterable[str], families: list[str]) -> Iterable[str]:
    if not seen.given:
        return
    first = next(iter(givens))
    for family in families:
        yield from (f"name={_whole(given, sound(family))}" for given in givens)
    for family in families[:1]:
        yield f"initial={seen.given[0][0]}|{sound(family)}"
        yield f"letters={first}|{''.join(sorted(set(family) - _LETTERS_LEFT_OUT))}"
        yield f"start={first}|{family[:5]}"


def _birth_keys(seen: Features, given: str, family: str) -> Iterable[str]:
    if seen.birth_date:
        yield f"birth={seen.birth_date}"
    if seen.birth_date and family:
        yield f"family+birth={family[:3]}|{seen.birth_date}"
    if seen.birth_date and given:
        yield f"given+birth={given}|{seen.birth_date}"


def _place_keys(seen: Features, given: str, family: str) -> Iterable[str]:
    for place in seen.addresses[:1]:
        code, street = place.postal_code, sound(place.street)[:4]
        if code and family:
            yield f"family+postcode={family}|{code}"
        if code and given:
            yield f"given+postcode={given}|{code}"
        if code and place.house:
            yield f"house={code}|{place.house}|{street}"
        if place.city and street and given:
            yield f"given+street={given}|{place.city[:3]}|{street}|{place.house}"


def _work_keys(seen: Features, given: str) -> Iterable[str]:
    if not given:
        return
    domains = dict.fromkeys(e.domain for e in seen.emails if not e.free)
    yield from (f"given+domain={given}|{domain}" for domain in islice(domains, 1))
    if seen.organization:
        yield f"given+company={given}|{seen.organization.replace(' ', '')}"


def _company_keys(seen: Features) -> Iterable[str]:
    name = seen.organization.replace(" ", "")
    yield from (f"id={k}:{v}" for k, v in seen.identifiers)
    yield from _reach_keys(seen)
    yield f"company={name}"
    for place in islice((a for a in seen.addresses if a.house and a.postal_code), 2):
        yield f"company+postcode={sound(name)[:4]}|{place.postal_code}"
