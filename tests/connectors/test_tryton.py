"""What is special to Tryton: rows that are not ours, merges there, polls of four tables."""

import time
from base64 import urlsafe_b64decode
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.connectors.connector import Op, Result, Told
from chalicelib.connectors.kinds import tryton as kind
from chalicelib.connectors.kinds import tryton_rest
from chalicelib.connectors.ports import Answer, Request
from tests.connectors.rig_tryton import tryton as rig_of
from tests.connectors.rigs import ID, Rig
from tests.servers.tryton import Tryton

MECHANISM, ADDRESS, IDENTIFIER = "party.contact_mechanism", "party.address", "party.identifier"
EWA: dict[str, Any] = {
    "full_name": "Ewa Lis",
    "emails": [{"address": "ewa@example.org", "label": "work"}, {"address": "lis@example.org"}],
    "phones": [{"number": "+48600100200"}, {"number": "+48221234567"}],
    "addresses": [
        {"country": "PL", "street": "Długa 1", "city": "Warszawa", "postal_code": "00-950"},
        {"street": "Krótka 2", "city": "Łódź"},
    ],
    "identifiers": [{"kind": "eu_vat", "value": "PL5260001246"}],
    "tags": ["allergic", "vip"],
    "language": "pl",
}
PLAIN = {"full_name": "Ewa Lis", "emails": [{"address": "ewa@example.org"}]}


@pytest.fixture
def rig(tryton: Tryton) -> Rig:
    return rig_of(tryton)


def push(rig: Rig, contact: dict[str, Any], remote: str = "", **more: Any) -> Result:
    (result,) = rig.connector().push([rig.op(contact, remote, **more)])
    return result


def made(rig: Rig, contact: dict[str, Any] | None = None, **more: Any) -> int:
    result = push(rig, contact or EWA, **more)
    assert (result.status, result.created) == ("done", True), result
    return int(result.remote)


def rows(tryton: Tryton, model: str, party: int, *fields: str) -> dict[int, dict[str, Any]]:
    """Those put away too."""
    sought = [["party", "=", party], ["active", "in", [True, False]]]
    return tryton.found(model, sought, "active", *fields)


def read(rig: Rig, party: int) -> dict[str, Any]:
    told = rig.connector().read(rig.op({}, str(party)))
    assert told
    return {n: v for n, v in rig.mapper.inward(told.body).items() if v is not None}


def polled(rig: Rig, cursor: str | None) -> tuple[list[Told], str, bool]:
    """All that a poll tells, where it goes on, and whether it began anew."""
    told, anew = [], False
    while True:
        page = rig.connector().poll(cursor)
        told, cursor, anew = [*told, *page.told], page.cursor, anew or page.anew
        if not page.more:
            return told, cursor, anew


def test_a_whole_contact_stands_there_and_comes_back(rig: Rig) -> None:
    party = made(rig)
    assert read(rig, party) == rig.mapper.projection(EWA) == EWA
    told = read(rig, party)
    rig.standin.seen.clear()
    assert push(rig, told, str(party)).status == "done"
    assert rig.standin.seen == ["GET"]  # there was nothing to write


def test_what_the_erp_has_of_its_own_stays(rig: Rig, tryton: Tryton) -> None:
    party = made(rig)
    tree = {"name": "Trade", "childs": [["create", [{"name": "Supplier"}]]]}
    tryton.rpc("party.category", "create", [tree])
    (supplier,) = tryton.found("party.category", [["name", "=", "Supplier"]])
    own = {"categories": [["add", [supplier]]], "identifiers": [["create", [{"code": "D-U-N-S"}]]]}
    tryton.edit(party, **own)
    mail = next(iter(rows(tryton, MECHANISM, party)))
    tryton.rpc(MECHANISM, "write", [mail], {"comment": "only on Fridays"})
    assert push(rig, EWA | {"tags": ["vip"], "full_name": "Ewa Maj"}, str(party)).status == "done"
    held = tryton.parties("categories", "name")[party]
    assert supplier in held["categories"] and len(held["categories"]) == 2
    assert {"D-U-N-S", f"kartoteka:{ID}"} <= {
        row["code"] for row in rows(tryton, IDENTIFIER, party, "code").values()
    }
    assert rows(tryton, MECHANISM, party, "comment")[mail]["comment"] == "only on Fridays"


