"""Merges by hand and their undoing: two, three, twelve; in each mode; with edits in between."""

from collections.abc import Callable

import httpx
import pytest

from infra.client import Api
from tests.app.problems import check_problem
from tests.app.speaking import Json, Source, eventually, settle

Register = Callable[..., Source]
NAMES = (
    *("Adam Bielecki", "Beata Pawlikowska", "Cezary Harasimowicz", "Dorota Masłowska"),
    *("Emil Zegadłowicz", "Filomena Żuk", "Gustaw Holoubek", "Hanna Krall", "Ignacy Krasicki"),
    *("Joanna Bator", "Karol Wolfke", "Lucyna Ćwierczakiewiczowa"),
)


@pytest.fixture
def people(source: Register, api: Api) -> Callable[[int], tuple[Source, list[str]]]:
    """So many different people of one source, settled; the source and their contacts."""

    def tell(count: int) -> tuple[Source, list[str]]:
        crm = source()
        found = [
            crm.tell(f"p-{n}", full_name=name, emails=[f"p{n}@{crm.id}.pl"], job_title=f"Job {n}")
            for n, name in enumerate(NAMES[:count])
        ]
        settle(api)
        return crm, found

    return tell


People = Callable[[int], tuple[Source, list[str]]]


def contact(api: Api, contact_id: str) -> Json:
    return api.get(f"/v1/contacts/{contact_id}")


def test_two_are_joined_under_the_id_of_the_older_and_parted_again(
    people: People, api: Api
) -> None:
    crm, (one, two) = people(2)
    before = [contact(api, c) for c in (one, two)]
    order = {"contacts": [two, one]}
    merge = api.post("/v1/merges", order)
    assert merge == {"id": merge["id"], "winner": one, "losers": [two], "version": 2}
    assert api.post("/v1/merges", order) == merge
    assert contact(api, two)["id"] == one
    crm.tell("p-1", full_name=NAMES[1], emails=["new@beata.pl"])
    undone = api.post(f"/v1/merges/{merge['id']}/undo")
    assert undone["contacts"] == sorted([one, two])
    assert api.post(f"/v1/merges/{merge['id']}/undo") == undone
    first, second = (contact(api, c) for c in (one, two))
    assert first["emails"] == before[0]["emails"]
    assert second["emails"] == [{"address": "new@beata.pl"}]
    assert first["records"] == before[0]["records"]
    assert second["records"] == before[1]["records"]


def test_three_are_one_merge_with_one_undo(people: People, api: Api) -> None:
    _, three = people(3)
    merge = api.post("/v1/merges", {"contacts": three})
    assert (merge["winner"], merge["losers"]) == (three[0], sorted(three[1:]))
    assert {contact(api, c)["id"] for c in three} == {three[0]}
    assert api.post("/v1/merges", {"contacts": three}) == merge
    assert set(api.post(f"/v1/merges/{merge['id']}/undo")["contacts"]) == set(three)
    assert [contact(api, c)["id"] for c in three] == three


def test_twelve_are_a_job_and_so_is_their_parting(
    people: People, api: Api, http: httpx.Client, bearer: dict[str, str]
) -> None:
    _, twelve = people(12)

    def done(path: str, order: Json) -> Json:
        """What a job that an order makes comes to."""
        answer = http.post(path, json=order, headers=bearer)
        assert answer.status_code == 202, answer.text
        job = f"/v1/jobs/{answer.json()['job']}"
        eventually(lambda: api.get(job)["state"] == "done", "the job is done")
        result: Json = api.get(job)["result"]
        return result

    merge = done("/v1/merges", {"contacts": twelve})
    assert (merge["winner"], merge["losers"]) == (twelve[0], sorted(twelve[1:]))
    assert {contact(api, c)["id"] for c in twelve} == {twelve[0]}
    assert len(contact(api, twelve[0])["records"]) == 12
    undone = done(f"/v1/merges/{merge['id']}/undo", {})
    assert undone["contacts"] == sorted(twelve)
    assert [contact(api, c)["id"] for c in twelve] == twelve


@pytest.mark.parametrize(
    ("mode", "stage"),
    [("overwrite", "lead"), ("skip", None)],
)
def test_the_preferred_values_win_or_are_the_only_ones(
    people: People, api: Api, mode: str, stage: str | None
) -> None:
    crm, (one, two) = people(2)
    crm.tell("p-0", "contact.patched", stage="lead")
    before = [contact(api, c) for c in (one, two)]
    merge = api.post("/v1/merges", {"contacts": [one, two], "mode": mode, "prefer": two})
    joined = contact(api, one)
    assert (merge["winner"], joined["full_name"], joined["job_title"]) == (one, NAMES[1], "Job 1")
    assert joined["emails"] == before[1]["emails"]
    assert joined["stage"] == stage  # the preferred one says nothing of it
    api.post(f"/v1/merges/{merge['id']}/undo")
    for known in before:
        assert as_it_was(contact(api, known["id"])) == as_it_was(known)


def as_it_was(found: Json) -> Json:
    """A contact without what says that something happened since."""
    return {n: v for n, v in found.items() if n not in ("version", "updated_at")}


def test_a_different_stands_against_a_merge_until_it_is_taken_back(
    source: Register, api: Api, http: httpx.Client, bearer: dict[str, str]
) -> None:
    crm, shop = source(), source()
    told = {
        "full_name": "Zofia Nałkowska",
        "birth_date": "1884-11-10",
        "emails": ["z@nalkowska.pl"],
    }
    pair = [crm.tell("n-1", **told), shop.tell("n-2", **told)]
    settle(api)
    (merge,) = api.items("/v1/merges", contact=pair[0])
    api.post(f"/v1/merges/{merge['id']}/undo")
    refused = http.post("/v1/merges", json={"contacts": pair}, headers=bearer)
    standing = check_problem(refused, 409)["judgements"]
    assert standing
    api.post("/v1/merges", {"contacts": pair, "retract": standing})
    assert contact(api, pair[1])["id"] == pair[0]
