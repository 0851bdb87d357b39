"""Law 4: queues, the rows that feed them, logs and exceptions hold no personal data.

Every field of a record holds a canary; then everything happens to it that leaves a trace.
"""

import json
import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from chalice.app import SQSEvent

from chalicelib import wiring
from chalicelib.connectors.ports import Answer
from chalicelib.domain.errors import KartotekaError
from chalicelib.domain.evidence import Record
from chalicelib.domain.fields import FIELDS
from chalicelib.domain.graph import Head
from chalicelib.domain.model import Entity
from chalicelib.entrypoints import batches, problems
from chalicelib.flow.merging import merge, unmerge
from chalicelib.flow.merging.merge import Order
from chalicelib.flow.ports import Ports
from chalicelib.flow.reading import search
from chalicelib.flow.reviewing import review
from chalicelib.flow.telling import backfill, retry
from chalicelib.queues.memory import MemoryQueues
from chalicelib.store import keys
from tests.support.passing import BASE, passed
from tests.support.scenes import born, judged
from tests.support.state import read
from tests.support.world import World, record

SAME = review.Answer("same", "a")
CANARIES: dict[str, Any] = {
    "kind": "person",
    "given_name": "Kanareka",
    "family_name": "Zolcinska",
    "full_name": "Kanareka Zolcinska",
    "nicknames": ["Piorko"],
    "organization": "Ptasznik sp. z o.o.",
    "job_title": "spiewaczka",
    "emails": [{"address": "trel@klatka.pl", "label": "zerdz"}],
    "phones": ["+48600123987"],
    "addresses": [{"street": "Gniazdowa 77", "city": "Ptakowo", "postal_code": "61-249"}],
    "birth_date": "1977-03-21",
    "roles": ["customer"],
    "tags": ["rzadki-ptak"],
    "interests": ["swierszcze"],
    "preferred_channel": "sms",
    "stage": "lead",
    "identifiers": [{"kind": "pesel", "value": "77032112340"}],
    "language": "pl",
    "notes": ["boi sie kotow"],
    "consents": [
        {
            "purpose": "karmienie",
            "channel": "sms",
            "status": "granted",
            "occurred_at": "2020-01-02T03:04:05Z",
            "proof": "podpis-pazurem",
        }
    ],
    "relations": [{"kind": "works_for", "external_id": "dyrekcja@zoo.pl", "role": "skrzydlata"}],
    "custom": {"obraczka": "pl-31337"},
}
EXTERNAL_ID = "trel+crm@klatka.pl"
TRACES = [
    "kanareka",
    "zolcinsk",
    "piorko",
    "ptasznik",
    "spiewaczka",
    "trel@",
    "trel+crm",
    "klatka.pl",
    "zerdz",
    "600123987",
    "gniazdowa",
    "ptakowo",
    "61-249",
    "1977-03-21",
    "rzadki-ptak",
    "swierszcze",
    "77032112340",
    "kotow",
    "karmienie",
    "podpis-pazurem",
    "31337",
    "zoo.pl",
    "skrzydlata",
]


