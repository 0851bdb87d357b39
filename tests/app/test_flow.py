"""One person told of by several sources: matched by the worker, read, searched, told apart."""

from collections.abc import Callable

import httpx
import pytest

from infra.client import Api
from tests.app.problems import check_problem
from tests.app.speaking import Json, Source, settle

Register = Callable[..., Source]
Bearer = dict[str, str]
KUKUCZKA = {
    "given_name": "Jerzy",
    "family_name": "Kukuczka",
    "birth_date": "1948-03-24",
    "emails": ["jurek@kukuczka.pl"],
}


@pytest.fixture(scope="module")
def twice_told(source: Register, api: Api) -> tuple[Source, str, Source, str]:
    """One person, told of by a CRM and then by a shop; each with its contact's first id."""
    crm, shop = source("crm"), source("shop", trust=90)
    one = crm.tell("k-1", **KUKUCZKA, phones=["600200300"], roles=["customer"])
    two = shop.tell("s-1", **KUKUCZKA | {"given_name": "Jurek"}, roles=["supplier"])
    settle(api)
    return crm, one, shop, two


def test_two_sources_tell_of_one_person_who_becomes_one_contact(
    twice_told: tuple[Source, str, Source, str], api: Api
) -> None:
    crm, one, shop, two = twice_told
    assert one != two
    found = api.get(f"/v1/contacts/{one}")
    assert found["id"] == one
    assert (found["status"], found["kind"]) == ("active", "person")
    assert found["records"] == [
        {"source": crm.id, "external_id": "k-1"},
        {"source": shop.id, "external_id": "s-1"},
    ]
    assert sorted(found["roles"]) == ["customer", "supplier"]
    assert sorted(found["tags"]) == sorted([crm.id, shop.id])
    assert (found["given_name"], found["full_name"]) == ("Jurek", "Jurek Kukuczka")


def test_both_ids_lead_to_the_survivor(
    twice_told: tuple[Source, str, Source, str], http: httpx.Client, bearer: Bearer
) -> None:
    _, one, _, two = twice_told
    direct, led = (http.get(f"/v1/contacts/{i}", headers=bearer) for i in (one, two))
    assert (direct.status_code, led.status_code) == (200, 200)
    assert direct.json() == led.json()
    assert led.headers["content-location"] == f"/v1/contacts/{one}"
    assert "content-location" not in direct.headers
    assert direct.headers["etag"] == led.headers["etag"] == f'"{one}.{direct.json()["version"]}"'


def test_provenance_says_who_won_and_who_lost(
    twice_told: tuple[Source, str, Source, str], api: Api
) -> None:
    crm, one, shop, _ = twice_told
    told = api.get(f"/v1/contacts/{one}")["provenance"]
    assert told["given_name"]["source"] == shop.id
    assert told["given_name"]["lost"] == [{"source": crm.id, "value": "Jerzy"}]
    assert told["phones"]["source"] == crm.id
    assert all(word["rule"] and word["occurred_at"] for word in told.values())


def test_the_evidence_stays_apart(twice_told: tuple[Source, str, Source, str], api: Api) -> None:
    _, one, _, _ = twice_told
    records = list(api.items(f"/v1/contacts/{one}/records"))
    assert [r["fields"]["given_name"] for r in records] == ["Jerzy", "Jurek"]
    assert [r["received"][0]["fields"]["given_name"] for r in records] == ["Jerzy", "Jurek"]


def test_the_versions_tell_the_story_and_a_merge_says_why(
    twice_told: tuple[Source, str, Source, str], api: Api
) -> None:
    crm, one, _, two = twice_told
    versions = list(api.items(f"/v1/contacts/{one}/versions"))
    assert [v["version"] for v in versions] == [2, 1]
    assert [v["cause"]["type"] for v in versions] == ["merge", "contact.upserted"]
    assert versions[1]["cause"]["by"] == f"source:{crm.id}"
    assert api.get(f"/v1/contacts/{one}/versions/1") == versions[1]
    absorbed = api.get(f"/v1/contacts/{two}/versions/2")
    assert (absorbed["status"], absorbed["merged_into"]) == ("merged", one)
    (merge,) = api.items("/v1/merges", contact=one)
    assert (merge["winner"], merge["losers"]) == (one, [two])
    assert merge["by"].startswith("model:")
    assert sum(reason["points"] for reason in merge["reasons"]) == merge["score"]


