"""E-mail addresses as their providers read them, and what kind of mailbox they are."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.matching.vocabulary import (
    DOTLESS_DOMAINS,
    FREE_DOMAINS,
    NO_NAMES,
    ROLE_MAILBOXES,
)

_WORD = re.compile(r"[a-z]+")
_TRAILING_DIGITS = re.compile(r"\d+$")


@dataclass(frozen=True, slots=True)
class Email:
    """A mailbox: `role` is an office's, `free` a public host's; `words` are its name's parts."""

    address: str
    local: str
    domain: str
    role: bool
    free: bool
    words: tuple[str, ...]


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
