"""The one filter language: search, target routing, and whatever else means a set of contacts.

    role:supplier AND (tag:dostawca OR interest:kawa) -source:mailing

`docs/filters.md` explains it to those who write filters; a test holds the two together.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from chalicelib.domain.filtering.expression import Expression, dated
from chalicelib.domain.filtering.parse import parse
from chalicelib.domain.filtering.plan import plan
from chalicelib.domain.filtering.terms import Contact
from chalicelib.domain.search_keys import SearchKey

__all__ = ["Contact", "Filter", "compile_filter"]


@dataclass(frozen=True)
class Filter:
    """A filter that was read: equal texts make equal filters. Made by `compile_filter`."""

    text: str
    expression: Expression = field(repr=False, compare=False)

    def matches(self, contact: Contact) -> bool:
        """Whether a golden contact, in normal form, is one of those that the filter means."""
        return self.expression.holds(contact)

    def plan(self) -> list[SearchKey]:
        """Parts of the search index that together hold every active contact that matches.

        They may overlap and may hold others too: each contact found is to be judged by
        `matches`, once.
        """
        return list(plan(self.expression).keys)


@lru_cache(maxsize=1_000)
def compile_filter(text: str, today: date | None = None) -> Filter:
    """Read a filter; "" and "*" mean every contact.

    `today` is what a term that hangs on the clock (`bought_within`) counts from; without it
    such a filter can be checked, but neither matched nor planned.

    Raises `InvalidError` (422) with one `FieldError`, pointer "", whose code is `syntax`,
    `unknown_term`, `bad_value` or `too_large`. Its sentence never repeats a value.
    """
    expression = parse(text)
    return Filter(text, dated(expression, today) if today else expression)
