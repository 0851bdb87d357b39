"""Who is told of, and what is done, in the scenes and meetings."""

from typing import Any

from chalicelib.domain.errors import ConflictError
from chalicelib.domain.sources import Source
from chalicelib.flow import jobs, registry
from chalicelib.flow.telling import backfill, retry
from chalicelib.flow.telling.targets import put_target
from tests.support.scenes import (
    BY,
    Act,
    Plan,
    born,
    joins,
    judged,
    replies,
    rest,
    tells,
    undoes,
    work,
)
from tests.support.state import read
from tests.support.world import World

Fields = dict[str, Any]
JAN: Fields = {"given_name": "Jan", "family_name": "Kowalski", "birth_date": "1980-01-02"}
EWA: Fields = {"given_name": "Ewa", "family_name": "Nowak", "birth_date": "1975-05-05"}
OLA: Fields = {"given_name": "Ola", "family_name": "Lis", "birth_date": "1990-09-09"}
MAIL: Fields = {"emails": ["jan@kowalski.pl"]}
PHONE: Fields = {"phones": ["+48600700801"]}
CLIENT: Fields = {"roles": ["customer"]}
MANY: Fields = {"tags": [f"t{n}" for n in range(90)], "interests": [f"i{n}" for n in range(40)]}

jan = tells("crm", "1", **JAN, **MAIL, **CLIENT)
janek = tells("shop", "2", **JAN, **MAIL, **PHONE)
ewa = tells("crm", "3", **EWA, **CLIENT)
ola = tells("shop", "4", **OLA)


def retracted(world: World) -> None:
    """The two that were judged different are joined by a person who takes that back."""
    word = judged(read(world.items.snapshot()), "different")
    joins("crm/1", "shop/2", retract=[word])(world)


def agreed(world: World) -> None:
    """The question is answered: they are the same."""
    replies(judged(read(world.items.snapshot()), "unsure"), "same")(world)


def always(act: Act) -> Plan:
    return lambda _: act


def undone(world: World) -> None:
    """The newest merge is undone."""
    undoes(judged(read(world.items.snapshot()), "same"))(world)


def filtered(target: str, text: str) -> Act:
    """The target's filter becomes another one."""
    settings = {"name": target, "url": "http://127.0.0.1:1/", "fields": ("full_name", "roles")}
    wanted = settings | {"filter": text, "enabled": True}
    return lambda world: put_target(world.ports, target, wanted)[0].filter


def refused(act: Act) -> Act:
    """An act that is refused: its answer is the kind of the refusal."""

    def tried(world: World) -> str:
        try:
            act(world)
        except ConflictError as error:
            return error.kind
        return "done"

    return tried


def rotates(world: World) -> None:
    registry.rotate_secret(world.ports, Source, "crm")


def ordered(world: World) -> None:
    """A merge of three of which only the job stands."""
    ids = [born("crm", "1"), born("crm", "3"), born("shop", "4")]
    spec = {"contacts": ids, "mode": "merge", "prefer": "", "by": BY, "retract": [], "choices": {}}
    spec["sides"] = {name: [name] for name in ids}
    jobs.kick_jobs(world.ports, [jobs.open_job(world.ports, "merge", spec, "ordered")])


def later(world: World) -> None:
    """Kicks had their time."""
    world.clock.tick(seconds=121)


def nine_minutes(world: World) -> None:
    """Longer than the second wait of a push that failed."""
    world.clock.tick(minutes=9)


def asks_backfill(world: World) -> object:
    return backfill.backfill(world.ports, "clients").kind


def sweeps(world: World) -> None:
    world.sweep()


def sweeps_fan_out(world: World) -> None:
    world.sweep_fan_out()


def retries(world: World) -> None:
    retry.retry(world.ports, "clients")


MERGED = (jan, rest, janek, rest)
APART = (jan, rest, ewa, rest, ola, rest)
DIFFERENT = (*MERGED, undone, rest, ewa, rest)
ASKED = (tells("crm", "1", **JAN, **CLIENT), rest, tells("crm", "2", **JAN, **CLIENT), rest)
marked = (work("match"), work("fan-out"))
