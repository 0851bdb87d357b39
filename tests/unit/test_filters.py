"""What each term of the filter language matches, how terms combine, and what is refused."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.domain.errors import InvalidError
from chalicelib.domain.filters import compile_filter

JAN: dict[str, Any] = {
    "id": "0199-aa",
    "kind": "person",
    "given_name": "Jan",
    "family_name": "Kowalski-Żuk",
    "full_name": "Jan Kowalski-Żuk",
    "organization": "Palarnia",
    "emails": [{"address": "jan@żółw.pl"}, {"address": "biuro@zuk.test", "label": "work"}],
    "phones": [{"number": "+48600100200"}],
    "birth_date": "1980-11-21",
    "roles": ["customer", "supplier"],
    "tags": ["VIP", "Żółty szlak"],
    "interests": ["Kawa"],
    "stage": "customer",
    "records": [{"source": "crm", "external_id": "A/7"}],
    "relations": [{"kind": "works_for", "source": "erp", "external_id": "K/1"}],
}
PALARNIA: dict[str, Any] = {"id": "0199-bb", "kind": "company", "organization": "Palarnia Ósemka"}
NOBODY: dict[str, Any] = {"id": "0199-cc", "given_name": None, "tags": None}

MATCHING = [
    "tag:vip", "TAG:VIP", 'tag:"żółty szlak"', 'tag:"  ŻÓŁTY   szlak "', "role:customer",
    "kind:person", "email:jan@żółw.pl", "email:JAN@ŻÓŁW.pl", 'email:"biuro@zuk.test"',
    'phone:"+48 600 100 200"', "phone:600-100-200", "phone:+48600100200", "name:jan", "name:J",
    "name:ko", "name:kow", "name:kowal*", "name:ŻU", 'name:"jan kow"', 'name:"zuk jan"',
    "name:(jan kow)", "source:crm", "source:CRM", 'record:"crm/A/7"', "record:crm/A/7",
    "birthday:11-21", "interest:kawa", "stage:customer", "id:0199-aa",
    'related:"works_for/erp/K/1"', 'related:"WORKS_FOR/ERP/K/1"',
]  # fmt: skip
NOT_MATCHING = [
    "tag:vi", "tag:zolty", 'tag:"zolty szlak"', "role:producer", "kind:company",
    "email:jan@inny.pl", 'phone:"+48 600 100 201"', "name:owal", "name:palarnia", "name:jana",
    'name:"jan nowak"', "source:shop", 'record:"crm/a/7"', "record:crm/A", "birthday:11-22",
    "interest:herbata", "stage:lead", "id:0199-a", "id:0199-AA",
    'related:"works_for/erp/k/1"', 'related:"child_of/erp/K/1"', 'related:"works_for/erp/K"',
]  # fmt: skip


@pytest.mark.parametrize("text", MATCHING)
def test_a_term_matches_the_contact_that_has_its_value(text: str) -> None:
    assert compile_filter(text).matches(JAN)


@pytest.mark.parametrize("text", MATCHING)
def test_no_term_matches_a_contact_that_says_nothing(text: str) -> None:
    assert not compile_filter(text).matches(NOBODY)


@pytest.mark.parametrize("text", NOT_MATCHING)
def test_a_term_passes_over_a_contact_that_has_another_value(text: str) -> None:
    assert not compile_filter(text).matches(JAN)


def test_a_company_is_found_by_its_organisation_and_a_person_is_not() -> None:
    palarnia = compile_filter("name:palarn osem")
    assert palarnia.matches(PALARNIA)
    assert not palarnia.matches(JAN)


@pytest.mark.parametrize("born", ["1980-02-29", "--02-29"])
def test_a_birthday_is_found_with_and_without_its_year(born: str) -> None:
    assert compile_filter("birthday:02-29").matches({"id": "a", "birth_date": born})


@pytest.mark.parametrize(
    ("bare", "meant"),
    [
        ("kowal", "name:kowal"),
        ("Jan kow", "name:jan AND name:kow"),
        ('"Jan kow"', 'name:"Jan kow"'),
        ("jan@żółw.pl", "email:jan@żółw.pl"),
        ("600100200", "phone:600100200"),
        ("+48600100200", 'phone:"+48600100200"'),
        ('"600 100 200"', "phone:600100200"),
    ],
)
def test_a_value_without_a_term_is_a_name_an_address_or_a_number(bare: str, meant: str) -> None:
    assert compile_filter(bare).plan() == compile_filter(meant).plan()
    assert compile_filter(bare).matches(JAN) and compile_filter(meant).matches(JAN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True), ("  ", True), ("*", True), ("NOT *", False), ("-*", False),
        ("tag:vip role:customer", True), ("tag:vip role:producer", False),
        ("tag:vip AND role:producer", False), ("tag:vip OR role:producer", True),
        ("tag:vip -role:producer", True), ("tag:vip -role:customer", False),
        ("+tag:vip +role:customer", True), ("tag:no OR +role:customer", True),
        ("tag:vip NOT role:customer", False), ("NOT (tag:no OR role:producer)", True),
        ("role:(producer OR supplier)", True), ("role:(producer supplier)", False),
        ("role:(customer -supplier)", False), ("role:-producer", True),
        ("tag:vip OR tag:no role:producer", True), ("tag:no role:producer OR tag:vip", True),
        ("(tag:vip OR tag:no) role:producer", False), ("tag:no OR tag:vip AND tag:no", False),
    ],
)  # fmt: skip
def test_terms_combine_as_written(text: str, expected: bool) -> None:
    assert compile_filter(text).matches(JAN) is expected


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("tags:vip", "unknown_term", "the term tags is not known; use one of: birthday, bought"),
        ("vip -x:y", "unknown_term", "At position 6: "),
        ("tag:a:b", "syntax", "At position 5: a value with a colon"),
        ("tag:(a b:c)", "syntax", "At position 8: a value with a colon"),
        ("tag:vi*", "syntax", "At position 5: * is for the end of a name"),
        ("name:k*w", "syntax", "At position 6: * is for"), ("na?e", "syntax", "At position 1: "),
        ("jan@żółw.*", "syntax", "* is for"), ("tag:*", "syntax", "* is for"),
        ("tag:[a TO b]", "syntax", "At position 5: ranges"), ("tag:>a", "syntax", "ranges"),
        ("jan~", "syntax", "fuzzy"), ('"jan kow"~2', "syntax", "fuzzy"),
        ("jan^2", "syntax", "boosts"), ("jan TO ewa", "syntax", "ranges"),
        ("/jan/", "syntax", "regular expressions"), ("jan~1.2.3", "syntax", "cannot be read"),
        ("(tag:vip", "syntax", "cannot be read to its end"), ("a tag:)", "syntax", "at position 7"),
        ('tag:"vip', "syntax", "at position 5"), ("tag:", "syntax", "cannot be read"),
        ("\ud800", "syntax", "cannot be read"),
        ("jan or ewa", "syntax", "At position 5: write AND, OR, NOT in capitals"),
        ("jan && ewa", "syntax", "in capitals"), ("tag:(a Not b)", "syntax", "in capitals"),
        ("!tag:vip", "unknown_term", "this term is not known"), ("tag:!vip", "syntax", "use NOT"),
        ("tag:„vip”", "syntax", "straight double quotes"),
        ("role:custmer", "bad_value", "Use one of: customer, supplier"),
        ("kind:firm", "bad_value", "person, company"), ("stage:hot", "bad_value", "lead"),
        ("email:jan", "bad_value", "At position 7: the value of email"),
        ("phone:12", "bad_value", "telephone number"), ("1234567", "bad_value", "phone"),
        ("birthday:11-31", "bad_value", "such as 11-21"), ("birthday:1980-11-21", "bad_value", ""),
        ("record:crm", "bad_value", "a slash"), ("related:crm/7", "bad_value", "a slash"),
        ('related:"works for/crm/7"', "bad_value", "underscores"),
        ('id:""', "bad_value", "id of a contact"),
        ('tag:""', "bad_value", "visible"), ("name:*", "bad_value", "words of a name"),
        ('name:"a b c d e f g h i j k"', "bad_value", "1 to 10 words"),
        ("tag:" + "a" * 301, "bad_value", "at most 300 characters"),
        ("tag:vip " * 300, "too_large", "2000 characters"),
        ("a " * 51, "too_large", "50 terms"), ("(" * 99 + "a" + ")" * 99, "too_large", "20 nested"),
        ("-" * 1999 + "a", "too_large", "20 nested"),
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_answered_is_refused(text: str, code: str, told: str) -> None:
    with pytest.raises(InvalidError) as refused:
        compile_filter(text)
    (error,) = refused.value.errors
    assert (refused.value.status, error.pointer, error.code) == (422, "", code)
    assert told in error.detail == refused.value.detail


@pytest.mark.parametrize(
    "text",
    ["email:Kowalski", "phone:Kowalski", "record:Kowalski", "Kowalski~1", '"Kowalski',
     "role:Kowalski", "birthday:Kowalski", "Kowalski AND AND", "Kowalski:x",
     "tag:Kowalski:x", "Kowalski^1..2"],
)  # fmt: skip
def test_a_refusal_repeats_nothing_of_what_was_typed(text: str) -> None:
    with pytest.raises(InvalidError) as refused:
        compile_filter(text)
    assert "kowalski" not in refused.value.detail.lower()
    assert refused.value.__context__ is None


def test_equal_texts_make_equal_filters() -> None:
    assert compile_filter("tag:vip") == compile_filter("tag:vip") != compile_filter("tag:vi")
    assert len({compile_filter("tag:vip"), compile_filter("tag:vip")}) == 1


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads that take turns after a microsecond, so that what they share is soon broken."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty_threads")
def test_filters_are_read_in_many_threads_at_once() -> None:
    texts = [f"tag:t{n} OR (role:customer -tag:x{n})" for n in range(8)] * 20
    with ThreadPoolExecutor(8) as threads:
        read = list(threads.map(compile_filter, texts))
    assert [f.expression for f in read] == [compile_filter(text).expression for text in texts]
