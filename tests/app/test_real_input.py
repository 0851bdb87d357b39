"""FEBRL set 4 through the deployed app: 150 people told of twice, all 5,000 in the nightly run."""

import time
from collections import Counter
from collections.abc import Callable, Iterator

from infra.client import Api, envelope
from tests.app.speaking import Json, Source, settle
from tests.conftest import NIGHTLY
from tests.support.febrl import febrl, judge

PEOPLE = 5_000 if NIGHTLY else 150
IMPOSSIBLE_DATES = 64 if NIGHTLY else 3
BATCH = 50


def send(api: Api, source: Source, records: list[Json]) -> Iterator[Json]:
    """Tell of all records in signed calls, one after another; what became of each."""
    for start in range(0, len(records), BATCH):
        body = envelope("contact.upserted", records[start : start + BATCH])
        yield from api.send(source.id, source.secret, f"{source.id}-{start}", body)


def test_people_told_of_twice_are_found_and_nobody_is_taken_for_another(
    source: Callable[..., Source], api: Api, say: Callable[[str], None]
) -> None:
    started = time.monotonic()
    sources = [source(name, country="AU", tags=["febrl"]) for name in ("febrl-a", "febrl-b")]
    results = [
        result
        for teller, records in zip(sources, febrl(PEOPLE), strict=True)
        for result in send(api, teller, records)
    ]
    settle(api)
    seconds = time.monotonic() - started
    assert Counter(r["outcome"] for r in results) == {"created": 2 * PEOPLE}
    faults = [error["pointer"] for result in results for error in result["errors"]]
    assert faults == ["/birth_date"] * IMPOSSIBLE_DATES

    contacts = list(api.search("tag:febrl"))
    verdict = judge(contacts)
    reviews = list(api.items("/v1/reviews", limit="100"))
    ours = [r for r in reviews if all("febrl" in c["tags"] for c in r["contacts"])]
    say(
        f"FEBRL 4: {PEOPLE} people told of twice: {verdict.contacts} contacts,"
        f" {verdict.false_merges} false merges, {verdict.missed} missed,"
        f" {len(ours)} reviews waiting, {seconds:.0f} s"
    )
    story(api, contacts, say)
    assert sum(len(contact["records"]) for contact in contacts) == 2 * PEOPLE
    assert verdict.false_merges == 0
    assert verdict.missed < PEOPLE / 4


def story(api: Api, contacts: list[Json], say: Callable[[str], None]) -> None:
    """The versions of the first of those who were merged: invented people, so shown."""
    merged = next(contact for contact in contacts if len(contact["records"]) > 1)
    for version in api.items(f"/v1/contacts/{merged['id']}/versions"):
        shown = [version[n] for n in ("full_name", "birth_date")]
        told_by = [record["external_id"] for record in version["records"]]
        say(f"  version {version['version']}: {version['cause']['type']}, {shown}, {told_by}")
