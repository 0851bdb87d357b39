"""The scenes of conflicts with a partner: asked, followed, agreed on, answered, by rule or person.

What the partner has of Jan is put there; it says one thing at a time, and is never called.
"""

from datetime import timedelta
from typing import Any

from chalicelib.connectors.connector import Connector, Told
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.echoes import prints_of
from chalicelib.domain.errors import StaleError
from chalicelib.domain.mapping.catalogue import mapper_of
from chalicelib.domain.parcels import print_of
from chalicelib.domain.routing import projection
from chalicelib.domain.sources import Owner, Source, Target
from chalicelib.flow import registry
from chalicelib.flow.conflicting import inbox
from chalicelib.flow.conflicting.answer import Answer, answer
from chalicelib.flow.hearing.hear import Hearing
from chalicelib.flow.hearing.partners import Partner
from chalicelib.flow.pausing import lifecycle
from chalicelib.store import contacts, keys
from chalicelib.store.deliveries import delivery_write
from chalicelib.store.ports import Put
from tests.faults.acting import JAN, MAIL, always, jan, refused
from tests.support.scenes import BY, Act, Prepare, Scene, born, rest, tells
from tests.support.world import START, World

PARTNER, REMOTE = "partner", "77"
SAID_AT = START + timedelta(minutes=5)
OTHERS = ("clients", "all")
titled = tells("crm", "1", 5, **JAN, **MAIL, job_title="prezes")


def partnered(owner: Owner = "ask", title: str = "kierownik") -> Prepare:
    """The partner has Jan as he was when he was still that."""

    def prepare(world: World) -> None:
        world.source(PARTNER, kind="hubspot")
        url = "https://partner.example.org"
        owners = {"job_title": owner}
        target = world.target(PARTNER, kind="hubspot", url=url, fields=(), owners=owners)
        found = contacts.latest(world.items, born("crm", "1"))
        assert found
        has = prints_of(projection(target, found[1]) | {"job_title": title})
        row = Delivery(
            target=PARTNER,
            contact=born("crm", "1"),
            wanted=found[0].rev,
            present=True,
            state="delivered",
            remote=REMOTE,
            has=has,
            sent_print=print_of(has),
        )
        claim = Put(keys.remote(PARTNER, REMOTE), {"contact": row.contact})
        known = row.model_copy(update={"rev": 1})
        world.items.write([delivery_write(row, known), claim])

    return prepare


def hears(title: str, at: str = "e1") -> Act:
    """The partner says what he is."""

    def act(world: World) -> None:
        source = registry.registered(world.ports, Source, PARTNER)
        target = registry.registered(world.ports, Target, PARTNER)
        mapper, nobody = mapper_of("hubspot"), Connector(None, None, world.clock)  # type: ignore[arg-type]
        assert mapper
        told = Told("upsert", REMOTE, {"properties": {"jobtitle": title}}, at, SAID_AT)
        Hearing(world.ports, Partner(source, target, mapper, nobody)).hear(told)

    return act


def the_conflict(world: World) -> dict[str, Any]:
    listed = inbox.conflicts(world.ports, PARTNER, "open", None, 25)["items"]
    (item,) = listed or inbox.conflicts(world.ports, PARTNER, "answered", None, 25)["items"]
    found: dict[str, Any] = item
    return found


def answers_it(take: Any, *, remember: bool = False, seen: dict[str, Any] | None = None) -> Act:
    """By whoever sees it as it is, or saw it so before."""

    def act(world: World) -> str:
        item = seen or the_conflict(world)
        given = Answer(take, BY, item["etag"], remember)
        try:
            return answer(world.ports, item["id"], given).take
        except StaleError as stale:
            return stale.kind

    return act


def pauses(world: World) -> None:
    lifecycle.pause(world.ports, Target, PARTNER)


KNOWN = (jan, rest, titled, rest)
APART = (*KNOWN, partnered())
ASKED = (*APART, hears("dyrektor"), rest)
HELD = (*APART, pauses, hears("dyrektor"))

CONFLICTS = (
    Scene("asked", APART, always(hears("dyrektor")), exact=OTHERS),
    Scene("followed", ASKED, always(hears("szef", "e2")), exact=OTHERS),
    Scene("agreed there", ASKED, always(hears("prezes", "e2")), exact=OTHERS),
    Scene(
        "agreed here",
        ASKED,
        always(tells("crm", "1", 9, **JAN, **MAIL, job_title="dyrektor")),
        exact=OTHERS,
    ),
    Scene("answered with theirs", ASKED, always(answers_it("theirs")), exact=OTHERS),
    Scene(
        "answered with theirs for ever",
        ASKED,
        always(answers_it("theirs", remember=True)),
        exact=OTHERS,
    ),
    Scene("answered with ours", HELD, always(answers_it("ours")), exact=OTHERS),
    Scene(
        "answered otherwise before",
        (*HELD, answers_it("ours")),
        always(refused(answers_it("theirs"))),
        exact=OTHERS,
    ),
    Scene(
        "answered by the rule", (*KNOWN, partnered("theirs")), always(hears("szef")), exact=OTHERS
    ),
    Scene(
        "answered by the newest", (*KNOWN, partnered("newest")), always(hears("szef")), exact=OTHERS
    ),
    Scene(
        "its own word prevails",
        (*KNOWN, partnered("theirs", "prezes"), pauses),
        always(hears("szef")),
        exact=OTHERS,
    ),
)
