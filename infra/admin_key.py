"""Admin keys: made here, shown once, stored as a hash.

    python -m infra.admin_key STAGE

makes what an installation on AWS needs once (see `infra/installation.py`), then a new
admin key, and prints the key. Account and region are those of the AWS configuration.
"""

import hashlib
import secrets
import sys
from datetime import UTC, datetime
from typing import Any

PREFIX = "kk_"


def make() -> str:
    """A new admin key: `kk_` and 43 URL-safe characters (32 random bytes)."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(key: str) -> str:
    """What is stored instead of the key: its SHA-256 in hex."""
    return hashlib.sha256(key.encode()).hexdigest()


def register(registry: Any, key: str, name: str) -> None:
    """Let the key in, under a name that tells people whose it is."""
    now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    item = {"pk": "key", "sk": digest(key), "name": name, "created_at": now}
    registry.put_item(Item=item)


def registered(registry: Any, key: str) -> bool:
    """Whether the key is let in."""
    return "Item" in registry.get_item(Key={"pk": "key", "sk": digest(key)}, ConsistentRead=True)


def main() -> None:
    """See the module's docstring."""
    import boto3

    from infra import installation

    stage = sys.argv[1]
    registry = boto3.resource("dynamodb").Table(f"kartoteka-{stage}-registry")
    try:
        installation.ensure(stage, boto3.client("ssm"), registry)
    except installation.InstallationError as error:
        sys.exit(str(error))
    key = make()
    register(registry, key, "admin")
    print(key)


if __name__ == "__main__":
    main()
