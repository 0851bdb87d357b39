"""How near two records' facts are: birth date, employer, identifiers, company name."""

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from chalicelib.domain.matching.features import COMPANY_IDENTIFIERS, Features

_NEAR_NAME = 86


def birth_level(a: str, b: str) -> str:
    """`same`, `typo` (one slip, or day and month swapped), `day` (no year), `different`."""
    if not a or not b:
        return ""
    if a[-5:] == b[-5:] and (a[0] == "-" or b[0] == "-"):
        return "day"
    if a == b:
        return "same"
    if OSA.distance(a, b) <= 1 or a == f"{b[:4]}-{b[8:]}-{b[5:7]}":
        return "typo"
    return "different"


def identifier_level(a: Features, b: Features) -> str:
    """For ids that are the record's own: any equal one, a slip in one, or all different.

    `national` is an equal PESEL, which carries a check digit and is borne by one person.
    """
    mine, theirs = own_identifiers(a), own_identifiers(b)
    kinds = sorted(mine.keys() & theirs.keys())
    if not kinds:
        return ""
    equal = [kind for kind in kinds if mine[kind] == theirs[kind]]
    if equal:
        return "national" if "pesel" in equal else "same"
    slip = any(OSA.distance(mine[kind], theirs[kind]) == 1 for kind in kinds)
    return "typo" if slip else "different"


def own_identifiers(seen: Features) -> dict[str, str]:
    """A working person's NIP, REGON or KRS is the employer's, hence not the person's own."""
    return {k: v for k, v in seen.identifiers if seen.company or k not in COMPANY_IDENTIFIERS}


def work_level(a: Features, b: Features) -> str:
    """Whether two persons work for one company: by its number, its name or its mail domain."""
    numbers_a = {v for k, v in a.identifiers if k in COMPANY_IDENTIFIERS}
    numbers_b = {v for k, v in b.identifiers if k in COMPANY_IDENTIFIERS}
    level = company_level(a.organization, b.organization)
    if numbers_a & numbers_b or level in ("same", "near") or _domains(a) & _domains(b):
        return "same"
    return "different" if level or (numbers_a and numbers_b) else ""


def _domains(seen: Features) -> set[str]:
    return {email.domain for email in seen.emails if not email.free}


def company_level(a: str, b: str) -> str:
    """Two company names without their legal forms: `same`, `near` or `different`."""
    if not a or not b:
        return ""
    joined_a, joined_b = a.replace(" ", ""), b.replace(" ", "")
    if joined_a == joined_b:
        return "same"
    return "near" if fuzz.ratio(joined_a, joined_b) >= _NEAR_NAME else "different"