def test_a_row_is_put_away_and_comes_back(rig: Rig, tryton: Tryton) -> None:
    party = made(rig)
    before = rows(tryton, ADDRESS, party, "city")
    moved = EWA | {"addresses": [{"street": "Nowa 3", "city": "Gdynia"}]}
    push(rig, moved, str(party))
    now = rows(tryton, ADDRESS, party, "city")
    assert [row["city"] for row in now.values() if row["active"]] == ["Gdynia"]
    assert before.keys() < now.keys()
    push(rig, EWA, str(party))
    assert rows(tryton, ADDRESS, party, "city").keys() == now.keys()
    assert read(rig, party) == EWA


def test_lists_keep_our_order(rig: Rig) -> None:
    party = made(rig)
    turned = EWA | {n: EWA[n][::-1] for n in ("emails", "phones", "addresses")}
    push(rig, turned, str(party))
    assert read(rig, party) == turned


def test_a_country_or_language_that_it_does_not_know_is_left_out(rig: Rig) -> None:
    strange = {"language": "ia", "addresses": [{"city": "Praha", "country": "CZ"}]}
    assert read(rig, made(rig, strange)) == {"addresses": [{"city": "Praha"}]}


def test_an_address_is_found_exactly_and_in_no_url(rig: Rig, tryton: Tryton) -> None:
    mechanisms = [
        ["create", [{"type": "email", "value": value}]]
        for value in ("E_A@example.org", "ewa@example.org", "ela@example.org")
    ]
    parties = [str(tryton.create(contact_mechanisms=[made])) for made in mechanisms]
    assert rig.connector().find(rig.op({"emails": [{"address": "e_a@example.org"}]})) == parties[:1]
    tryton.edit(int(parties[1]), active=False)
    assert rig.connector().find(rig.op({"emails": [{"address": "ewa@example.org"}]})) == []
    assert not any("example" in decoded(request.url) for request in rig.wire.sent)


def decoded(url: str) -> str:
    encoded = [part.partition("&")[0] for part in url.split("d=")[1:]]
    return url + "".join(urlsafe_b64decode(part.replace("%3D", "=")).decode() for part in encoded)


def test_what_was_put_away_comes_back_to_its_contact(rig: Rig, tryton: Tryton) -> None:
    party = made(rig)
    rig.connector().push([Op("remove", ID, "m", {}, str(party), removal="archive")])
    assert party not in tryton.parties()
    assert rig.connector().find(rig.op(EWA)) == [str(party)]
    assert push(rig, EWA, str(party)).remote == str(party)
    assert party in tryton.parties() and read(rig, party) == EWA


def test_who_is_let_go_is_ours_no_more(rig: Rig, tryton: Tryton) -> None:
    party = made(rig)
    rig.connector().push([Op("remove", ID, "m", {}, str(party), removal="unlink")])
    assert rig.connector().find(rig.op({})) == []
    assert party in tryton.parties()


def test_a_party_that_users_merged_is_followed(rig: Rig, tryton: Tryton) -> None:
    cursor = polled(rig, None)[1]
    party, other = made(rig, PLAIN), tryton.create(name=PLAIN["full_name"])
    tryton.merge(party, other)
    told = next(t for t in polled(rig, cursor)[0] if t.remote == str(party))
    assert (told.kind, told.into) == ("merge", str(other))
    assert push(rig, PLAIN, str(party)).remote == str(other)
    assert read(rig, other) == PLAIN


def test_a_party_merged_into_that_of_another_contact_is_not_written_over(
    rig: Rig, tryton: Tryton
) -> None:
    party, other = made(rig, PLAIN), made(rig, {"full_name": "Ewa Lis"}, id="other")
    tryton.merge(party, other)
    result = push(rig, PLAIN, str(party))
    assert (result.status, result.reason) == ("refused", "merged")
    assert read(rig, other) == {"full_name": "Ewa Lis"}


