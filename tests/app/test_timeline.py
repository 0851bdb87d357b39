"""The timeline through the deployed app: told, noted, merged, parted, paged, searched for."""

from collections.abc import Callable

import httpx
import pytest

from infra.client import Api
from tests.app.problems import check_problem
from tests.app.speaking import Json, Source, eventually, now, settle

Register = Callable[..., Source]
RECORDED = "interaction.recorded"


def order(name: str, item: str, **address: str) -> Json:
    amount = {"value": "100", "currency": "PLN"}
    parts = {"id": name, "kind": "order", "occurred_at": now(), "amount": amount}
    return parts | {"items": [{"name": item, "amount": amount}], **address}


@pytest.fixture
def two(source: Register, api: Api) -> tuple[Source, str, str]:
    """A source that knows two people, settled."""
    shop = source()
    one = shop.tell("p-1", full_name="Olga Boznańska", emails=[f"olga@{shop.id}.pl"])
    other = shop.tell("p-2", full_name="Tytus Czyżewski", emails=[f"tytus@{shop.id}.pl"])
    settle(api)
    return shop, one, other


def entries(api: Api, contact: str, **query: str) -> list[Json]:
    """The whole timeline, two entries a page."""
    return list(api.items(f"/v1/contacts/{contact}/timeline", limit="2", **query))


def test_what_passed_is_told_noted_merged_parted_and_searched_for(
    two: tuple[Source, str, str], api: Api
) -> None:
    shop, one, other = two
    item = f"Sztaluga {shop.id}"
    by_id, by_mail = shop.call(
        order("o-1", item, external_id="p-1"),
        order("o-2", item, email=f"tytus@{shop.id}.pl"),
        event=RECORDED,
    )
    assert (by_id["contact_id"], by_id["found_by"]) == (one, "external_id")
    assert (by_mail["contact_id"], by_mail["found_by"]) == (other, "email")
    note = {"id": f"n-{shop.id}", "kind": "note", "occurred_at": now(), "text": "woli rano"}
    noted = api.post(f"/v1/contacts/{other}/interactions", note)
    assert noted["outcome"] == "created"
    assert api.post(f"/v1/contacts/{other}/interactions", note)["outcome"] == "unchanged"

    merge = api.post("/v1/merges", {"contacts": [one, other]})
    shown = entries(api, other, kinds="order,note")
    assert {e["id"] for e in shown} == {"o-1", "o-2", note["id"]}
    assert [e["occurred_at"] for e in shown] == sorted(e["occurred_at"] for e in shown)[::-1]
    assert api.get(f"/v1/contacts/{one}")["purchases"]["totals"]["PLN"]["amount"] == "200.00"
    assert "version" in {e["kind"] for e in entries(api, one)}

    api.post(f"/v1/merges/{merge['id']}/undo")
    assert [e["id"] for e in entries(api, one, kinds="order,note")] == ["o-1"]
    gone = {"id": "o-2"}
    assert shop.call(gone, event="interaction.deleted")[0]["outcome"] == "deleted"
    assert [e["id"] for e in entries(api, other, kinds="order,note")] == [note["id"]]
    assert api.get(f"/v1/contacts/{other}")["purchases"] is None

    def found() -> list[str]:
        q = f'bought_within:"1/{item}" spent:>=100'
        return [c["id"] for c in api.post("/v1/contacts/search", {"q": q})["items"]]

    eventually(lambda: found() == [one], "who bought it is found, and nobody else")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/contacts/{one}/timeline?kinds=fax", None, 400),
        ("GET", "/v1/contacts/nobody/timeline", None, 404),
        ("POST", "/v1/contacts/nobody/interactions", {"kind": "note"}, 404),
        ("POST", "/v1/contacts/{one}/interactions", {"kind": "fax"}, 422),
        ("POST", "/v1/contacts/{one}/interactions", ["note"], 422),
    ],
)
def test_what_cannot_be_noted_or_listed_is_refused(
    two: tuple[Source, str, str],
    http: httpx.Client,
    bearer: dict[str, str],
    method: str,
    path: str,
    body: object,
    status: int,
) -> None:
    answer = http.request(method, path.format(one=two[1]), json=body, headers=bearer)
    check_problem(answer, status)
