"""Laws of the filter language over random contacts and filters.

What matches is found; AND, OR and NOT are those of logic; neighbours are joined by AND; and
no text whatever raises anything but `InvalidError`.
"""

from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidError
from chalicelib.domain.filters import compile_filter
from chalicelib.domain.search_keys import search_rows

NAMES = ["Jan", "Jan Maria", "Żuk", "Kowalski-Żuk", "Li", "O'Hara", "Юлія", "J", "Łukasz", "李"]
VALUES = {
    "tag": ["vip", "Żółty", "a b", "a#1", "ß", "c++"],
    "interest": ["kawa", "KAWA", "*"],
    "role": ["customer", "supplier", "other"],
    "stage": ["lead", "customer"],
    "kind": ["person", "company"],
    "email": ["jan@zuk.pl", "b+c@żółw.pl"],
    "phone": ["+48600100200", "+4930123456"],
    "source": ["crm", "shop"],
    "record": ["crm/1", "shop/A/1", "crm/#"],
    "related": ["works_for/crm/1", "works_for/crm/#", "child_of/crm/1", "advises/shop/A/1"],
    "birthday": ["11-21", "02-29"],
    "id": ["c-1", "c-2", "c-22"],
    "name": [*NAMES, "ko", "ja", "k", "luk", "jan kow", "yul"],
}


def some(term: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(VALUES[term]), max_size=3, unique=True)


def record(value: str) -> dict[str, str]:
    source, _, external_id = value.partition("/")
    return {"source": source, "external_id": external_id}


def relation(value: str) -> dict[str, str]:
    kind, _, named = value.partition("/")
    return {"kind": kind, **record(named)}


contacts = st.fixed_dictionaries(
    {"id": st.sampled_from(VALUES["id"])},
    optional={
        "kind": st.sampled_from(VALUES["kind"]),
        "given_name": st.none() | st.sampled_from(NAMES),
        "family_name": st.sampled_from(NAMES),
        "full_name": st.sampled_from(NAMES),
        "organization": st.sampled_from(NAMES),
        "emails": some("email").map(lambda values: [{"address": value} for value in values]),
        "phones": some("phone").map(lambda values: [{"number": value} for value in values]),
        "birth_date": st.sampled_from(["1980-11-21", "--11-21", "--02-29"]),
        "roles": some("role"),
        "tags": some("tag"),
        "interests": some("interest"),
        "stage": st.none() | st.sampled_from(VALUES["stage"]),
        "relations": some("related").map(lambda values: [relation(value) for value in values]),
        "records": some("record").map(lambda values: [record(value) for value in values]),
    },
)
terms = st.sampled_from([f'{term}:"{value}"' for term in VALUES for value in VALUES[term]]) | (
    st.sampled_from(["*", "NOT *", "kow*", '"jan zuk"', "600100200", "jan@zuk.pl"])
)
filters = st.recursive(
    terms,
    lambda part: (
        st.builds("({} {} {})".format, part, st.sampled_from(["AND", "OR", ""]), part)
        | st.builds("{}({})".format, st.sampled_from(["-", "+", "NOT "]), part)
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(contacts, filters)
def test_what_a_filter_matches_lies_where_it_plans_to_look(
    contact: dict[str, Any], text: str
) -> None:
    compiled = compile_filter(text)
    rows = search_rows(contact["id"], contact)
    found = any(
        partition == key.partition and sort.startswith(key.prefix)
        for key in compiled.plan()
        for partition, sort in rows
    )
    assert found or not compiled.matches(contact)


@settings(max_examples=100, deadline=None)
@given(contacts)
def test_a_contact_is_matched_by_each_of_its_own_values(contact: dict[str, Any]) -> None:
    for number in contact.get("phones", []):
        assert compile_filter(f'phone:"{number["number"]}"').matches(contact)
    for tag in contact.get("tags", []):
        assert compile_filter(f'tag:"{tag.upper()}"').matches(contact)
    assert compile_filter(f"id:{contact['id']}").matches(contact)


@settings(max_examples=150, deadline=None)
@given(contacts, filters, filters)
def test_and_or_not_are_those_of_logic(contact: dict[str, Any], one: str, other: str) -> None:
    def holds(text: str) -> bool:
        return compile_filter(text).matches(contact)

    a, b = holds(one), holds(other)
    assert holds(f"{one} AND {other}") is holds(f"{one} {other}") is (a and b)
    assert holds(f"{one} OR {other}") is (a or b)
    assert holds(f"NOT ({one})") is holds(f"-({one})") is (not a)
    assert holds(f"+({one})") is a


TAGS = ["a", "b", "c", "d"]
WORLDS = [tags for n in range(5) for tags in combinations(TAGS, n)]
operands = st.tuples(st.sampled_from(["", "+", "-", "NOT "]), st.sampled_from(TAGS))
joints = st.sampled_from([" ", " AND ", " OR "])


@settings(max_examples=200, deadline=None)
@given(operands, st.lists(st.tuples(joints, operands), max_size=7))
def test_neighbours_are_joined_by_and_which_binds_more_strongly_than_or(
    first: tuple[str, str], rest: list[tuple[str, tuple[str, str]]]
) -> None:
    text, groups = "{}tag:{}".format(*first), [[first]]
    for joint, operand in rest:
        text += joint + "{}tag:{}".format(*operand)
        if joint == " OR ":
            groups.append([])
        groups[-1].append(operand)
    compiled = compile_filter(text)
    for world in WORLDS:
        expected = any(
            all((tag in world) is (sign in ("", "+")) for sign, tag in group) for group in groups
        )
        assert compiled.matches({"id": "x", "tags": list(world)}) is expected


def raises_only_invalid(text: str) -> None:
    try:
        compiled = compile_filter(text)
    except InvalidError:
        return
    compiled.matches({"id": "c"})
    assert compiled.plan()


@settings(max_examples=1_000, deadline=None)
@given(st.text())
def test_no_text_raises_anything_else(text: str) -> None:
    raises_only_invalid(text)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from([*'()[]{}"~^:*?\\/+-<>=!&| .19@\n', "a", "tag:", "phone:", "name:",
                                 "id:", " AND ", " OR ", " NOT ", " TO ", "T12:30"])))  # fmt: skip
def test_no_mix_of_syntax_raises_anything_else(parts: list[str]) -> None:
    raises_only_invalid("".join(parts))
