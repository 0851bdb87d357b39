"""What a system can hold of a contact is the same however often it goes there and back."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import mapping
from chalicelib.domain.mapping.apply import Mapper
from chalicelib.domain.mapping.catalogue import mapper_of

KINDS = sorted(path.stem for path in (Path(mapping.__file__).parent / "systems").glob("*.json"))
LINES = st.sampled_from(["Ewa", "Lis-Maj", "Łódź", "O'Neill", "a; b", "1", 'say "no"', "x" * 200])
LABELS = st.sampled_from(["home", "work", "praca"])
DATES = st.sampled_from(["1984-11-21", "2000-02-29", "--02-29", "1875-01-01"])


def elements(limit: int, needed: dict[str, Any], **optional: Any) -> Any:
    """A list of objects without repeats."""
    one = st.fixed_dictionaries(needed, optional={**optional, "label": LABELS})
    return st.lists(
        one, min_size=1, max_size=limit, unique_by=lambda e: tuple(e[n] for n in needed)
    )


CONTACTS = st.fixed_dictionaries(
    {},
    optional={
        "given_name": LINES,
        "family_name": LINES,
        "full_name": LINES,
        "nicknames": st.lists(LINES, min_size=1, max_size=3, unique=True),
        "organization": LINES,
        "job_title": LINES,
        "emails": elements(5, {"address": st.integers(0, 9).map(lambda n: f"e{n}@example.org")}),
        "phones": elements(5, {"number": st.integers(0, 9).map(lambda n: f"+4860010020{n}")}),
        "addresses": elements(
            3, {"city": LINES}, street=LINES, postal_code=LINES, region=LINES, country=st.just("PL")
        ),
        "birth_date": DATES,
        "language": st.sampled_from(["pl", "en"]),
        "tags": st.lists(LINES, min_size=1, max_size=3, unique=True),
    },
)


def of(kind: str) -> Mapper:
    found = mapper_of(kind)
    assert found
    return found


def stands(body: Any) -> Any:
    """Without what is empty."""
    if isinstance(body, dict):
        return {n: v for n, part in body.items() if (v := stands(part)) not in (None, "", [], {})}
    if isinstance(body, list):
        return [v for part in body if (v := stands(part)) not in (None, "", [], {})]
    return body


@pytest.mark.parametrize("kind", KINDS)
@given(contact=CONTACTS)
def test_what_was_held_is_held_whole(kind: str, contact: dict[str, Any]) -> None:
    held = of(kind).projection(contact)
    assert of(kind).projection(held) == held


@pytest.mark.parametrize("kind", KINDS)
@given(contact=CONTACTS)
def test_what_came_back_is_written_the_same(kind: str, contact: dict[str, Any]) -> None:
    written = of(kind).outward(contact)
    assert stands(of(kind).outward(of(kind).projection(contact))) == stands(written)
