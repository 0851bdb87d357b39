"""Models: the bundled one, those that admins stored, and which of them is in force."""

import json
from typing import Any

from chalicelib.domain.matching import MODEL, Model
from chalicelib.domain.model_forms import checked, patched, shown, written
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling.releases import Releases
from chalicelib.flow.ruling.switch import Switch

MODELS = Releases("model", MODEL, written, lambda text: Model.of(json.loads(text)))
SWITCH = Switch(MODELS, "rehearse", "activate", "deactivate")


def active(ports: Ports) -> Model:
    """The model by which the machine decides now."""
    return MODELS.active(ports)


def store(ports: Ports, version: str, given: dict[str, Any], by: str) -> tuple[Model, bool]:
    """Store a whole model; returns it, and whether it is new.

    Raises `InvalidError`, and `ConflictError` where the version stands for another model.
    """
    return MODELS.store(ports, checked(version, given), by)


def change(
    ports: Ports, version: str, base: str, changes: dict[str, Any], by: str
) -> tuple[Model, bool]:
    """Store a model that is another one with some changes; as `store`."""
    stands = {n: v for n, v in shown(MODELS.named(ports, base)).items() if n != "version"}
    return store(ports, version, patched(stands, changes), by)
