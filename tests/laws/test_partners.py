"""Law 8: systems that tell and are told agree in the end, and nothing goes round.

Users edit in every system, calls get lost, come twice or late, systems fail with and without
effect; when all is quiet each system has what is known, no contact twice, and it took no more
writes than there were changes to bring to it.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Literal

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.conflicts import Take
from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.errors import ConflictError, StaleError
from chalicelib.domain.graph import Head
from chalicelib.domain.hooks import Hook
from chalicelib.domain.mapping.catalogue import mapper_of
from chalicelib.domain.model import canonical
from chalicelib.domain.routing import projection
from chalicelib.domain.sources import Owner, Source, Target
from chalicelib.flow import registry
from chalicelib.flow.conflicting import inbox
from chalicelib.flow.conflicting.answer import Answer, answer
from chalicelib.flow.hearing.notice import notice
from chalicelib.flow.telling import accounts
from chalicelib.store import contacts, keys
from tests.laws.sizes import sized
from tests.standins.hubspot import HubSpot
from tests.standins.wire import Wire
from tests.support import state
from tests.support.checks import fsck
from tests.support.world import World

PEOPLE = ("Adam", "Bogna", "Cezary")
READS = ("/search", "/batch/read")
Owners = dict[str, Owner]
Kind = Literal["edit", "clear", "clash", "tell", "fail", "lose", "turn", "call", "twice", "drop"]


@dataclass(frozen=True)
class Step:
    """One thing that happens, at one of the systems, to one of the people."""

    kind: Kind
    system: int = 0
    person: int = 0
    field: str = "phone"
    value: str = ""


VALUES = {"phone": ["+48600100200", "+48600100300"], "jobtitle": ["kowal", "rybak"]}
SAID: dict[str, tuple[Any, ...]] = {v: (v, [{"number": v}]) for vs in VALUES.values() for v in vs}
written = st.sampled_from(sorted(VALUES)).flatmap(
    lambda field: st.builds(
        Step,
        kind=st.sampled_from(["edit", "edit", "edit", "clear"]),
        system=st.integers(0, 2),
        person=st.integers(0, 2),
        field=st.just(field),
        value=st.sampled_from(VALUES[field]),
    )
)
clashes = written.map(lambda step: replace(step, kind="clash"))
ways: st.SearchStrategy[Owner] = st.sampled_from(["ask", "ask", "newest", "theirs", "ours"])
owned = st.fixed_dictionaries({"phones": ways, "job_title": ways})
others = st.builds(
    Step,
    kind=st.sampled_from(["tell", "fail", "lose", "turn", "call", "twice", "drop"]),
    system=st.integers(0, 2),
    person=st.integers(0, 2),
    value=st.sampled_from(VALUES["jobtitle"]),
)
steps = st.lists(written | others, min_size=1, max_size=14)


class Systems:
    """Some HubSpot accounts, each source and target, and a CRM that only tells."""

    def __init__(self, count: int, owners: Sequence[Owners] = ()) -> None:
        self.world = World()
        self.names = [f"hs{n}" for n in range(count)]
        self.all = {name: HubSpot(self.world.clock) for name in self.names}
        urls = {f"https://{name}.example.org": s for name, s in self.all.items()}
        self.world.sender = Wire(dict(urls))
        self.world.source("crm", trust=50)
        self.changes = 0
        self.edits: dict[tuple[str, str], list[str]] = {}
        self.said: dict[str, set[bytes]] = {name: set() for name in self.names}
        for n, name in enumerate(self.names):
            owned = owners[n] if owners else {}
            self.world.source(name, kind="hubspot")
            url = f"https://{name}.example.org"
            self.world.target(name, kind="hubspot", url=url, fields=(), owners=owned)
            access = {"token": "pat-1", "client_secret": "client-secret"}
            accounts.put_access(self.world.ports, name, access)

    def play(self, step: Step) -> None:
        """Let it happen."""
        self.world.clock.tick(seconds=7)
        name = self.names[step.system % len(self.names)]
        system, person = self.all[name], PEOPLE[step.person]
        match step.kind:
            case "edit" | "clear":
                self._edit(name, person, step.field, step.value if step.kind == "edit" else "")
            case "clash":
                other = self.names[(self.names.index(name) + 1) % len(self.names)]
                (rival,) = {*VALUES[step.field]} - {step.value}
                self._edit(name, person, step.field, step.value)
                self._edit(other, person, step.field, rival)
            case "tell":
                self._tell(person, step.value)
            case "fail" | "lose":
                system.fail_next(500, after=step.kind == "lose")
            case "turn":
                self.turn()
            case "call" | "twice" | "drop":
                self._call(name, step.kind)

    def _edit(self, name: str, person: str, field: str, value: str) -> None:
        self.all[name].edit(held(self.all[name], person), **{field: value})
        self._changed(person, field, value)
        self.said[name] |= {canonical(v) for v in SAID.get(value, (None,))}

    def _tell(self, person: str, title: str) -> None:
        at = int((self.world.clock() - self.world.clock().replace(hour=12, minute=0)).seconds)
        known = {"given_name": person, "family_name": "Wrona", "emails": [address(person)]}
        self.world.tell("crm", person, at, **known, job_title=title)
        self._changed(person, "jobtitle", title)

    def _changed(self, person: str, field: str, value: str) -> None:
        self.changes += 1
        self.edits.setdefault((person, field), []).append(value)

    def echoed(self) -> list[str]:
        """What stands as a system's word that no user there ever said."""
        records = state.read(self.world.items.snapshot()).records.values()
        return [
            f"{record.source} said {name}"
            for record in records
            if record.source in self.all
            for name, told in record.fields.items()
            if canonical(told.value) not in self.said[record.source]
        ]

    def lost(self) -> list[str]:
        """The changes that nobody else made another one beside, and that did not come through."""
        alone = {at: values[0] for at, values in self.edits.items() if len(values) == 1}
        system = self.all["hs0"]
        return [
            f"{person}: {field} is not {value}"
            for (person, field), value in alone.items()
            if value and system.records[held(system, person)].get(field) != value
        ]

    def _call(self, name: str, kind: str) -> None:
        """The system's calls come: once, twice, or never; some come later than others."""
        waiting = [(name, called) for called in self.all[name].events()]
        if kind == "drop":
            return
        for _, called in waiting + (waiting if kind == "twice" else []):
            source = registry.registered(self.world.ports, Source, name)
            url = self.all[name].pushed.hook
            hook = Hook(called.method, url, {}, called.headers, called.body)
            assert notice(self.world.ports, source, hook) == ""

    def turn(self) -> None:
        """Every worker and schedule has its turn, and a while goes by."""
        self.world.work()
        self.world.clock.tick(minutes=1)
        self.world.listen()
        self.world.work()

    def quiet(self) -> None:
        """Until nobody writes or fails any more: then nobody does again."""
        for _ in range(12):
            before, failing = self.writes(), any(s.failing for s in self.all.values())
            for _ in range(3):
                self.world.clock.tick(hours=1)
                self.turn()
            if self.writes() == before and not failing:
                return
        raise AssertionError("it goes round and round")

    def asked(self) -> list[Any]:
        """What waits for an answer."""
        listed: list[Any] = inbox.conflicts(self.world.ports, "", "open", None, 25)["items"]
        return listed

    def answer(self, takes: Sequence[Take]) -> None:
        """Answer all that is asked, until nothing is."""
        for round in range(12):
            asked = self.asked()
            if not asked:
                return
            for n, item in enumerate(asked):
                said = Answer(takes[(round + n) % len(takes)], "key:ewa", item["etag"])
                with suppress(StaleError, ConflictError):  # by an answer before: asked again
                    answer(self.world.ports, item["id"], said)
                self.world.work()
            self.quiet()
        raise AssertionError("it is asked again and again")

    def writes(self) -> int:
        """How many calls wanted to change something."""
        sent = self.world.sender.sent
        return sum(r.method != "GET" and not r.url.endswith(READS) for r in sent)

    def disagreements(self) -> list[str]:
        """Where a system has something else than what is known."""
        heads = [Head.of_row(i) for k, i in self.world.items.snapshot().items() if k.pk[:2] == "C#"]
        golden = [h for h in heads if h.status == "active"]
        return [fault for head in golden for name in self.names for fault in self._of(head, name)]

    def _of(self, head: Head, name: str) -> list[str]:
        target = registry.registered(self.world.ports, Target, name)
        version = contacts.version(self.world.items, head.id, head.version)
        wanted = projection(target, version)
        rows = [self.world.items.get(keys.delivery(name, m)) for m in head.members]
        remotes = {d.remote for d in map(Delivery.of_row, filter(None, rows)) if d.remote}
        if len(remotes) != 1:
            return [f"{name} has {head.id} {len(remotes)} times"]
        shown = self._shown(name, remotes.pop())
        return [] if shown == wanted else [f"{name}: {shown} for {wanted}"]

    def _shown(self, name: str, remote: str) -> dict[str, Any]:
        mapper = mapper_of("hubspot")
        assert mapper
        told = mapper.inward({"properties": self.all[name].records.get(remote, {})})
        return {n: v for n, v in told.items() if v is not None}


