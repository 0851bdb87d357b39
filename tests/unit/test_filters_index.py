"""Where a search looks: the rows of a contact, and the keys that a filter plans to read."""

from typing import Any

import pytest

from chalicelib.domain.filters import compile_filter
from chalicelib.domain.search_keys import (
    EVERY,
    SHARDS,
    SearchKey,
    contact_of,
    kind_of,
    related_to,
    search_rows,
)

ANNA: dict[str, Any] = {
    "kind": "person",
    "given_name": "Anna",
    "family_name": "Żak",
    "full_name": "Anna Żak",
    "emails": [{"address": "anna@zak.pl"}],
    "phones": [{"number": "+48600100200"}],
    "birth_date": "--11-21",
    "roles": ["customer"],
    "tags": ["VIP", "dostawca"],
    "stage": "customer",
    "records": [{"source": "crm", "external_id": "7"}],
}


def partitions(text: str) -> list[str]:
    return [key.partition for key in compile_filter(text).plan()]


def sharded(term: str) -> list[str]:
    return [f"{term}#{shard}" for shard in SHARDS]


def test_a_typical_person_has_thirteen_rows() -> None:
    rows = search_rows("c-1", ANNA)
    assert len(rows) == 13
    assert {("name=zak", "zak#c-1"), ("name=ann", "anna#c-1"), ("record=crm/7", "c-1")} <= rows
    assert {("birthday=11-21", "c-1"), ("email=anna@zak.pl", "c-1")} <= rows


def test_every_row_leads_to_its_contact() -> None:
    assert {contact_of(sort) for _, sort in search_rows("c-1", ANNA)} == {"c-1"}


def test_what_many_contacts_share_is_spread_over_all_shards() -> None:
    rows = [row for n in range(200) for row in search_rows(f"c-{n}", ANNA)]
    for term in ("all=", "tag=vip", "role=customer", "kind=person", "source=crm", "stage=customer"):
        assert {p for p, _ in rows if p.startswith(term)} == set(sharded(term))


def test_a_long_name_costs_at_most_ten_rows() -> None:
    rows = search_rows("c", {"full_name": " ".join(f"w{n}" for n in range(50))})
    assert len([p for p, _ in rows if p.startswith("name=")]) == 10


def test_a_value_too_long_for_a_filter_has_no_row() -> None:
    assert search_rows("c", {"tags": ["a" * 301]}) == search_rows("c", {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tag:vip", sharded("tag=vip")),
        ("tag:vip email:anna@zak.pl", ["email=anna@zak.pl"]),
        ("role:customer birthday:11-21 tag:vip", ["birthday=11-21"]),
        ("birthday:11-21 record:crm/7", ["record=crm/7"]),
        ('"anna kowalska"', ["name=kow"]),
        ("kind:person interest:kawa", sharded("interest=kawa")),
        ("-tag:vip kind:company", sharded("kind=company")),
        ("record:crm/7 OR 600100200", ["record=crm/7", "phone=+48600100200"]),
        ("tag:a (record:crm/7 OR record:crm/8)", ["record=crm/7", "record=crm/8"]),
        ("record:crm/7 OR record:crm/7", ["record=crm/7"]),
        ("ewa k", ["name=ewa"]),
        ('ewa related:"works_for/crm/7"', ["related=crm/7"]),
        ('record:crm/7 related:"works_for/crm/7"', ["record=crm/7"]),
    ],
)
def test_the_cheapest_way_to_all_matches_is_planned(text: str, expected: list[str]) -> None:
    assert partitions(text) == expected


@pytest.mark.parametrize(
    "text", ["", "*", "-tag:vip", "name:k", "tag:vip OR NOT role:customer", "tag:vip OR *",
             "kind:person OR kind:company"]
)  # fmt: skip
def test_where_no_key_helps_every_contact_is_read(text: str) -> None:
    assert compile_filter(text).plan() == list(EVERY)


def test_two_letters_of_a_name_are_looked_up_in_small_partitions() -> None:
    keys = compile_filter("name:ko").plan()
    assert len(keys) == 37
    assert {"name=ko", "name=kow", "name=ko9"} <= {key.partition for key in keys}


def test_an_id_is_one_row_of_the_list_of_all() -> None:
    (key,) = compile_filter("id:c-1").plan()
    assert (key.partition, key.prefix) in search_rows("c-1", {})


def test_a_relation_is_a_row_of_the_record_that_it_names_by_its_kind() -> None:
    related = [{"kind": "works_for", "source": "crm", "external_id": "a/#"}]
    (row,) = search_rows("c-1", {"relations": related}) - search_rows("c-1", {})
    assert row == ("related=crm/a/#", "works_for#c-1")
    (key,) = compile_filter('related:"works_for/crm/a/#"').plan()
    assert key == related_to("crm/a/#", "works_for")
    assert key.prefix == "works_for#"
    assert related_to("crm/a/#") == SearchKey(row[0], "")
    assert (kind_of(row[1]), contact_of(row[1])) == ("works_for", "c-1")


def test_a_relation_to_a_record_with_a_long_id_is_a_row_too() -> None:
    related = [{"kind": "works_for", "source": "crm", "external_id": "x" * 1024}]
    assert len(search_rows("c-1", {"relations": related}) - search_rows("c-1", {})) == 1
