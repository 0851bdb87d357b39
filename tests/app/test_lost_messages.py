"""Every kick is lost, step by step, and the schedules finish the work; nothing leaks meanwhile.

The workers are cut off their queues, so that each message can be read before it is lost.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.settings import QUEUES
from infra.client import Api
from tests.app.conftest import LocalCloud
from tests.app.listening import Listener
from tests.app.speaking import Source, eventually, now, settle
from tests.laws.test_canaries import CANARIES, EXTERNAL_ID, clean

PREFIX = "kartoteka-local-"
WORKERS = {"match": "match", "fan-out": "fan-out", "deliver": "deliver", "jobs": "work-jobs"}
SCHEDULED = {  # what EventBridge sends
    "version": "0",
    "id": "a",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "000000000000",
    "time": "2026-01-01T00:00:00Z",
    "region": "us-east-1",
    "resources": [],
    "detail": {},
}


@dataclass
class Postman:
    """Stands between the queues and their workers."""

    cloud: LocalCloud
    lost: dict[str, list[str]]

    def cut_off(self, *queues: str, back: bool = False) -> None:
        """Keep the workers of these queues from their messages, or let them at them again."""
        client = self.cloud.client("lambda")
        for queue in queues:
            name = PREFIX + WORKERS[queue]
            (mapping,) = client.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
            client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=back)

    def lose(self, queue: str) -> None:
        """Wait for messages in a queue, note them, and lose them."""
        eventually(lambda: self._take(queue), f"a message comes to {queue}")
        while self._take(queue):
            pass

    def _take(self, queue: str) -> bool:
        sqs = self.cloud.client("sqs")
        url = sqs.get_queue_url(QueueName=PREFIX + queue)["QueueUrl"]
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            self.lost[queue].append(message["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bool(found)

    def age(self, job: str) -> None:
        """Make a job one that nobody touched for minutes."""
        self.cloud.table("contacts").update_item(
            Key={"pk": f"T#{job}", "sk": "HEAD"},
            UpdateExpression="SET due = :then",
            ExpressionAttributeValues={":then": "2026-01-01T00:00:00.000000Z"},
        )

    def sweep(self) -> None:
        """Run both schedules now, not at the full minute."""
        for name in ("sweep", "fan-out-sweep"):
            answer = self.cloud.client("lambda").invoke(
                FunctionName=PREFIX + name, Payload=json.dumps(SCHEDULED).encode()
            )
            assert "FunctionError" not in answer, answer["Payload"].read()


@pytest.fixture
def postman(cloud: LocalCloud, api: Api) -> Iterator[Postman]:
    """Nothing is on its way and all workers are cut off; in the end all are back."""
    settle(api)
    found = Postman(cloud, {queue: [] for queue in QUEUES})
    found.cut_off(*QUEUES)
    yield found
    found.cut_off(*QUEUES, back=True)


def test_with_every_kick_lost_the_schedules_finish_the_work(
    source: Callable[..., Source],
    target: Callable[..., Listener],
    api: Api,
    postman: Postman,
) -> None:
    crm, shop = source(), source()
    listener = target(f"tag:{crm.id}", fields=["full_name"])
    told = CANARIES | {"tags": ["rzadki-ptak"]}
    ids = [s.tell(EXTERNAL_ID, **told) for s in (crm, shop)]
    assert api.get("/v1/health")["waiting"]["match"] == 2

    postman.lose("match")
    postman.cut_off("match", back=True)
    swept(postman, lambda: not waiting(api, "match"), "it was matched")
    assert {api.get(f"/v1/contacts/{c}")["id"] for c in ids} == {ids[0]}
    assert not listener.pushes

    postman.lose("fan-out")
    swept(postman, lambda: not waiting(api, "fan_out"), "it was fanned out")
    (due,) = api.items("/v1/deliveries", target=listener.id)
    assert due["state"] == "waiting"
    assert not listener.pushes

    postman.lose("deliver")
    postman.cut_off("deliver", back=True)
    swept(postman, lambda: listener.pushes, "it was delivered")
    assert list(listener.book.contacts) == [ids[0]]

    backfill = api.post(f"/v1/targets/{listener.id}/backfill")["job"]
    postman.lose("jobs")
    postman.age(backfill)
    postman.cut_off("jobs", back=True)
    swept(postman, lambda: api.get(f"/v1/jobs/{backfill}")["state"] == "done", "the job is done")
    settle(api)
    assert len(listener.pushes) == 2

    for queue, messages in postman.lost.items():
        assert messages, queue
        for message in messages:
            assert set(json.loads(message)) <= {"change", "target", "contact", "job"}
            clean(message)


def waiting(api: Api, lane: str) -> int:
    """How much waits at one step."""
    count: int = api.get("/v1/health")["waiting"][lane]
    return count


def swept(postman: Postman, holds: Callable[[], Any], what: str) -> None:
    """Let the schedules run, often enough for them to find what waited ten seconds."""

    def look() -> Any:
        if not holds():
            time.sleep(2)
            postman.sweep()
        return holds()

    eventually(look, what)


def test_logs_and_dead_letters_hold_no_personal_data(
    source: Callable[..., Source], api: Api, cloud: LocalCloud, target: Callable[..., Listener]
) -> None:
    since = int(time.time() * 1000)
    crm, shop = source(), source(automatic_merge=False)
    listener = target(f"tag:{crm.id}")
    listener.answer = 500
    for told in (CANARIES, CANARIES | {"birth_date": "Kanareka"}):
        for teller in (crm, shop):
            teller.tell(EXTERNAL_ID, **told)
    crm.call({"external_id": EXTERNAL_ID, "occurred_at": "Kanareka"})
    crm.call({"external_id": EXTERNAL_ID, "occurred_at": now(), "Kanareka": "trel@klatka.pl"})
    crm.post(b'{"Kanareka": "trel@klatka.pl"')
    settle(api)
    for q in ("email:trel@klatka.pl", "name:kanareka", "birthday:03-21"):
        assert list(api.search(f"{q} tag:{crm.id}"))
    crm.tell(EXTERNAL_ID, "contact.deleted")
    settle(api)
    said = {line.function for line in cloud.logs(since=since)}
    assert {"api", "match", "fan-out", "deliver"} <= said
    for line in cloud.logs(since=since):
        clean(line.text)
    assert dead_letters(cloud) == []


def dead_letters(cloud: LocalCloud) -> list[str]:
    """What failed too often, in any queue."""
    sqs = cloud.client("sqs")
    urls = [sqs.get_queue_url(QueueName=f"{PREFIX}{q}-dead")["QueueUrl"] for q in QUEUES]
    answers = [sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10) for url in urls]
    return [message["Body"] for answer in answers for message in answer.get("Messages", [])]
