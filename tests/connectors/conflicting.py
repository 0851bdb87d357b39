"""HubSpot both ways, a CRM that only tells, and a job title that both sides change."""

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.sources import Owner, Target
from chalicelib.flow import registry
from chalicelib.flow.conflicting import inbox
from chalicelib.flow.conflicting.answer import Answer, answer
from chalicelib.flow.reading import read
from chalicelib.flow.telling import accounts
from tests.connectors.test_partners import BASE, EWA, hubspot, turn
from tests.standins.hubspot import HubSpot
from tests.standins.wire import Wire
from tests.support.checks import fsck
from tests.support.scenes import born
from tests.support.world import START, World

Json = dict[str, Any]
STEWARD = "key:ewa"


def asking() -> Iterator[World]:
    """A CRM that only tells, and HubSpot both ways; who decides on the job title is asked."""
    made = World()
    standin = HubSpot(made.clock)
    made.sender = Wire({BASE: standin})
    made.source("crm", trust=60)
    made.source("hubspot", kind="hubspot", trust=50)
    made.target("hubspot", kind="hubspot", url="", fields=(), owners={"job_title": "ask"})
    accounts.put_access(made.ports, "hubspot", {"token": "pat-1"})
    tell(made)
    turn(made)
    yield made
    assert standin.broken == []
    fsck(made)


def owned(world: World, **owners: Owner) -> None:
    settings = {"name": "hubspot", "kind": "hubspot", "url": "", "owners": owners}
    registry.register(world.ports, Target, "hubspot", settings | {"fields": ()})


def tell(world: World, **fields: Any) -> str:
    """The CRM tells of her, now."""
    world.clock.tick(seconds=1)
    world.tell("crm", "ewa", since_start(world), **EWA | fields)
    return born("crm", "ewa")


def since_start(world: World) -> int:
    return int((world.clock() - START).total_seconds())


def there(world: World) -> tuple[str, dict[str, str]]:
    ((remote, record),) = hubspot(world).records.items()
    return remote, record


def both_change(world: World, theirs: str = "dyrektor", ours: str = "prezes") -> None:
    """Neither knows of the other's."""
    hubspot(world).edit(there(world)[0], jobtitle=theirs)
    tell(world, job_title=ours)
    turn(world)


def asked(world: World, state: str = "open") -> list[Json]:
    items: list[Json] = inbox.conflicts(world.ports, "", state, None, 25)["items"]
    return items


def reply(world: World, take: Any, *, remember: bool = False, by: str = STEWARD) -> None:
    (item,) = asked(world)
    answer(world.ports, item["id"], Answer(take, by, item["etag"], remember))
    turn(world)


def title(world: World) -> str:
    shown: str = read.contact(world.ports, born("crm", "ewa"))[0]["job_title"]
    return shown
