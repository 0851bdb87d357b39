"""The environment, read here and nowhere else (but for the triggers' names in `app.py`)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

TABLES = ("contacts", "versions", "index", "changes", "deliveries", "registry")
QUEUES = ("match", "fan-out", "deliver", "jobs")


@dataclass(frozen=True)
class Settings:
    """One installation: its stage is part of every name; `queues` are the URLs of ours."""

    stage: str
    allow_loopback: bool
    queues: Mapping[str, str]

    def tables(self) -> dict[str, str]:
        """The real name of each of our tables."""
        return {name: f"kartoteka-{self.stage}-{name}" for name in TABLES}


def settings() -> Settings:
    """Read the environment; KeyError where the template left something out."""
    return Settings(
        stage=os.environ["KARTOTEKA_STAGE"],
        allow_loopback=os.environ.get("KARTOTEKA_ALLOW_LOOPBACK") == "1",
        queues={name: os.environ[_queue_variable(name)] for name in QUEUES},
    )


def _queue_variable(name: str) -> str:
    return f"KARTOTEKA_QUEUE_{name.upper().replace('-', '_')}"
