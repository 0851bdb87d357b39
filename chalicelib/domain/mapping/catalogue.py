"""The mappings that come with Kartoteka, one file for each kind of system, under `systems`."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.domain.mapping.apply import Mapper

_SYSTEMS = Path(__file__).parent / "systems"


def mapper_of(kind: str, given: Mapping[str, Any] | None = None) -> Mapper | None:
    """A target's own mapping, or that of its kind; None for a kind that takes fields as ours.

    Raises `InvalidError` where what is given is no mapping.
    """
    return _mapper(json.dumps(given, sort_keys=True)) if given else _bundled(kind)


@cache
def _bundled(kind: str) -> Mapper | None:
    return _mapper(text) if (text := bundled(kind)) else None


def bundled(kind: str) -> str | None:
    """The file of a kind, as text; None where it has none."""
    path = _SYSTEMS / f"{kind}.json"
    return path.read_text() if path.exists() else None


@cache
def _mapper(text: str) -> Mapper:
    return Mapper.of(json.loads(text))
