"""A small world of companies and people who are related, and what is listed of them."""

from collections.abc import Callable
from typing import Any

from chalicelib.flow.ports import Ports
from chalicelib.flow.relating import relations
from tests.support.scenes import born, joins
from tests.support.world import World

Json = dict[str, Any]
Listing = Callable[[Ports, str, str | None, int], Json]


def company(world: World, name: str, *parents: str, source: str = "crm", **fields: Any) -> str:
    """Tell of a company, its parents named as `source/name`; its id as a contact."""
    given = [to(parent, "child_of") for parent in parents]
    told = {"kind": "company", "organization": name, "relations": given} | fields
    return str(world.tell(source, name, **told)["contact_id"])


def person(world: World, name: str, *works_for: Json | str, source: str = "crm") -> str:
    """Tell of a person who works for these; the id as a contact."""
    given = [to(job) if isinstance(job, str) else job for job in works_for]
    return str(world.tell(source, name, full_name=name, relations=given)["contact_id"])


def to(record: str, kind: str = "works_for", **beside: str) -> Json:
    """A relation to a record, named as `source/name`."""
    source, _, external_id = record.partition("/")
    return {"kind": kind, "source": source, "external_id": external_id, **beside}


def join(world: World, *records: str) -> str:
    """A person joins contacts, each named by a record; the merge's id."""
    answer: Json = joins(*records)(world)[1]
    world.work()
    return str(answer["id"])


def related(world: World, record: str) -> list[tuple[str, str, str, str | None]]:
    """All relations of a contact: direction, kind, state and name of the other end."""
    return [
        (r["direction"], r["kind"], r["state"], named(r["contact"]))
        for r in pages(world, relations.relations, record)
    ]


def people(world: World, record: str, *, deep: bool = False, size: int = 50) -> dict[str, Json]:
    """Who works there, by name; each must come once."""

    def page(ports: Ports, contact: str, after: str | None, limit: int) -> Json:
        return relations.people(ports, contact, after, limit, deep=deep)

    found = pages(world, page, record, size)
    by_name = {str(named(p["contact"])): p for p in found}
    assert len(by_name) == len(found)
    return by_name


def pages(world: World, page: Listing, record: str, size: int = 50) -> list[Json]:
    """All that is listed, page by page."""
    found, after = [], None
    for _ in range(10_000):
        told = page(world.ports, born(*record.split("/")), after, size)
        assert len(told["items"]) <= size
        found += told["items"]
        after = told["next"]
        if after is None:
            return found
    raise AssertionError("the list never ends")


def named(contact: Json | None) -> str | None:
    """The name of a contact as it is shown."""
    return contact and (contact["organization"] or contact["full_name"])
