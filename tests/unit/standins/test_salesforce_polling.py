"""How the Salesforce stand-in is polled: queries, their pages, the deleted."""

from datetime import timedelta

import pytest

from tests.standins.salesforce import Salesforce

from .calling import Clock, ask
from .test_salesforce import DATA, FORM, ROWS, call, opened, query


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_poll_goes_by_stamp_and_id(clock: Clock) -> None:
    salesforce = opened(Salesforce(clock, page=2))
    salesforce.create(LastName="old")
    clock.on(hours=1)
    ids = [salesforce.create(LastName=f"O'n{at}") for at in range(5)]
    first = query(
        salesforce,
        "SELECT Id, LastName, SystemModstamp FROM Contact "
        "WHERE SystemModstamp >= 2026-11-23T13:00:00Z ORDER BY SystemModstamp, Id LIMIT 4",
    ).body
    assert (first["totalSize"], first["done"]) == (4, False)
    assert first["records"][0]["attributes"]["type"] == "Contact"
    path = first["nextRecordsUrl"].removeprefix(DATA)
    rest = call(salesforce, "GET", path).body
    assert [row["Id"] for row in first["records"] + rest["records"]] == ids[:4] and rest["done"]
    after = query(
        salesforce,
        "SELECT Id FROM Contact WHERE SystemModstamp > 2026-11-23T13:00:00.000+0000 OR "
        f"(SystemModstamp = 2026-11-23T13:00:00.000+0000 AND Id > '{ids[3]}') "
        "ORDER BY SystemModstamp ASC, Id ASC",
    ).body
    assert [row["Id"] for row in after["records"]] == [ids[4]]
    names = "SELECT Id FROM Contact WHERE LastName IN ('O\\'n1', 'x')"
    assert query(salesforce, names).body["totalSize"] == 1
    clock.on(days=2)
    ended = call(salesforce, "GET", path, Authorization="Bearer 00Dorg!session-2")
    assert ended.status == 401
    ask(salesforce, "POST", "/services/oauth2/token", form=FORM)
    ended = call(salesforce, "GET", path, Authorization="Bearer 00Dorg!session-2")
    assert ended.body[0]["errorCode"] == "INVALID_QUERY_LOCATOR"
    assert not salesforce.broken


def test_the_deleted_are_seen_for_fifteen_days(clock: Clock) -> None:
    salesforce = opened(Salesforce(clock, session=timedelta(days=30)))
    kept, gone = (salesforce.create(LastName=name) for name in ("a", "b"))
    salesforce.merge(kept, gone)
    soql = "SELECT Id, MasterRecordId FROM Contact WHERE IsDeleted = true"
    assert query(salesforce, soql).body["totalSize"] == 0
    [row] = query(salesforce, soql, "queryAll").body["records"]
    assert (row["Id"], row["MasterRecordId"]) == (gone, kept)
    span = "start=2026-11-23T11:00:00Z&end=2026-11-23T13:00:30Z"
    clock.on(hours=2)
    listed = call(salesforce, "GET", f"{ROWS}/deleted/?{span}").body
    assert [entry["id"] for entry in listed["deletedRecords"]] == [gone]
    assert listed["latestDateCovered"] == "2026-11-23T13:00:00.000+0000"
    clock.on(days=15)
    assert query(salesforce, soql, "queryAll").body["totalSize"] == 0
    late = call(salesforce, "GET", f"{ROWS}/deleted/?{span}")
    assert late.body[0]["errorCode"] == "INVALID_REPLICATION_DATE"
