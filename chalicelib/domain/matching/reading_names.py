"""A person's names out of the fields that may hold them, in whatever order they came."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from chalicelib.domain.folding import fold
from chalicelib.domain.matching.mailboxes import Email
from chalicelib.domain.matching.names import meanings
from chalicelib.domain.matching.vocabulary import GENERATIONS, NO_NAMES, TITLES

Words = tuple[str, ...]

LONGEST = 200  # an emoji is folded to its name: what is compared must not grow without end
_LEAST_SURNAME = 3
_SURNAME_ENDINGS = (
    "ski", "ska", "cki", "cka", "dzki", "dzka", "wicz", "czyk", "czak", "skyi", "skyj", "enko",
    "chuk", "czuk", "mann", "ova",
)  # fmt: skip
_APART = TITLES | GENERATIONS.keys() | NO_NAMES


@lru_cache(maxsize=16384)
def words(text: str | None) -> Words:
    """The folded words of a text, as far as `LONGEST` characters; none for None."""
    return tuple(fold(text)[:LONGEST].split()) if text else ()


def stated_names(values: Mapping[str, Any]) -> tuple[Words, Words, str]:
    """Given names, surname's parts, and `junior`, `senior` or nothing."""
    fields = [values.get(f) or "" for f in ("given_name", "family_name", "full_name")]
    marks = (GENERATIONS[word] for word in words(" ".join(fields)) if word in GENERATIONS)
    given, family = _bare(fields[0]), _bare(fields[1])
    if not given or not family:
        given, family = _from_one_field(fields) or (given, family)
    if given and not family and _is_surname(given):
        given, family = family, given
    return given, family, next(marks, "")


def _from_one_field(fields: Sequence[str]) -> tuple[Words, Words] | None:
    """Both names out of one field: the one for the full name, or one that they were put into."""
    *parts, full_name = fields
    told, misplaced = _split(full_name), _split(" ".join(parts))
    if all(told) or not any(misplaced):
        return told
    right = _are_given(misplaced[0]) and not _are_given(misplaced[1])
    return misplaced if right else None


def _is_surname(names: Words) -> bool:
    """Whether the only name given is a surname in the wrong field."""
    return not _are_given(names) and names[-1].endswith(_SURNAME_ENDINGS)


def _are_given(names: Words) -> bool:
    return any(meanings(name) for name in names)


def _split(full_name: str) -> tuple[Words, Words]:
    """A name in one field: `Jan Maria Kowalski`, `Kowalski, Jan`, `Anna Nowak-Lis`."""
    before, _, after = full_name.partition(",")
    if _bare(after):
        return _bare(after), _bare(before)
    parts = [part for part in map(_bare, before.split()) if part]
    if len(parts) > 1 and _are_given(parts[-1]) and not _are_given(parts[0]):
        parts = [*parts[1:], parts[0]]
    return tuple(word for part in parts[:-1] for word in part), parts[-1] if parts else ()


def _bare(text: str) -> Words:
    return tuple(word for word in words(text) if word not in _APART)


def surname_guesses(given: Words, emails: Iterable[Email]) -> Words:
    """Surnames that mailboxes suggest to Anna who states none: `anna.lis`, `alis`, `lisanna`."""
    if not given:
        return ()
    found = (guess for email in emails if not email.role for guess in _guesses(given[0], email))
    return tuple(dict.fromkeys(guess for guess in found if len(guess) >= _LEAST_SURNAME))


def _guesses(given: str, email: Email) -> Iterable[str]:
    parts = [part for part in email.words if not _is_form(part, given)]
    if not parts:
        return
    longest = max(parts, key=len)
    forms = sorted({given, *meanings(given)}, key=lambda form: (-len(form), form))
    for form in forms:
        if longest.startswith(form) or longest.endswith(form):
            yield longest.removeprefix(form).removesuffix(form)
            return
    if len(parts) == 1 and len(email.words) == 1 and longest[0] in {form[0] for form in forms}:
        yield longest[1:]
    yield longest


def _is_form(part: str, given: str) -> bool:
    return part == given or bool(meanings(part) & meanings(given))
