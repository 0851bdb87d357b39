"""E-mail addresses as their providers read them, and what kind of mailbox they are."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from chalicelib.domain.matching.vocabulary import (
    DOTLESS_DOMAINS,
    FREE_DOMAINS,
    NO_NAMES,
    ROLE_MAILBOXES,
)

_WORD = re.compile(r"[a-z]+")
_TRAILING_DIGITS = re.compile(r"\d+$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)?(\d\d)$")


class Email(NamedTuple):
    """A mailbox: `role` is an office's, `free` a public host's; `words` are its name's parts."""

    address: str
    local: str
    domain: str
    role: bool
    free: bool
    words: tuple[str, ...]

    @property
    def year(self) -> str:
        """The two digits of a year with which its name ends (`jan84`); empty without."""
        return "" if self.role else _year(self.local)


@lru_cache(maxsize=65536)
def _year(local: str) -> str:
    found = _YEAR.search(local)
    return found[1] if found else ""


def mailboxes(values: Mapping[str, Any]) -> Iterable[Email]:
    """The record's real mailboxes, without `+tags` and without the dots that Gmail ignores."""
    for email in values.get("emails") or ():
        stated, _, domain = email["address"].casefold().rpartition("@")
        local = stated.partition("+")[0] or stated
        parts = tuple(_WORD.findall(local))
        if domain in DOTLESS_DOMAINS:
            local, domain = local.replace(".", ""), "gmail.com"
        if local not in NO_NAMES and domain.partition(".")[0] not in NO_NAMES:
            role = _TRAILING_DIGITS.sub("", local) in ROLE_MAILBOXES
            yield Email(f"{local}@{domain}", local, domain, role, domain in FREE_DOMAINS, parts)