def held(system: HubSpot, person: str) -> str:
    """Who it is there; empty where nobody is."""
    found = (i for i, r in system.records.items() if r.get("email") == address(person))
    return next(found, "")


def address(person: str) -> str:
    """Each person's own."""
    return f"{person.lower()}@example.org"


def lived(count: int, steps: list[Step], owners: Sequence[Owners] = ()) -> Systems:
    """Everybody is known everywhere, then this happens, then there is quiet."""
    systems = Systems(count, owners)
    for number, _ in enumerate(PEOPLE):
        systems.play(Step("tell", person=number, value="szef"))
    systems.quiet()
    systems.changes, systems.edits = 0, {}
    systems.world.sender.sent.clear()
    for step in steps:
        systems.play(step)
    systems.quiet()
    return systems


@sized(40, 1_000)
@given(count=st.integers(2, 3), steps=steps)
def test_systems_agree_in_the_end(count: int, steps: list[Step]) -> None:
    systems = lived(count, steps)
    assert systems.disagreements() == []
    assert systems.lost() == []
    assert systems.echoed() == []
    assert all(s.broken == [] for s in systems.all.values())
    assert all(len(s.records) == len(PEOPLE) for s in systems.all.values())
    faults = sum(step.kind in ("fail", "lose") for step in steps)
    assert systems.writes() <= count * 2 * systems.changes + faults


@sized(40, 1_000)
@given(
    count=st.integers(2, 3),
    steps=st.lists(written | others | clashes, min_size=1, max_size=14),
    owners=st.lists(owned, min_size=3, max_size=3),
    takes=st.lists(st.sampled_from(["theirs", "ours"]), min_size=1, max_size=4),
)
def test_systems_agree_once_all_that_is_asked_is_answered(
    count: int, steps: list[Step], owners: list[Owners], takes: list[Take]
) -> None:
    systems = lived(count, steps, owners)
    fsck(systems.world)
    systems.answer(takes)
    fsck(systems.world)
    assert systems.asked() == [] and systems.disagreements() == []
    assert systems.echoed() == []
    assert all(s.broken == [] for s in systems.all.values())
    assert all(len(s.records) == len(PEOPLE) for s in systems.all.values())
