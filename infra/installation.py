"""What is made once for an installation and never replaced: its secret keys.

The id key makes record ids, the match key match keys, the cursor key cursors: 32 random
bytes each, base64 in SSM SecureStrings. Contact ids are public and come from the id key,
so its fingerprint stands with the tables: tables and key that do not belong together
must not meet.
"""

import base64
import hashlib
import secrets
from typing import Any

KEYS = ("id", "match", "cursor")


class InstallationError(Exception):
    """The keys do not belong to the tables; the message says what to do."""


def ensure(stage: str, ssm: Any, registry: Any) -> None:
    """Make the keys that are missing; raises `InstallationError` before anything is made.

    `ssm` is a boto3 client, `registry` the boto3 table of that name.
    """
    row = {"pk": "installation", "sk": "id-key"}
    known = registry.get_item(Key=row, ConsistentRead=True).get("Item")
    key = _read(ssm, _name(stage, "id"))
    if known and (key is None or fingerprint(key) != known["fingerprint"]):
        state = "is missing" if key is None else "is another one"
        raise InstallationError(
            f"The id key of stage {stage} {state}: the tables were written with the key"
            f" {known['fingerprint']}. Put that key back as {_name(stage, 'id')}"
            + (", or forget key and tables together: make reset" if stage == "local" else ".")
        )
    for name in KEYS:
        _make(ssm, _name(stage, name))
    if not known:
        made = _read(ssm, _name(stage, "id")) or b""
        registry.put_item(Item={**row, "fingerprint": fingerprint(made)})


def fingerprint(key: bytes) -> str:
    """The first 16 hex digits of the key's SHA-256."""
    return hashlib.sha256(key).hexdigest()[:16]


def _name(stage: str, key: str) -> str:
    return f"/kartoteka/{stage}/keys/{key}"


def _read(ssm: Any, name: str) -> bytes | None:
    try:
        value = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    except ssm.exceptions.ParameterNotFound:
        return None
    return base64.b64decode(value)


def _make(ssm: Any, name: str) -> None:
    """SSM itself refuses to replace a parameter that stands."""
    value = base64.b64encode(secrets.token_bytes(32)).decode()
    try:
        ssm.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=False)
    except ssm.exceptions.ParameterAlreadyExists:
        return
