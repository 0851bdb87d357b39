"""Worlds with mailing systems as targets, to which lists are pushed."""

from typing import Any

from chalicelib.flow import jobs
from chalicelib.flow.listing import show
from chalicelib.flow.listing.push import Order, push
from chalicelib.flow.telling import accounts
from chalicelib.flow.telling.targets import put_target
from tests.standins.mailchimp import Mailchimp
from tests.standins.sendgrid import SendGrid
from tests.standins.wire import Wire

from .world import World, record

BY = "key:1"
MAILCHIMP, SENDGRID = "https://us21.api.mailchimp.com", "https://api.sendgrid.com"
GATE = {"purpose": "newsletter", "channel": "email", "unless": ""}
AT = "2026-01-01T00:00:00Z"
SAID = {"purpose": "newsletter", "channel": "email", "occurred_at": AT}
GRANTED = SAID | {"status": "granted"}
WITHDRAWN = SAID | {"status": "withdrawn", "occurred_at": "2026-02-01T00:00:00Z"}
Json = dict[str, Any]


def mailing(**settings: Any) -> World:
    """Mailchimp (`mc`) and SendGrid (`sg`) have whom they have lists of, with consent."""
    world = World()
    world.sender = Wire({MAILCHIMP: Mailchimp(world.clock), SENDGRID: SendGrid(world.clock)})
    world.source("crm", automatic_merge=False)
    shared = {"name": "", "consent": GATE, "audience": "lists", "guard": None} | settings
    put_target(world.ports, "mc", mailchimp_of(shared))
    put_target(world.ports, "sg", shared | {"kind": "sendgrid"})
    accounts.put_access(world.ports, "mc", {"api_key": "key-us21"})
    accounts.put_access(world.ports, "sg", {"api_key": "SG.test"})
    return world


def mailchimp_of(settings: Json) -> Json:
    place = {"kind": "mailchimp", "url": MAILCHIMP, "options": {"list": "a6b5da1054"}}
    return settings | place


def unbroken(world: World) -> None:
    """No stand-in was asked what no account would take."""
    assert [s.broken for s in world.sender.standins.values()] == [[], []]


def person(n: int, at: int = 0, **fields: Any) -> Json:
    """What the source says of one who consents."""
    said = {"given_name": f"Nr {n}", "emails": [f"p{n}@example.org"], "consents": [GRANTED]}
    return record(str(n), at, **{"roles": ["customer"], **said, **fields})


def tell(world: World, *people: Json) -> None:
    """The source tells of these, and all are told that there is."""
    world.call("crm", list(people))
    waited(world)


def waited(world: World) -> None:
    """Until all that is asynchronous has come to its end."""
    for _ in range(4):
        world.work()
        world.clock.tick(minutes=2)
    world.work()


def pushed(world: World, target: str, name: str, text: str | None, key: str = "") -> Json:
    """Push a list, and let everything follow; what the push came to."""
    order = Order(target, name, BY, key or world.chance.token(), filter=text)
    job = push(world.ports, order)
    waited(world)
    return jobs.job(world.ports, job.id).result


def tagged(world: World, tag: str) -> set[str]:
    """Whom Mailchimp has with this tag: those that a mail to it would reach."""
    members = world.sender.standins[MAILCHIMP].records.values()
    return {m.email for m in members if tag in m.tags and m.status != "archived"}


def on_list(world: World, name: str) -> set[str]:
    """Whom SendGrid has on the list of this name."""
    standin = world.sender.standins[SENDGRID]
    (list_id,) = [i for i, label in standin.store.lists.items() if label == name] or [""]
    return {c.fields["email"] for c in standin.records.values() if list_id in c.lists}


def entries(world: World, target: str, name: str) -> dict[str, tuple[str, str | None]]:
    """What holds of each contact on a list, and why."""
    items = show.entries(world.ports, target, name, None, 100)["items"]
    return {e["contact_id"]: (e["state"], e["why"]) for e in items}


def sent(world: World, target: str, name: str) -> list[tuple[str, str, int]]:
    """What the target was told of a list, the oldest first."""
    items = show.sent(world.ports, target, name, None, 100)["items"]
    return [(e["contact_id"], e["what"], e["version"]) for e in reversed(items)]