def test_a_record_deleted_by_its_source_retires_the_contact_it_was(
    source: Register, api: Api
) -> None:
    crm = source()
    contact = crm.tell("d-1", full_name="Ulotna Postać", emails=["ulotna@postac.pl"])
    settle(api)
    crm.tell("d-1", "contact.deleted")
    settle(api)
    assert api.get(f"/v1/contacts/{contact}")["status"] == "retired"
    assert list(api.search(f"tag:{crm.id}")) == []
    assert crm.tell("d-1", full_name="Ulotna Postać") == contact
    assert api.get(f"/v1/contacts/{contact}")["status"] == "active"


def asked(api: Api, *contacts: str) -> Json:
    """The one open review between two contacts."""
    (found,) = [r for r in api.items("/v1/reviews") if ids(r) == set(contacts)]
    return found


def ids(review: Json) -> set[str]:
    return {contact["id"] for contact in review["contacts"]}


@pytest.fixture
def unsure(source: Register, api: Api) -> tuple[str, str]:
    """Two contacts of whom the machine is sure, but of a source that wants to be asked."""
    crm, shop = source("crm"), source("shop", automatic_merge=False)
    twin = {
        "given_name": "Halina",
        "family_name": crm.id.replace("-", ""),
        "birth_date": "1938-05-28",
        "emails": [f"{crm.id}@taternik.pl"],
    }
    pair = crm.tell("u-1", **twin), shop.tell("u-2", **twin)
    settle(api)
    return pair


def test_a_steward_who_says_same_joins_the_two(
    unsure: tuple[str, str], api: Api, http: httpx.Client, bearer: Bearer
) -> None:
    review = asked(api, *unsure)
    assert review["reasons"] and review["score"] > 0
    answer = api.post(f"/v1/reviews/{review['id']}", {"verdict": "same"})
    assert answer == api.post(f"/v1/reviews/{review['id']}", {"verdict": "same"})
    assert api.get(f"/v1/contacts/{unsure[1]}")["id"] == unsure[0]
    other = {"verdict": "different"}
    second = http.post(f"/v1/reviews/{review['id']}", json=other, headers=bearer)
    assert check_problem(second, 409)["type"] == "urn:kartoteka:problem:already_decided"
    assert review["id"] not in [r["id"] for r in api.items("/v1/reviews")]


def test_a_steward_who_says_different_is_never_overruled(
    unsure: tuple[str, str], api: Api, http: httpx.Client, bearer: Bearer
) -> None:
    review = asked(api, *unsure)
    api.post(f"/v1/reviews/{review['id']}", {"verdict": "different"})
    second = http.post(f"/v1/reviews/{review['id']}", json={"verdict": "same"}, headers=bearer)
    check_problem(second, 409)
    settle(api)
    assert [api.get(f"/v1/contacts/{c}")["id"] for c in unsure] == list(unsure)
    assert not [r for r in api.items("/v1/reviews") if ids(r) == set(unsure)]


def test_a_pair_that_the_model_is_unsure_of_is_asked_about(source: Register, api: Api) -> None:
    crm, shop = source("crm"), source("shop")
    home = {"street": "Halna 3", "postal_code": "34-500", "city": "Zakopane", "country": "PL"}
    told = {"full_name": "Dobrosława Miodowicz-Wolf", "addresses": [home]}
    one, two = crm.tell("u-1", **told), shop.tell("u-2", **told)
    settle(api)
    assert asked(api, one, two)["score"] > 0


def test_undoing_what_the_machine_did_says_different_for_good(source: Register, api: Api) -> None:
    crm, shop = source("crm"), source("shop")
    twin = {"given_name": "Andrzej", "family_name": "Zawada", "birth_date": "1928-07-16"}
    mail = {"emails": ["andrzej@zawada.pl"]}
    pair = crm.tell("z-1", **twin, **mail), shop.tell("z-2", **twin, **mail)
    settle(api)
    (merge,) = api.items("/v1/merges", contact=pair[0])
    undone = api.post(f"/v1/merges/{merge['id']}/undo")
    assert set(undone["contacts"]) == set(pair)
    assert api.post(f"/v1/merges/{merge['id']}/undo") == undone
    crm.tell("z-1", **twin, **mail, stage="lead")
    settle(api)
    assert [api.get(f"/v1/contacts/{c}")["id"] for c in pair] == list(pair)
    assert not [r for r in api.items("/v1/reviews") if ids(r) == set(pair)]
