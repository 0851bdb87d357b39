"""How near two records' facts are: birth date, employer, identifiers, company name."""

from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from chalicelib.domain.matching.features import (
    COMPANY_IDENTIFIERS,
    NATIONAL_IDENTIFIERS,
    Features,
)

BirthLevel = Literal["", "same", "typo", "near", "day", "different"]
JobLevel = Literal["same", "different", ""]
IdentifierLevel = Literal["", "national", "same", "typo", "different"]
WorkLevel = Literal["", "number", "domain", "same", "different"]
YearLevel = Literal["", "same", "different", "mailboxes", "other_mailboxes"]
CompanyLevel = Literal["", "same", "near", "different"]
_NEAR_NAME = 86


def birth_level(a: str, b: str) -> BirthLevel:
    """`same`, `typo` (one slip, or day and month swapped), `near` (year, month or day differs),
    `day` (the year unknown), else `different`.
    """
    if not a or not b:
        return ""
    if a[-5:] == b[-5:] and (a[0] == "-" or b[0] == "-"):
        return "day"
    if a == b:
        return "same"
    if OSA.distance(a, b) <= 1 or a == f"{b[:4]}-{b[8:]}-{b[5:7]}":
        return "typo"
    parts = zip(a.split("-"), b.split("-"), strict=False)
    return "near" if sum(x != y for x, y in parts) == 1 else "different"


def identifier_level(a: Features, b: Features) -> IdentifierLevel:
    """For ids that are the record's own: any equal one, a slip in one, or all different.

    `national` is an equal number of the state's, which one person bears for life.
    """
    mine, theirs = own_identifiers(a), own_identifiers(b)
    kinds = sorted(mine.keys() & theirs.keys())
    if not kinds:
        return ""
    equal = [kind for kind in kinds if mine[kind] == theirs[kind]]
    if equal:
        return "same" if NATIONAL_IDENTIFIERS.isdisjoint(equal) else "national"
    slip = any(OSA.distance(mine[kind], theirs[kind]) == 1 for kind in kinds)
    return "typo" if slip else "different"


def own_identifiers(seen: Features) -> dict[str, str]:
    """A working person's NIP, REGON or KRS is the employer's, hence not the person's own."""
    return {k: v for k, v in seen.identifiers if seen.company or k not in COMPANY_IDENTIFIERS}


def work_level(a: Features, b: Features) -> WorkLevel:
    """Whether two persons work for one company: by its number, its mail domain or its name."""
    numbers, domains = _company_numbers(a), _domains(a)
    if numbers and numbers & _company_numbers(b):
        return "number"
    if domains and domains & _domains(b):
        return "domain"
    level = company_level(a.organization, b.organization)
    if level in ("same", "near"):
        return "same"
    apart = (numbers and _company_numbers(b)) or (domains and _domains(b))
    return "different" if level or apart else ""


def _company_numbers(seen: Features) -> set[str]:
    return {value for kind, value in seen.identifiers if kind in COMPANY_IDENTIFIERS}


def _domains(seen: Features) -> set[str]:
    return {email.domain for email in seen.emails if not email.free}


def year_level(a: Features, b: Features) -> YearLevel:
    """Whether the year in one's mailbox (`jan84`) is the other's year of birth, or mailbox's."""
    ours, theirs = _years(a), _years(b)
    if not ours and not theirs:
        return ""
    born = [(y, d[2:4]) for y, d in ((ours, b.birth_date), (theirs, a.birth_date)) if y and d]
    if born:
        return "same" if any(year in years for years, year in born) else "different"
    if ours and theirs:
        return "mailboxes" if ours & theirs else "other_mailboxes"
    return ""


def _years(seen: Features) -> set[str]:
    return {email.year for email in seen.emails} - {""}


def company_level(a: str, b: str) -> CompanyLevel:
    """Two company names without their legal forms: `same`, `near` or `different`."""
    if not a or not b:
        return ""
    joined_a, joined_b = a.replace(" ", ""), b.replace(" ", "")
    if joined_a == joined_b:
        return "same"
    return "near" if fuzz.ratio(joined_a, joined_b) >= _NEAR_NAME else "different"


def job_level(a: Features, b: Features) -> JobLevel:
    """Whether two job titles agree, one may say more than the other."""
    ours, theirs = set(a.job.split()), set(b.job.split())
    if not ours or not theirs:
        return ""
    return "same" if ours <= theirs or theirs <= ours else "different"
