"""The real adapters, built once for each container, at its first event: nothing at import."""

import base64
import secrets as randomness
import time
from datetime import UTC, datetime
from functools import cache, cached_property

from chalicelib.connectors.addresses import check_url, system_resolve
from chalicelib.connectors.catalogue import Connections
from chalicelib.connectors.ports import LONGEST, Answer, Line, Request, Sender
from chalicelib.domain.errors import KartotekaError
from chalicelib.domain.ids import key_print
from chalicelib.domain.urls import Scheme
from chalicelib.flow.ports import Ports
from chalicelib.queues.sqs import SqsQueues
from chalicelib.secrets.ports import Secrets
from chalicelib.secrets.remembered import RememberedSecrets
from chalicelib.secrets.ssm import SsmSecrets
from chalicelib.settings import settings
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

    known, session = settings(), Session()
    config = client_config()
    ssm = session.create_client("ssm", config=config)
    dynamodb = session.create_client("dynamodb", config=config)
    sqs = session.create_client("sqs", config=config)
    secrets = RememberedSecrets(SsmSecrets(ssm, known.stage))
    items = DynamoItems(dynamodb, known.tables(), time.sleep)
    sender = LateSender(known.allow_loopback)
    return Ports(
        items=items,
        queues=SqsQueues(sqs, known.queues),
        secrets=secrets,
        sender=sender,
        keys=InstalledKeys(secrets, items),
        now=_now,
        chance=RealChance(),
        pause=time.sleep,
        connect=Connections(sender, _now).connect,
    )


def _now() -> datetime:
    return datetime.now(UTC)


class LateSender:
    """`Sender` that loads HTTP at its first push: most containers never push."""

    def __init__(self, allow_loopback: bool) -> None:
        self._allow_loopback = allow_loopback

    def check(self, url: str, scheme: Scheme = "https") -> None:
        check_url(url, allow_loopback=self._allow_loopback, resolve=system_resolve, scheme=scheme)

    def open(self, url: str, seconds: float = LONGEST) -> Line:
        return self._sender.open(url, seconds)

    def send(self, push: Request) -> Answer:
        return self._sender.send(push)

    @cached_property
    def _sender(self) -> Sender:
        from chalicelib.connectors.http import HttpSender

        return HttpSender(allow_loopback=self._allow_loopback)


class InstalledKeys:
    """`Keys` from the secrets: a function may read only those that it needs."""

    def __init__(self, secrets: Secrets, items: Items) -> None:
        self._secrets, self._items = secrets, items

    @cached_property
    def ids(self) -> bytes:
        """The id key, if it is the one that the tables were written with."""
        key = self._read("id")
        stands = self._items.get(keys.registered("installation", "id-key"))
        if not stands or stands["fingerprint"] != key_print(key):
            raise WrongKeyError("The id key is not that of the tables.")
        return key

    @cached_property
    def matching(self) -> bytes:
        return self._read("match")

    @cached_property
    def cursors(self) -> bytes:
        return self._read("cursor")

    def _read(self, name: str) -> bytes:
        text = self._secrets.read(f"keys/{name}")
        if text is None:
            raise WrongKeyError(f"The {name} key is missing.")
        return base64.b64decode(text)
