"""The queue port on SQS."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

_BATCH = 10
_COUNTS = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
_log = logging.getLogger(__name__)


class SqsQueues:
    """`Queues` on a low-level SQS client; `urls` names the real queue of each of ours.

    What a batch refuses in part is sent once more. What is lost then is logged by number
    only; see the port for why it is not raised.
    """

    def __init__(self, client: Any, urls: Mapping[str, str]) -> None:
        self._client = client
        self._urls = dict(urls)

    def send(self, queue: str, messages: Sequence[str], delay: int = 0) -> None:
        url = self._urls[queue]
        for batch in _batches(messages):
            try:
                lost = self._send(url, self._send(url, batch, delay), delay)
            except (BotoCoreError, ClientError) as error:
                _log.warning("kicks lost: %d on %s, %s", len(batch), queue, _reason(error))
            else:
                if lost:
                    _log.warning("kicks lost: %d on %s, refused", len(lost), queue)

    def depth(self, queue: str) -> int:
        try:
            answer = self._client.get_queue_attributes(
                QueueUrl=self._urls[queue], AttributeNames=_COUNTS
            )
        except (BotoCoreError, ClientError) as error:
            _log.warning("depth of %s unknown, %s", queue, _reason(error))
            return 0
        return sum(int(answer["Attributes"][name]) for name in _COUNTS)

    def _send(self, url: str, batch: Mapping[str, str], delay: int) -> dict[str, str]:
        """Send messages, each under a number; what was refused comes back."""
        if not batch:
            return {}
        late = {"DelaySeconds": delay} if delay else {}
        entries = [{"Id": n, "MessageBody": message, **late} for n, message in batch.items()]
        answer = self._client.send_message_batch(QueueUrl=url, Entries=entries)
        return {entry["Id"]: batch[entry["Id"]] for entry in answer.get("Failed", [])}


def _batches(messages: Sequence[str]) -> Iterator[dict[str, str]]:
    for start in range(0, len(messages), _BATCH):
        batch = messages[start : start + _BATCH]
        yield {str(n): message for n, message in enumerate(batch)}


def _reason(error: BotoCoreError | ClientError) -> str:
    """What AWS calls the fault; its text could name more than we want in a log."""
    if isinstance(error, ClientError):
        return str(error.response["Error"]["Code"])
    return type(error).__name__