class Recorder(MemoryQueues):
    """Remembers every message that ever was."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[str] = []

    def send(self, queue: str, messages: Any, delay: int = 0) -> None:
        super().send(queue, messages)
        self.all += messages


@pytest.fixture
def world() -> World:
    made = World(queues=Recorder())
    made.source("crm")
    made.source("shop", automatic_merge=False)
    made.target("all", fields=list(FIELDS))
    return made


def clean(text: str) -> None:
    """Assert that no canary left a trace."""
    found = [trace for trace in TRACES if trace in text.lower()]
    assert not found, f"{found} in {text}"


def _live(world: World) -> Iterator[Callable[[], Any]]:
    """What happens, one thing after another; some of it is refused."""
    ports, one, two = world.ports, born("crm", EXTERNAL_ID), born("shop", EXTERNAL_ID)
    told = record(EXTERNAL_ID, **CANARIES)
    yield lambda: world.call("crm", told)
    yield lambda: world.call("shop", told)
    yield world.work
    yield lambda: world.call("crm", told | {"occurred_at": "2020-01-01T00:00:00Z"})
    yield lambda: world.call("crm", told, "contact.patched")
    yield lambda: review.answer(ports, judged(read(world.items.snapshot()), "unsure"), SAME)
    yield lambda: world.sender.answers.extend([Answer(500, None, "http_500")] * 3)
    yield world.work
    yield lambda: unmerge.undo(ports, judged(read(world.items.snapshot()), "same"), "a")
    yield world.work
    yield lambda: merge.merge(ports, Order((one, two), "overwrite", one, "a"))
    yield lambda: unmerge.undo(ports, "trel@klatka.pl", "a")
    yield lambda: merge.merge(ports, Order((one, EXTERNAL_ID), "merge", "", "a"))
    for q in ('email:"trel@klatka.pl', "Kanareka:Zolcinska", "birthday:1977-03-21"):
        yield partial(search.search, ports, search.Wanted(q, None, 5, "a"), None)
    yield lambda: backfill.backfill(ports, "all")
    yield lambda: retry.retry(ports, "all")
    yield lambda: world.call("crm", told | {"birth_date": "Kanareka", "phones": ["trel@klatka.pl"]})
    yield lambda: world.call("crm", told | {"emails": {"Kanareka": "trel@klatka.pl"}})
    yield lambda: world.call("crm", told | {"occurred_at": "Kanareka"}, "contact.Kanareka")
    heard = passed(EXTERNAL_ID, "order", email="trel@klatka.pl", text="kotow", create=True)
    yield lambda: world.call("shop", heard, BASE)
    yield lambda: world.call("shop", heard | {"phone": "Kanareka", "items": ["kotow"]}, BASE)
    yield lambda: world.call("shop", heard | {"kind": "Kanareka"}, BASE)
    yield lambda: search.search(ports, search.Wanted("bought_within:Kanareka", None, 5, "a"), None)
    yield lambda: world.call("crm", record(EXTERNAL_ID, 9), "contact.deleted")
    yield world.work


def test_no_canary_in_queues_outbox_logs_or_exceptions(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    refused = 0
    for happen in _live(world):
        try:
            happen()
        except KartotekaError as error:
            refused += 1
            clean(f"{error!r} {error.detail} {error.kind} {error.extra}")
            clean(json.dumps(problems.problem(error, "r").to_dict()))
    assert refused == 7
    assert len(world.queues.all) > 15
    _all_clean(world, caplog)


def _all_clean(world: World, caplog: pytest.LogCaptureFixture) -> None:
    for message in world.queues.all:
        clean(message)
    for key, item in world.items.snapshot().items():
        if key.table in ("changes", "deliveries"):
            clean(f"{key} {item}")
    for said in caplog.records:
        clean(f"{said.getMessage()} {said.args} {said.exc_info}")


def test_a_fault_that_quotes_personal_data_is_logged_without_it(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a library says in its exceptions stays unsaid; the message is given back."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(wiring, "ports", lambda: world.ports)
    world.call("crm", record(EXTERNAL_ID, **CANARIES))
    (message,) = world.queues.take("match")
    event = SQSEvent({"Records": [{"messageId": "1", "body": message}]}, None)
    assert batches.each(event, batches.change(_quote)) == {
        "batchItemFailures": [{"itemIdentifier": "1"}]
    }
    assert any("fault" in said.getMessage() for said in caplog.records)
    _all_clean(world, caplog)


def _quote(ports: Ports, pk: str, sk: str) -> None:
    raise ValueError(ports.items.get(keys.record(born("crm", EXTERNAL_ID))))


@pytest.mark.parametrize(("kind", "name"), [(Record, "fields"), (Head, "members")])
def test_a_stored_row_that_cannot_be_read_is_not_quoted(kind: type[Entity], name: str) -> None:
    with pytest.raises(ValueError, match=name) as unreadable:
        kind.of_row({name: CANARIES["given_name"]})
    clean(str(unreadable.value))


def test_every_field_has_its_canary() -> None:
    assert set(CANARIES) == {*FIELDS, "custom"}
    said = json.dumps(CANARIES).lower() + EXTERNAL_ID
    assert all(trace in said for trace in TRACES)
