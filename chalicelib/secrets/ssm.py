"""The secrets port on SSM parameters of type SecureString."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.domain.errors import BusyError
from chalicelib.secrets.ports import SecretExists


class SsmSecrets:
    """`Secrets` on a low-level SSM client, all under `/kartoteka/<stage>/`.

    Throttling that outlasts the SDK's own attempts raises `BusyError`: SSM allows 40 reads
    a second, so keep what was read.
    """

    def __init__(self, client: Any, stage: str) -> None:
        self._client = client
        self._prefix = f"/kartoteka/{stage}/"

    def read(self, name: str) -> str | None:
        try:
            with _throttling():
                answer = self._client.get_parameter(Name=self._prefix + name, WithDecryption=True)
        except self._client.exceptions.ParameterNotFound:
            return None
        value: str = answer["Parameter"]["Value"]
        return value

    def write(self, name: str, value: str, *, once: bool = False) -> None:
        try:
            with _throttling():
                self._client.put_parameter(
                    Name=self._prefix + name,
                    Value=value,
                    Type="SecureString",
                    Overwrite=not once,
                )
        except self._client.exceptions.ParameterAlreadyExists as error:
            raise SecretExists from error

    def delete(self, name: str) -> None:
        try:
            with _throttling():
                self._client.delete_parameter(Name=self._prefix + name)
        except self._client.exceptions.ParameterNotFound:
            return


@contextmanager
def _throttling() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] == "ThrottlingException":
            raise BusyError("The secrets are throttled.") from error
        raise
