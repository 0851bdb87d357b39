"""Who is told of, and what is done, in the scenes and meetings."""

from typing import Any

from chalicelib.domain.errors import ConflictError
from chalicelib.flow import backfill, jobs, lists, sweep
from tests.support.scenes import (
    BY,
    Act,
    Plan,
    born,
    judged,
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


def always(act: Act) -> Plan:
    return lambda _: act


def undone(world: World) -> None:
    """The newest merge is undone."""
    undoes(judged(read(world.items.snapshot()), "same"))(world)


def filtered(target: str, text: str) -> Act:
    """The target's filter becomes another one."""
    return lambda world: world.target(target, filter=text)


def refused(act: Act) -> Act:
    """An act that is refused: its answer is the kind of the refusal."""

    def tried(world: World) -> str:
        try:
            act(world)
        except ConflictError as error:
            return error.kind
        return "done"

    return tried


def ordered(world: World) -> None:
    """A merge of three of which only the job stands."""
    ids = [born("crm", "1"), born("crm", "3"), born("shop", "4")]
    spec = {"contacts": ids, "mode": "merge", "prefer": "", "by": BY, "retract": []}
    jobs.kick_jobs(world.ports, [jobs.open_job(world.ports, "merge", spec, "ordered")])


def later(world: World) -> None:
    """Kicks had their time."""
    world.clock.tick(seconds=61)


def asks_backfill(world: World) -> object:
    return backfill.backfill(world.ports, "clients").kind


def sweeps(world: World) -> None:
    sweep.sweep(world.ports)


def sweeps_fan_out(world: World) -> None:
    world.sweep_fan_out()


def retries(world: World) -> None:
    lists.retry(world.ports, "clients")


MERGED = (jan, rest, janek, rest)
APART = (jan, rest, ewa, rest, ola, rest)
DIFFERENT = (*MERGED, undone, rest, ewa, rest)
ASKED = (tells("crm", "1", **JAN, **CLIENT), rest, tells("crm", "2", **JAN, **CLIENT), rest)
marked = (work("match"), work("fan-out"))
