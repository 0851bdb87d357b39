"""The environment, read here and nowhere else."""

import os
from dataclasses import dataclass

TABLES = ("contacts", "versions", "index", "changes", "deliveries", "registry")
QUEUES = ("match", "fan-out", "deliver", "jobs")


@dataclass(frozen=True)
class Settings:
    """One installation: its stage is part of every name."""

    stage: str
    allow_loopback: bool

    def tables(self) -> dict[str, str]:
        """The real name of each of our tables."""
        return {name: f"kartoteka-{self.stage}-{name}" for name in TABLES}

    def queue(self, name: str) -> str:
        """The real name of one of our queues."""
        return f"kartoteka-{self.stage}-{name}"


def settings() -> Settings:
    """Read the environment; KeyError without KARTOTEKA_STAGE."""
    return Settings(
        stage=os.environ["KARTOTEKA_STAGE"],
        allow_loopback=os.environ.get("KARTOTEKA_ALLOW_LOOPBACK") == "1",
    )
