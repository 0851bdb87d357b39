"""The scenes of what people do to contacts: one for each branch that writes."""

from typing import Any

from chalicelib.flow.editing import edit, retire, split
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.editing.split import Parting
from chalicelib.flow.merging import merge
from chalicelib.flow.merging.merge import Order
from chalicelib.store import contacts
from tests.faults.acting import APART, CLIENT, EWA, JAN, MAIL, MERGED, PHONE, always, ewa, jan
from tests.support.scenes import BY, Act, Prepare, Scene, born, joins, rest, tells
from tests.support.world import World

JAN_ID, JANEK_ID, EWA_ID, OLA_ID = (
    born(*name.split("/")) for name in ("crm/1", "shop/2", "crm/3", "shop/4")
)


def seen(world: World, contact: str = JAN_ID, key: str = "key") -> Seen:
    """The contact as it is now; each preparation has a key of its own."""
    head = contacts.head_of(world.items, contact)
    assert head
    return Seen(contact, f'"{head.id}.{head.version}"', BY, key)


def shown(found: tuple[dict[str, Any], str]) -> dict[str, Any]:
    """An answer without what is later at every repetition."""
    return {n: v for n, v in found[0].items() if n in ("id", "status", "job_title", "tags")}


def once(kind: str, contact: str = JAN_ID, key: str = "key", **fields: Any) -> Act:
    """What a person does to a contact as she saw it first: she sends the same again."""
    known: list[Seen] = []

    def act(world: World) -> dict[str, Any]:
        known.append(known[0] if known else seen(world, contact, key))
        return shown(do(world, kind, known[0], fields))

    return act


def do(world: World, kind: str, asked: Seen, fields: dict[str, Any]) -> Any:
    """What a person does to a contact that she saw."""
    match kind:
        case "edit":
            return edit.edit(world.ports, asked, fields)
        case "release":
            return edit.release(world.ports, asked, "job_title")
        case "revert":
            return edit.revert(world.ports, asked, 1, None)
        case "retire":
            return retire.retire(world.ports, asked)
        case _:
            return retire.restore(world.ports, asked)


def before(kind: str, contact: str = JAN_ID, **fields: Any) -> Prepare:
    """The same in the preparation, under a key of its own."""
    return lambda world: once(kind, contact, f"before {kind}", **fields)(world)


def makes(world: World) -> dict[str, Any]:
    return shown(edit.create(world.ports, {**JAN, **CLIENT}, "by hand", BY))


def parts(*records: str, to: str = "", key: str = "key") -> Act:
    parting = Parting(JAN_ID, records, BY, key, to)
    return lambda world: split.split(world.ports, parting)


def chooses(world: World) -> Any:
    order = Order((JAN_ID, EWA_ID), "merge", "", BY, choices={"name": EWA_ID, "roles": JAN_ID})
    return merge.merge(world.ports, order)


CHAIN = (*APART, joins("crm/1", "crm/3"), joins("crm/3", "shop/4"), rest)
PINNED = (jan, rest, before("edit", job_title="szef"), rest)
EDITING = (
    Scene("a contact made by hand", (), always(makes)),
    Scene("a pin", (jan, rest), always(once("edit", job_title="szef", tags=["by hand"]))),
    Scene("a pin that the matcher sees", (jan, rest), always(once("edit", **PHONE))),
    Scene("a pin before the match", (jan,), always(once("edit", job_title="szef"))),
    Scene("a pin on a merged contact", MERGED, always(once("edit", JANEK_ID, job_title="szef"))),
    Scene("a release", PINNED, always(once("release"))),
    Scene("a release of two", (*MERGED, before("edit", job_title="a")), always(once("release"))),
    Scene(
        "a revert",
        (jan, rest, tells("crm", "1", 5, **EWA, **MAIL), rest),
        always(once("revert")),
    ),
    Scene("putting away", (jan, rest), always(once("retire"))),
    Scene("putting away before the match", (jan,), always(once("retire"))),
    Scene("bringing back", (jan, rest, before("retire"), rest), always(once("restore"))),
    Scene("bringing back at once", (jan, rest, before("retire")), always(once("restore"))),
    Scene("a merge with choices", (jan, rest, ewa, rest), always(chooses)),
    Scene("a split", CHAIN, always(parts(EWA_ID))),
    Scene("a split of the oldest", CHAIN, always(parts(JAN_ID, OLA_ID))),
    Scene("a split of what the machine joined", MERGED, always(parts(JANEK_ID))),
    Scene("a move", (*MERGED, ewa, rest), always(parts(JANEK_ID, to=EWA_ID))),
)
