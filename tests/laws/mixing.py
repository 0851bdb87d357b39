"""Systems of several kinds around one CRM that only tells: what their users do, and what they have.

Poor and rich, they hold other fields in other forms; what a system cannot hold is no matter of
its own. All live by one clock.
"""

from dataclasses import dataclass, field
from dataclasses import replace as other
from typing import Any, Literal

from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.graph import Head
from chalicelib.domain.routing import projection
from chalicelib.domain.sources import Target
from chalicelib.flow import registry
from chalicelib.flow.telling import accounts
from chalicelib.store import contacts, keys
from tests.connectors.rig_google import google
from tests.connectors.rig_hubspot import hubspot
from tests.connectors.rig_pipedrive import pipedrive
from tests.connectors.rig_salesforce import salesforce
from tests.connectors.rigs import Rig
from tests.standins.wire import Wire
from tests.support.scenes import born
from tests.support.world import Clock, World

PEOPLE = ("Adam", "Bogna")
MAKES = {"hubspot": hubspot, "pipedrive": pipedrive, "salesforce": salesforce, "google": google}
VALUES: dict[str, list[Any]] = {
    "phones": [[{"number": "+48600100200"}], [{"number": "+48600100300"}]],
    "job_title": ["kowal", "rybak"],
}
Kind = Literal["edit", "clear", "tell", "fail", "lose", "down", "turn", "hear", "work"]


@dataclass(frozen=True)
class Step:
    """One thing that happens, at one of the systems, to one of the people."""

    kind: Kind
    system: int = 0
    person: int = 0
    field: str = "phones"
    value: int = 0


@dataclass
class Common(Clock):
    """One clock for all."""

    rigs: list[Rig] = field(default_factory=list)

    def tick(self, **by: float) -> None:
        """See `Clock`."""
        super().tick(**by)
        self.set()

    def set(self) -> None:
        """The systems' own clocks show the same."""
        for rig in self.rigs:
            rig.clock.at = self.moment


class Mixed:
    """Systems of these kinds, each source and target, and a CRM that only tells."""

    def __init__(self, kinds: tuple[str, ...]) -> None:
        clock = Common()
        self.rigs = {f"s{n}": _rig(kind, n) for n, kind in enumerate(kinds)}
        clock.rigs = [*self.rigs.values()]
        clock.set()
        self.world = World(clock=clock)
        self.world.sender = Wire({rig.url: rig.standin for rig in self.rigs.values()})
        self.world.source("crm", trust=50)
        for name, rig in self.rigs.items():
            self._register(name, rig)
        self.changes = self.faults = 0

    def _register(self, name: str, rig: Rig) -> None:
        self.world.source(name, kind=rig.kind)
        self.world.target(name, kind=rig.kind, url=rig.base, fields=(), options=rig.options)
        accounts.put_access(self.world.ports, name, rig.access)

    def play(self, step: Step) -> None:
        """Let it happen."""
        self.world.clock.tick(seconds=7)
        name = [*self.rigs][step.system % len(self.rigs)]
        match step.kind:
            case "edit" | "clear":
                self.edit(
                    name, step.person, step.field, step.value if step.kind == "edit" else None
                )
            case "tell":
                self.tell(step.person, VALUES["job_title"][step.value])
            case "fail" | "lose":
                self.faults += 1
                self.rigs[name].standin.fail_next(500, after=step.kind == "lose")
            case "down":
                standin = self.rigs[name].standin
                standin.outage = None if standin.outage else 503
            case "hear":
                self.world.listen()
            case "work":
                self.world.work()
            case "turn":
                self.turn()

    def edit(self, name: str, person: int, field: str, value: int | None) -> None:
        """A user of a system writes or clears a field, if it holds that."""
        rig, remote = self.rigs[name], self.remote(name, person)
        if field in rig.mapper.fields and remote:
            told = {} if value is None else {field: VALUES[field][value]}
            body = rig.mapper.outward(told, frozenset({field}))
            rig.edit(remote, **body.get("properties", body))
            self.changes += 1

    def tell(self, person: int, title: str) -> None:
        """The CRM tells the whole of a person."""
        name = PEOPLE[person]
        known = {"given_name": name, "family_name": "Wrona", "full_name": f"{name} Wrona"}
        at = int((self.world.clock() - self.world.clock().replace(hour=12, minute=0)).seconds)
        address = f"{name.lower()}@example.org"
        self.world.tell("crm", name, at, **known, emails=[address], job_title=title)
        self.changes += 1

    def remote(self, name: str, person: int) -> str:
        """Who somebody is there."""
        row = self.world.items.get(keys.delivery(name, born("crm", PEOPLE[person])))
        return Delivery.of_row(row).remote if row else ""

    def turn(self) -> None:
        """Every worker and schedule has its turn, and a while goes by."""
        self.world.work()
        self.world.clock.tick(minutes=1)
        self.world.listen()
        self.world.work()

    def quiet(self) -> None:
        """All are up again; until nobody writes or fails any more: then nobody does again."""
        for rig in self.rigs.values():
            rig.standin.outage = None
        for _ in range(12):
            before = self.stirred()
            failing = any(rig.standin.failing for rig in self.rigs.values())
            for _ in range(3):
                self.world.clock.tick(hours=1)
                self.turn()
            if self.stirred() == before and not failing:
                return
        raise AssertionError("it goes round and round")

    def stirred(self) -> tuple[int, int]:
        """How many calls wanted to change something there, and the versions made here."""
        rows = self.world.items.snapshot()
        return self.writes(), sum(key.table == "versions" for key in rows)

    def writes(self) -> int:
        """How many calls wanted to change something."""
        return sum(
            called.method != "GET" and not called.path.endswith(READS)
            for rig in self.rigs.values()
            for called in rig.standin.calls
        )

    def disagreements(self) -> list[str]:
        """Where a system has something else than what is known, and can be held there."""
        rows = self.world.items.snapshot().items()
        heads = [Head.of_row(row) for key, row in rows if key.pk.startswith("C#")]
        golden = [head for head in heads if head.status == "active"]
        faults = [f"{len(golden)} contacts"] if len(golden) != len(PEOPLE) else []
        return faults + [f for head in golden for name in self.rigs for f in self._of(head, name)]

    def _of(self, head: Head, name: str) -> list[str]:
        rig, target = self.rigs[name], registry.registered(self.world.ports, Target, name)
        wanted = projection(target, contacts.version(self.world.items, head.id, head.version))
        rows = [self.world.items.get(keys.delivery(name, m)) for m in head.members]
        remotes = {d.remote for d in map(Delivery.of_row, filter(None, rows)) if d.remote}
        if len(remotes) != 1 or len(rig.standin.records) != len(PEOPLE):
            return [f"{name} has {head.id} {len(remotes)} times of {len(rig.standin.records)}"]
        shown = rig.shown(remotes.pop())
        return [] if shown == wanted else [f"{name} ({rig.kind}): {shown} for {wanted}"]


READS = ("/search", "/batch/read", "/token")


def _rig(kind: str, number: int) -> Rig:
    """One account of a kind; a second one of HubSpot's is elsewhere."""
    rig = MAKES[kind]()
    return other(rig, base=f"https://s{number}.example.org") if kind == "hubspot" else rig
