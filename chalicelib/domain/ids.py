"""Ids that tell nothing: a keyed hash of what a source calls its record.

The same source and external id always give the same record id, so that two first
deliveries at once meet at one item. The key is made once per installation and never
rotated, since every contact id is the id of one of its records.
"""

import hashlib
import hmac
import uuid


def record_id(key: bytes, source: str, external_id: str) -> str:
    """UUIDv8 (RFC 9562) of HMAC-SHA256(key, source, external id)."""
    data = hmac.digest(key, f"{source}\0{external_id}".encode(), hashlib.sha256)
    number = int.from_bytes(data[:16], "big")
    number = number & ~(0xF << 76) | (0x8 << 76)
    number = number & ~(0x3 << 62) | (0x2 << 62)
    return str(uuid.UUID(int=number))


def key_print(key: bytes) -> str:
    """What the registry keeps of the id key, to notice another one: 16 hex digits."""
    return hashlib.sha256(key).hexdigest()[:16]


def keyed(key: bytes, text: str) -> str:
    """HMAC-SHA256 as 32 hex digits: how values stand in match keys."""
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()[:32]
