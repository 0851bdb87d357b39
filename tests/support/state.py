"""All that a store holds, read into the domain's own words, to be checked as a whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from chalicelib.domain.deliveries import Delivery
from chalicelib.domain.evidence import Record, Statement
from chalicelib.domain.graph import Contact, Head
from chalicelib.domain.guarding import Tally
from chalicelib.domain.hearing import Heard
from chalicelib.domain.interactions import ORDERS, REST, Interaction, Whereabouts
from chalicelib.domain.judgements import Decision
from chalicelib.domain.pacing import Pace
from chalicelib.domain.pausing import Line, Pause
from chalicelib.domain.rules_forms import read as rules_of
from chalicelib.domain.sources import Source, Target
from chalicelib.domain.subscribing import Subscribed
from chalicelib.domain.survivorship import DEFAULTS, Rules
from chalicelib.domain.versions import Version
from chalicelib.flow.batches import Batch
from chalicelib.flow.changes import Change
from chalicelib.flow.intake.ingest import Effect
from chalicelib.flow.jobs import Job
from chalicelib.flow.ruling.releases import Force
from chalicelib.store.ports import Item, Key

Row = tuple[str, str]


@dataclass
class State:
    """The rows by what they are: `rows` are the index's own, `lists` what is listed there.

    `interactions` are under their record and place, `cards` is what the lists say besides.
    """

    records: dict[str, Record] = field(default_factory=dict)
    statements: dict[str, list[Statement]] = field(default_factory=dict)
    heads: dict[str, Head] = field(default_factory=dict)
    versions: dict[str, list[Version]] = field(default_factory=dict)
    interactions: dict[Row, Interaction] = field(default_factory=dict)
    gone: dict[Row, Interaction] = field(default_factory=dict)
    heard: dict[str, list[Heard]] = field(default_factory=dict)
    whereabouts: dict[str, Whereabouts] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    lanes: dict[Key, tuple[str, str]] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    effects: dict[str, dict[int, Effect]] = field(default_factory=dict)
    judged: dict[str, list[Effect]] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    deliveries: dict[tuple[str, str], Delivery] = field(default_factory=dict)
    paces: dict[str, Pace] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    subscribed: dict[str, Subscribed] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    kept: dict[str, dict[int, list[Item]]] = field(default_factory=dict)
    pause: Pause = field(default_factory=Pause)
    rules: dict[str, Rules] = field(default_factory=lambda: {"": DEFAULTS, "default": DEFAULTS})
    rules_in_force: Force = field(default_factory=Force)
    rows: dict[Row, str] = field(default_factory=dict)
    lists: dict[tuple[str, str], dict[Row, str]] = field(default_factory=dict)
    cards: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def contacts(self) -> list[Contact]:
        """The heads that are no stubs, with those of their records that stand."""
        whole = [h for h in self.heads.values() if not h.absorbed]
        return [Contact(head=h, records=self.members(h)) for h in whole]

    def members(self, head: Head) -> dict[str, Record]:
        return {r: self.records[r] for r in head.members if r in self.records}

    def latest(self, contact: str) -> Version:
        return self.versions[contact][-1]

    def at_rest(self) -> bool:
        """Whether nothing is left to be done now or later, but where somebody is paused."""
        open_jobs = [j for j in self.jobs.values() if j.state == "open"]
        due = [d for d in self.deliveries.values() if d.due and not self.rests(d.target)]
        return not self.changes and not open_jobs and not due

    def rests(self, target: str) -> bool:
        """Whether a target is paused, by itself or with all others, or held."""
        return self.pause.state != "active" or self.targets[target].state in ("paused", "held")


def read(snapshot: Mapping[Key, Item]) -> State:
    """Sort every item by its key; one that fits nowhere is a fault."""
    state = State()
    readers: dict[str, Callable[[State, Key, Item], None]] = {
        "contacts": _contacts,
        "versions": _versions,
        "index": _index,
        "changes": lambda s, _, item: s.changes.append(Change.of_row(item)),
        "deliveries": _deliveries,
        "registry": _registry,
    }
    for key, item in snapshot.items():
        readers[key.table](state, key, item)
        if "lane" in item and "due" in item:
            state.lanes[key] = item["lane"], item["due"]
    return state


def _contacts(state: State, key: Key, item: Item) -> None:
    kind, _, name = key.pk.partition("#")
    match kind, key.sk:
        case "R", "HEAD":
            state.records[name] = Record.of_row(item)
        case "R", place if place.startswith((ORDERS, REST)):
            told = Interaction.of_row(item)
            (state.gone if told.gone else state.interactions)[name, place] = told
        case "I", "HEAD":
            state.whereabouts[name] = Whereabouts.of_row(item)
        case "I", sk if sk.startswith("W#"):
            state.heard.setdefault(name, []).append(Heard.of_row(item))
        case "R", _:
            state.statements.setdefault(name, []).append(Statement.of_row(item))
        case "C", _:
            state.heads[name] = Head.of_row(item)
        case "J", _:
            state.decisions[name] = Decision.of_row(item)
        case "B", "HEAD":
            state.batches[name] = Batch.of_row(item)
        case "B", sk if sk.startswith("J#"):
            state.judged.setdefault(name, []).append(Effect.of_row(item))
        case "B", _:
            state.effects.setdefault(name, {})[int(key.sk)] = Effect.of_row(item)
        case "Q", "HEAD":
            state.lines[name] = Line.of_row(item)
        case "Q", place:
            state.kept.setdefault(name, {}).setdefault(int(place[:10]), []).append(item)
        case "T", "HEAD":
            state.jobs[name] = Job.of_row(item)
        case "T", _:
            return  # findings, what is claimed by them, what became of them
        case _:
            raise AssertionError(f"what is {key}?")


def _versions(state: State, key: Key, item: Item) -> None:
    state.versions.setdefault(key.pk, []).append(Version.of_row(item))


def _index(state: State, key: Key, item: Item) -> None:
    if not key.pk.startswith("list="):
        state.rows[key.pk, key.sk] = item["note"]
        return
    listed = {tuple(row.split("\t", 1)): note for row, note in item["rows"].items()}
    name = key.pk.removeprefix("list="), key.sk
    state.lists[name], state.cards[name] = listed, item["card"]


def _deliveries(state: State, key: Key, item: Item) -> None:
    target, _, kind = key.pk.partition("#")
    if kind == "pace":
        state.paces[target] = Pace.of_row(item)
    if kind == "guard":
        state.tallies[target] = Tally.of_row(item)
    if (kind, key.sk) == ("heard", "SUBSCRIPTION"):
        state.subscribed[target] = Subscribed.of_row(item)
    if not kind:  # not whose a remote id is, what a partner said and how far it was heard
        state.deliveries[key.pk, key.sk] = Delivery.of_row(item)


def _registry(state: State, key: Key, item: Item) -> None:
    if key.pk == "targets":
        state.targets[key.sk] = Target.of_row(item)
    if key.pk == "sources":
        state.sources[key.sk] = Source.of_row(item)
    if (key.pk, key.sk) == ("installation", "pause"):
        state.pause = Pause.of_row(item)
    if key.pk == "rules":
        state.rules[key.sk] = rules_of(item["text"])
    if (key.pk, key.sk) == ("installation", "rules"):
        state.rules_in_force = Force.of_row(item)