@pytest.mark.parametrize(
    ("model", "change"),
    [
        ("party.party", {"name": "Ewa Maj"}),
        (MECHANISM, {"value": "new@example.org"}),
        (ADDRESS, {"city": "Sopot"}),
        (IDENTIFIER, {"active": False}),
    ],
)
def test_a_change_to_one_table_is_told(
    rig: Rig, tryton: Tryton, model: str, change: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.connectors.kinds.tryton_polls.LAG", timedelta())
    party, _ = made(rig), made(rig, {"full_name": "Other"}, id="other")
    time.sleep(1)  # the server says its time in whole seconds
    _, cursor, _ = polled(rig, None)
    assert polled(rig, cursor)[0] == []
    row = party if model == "party.party" else next(iter(rows(tryton, model, party)))
    tryton.rpc(model, "write", [row], change)
    (told,), _, anew = polled(rig, cursor)
    assert (told.kind, told.remote, anew) == ("upsert", str(party), False)
    assert told.occurred_at


def test_a_row_made_or_deleted_by_itself_is_another_version(rig: Rig, tryton: Tryton) -> None:
    sent = push(rig, PLAIN)
    row = {"party": int(sent.remote), "type": "email", "value": "e@example.org"}
    (first,) = rig.connector().fetch([sent.remote])
    (made,) = tryton.rpc(MECHANISM, "create", [row])
    (second,) = rig.connector().fetch([sent.remote])
    tryton.rpc(MECHANISM, "delete", [made])
    (third,) = rig.connector().fetch([sent.remote])
    tryton.rpc(MECHANISM, "delete", [*rows(tryton, MECHANISM, int(sent.remote))])
    (last,) = rig.connector().fetch([sent.remote])
    assert sent.etag == first.etag == third.etag
    assert len({told.etag for told in (first, second, last)}) == 3


def test_who_is_put_away_or_deleted_is_told(rig: Rig, tryton: Tryton) -> None:
    away, gone, stays = (made(rig, {"full_name": name}, id=name) for name in ("Away", "Gone", "Ok"))
    everyone, cursor, _ = polled(rig, None)
    assert {t.remote for t in everyone} == {str(away), str(gone), str(stays)}
    tryton.edit(away, active=False)
    told, cursor, anew = polled(rig, cursor)
    assert ("delete", str(away)) in {(t.kind, t.remote) for t in told} and not anew
    tryton.delete(gone)
    told, cursor, anew = polled(rig, cursor)
    assert anew and [t.remote for t in told] == [str(stays)]
    assert not polled(rig, cursor)[2]
    assert [t.kind for t in rig.connector().fetch([str(gone), str(stays)])] == ["delete", "upsert"]


def test_a_reading_comes_in_pages(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (tryton_rest, kind):
        monkeypatch.setattr(module, "PAGE", 2)
    parties = [str(made(rig, {"full_name": f"P {n}"}, id=f"p-{n}")) for n in range(5)]
    everyone, cursor, _ = polled(rig, None)
    assert [t.remote for t in everyone] == parties
    assert [t.remote for t in polled(rig, cursor)[0]] == parties  # within the lag


def test_a_database_that_is_not_there_is_no_word_on_a_contact(rig: Rig) -> None:
    party = made(rig)
    rig.options = {"database": "other"}
    connector = rig.connector()
    remove = Op("remove", ID, "m", {}, str(party))
    results = connector.push([rig.op(EWA), rig.op(EWA, str(party)), remove])
    assert {result.status for result in [*results, connector.health("h")]} == {"failed"}
    rig.standin.broken.clear()


class Meanwhile:
    """A way out on which a user comes first, once."""

    def __init__(self, wire: Any, does: Any) -> None:
        self.wire, self.does = wire, [does]

    def send(self, request: Request) -> Answer:
        if request.method == "PUT" and self.does:
            self.does.pop()()
        answer: Answer = self.wire.send(request)
        return answer


def between(rig: Rig, does: Any, contact: dict[str, Any], party: int) -> Result:
    """Push while a user does something between our reading and our writing."""
    wire: Any = Meanwhile(rig.wire, does)
    rig.wire = wire
    return push(rig, contact, str(party))


def test_what_a_user_adds_between_reading_and_writing_stays(rig: Rig, tryton: Tryton) -> None:
    party = made(rig)
    phone = {"contact_mechanisms": [["create", [{"type": "phone", "value": "+48226000000"}]]]}
    result = between(rig, lambda: tryton.edit(party, **phone), EWA | {"full_name": "E"}, party)
    assert (result.status, result.etag) == ("done", "")  # it is no echo of ours
    assert {"number": "+48226000000"} in read(rig, party)["phones"]


def test_a_row_that_went_between_reading_and_writing_is_made_anew(rig: Rig, tryton: Tryton) -> None:
    party = made(rig)
    first = min(rows(tryton, MECHANISM, party))
    turned = EWA | {"emails": EWA["emails"][::-1]}
    result = between(rig, lambda: tryton.rpc(MECHANISM, "delete", [first]), turned, party)
    assert (result.status, read(rig, party)) == ("done", turned)
