"""Note: a person records an interaction on a contact, by hand."""

from typing import Any

from chalicelib.domain import times
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.interactions import read_interaction
from chalicelib.domain.sources import HAND
from chalicelib.flow import batches
from chalicelib.flow.changes import insisting, kick
from chalicelib.flow.interacting.record_interaction import Errand, record_interaction
from chalicelib.flow.ports import Ports
from chalicelib.store import contacts


def note(ports: Ports, contact_id: str, given: dict[str, Any], by: str) -> dict[str, Any]:
    """A person notes an interaction on the record under this id; what became of it.

    The same `id` again with the same content changes nothing; with another content it is a
    correction. Raises `InvalidError`, `NotFoundError`.
    """
    if insisting(ports, lambda _: contacts.head_of(ports.items, contact_id)) is None:
        raise NotFoundError("There is no contact under this id.")
    now, batch = ports.now(), ports.chance.token()
    came = times.text(now)
    told = {"id": batch, **given, "contact_id": contact_id}
    word = read_interaction("interaction.recorded", told, HAND, now, came, 0)
    header = batches.opened(ports, "note", by, batch)
    errand = Errand(by, batch, came, header=tuple(header))
    effect, changes = record_interaction(ports, HAND, word, errand)
    kick(ports, changes)
    return {
        "id": word.id,
        "outcome": effect.outcome,
        "contact_id": effect.contact_id,
        "errors": list(effect.errors),
    }
