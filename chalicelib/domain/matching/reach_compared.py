"""How near two records' ways of being reached are: e-mail, phone and postal address.

What the two share comes with the plain key that holds it, so that the comparison can
ask how many differently named people share that value.
"""

from collections.abc import Sequence
from itertools import product
from typing import Literal, NamedTuple

from rapidfuzz.distance import OSA

from chalicelib.domain.matching.features import Address, Features
from chalicelib.domain.matching.mailboxes import Email
from chalicelib.domain.matching.names_compared import is_near

EmailLevel = Literal["", "same", "role", "typo", "local", "different", "two_private", "colleagues"]
PhoneLevel = Literal["", "same", "typo", "two_mobiles", "different"]
AddressLevel = Literal["", "same", "house", "street", "postcode", "city", "different"]
_MOBILE = frozenset("45678")
_ADDRESS_RANK = ("same", "house", "street", "postcode", "city", "different", "")


class Shared(NamedTuple):
    """A level, and the key and the value that both sides share; empty when they share none."""

    level: str
    key: str = ""
    value: str = ""


def email_level(a: Features, b: Features) -> Shared:
    """Equal private mailboxes first, then equal offices, then likeness, then difference."""
    theirs = {email.address for email in b.emails}
    equal = [email for email in a.emails if email.address in theirs]
    if equal:
        best = min(equal, key=lambda e: (e.role, e.address))
        return Shared("role" if best.role else "same", f"email={best.address}", best.address)
    pairs = [(x, y) for x, y in product(a.emails, b.emails) if not x.role and not y.role]
    if not pairs:
        return Shared("")
    return Shared(min((_unequal(x, y) for x, y in pairs), key=_UNEQUAL_RANK.index))


_UNEQUAL_RANK = ("typo", "local", "different", "two_private", "colleagues")


def _unequal(a: Email, b: Email) -> EmailLevel:
    if a.domain != b.domain:
        if a.local == b.local and len(a.local) > 4:
            return "local"
        return "two_private" if a.free and b.free else "different"
    if a.words != b.words and _slip(a.local, b.local):  # not anna7 and anna8
        return "typo"
    return "two_private" if a.free else "colleagues"


def _slip(a: str, b: str) -> bool:
    return len(a) > 5 and OSA.distance(a, b, score_cutoff=1) == 1


def phone_level(a: Features, b: Features) -> Shared:
    """Any equal number; a single digit's slip; else difference."""
    equal = sorted(set(a.phones) & set(b.phones))
    if equal:
        return Shared("same", f"phone={equal[0]}", equal[0])
    return Shared(_unequal_numbers(a.phones, b.phones))


def _unequal_numbers(a: Sequence[str], b: Sequence[str]) -> PhoneLevel:
    if not a or not b:
        return ""
    if any(_slip(x, y) for x, y in product(a, b)):
        return "typo"
    return "two_mobiles" if any(map(is_mobile, a)) and any(map(is_mobile, b)) else "different"


def is_mobile(number: str) -> bool:
    """Whether a Polish number in E.164 is a mobile one, hence one person's; elsewhere False."""
    return number.startswith("+48") and number[3:4] in _MOBILE


def address_level(a: Features, b: Features) -> AddressLevel:
    """The best level between any two addresses of the two records."""
    levels = (_address_pair(x, y) for x, y in product(a.addresses, b.addresses))
    return min(levels, key=_ADDRESS_RANK.index, default="")


def _address_pair(a: Address, b: Address) -> AddressLevel:
    same_code = bool(a.postal_code) and a.postal_code == b.postal_code
    same_city = bool(a.city and b.city) and _same_city(a.city, b.city)
    if (same_code or same_city) and _same_street(a, b):
        return _door(a, b)
    if same_code:
        return "postcode"
    if same_city:
        return "city"
    return "different" if a.city and b.city and not _one_area(a, b) else ""


def _same_city(a: str, b: str) -> bool:
    """Devon and West Devon as well."""
    ours, theirs = set(a.split()), set(b.split())
    return ours <= theirs or theirs <= ours or is_near(a, b)


def _one_area(a: Address, b: Address) -> bool:
    """Whether the postcodes begin alike: the region in Poland, the town in Britain."""
    return len(a.postal_code) > 4 and a.postal_code[:-3] == b.postal_code[:-3]


def _same_street(a: Address, b: Address) -> bool:
    if not a.street or not b.street:
        return False
    return (
        a.street == b.street
        or is_near(a.street, b.street)
        or set(a.street.split()) == set(b.street.split())
    )


def _door(a: Address, b: Address) -> AddressLevel:
    if not a.house or a.house != b.house:
        return "street"
    return "house" if a.flat and b.flat and a.flat != b.flat else "same"
