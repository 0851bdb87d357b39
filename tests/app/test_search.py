"""Searches on the deployed app: each term, how they combine, page by page."""

from collections.abc import Callable

import pytest

from infra.client import Api
from tests.app.speaking import Source, settle

PEOPLE = {
    "zofia": {
        "given_name": "Zofia",
        "family_name": "Żółć-Kowalska",
        "roles": ["customer"],
        "emails": ["zofia@poszukiwana.pl"],
        "phones": ["602300400"],
        "birth_date": "1971-11-21",
        "stage": "former",
    },
    "jan": {
        "given_name": "Jan",
        "family_name": "Nowak",
        "roles": ["supplier", "customer"],
        "tags": ["Dostawca"],
        "interests": ["kawa"],
    },
    "firma": {
        "kind": "company",
        "organization": "Kowalstwo Artystyczne",
        "roles": ["supplier"],
        "tags": ["dostawca", "stały klient"],
    },
}


@pytest.fixture(scope="module")
def known(source: Callable[..., Source], api: Api) -> tuple[Source, dict[str, str]]:
    """The people of this page by the ids of their contacts, and their source."""
    crm = source("search")
    found = {crm.tell(name, **told): name for name, told in PEOPLE.items()}
    settle(api)
    return crm, found


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("", "firma jan zofia"),
        ("tag:dostawca", "firma jan"),
        ('tag:"stały klient"', "firma"),
        ("tag:dost", ""),
        ("role:customer", "jan zofia"),
        ("kind:company", "firma"),
        ("email:ZOFIA@poszukiwana.pl", "zofia"),
        ('phone:"+48 602 300 400"', "zofia"),
        ("phone:602300400", "zofia"),
        ("name:kowal", "firma zofia"),
        ("name:zolc*", "zofia"),
        ('name:"jan now"', "jan"),
        ("birthday:11-21", "zofia"),
        ("stage:former", "zofia"),
        ("interest:kawa", "jan"),
        ('record:"{source}/jan"', "jan"),
        ("zofia@poszukiwana.pl", "zofia"),
        ("nowak", "jan"),
        ("role:customer AND role:supplier", "jan"),
        ("role:customer role:supplier", "jan"),
        ("(stage:former OR interest:kawa)", "jan zofia"),
        ("role:supplier NOT role:customer", "firma"),
        ("role:supplier -kind:company", "jan"),
        ("NOT role:supplier", "zofia"),
        ("name:nobody", ""),
    ],
)
def test_a_search_finds_who_is_meant(
    known: tuple[Source, dict[str, str]], api: Api, q: str, expected: str
) -> None:
    crm, names = known
    found = list(api.search(f"source:{crm.id} {q.replace('{source}', crm.id)}"))
    assert sorted(names[contact["id"]] for contact in found) == expected.split()


def test_a_hit_is_the_whole_contact(known: tuple[Source, dict[str, str]], api: Api) -> None:
    (hit,) = api.search("email:zofia@poszukiwana.pl")
    whole = api.get(f"/v1/contacts/{hit['id']}")
    assert hit == {n: v for n, v in whole.items() if n != "provenance"}


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_page_by_page_each_is_found_once(
    known: tuple[Source, dict[str, str]], api: Api, limit: int
) -> None:
    crm, names = known
    asked = {"q": f"source:{crm.id} (role:customer OR role:supplier OR tag:dostawca)"}
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = api.post("/v1/contacts/search", {**asked, "limit": limit, **cursor})
        assert len(page["items"]) <= limit
        found += [contact["id"] for contact in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert sorted(found) == sorted(names)


def test_a_list_goes_on_from_its_cursor(known: tuple[Source, dict[str, str]], api: Api) -> None:
    crm, names = known
    (contact,) = [c for c, name in names.items() if name == "jan"]
    for stage in ("lead", "prospect", "customer"):
        crm.tell("jan", "contact.patched", stage=stage)
    path = f"/v1/contacts/{contact}/versions"
    first = api.get(path, limit="3")
    second = api.get(path, limit="3", cursor=first["next"])
    numbers = [v["version"] for v in first["items"] + second["items"]]
    assert (numbers, second["next"]) == ([4, 3, 2, 1], None)
