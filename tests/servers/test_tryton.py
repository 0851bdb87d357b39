"""What an ERP's clients may rely on in Tryton, and what its documents do not say."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from .tryton import Tryton, request_key, running_tryton, validate_key

PARTY, MECHANISM = "party.party", "party.contact_mechanism"


@pytest.fixture
def rest(tryton: Tryton) -> Iterator[httpx.Client]:
    with opened(tryton, tryton.key) as client:
        yield client


def opened(tryton: Tryton, key: str) -> httpx.Client:
    headers = {"authorization": f"Bearer {key}"}
    return httpx.Client(base_url=tryton.rest, headers=headers, trust_env=False)


def encoded(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode()


def with_mail(tryton: Tryton, name: str, mail: str) -> tuple[int, int]:
    """A new party with an e-mail address: both ids."""
    party = tryton.create(
        name=name, contact_mechanisms=[["create", [{"type": "email", "value": mail}]]]
    )
    (mechanism,) = tryton.found(MECHANISM, [["party", "=", party]])
    return party, mechanism


def timestamp(tryton: Tryton, party: int) -> str:
    return str(tryton.rpc(PARTY, "read", [party], ["_timestamp"])[0]["_timestamp"])


def changed_since(tryton: Tryton, model: str, moment: Any) -> set[int]:
    return set(tryton.found(model, [["write_date", ">", moment]]))


def test_a_party_is_made_read_changed_archived_and_removed(tryton: Tryton) -> None:
    party, _ = with_mail(tryton, "Jan", "jan@example.org")
    assert tryton.parties("name")[party]["name"] == "Jan"
    tryton.edit(party, name="Johann")
    assert tryton.parties("name")[party]["name"] == "Johann"
    tryton.edit(party, active=False)
    assert party not in tryton.parties("name")
    assert party in tryton.parties("name", domain=[["active", "=", False]])
    tryton.delete(party)
    assert party not in tryton.parties(domain=[["active", "in", [True, False]]])


def test_an_application_does_the_same_by_rest(tryton: Tryton, rest: httpx.Client) -> None:
    made = rest.post(f"/{PARTY}", json={"name": "Eva"}).json()
    assert made == {"__name__": PARTY, "id": made["id"], "rec_name": "Eva"}
    one = f"/{PARTY}/{made['id']}"
    assert rest.put(one, json={"name": "Ewa"}).status_code == 200
    assert rest.get(one, params={"f": "name"}).json()["name"] == "Ewa"
    assert rest.delete(one).status_code == 204
    assert rest.get(one).status_code == 404


def test_rest_finds_by_a_domain_and_gives_what_belongs_to_a_party(
    tryton: Tryton, rest: httpx.Client
) -> None:
    party, mechanism = with_mail(tryton, "Ola", "Ola@Example.org")
    sought = {
        "d": encoded([["contact_mechanisms.value", "=", "Ola@Example.org"]]),
        "f": ["name", "contact_mechanisms.value"],
    }
    assert rest.get(f"/{PARTY}", params=sought).json() == [
        {
            "__name__": PARTY,
            "id": party,
            "name": "Ola",
            "contact_mechanisms": [
                {"__name__": MECHANISM, "id": mechanism, "value": "Ola@Example.org"}
            ],
        }
    ]


def test_rest_gives_a_page_and_says_how_many_there_are(tryton: Tryton, rest: httpx.Client) -> None:
    for n in range(3):
        tryton.create(name=f"page {n}")
    sought = {"d": encoded([["name", "like", "page %"]]), "o": encoded([["name", "DESC"]])}
    page = rest.get(f"/{PARTY}", params=sought, headers={"range": "records=0-2"})
    assert [row["rec_name"] for row in page.json()] == ["page 2", "page 1"]
    assert page.headers["content-range"] == "records 0-2/3"


def test_a_key_opens_nothing_before_a_user_has_validated_it(tmp_path: Path) -> None:
    with running_tryton(tmp_path) as tryton, opened(tryton, request_key(tryton.web)) as rest:
        assert rest.get(f"/{PARTY}").status_code == 401
        validate_key(tryton.web, rest.headers["authorization"].removeprefix("Bearer "))
        assert rest.get(f"/{PARTY}").json() == []


def test_a_changed_mechanism_does_not_touch_the_write_date_of_its_party(tryton: Tryton) -> None:
    party, mechanism = with_mail(tryton, "Iga", "iga@example.org")
    moment = tryton.parties("write_date")[party]["write_date"]
    time.sleep(0.01)
    tryton.rpc(MECHANISM, "write", [mechanism], {"value": "iga@example.com"})
    assert party not in changed_since(tryton, PARTY, moment)
    assert mechanism in changed_since(tryton, MECHANISM, moment)
    tryton.edit(party, name="Inga")
    assert party in changed_since(tryton, PARTY, moment)


def test_a_removed_party_is_in_no_delta(tryton: Tryton) -> None:
    party = tryton.create(name="Gone")
    moment = tryton.parties("write_date")[party]["write_date"]
    tryton.delete(party)
    assert party not in changed_since(tryton, PARTY, moment)


def test_rpc_refuses_to_write_over_what_changed_meanwhile(tryton: Tryton) -> None:
    party = tryton.create(name="Ada")
    seen = timestamp(tryton, party)
    stale = {"_timestamp": {f"{PARTY},{party}": seen}}
    time.sleep(0.01)
    tryton.edit(party, name="Adela")
    with pytest.raises(RuntimeError, match="ConcurrencyException"):
        tryton.rpc(PARTY, "write", [party], {"name": "Lost"}, **stale)
    fresh = {"_timestamp": {f"{PARTY},{party}": timestamp(tryton, party)}}
    tryton.rpc(PARTY, "write", [party], {"name": "Adele"}, **fresh)
    assert tryton.parties("name")[party]["name"] == "Adele"


def test_rest_has_no_such_guard(tryton: Tryton, rest: httpx.Client) -> None:
    party = tryton.create(name="Ela")
    seen = timestamp(tryton, party)
    time.sleep(0.01)
    tryton.edit(party, name="Ella")
    stale = {"x-tryton-context": encoded({"_timestamp": {f"{PARTY},{party}": seen}})}
    answered = rest.put(f"/{PARTY}/{party}", json={"name": "Over"}, headers=stale)
    assert answered.status_code == 200
    assert tryton.parties("name")[party]["name"] == "Over"
