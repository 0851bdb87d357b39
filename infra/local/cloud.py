"""Where one local cloud lives (a folder and a port) and how to talk to it.

Folder and port are parameters, so that a test can have a cloud of its own beside the
user's. Nothing here starts anything.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
REGION = "us-east-1"
ACCOUNT = "000000000000"
STAGE = "local"
CREDENTIALS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}  # the emulator's own


class CloudError(Exception):
    """The local cloud cannot do what was asked; the message says why and the way out."""


@dataclass(frozen=True)
class Cloud:
    """One local cloud. `home` holds all that it keeps."""

    home: Path
    port: int

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def engine_file(self) -> Path:
        """Held locked by the engine while it lives; gone after a clean stop."""
        return self.home / "engine.json"

    @property
    def engine_log(self) -> Path:
        return self.home / "engine.log"

    @property
    def handle_file(self) -> Path:
        """For people and programs: `base_url` and `admin_key`."""
        return self.home / "local.json"

    def handle(self) -> dict[str, str]:
        """Read the handle; empty when there is none."""
        if not self.handle_file.exists():
            return {}
        read: dict[str, str] = json.loads(self.handle_file.read_text())
        return read

    def client(self, service: str) -> Any:
        """A boto3 client of this cloud (boto3 is imported late: it takes 0.2 s)."""
        import boto3

        return boto3.client(service, region_name=REGION, endpoint_url=self.endpoint, **CREDENTIALS)

    def table(self, name: str) -> Any:
        """A boto3 table of the app, by our name for it."""
        import boto3

        dynamodb = boto3.resource(
            "dynamodb", region_name=REGION, endpoint_url=self.endpoint, **CREDENTIALS
        )
        return dynamodb.Table(f"kartoteka-{STAGE}-{name}")
