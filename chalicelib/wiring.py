"""The real adapters, built once for each container, at its first event: nothing at import."""

import base64
import secrets as randomness
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from chalicelib.domain.errors import KartotekaError
from chalicelib.domain.ids import key_print
from chalicelib.flow.ports import Keys, Ports
from chalicelib.queues.sqs import SqsQueues
from chalicelib.secrets.ports import Secrets
from chalicelib.secrets.remembered import RememberedSecrets
from chalicelib.secrets.ssm import SsmSecrets
from chalicelib.settings import QUEUES, Settings, settings
from chalicelib.store import keys
from chalicelib.store.dynamodb import DynamoItems, client_config
from chalicelib.store.ports import Items


class WrongKeyError(KartotekaError):
    """The id key is not the one that the tables were written with: nothing may be written."""

    status = 503
    title = "Not available"


class RealChance:
    """`Chance` from the operating system."""

    def token(self) -> str:
        return randomness.token_hex(16)

    def bytes(self, count: int) -> bytes:
        return randomness.token_bytes(count)

    def share(self) -> float:
        return randomness.randbelow(2**32) / 2**32


@cache
def ports() -> Ports:
    """What the flow works with."""
    from botocore.session import Session

    from chalicelib.connectors.webhook import WebhookSender

    known, session = settings(), Session()
    config = client_config()
    ssm = session.create_client("ssm", config=config)
    dynamodb = session.create_client("dynamodb", config=config)
    sqs = session.create_client("sqs", config=config)
    secrets = RememberedSecrets(SsmSecrets(ssm, known.stage))
    items = DynamoItems(dynamodb, known.tables(), time.sleep)
    return Ports(
        items=items,
        queues=SqsQueues(sqs, QueueUrls(sqs, known)),
        secrets=secrets,
        sender=WebhookSender(allow_loopback=known.allow_loopback),
        keys=_keys(secrets, items),
        now=lambda: datetime.now(UTC),
        chance=RealChance(),
        pause=time.sleep,
        allow_loopback=known.allow_loopback,
    )


class QueueUrls(Mapping[str, str]):
    """The URL of each of our queues, asked for when it is first needed."""

    def __init__(self, sqs: Any, known: Settings) -> None:
        self._sqs, self._known = sqs, known
        self._urls: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        if name not in self._urls:
            answer = self._sqs.get_queue_url(QueueName=self._known.queue(name))
            self._urls[name] = answer["QueueUrl"]
        return self._urls[name]

    def __iter__(self) -> Iterator[str]:
        return iter(QUEUES)

    def __len__(self) -> int:
        return len(QUEUES)


def _keys(secrets: Secrets, items: Items) -> Keys:
    """The installation's keys, if they belong to the tables."""
    ids = _key(secrets, "id")
    stands = items.get(keys.registered("installation", "id-key"))
    if not stands or stands["fingerprint"] != key_print(ids):
        raise WrongKeyError("The id key is not that of the tables.")
    return Keys(ids, _key(secrets, "match"), _key(secrets, "cursor"))


def _key(secrets: Secrets, name: str) -> bytes:
    text = secrets.read(f"keys/{name}")
    if text is None:
        raise WrongKeyError(f"The {name} key is missing.")
    return base64.b64decode(text)
