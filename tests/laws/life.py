"""A life of Kartoteka, step by random step: every sender, steward, queue and target at once.

The machine plays one process at a time on the memory adapters; `tests/faults` has crashes and
interleavings. Messages may get lost, come twice and in any order; targets fail in every way.
"""

import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from chalicelib.domain.evidence import Event
from chalicelib.domain.sources import Source, Target
from chalicelib.flow import registry
from chalicelib.flow.telling import backfill, retry
from chalicelib.store import contacts
from tests.laws import people
from tests.laws.stewards import Stewards, some
from tests.laws.targets import ANSWERS, Targets
from tests.laws.words import Words
from tests.support.checks import fsck, settled
from tests.support.scenes import HANDLERS, born, work
from tests.support.witness import Witness
from tests.support.world import World, record

SOURCES = ("crm", "shop", "erp")
TARGETS = {"crm": "role:customer", "book": "role:supplier"}
FILTERS = ("role:customer", "role:supplier", "tag:vip", "", "name:wrona -role:supplier")
FIELDS = (["full_name", "emails"], ["family_name", "roles", "records"], ["tags"])
URL = "http://127.0.0.1:9/"

record_of = st.tuples(st.sampled_from(SOURCES), st.sampled_from("1234"))


class Life(Stewards):
    """The rules; after each step people's words hold, at the end everything does."""

    def __init__(self) -> None:
        super().__init__()
        items = Witness()
        self.targets = Targets(items)
        self.world = World(items=items, sender=self.targets)
        for name in SOURCES:
            self.world.source(name)
        for name, wanted in TARGETS.items():
            self.world.target(name, url=URL + name, filter=wanted)
        self.words = Words()
        self.born: list[str] = []
        self.merges: dict[str, list[str]] = {}
        self.calls: list[tuple[Any, ...]] = []

    # What the sources tell

    @rule(of=record_of, at=st.integers(0, 5), fields=people.fields())
    def tell(self, of: tuple[str, str], at: int, fields: dict[str, Any]) -> None:
        self._call(of[0], [record(of[1], at, **fields)], "contact.upserted")

    @rule(of=record_of, at=st.integers(0, 5), fields=people.changes())
    def patch(self, of: tuple[str, str], at: int, fields: dict[str, Any]) -> None:
        self._call(of[0], [record(of[1], at, **fields)], "contact.patched")

    @rule(of=record_of, at=st.integers(0, 5))
    def delete(self, of: tuple[str, str], at: int) -> None:
        self._call(of[0], [record(of[1], at)], "contact.deleted")

    @rule(source=st.sampled_from(SOURCES), told=st.lists(people.fields(), min_size=2, max_size=4))
    def tell_many(self, source: str, told: list[dict[str, Any]]) -> None:
        given = [record("1234"[n], n, **fields) for n, fields in enumerate(told)]
        self._call(source, given, "contact.upserted")

    def _call(self, source: str, given: list[Any], event: Event) -> None:
        self.calls.append((source, given, event, f"m{len(self.calls)}"))
        for result in self.world.call(*self.calls[-1]):
            assert result["outcome"] != "refused"
            self.born = [*dict.fromkeys([*self.born, born(source, result["external_id"])])]

    @precondition(lambda self: self.calls)
    @rule(which=some)
    def repeat_a_call(self, which: int) -> None:
        before = self.world.items.snapshot()
        call = self.calls[which % len(self.calls)]
        self.world.call(*call)
        assert self.world.items.snapshot() == before

    # What queues, schedules and targets do

    @precondition(lambda self: any(self.world.queues.waiting.values()))
    @rule(which=some, fate=st.sampled_from(["work", "work", "work", "lose", "repeat"]))
    def message(self, which: int, fate: str) -> None:
        waiting = [(q, m) for q in HANDLERS for m in self.world.queues.waiting[q]]
        queue, message = waiting[which % len(waiting)]
        if fate != "repeat":
            self.world.queues.waiting[queue].remove(message)
        if fate != "lose":
            HANDLERS[queue](self.world, json.loads(message))

    @rule(queues=st.lists(st.sampled_from(sorted(HANDLERS)), min_size=1, max_size=4))
    def work(self, queues: list[str]) -> None:
        for queue in queues:
            work(queue)(self.world)

    @rule(seconds=st.sampled_from([1, 30, 61, 400, 8000, 90_000]))
    def sweep(self, seconds: int) -> None:
        self.world.clock.tick(seconds=seconds)
        self.world.sweep()
        self.world.sweep_fan_out()

    @rule(name=st.sampled_from(sorted(TARGETS)), moods=st.lists(st.sampled_from(sorted(ANSWERS))))
    def upset(self, name: str, moods: list[Any]) -> None:
        self.targets.moods[name].extend(moods[:4])

    @rule()
    def catch_up(self) -> None:
        self.targets.catch_up()

    @rule(
        name=st.sampled_from(sorted(TARGETS)),
        wanted=st.sampled_from(FILTERS),
        fields=st.sampled_from(FIELDS),
        held=st.sampled_from(["send", "keep"]),
    )
    def refilter(self, name: str, wanted: str, fields: list[str], held: str) -> None:
        self.world.target(name, url=URL + name, filter=wanted, fields=fields, held=held)
        backfill.backfill(self.world.ports, name)

    @rule(
        name=st.sampled_from(SOURCES),
        policy=st.sampled_from(["merge", "overwrite", "skip"]),
        automatic=st.booleans(),
        trust=st.sampled_from([40, 60]),
    )
    def set_policy(self, name: str, policy: str, automatic: bool, trust: int) -> None:
        settings = {"duplicate_policy": policy, "automatic_merge": automatic, "trust": trust}
        assert registry.find(self.world.ports, Source, name)
        self.world.source(name, tags=["z " + name], **settings)

    @rule(name=st.sampled_from(sorted(TARGETS)))
    def enable(self, name: str) -> None:
        known = registry.registered(self.world.ports, Target, name)
        settings = known.model_dump(include={"url", "filter", "fields", "held"})
        self.world.target(name, **settings)
        retry.retry(self.world.ports, name)

    @invariant()
    def every_id_leads_to_its_record_and_no_word_is_overruled(self) -> None:
        where = {}
        for record_id in self.born:
            head = contacts.head_of(self.world.items, record_id)
            assert head and record_id in head.members and not head.into
            where[record_id] = head.id
        self.words.held(where.__getitem__)
        fsck(self.world)

    def teardown(self) -> None:
        for name in TARGETS:
            self.targets.moods[name].clear()
            self.enable(name)
        for _ in range(8):  # a delivery may have been put off for days
            self.world.work()
            self.world.clock.tick(days=1)
        self.targets.catch_up()
        settled(self.world)
        self.every_id_leads_to_its_record_and_no_word_is_overruled()
