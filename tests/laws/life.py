"""A life of Kartoteka, step by random step: every sender, steward, queue and target at once.

The machine plays one process at a time on the memory adapters; `tests/faults` has crashes and
interleavings. Messages may get lost, come twice and in any order; targets fail in every way.
"""

import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalicelib.domain.errors import ConflictError
from chalicelib.domain.evidence import Event
from chalicelib.domain.model import canonical
from chalicelib.domain.sources import Source, Target
from chalicelib.domain.versions import Version
from chalicelib.flow import (
    backfill,
    desk,
    edit,
    lists,
    merge,
    read,
    registry,
    retire,
    review,
    split,
    unmerge,
)
from chalicelib.flow.merge import Order
from chalicelib.flow.pin import Seen
from chalicelib.flow.split import Parting
from chalicelib.store import contacts, keys
from tests.laws import people
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
some = st.integers(0, 999)
FACTS = {"consents"}
record_of = st.tuples(st.sampled_from(SOURCES), st.sampled_from("1234"))


def _opinions(values: dict[str, Any]) -> dict[str, Any]:
    """Values as a set of elements would be compared: the order of a list is the sources'."""
    told = {n: v for n, v in values.items() if n not in FACTS}
    return {n: sorted(map(canonical, v)) if isinstance(v, list) else v for n, v in told.items()}


def _place(seen: Seen) -> tuple[str, int]:
    contact, _, number = seen.etag.strip('"').rpartition(".")
    return contact, int(number)


class Life(RuleBasedStateMachine):
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

    # What stewards do

    @precondition(lambda self: len(self.born) > 1)
    @rule(
        which=st.lists(some, min_size=2, max_size=3),
        mode=st.sampled_from(["merge", "merge", "overwrite", "skip"]),
        prefer=st.booleans(),
        insist=st.booleans(),
    )
    def merge(self, which: list[int], mode: Any, prefer: bool, insist: bool) -> None:
        named = tuple(dict.fromkeys(self.born[n % len(self.born)] for n in which))
        if len(named) < 2:
            return
        order = Order(named, mode, named[-1] if prefer else "", "admin")
        try:
            self._merge(order)
        except ConflictError as against:
            if insist and "judgements" in against.extra:
                self._insist(order, against.extra["judgements"])

    def _insist(self, order: Order, against: Any) -> None:
        ended = [contacts.decision(self.world.items, j) for j in against]
        again = Order(order.contacts, order.mode, order.prefer, order.by, tuple(against))
        try:
            self._merge(again)
        except ConflictError:
            return  # another of the three is judged different, too
        for decision in ended:
            assert decision
            self.words.take_back(decision.judgement.a, decision.judgement.b)

    def _merge(self, order: Order) -> None:
        _, answer = merge.merge(self.world.ports, order)
        first, *others = order.contacts
        self.words.join(answer["id"], [(first, other) for other in others])

    @precondition(lambda self: self.born)
    @rule(which=some, leaving=st.lists(some, min_size=1, max_size=2))
    def split(self, which: int, leaving: list[int]) -> None:
        contact = self.born[which % len(self.born)]
        members = self._members(contact)
        records = tuple({members[n % len(members)] for n in leaving})
        if len(records) < len(members):
            parting = Parting(contact, records, "admin", self.world.chance.token())
            _, answer = split.split(self.world.ports, parting)
            self.words.split(*(self._members(c) for c in answer["contacts"]))

    @precondition(lambda self: self.born)
    @rule(which=some, fields=people.changes())
    def edit(self, which: int, fields: dict[str, Any]) -> None:
        seen = self._seen(which)
        if contacts.version(self.world.items, *_place(seen)).status == "retired":
            return
        shown, _ = edit.edit(self.world.ports, seen, fields)
        for name in set(fields) & {"given_name", "family_name", "organization", "stage"}:
            assert shown[name] == fields[name]

    @precondition(lambda self: self.born)
    @rule(which=some, number=some)
    def revert(self, which: int, number: int) -> None:
        seen = self._seen(which)
        now = contacts.version(self.world.items, *_place(seen))
        versions = self.world.items.get(keys.head(seen.contact)) or {}
        then = contacts.version(self.world.items, seen.contact, 1 + number % versions["version"])
        if then.status == "active" and now.status == "active":
            edit.revert(self.world.ports, seen, then.number, None)
            self._is_as_in(seen.contact, then)

    def _is_as_in(self, contact: str, then: Version) -> None:
        """Its values are those of then, but for facts, which nothing takes back."""
        found = contacts.latest(self.world.items, contact)
        assert found
        assert _opinions(found[1].values) == _opinions(then.values)

    @precondition(lambda self: self.born)
    @rule(which=some, field=st.sampled_from(["given_name", "emails", "tags", "stage"]))
    def release(self, which: int, field: str) -> None:
        seen = self._seen(which)
        if contacts.version(self.world.items, *_place(seen)).status != "retired":
            edit.release(self.world.ports, seen, field)

    @precondition(lambda self: self.born)
    @rule(which=some)
    def put_away_or_bring_back(self, which: int) -> None:
        seen = self._seen(which)
        head = contacts.head_of(self.world.items, seen.contact)
        if head and head.retired & set(head.members):
            retire.restore(self.world.ports, seen)
        elif head and head.status == "active":
            shown, _ = retire.retire(self.world.ports, seen)
            assert shown["status"] == "retired"

    def _seen(self, which: int) -> Seen:
        contact = self.born[which % len(self.born)]
        etag = read.contact(self.world.ports, contact)[1]
        return Seen(contact, etag, "admin", self.world.chance.token())

    @precondition(lambda self: self._ties())
    @rule(which=some)
    def undo(self, which: int) -> None:
        ties = self._ties()
        name = ties[which % len(ties)]
        decision = contacts.decision(self.world.items, name)
        standing = decision and not decision.retracted_at
        _, undone = unmerge.undo(self.world.ports, name, "admin")
        assert unmerge.undo(self.world.ports, name, "admin") == (200, undone)
        self.words.part(name)
        sides = [self._members(c) for c in undone["contacts"]]
        if standing and decision and decision.judgement.machine and len(sides) == 2:
            self.words.differ(*sides)

    def _ties(self) -> list[str]:
        """Every merge that ever was, by hand or by machine, undone ones included."""
        rows = self.world.items.snapshot().items()
        named = (row["merge"] for key, row in rows if key.pk.startswith("J#"))
        return sorted({name for name in named if name})

    def _members(self, contact: str) -> tuple[str, ...]:
        head = contacts.head_of(self.world.items, contact)
        assert head
        return head.members

    @precondition(lambda self: self._questions())
    @rule(which=some, verdict=st.sampled_from(["same", "different"]))
    def answer(self, which: int, verdict: Any) -> None:
        questions = self._questions()
        question = questions[which % len(questions)]
        sides = [self._members(c["id"]) for c in question["contacts"]]
        asked = contacts.decision(self.world.items, question["id"])
        assert asked
        try:
            answered = review.answer(
                self.world.ports, question["id"], review.Answer(verdict, "admin")
            )
        except ConflictError as against:
            assert verdict == "same" and against.kind == "judged_different"
            return
        if verdict == "different":
            self.words.differ(*sides)
        else:
            self.words.join(answered["merge"], [(asked.judgement.a[0], asked.judgement.b[0])])

    def _questions(self) -> list[dict[str, Any]]:
        shown: list[dict[str, Any]] = desk.reviews(self.world.ports, None, 50)["items"]
        return shown

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
        lists.retry(self.world.ports, name)

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
