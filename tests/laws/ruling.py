"""How the laws on rules try a set, bring it to everybody, take it back, and look at the outcome."""

from typing import Any

from hypothesis import strategies as st

from chalicelib.domain.model import canonical
from chalicelib.flow import jobs
from chalicelib.flow.ruling import findings, rules, switch_rules
from chalicelib.flow.undoing import undo_batches
from tests.laws.portraits import heads
from tests.laws.rehearsing import town
from tests.support.scenes import born
from tests.support.state import read
from tests.support.world import World

ME = "key:steward"
SOURCES = ("crm", "shop", "erp")
Json = dict[str, Any]
orders = st.lists(
    st.sampled_from(["trusted", "recent", "complete", "frequent"]), min_size=1, unique=True
)
sources = st.lists(st.sampled_from(SOURCES), unique=True)
single = st.fixed_dictionaries({"order": orders}, optional={"sources": sources})
listed_ones = st.fixed_dictionaries(
    {"order": orders}, optional={"sources": sources, "take": st.sampled_from(["all", "one"])}
)
sets = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("name", "job_title", "birth_date", "stage", "organization"), single),
        **dict.fromkeys(("emails", "phones", "roles"), listed_ones),
        "tags": single,
    },
)
"""What `fields` of a set of rules may be."""
JAN: Json = {"given_name": "Jan", "family_name": "Wrona", "emails": ["jan@wrona.pl"]}
TITLED: list[tuple[str, Json]] = [
    ("crm", JAN | {"job_title": "prezes", "roles": ["customer"]}),
    ("erp", JAN | {"job_title": "wiceprezes zarządu", "phones": ["+48600700801"]}),
    ("crm", {"given_name": "Ewa", "family_name": "Maj", "job_title": "kowal"}),
]
LONGEST = {"job_title": {"order": ["complete"]}}
JAN_ID = born("crm", "0")


def stored(world: World, fields: Json, version: str = "tried") -> str:
    return rules.store(world.ports, version, {"fields": fields}, ME)[0].version


def rehearsed(world: World, version: str) -> str:
    """The id of a rehearsal that is done."""
    job = switch_rules.rehearse(world.ports, version)
    world.drain("jobs")
    assert jobs.job(world.ports, job.id).state == "done"
    return job.id


def found(world: World, job: str) -> list[Json]:
    """All its findings, page by page."""
    items, after = list[Json](), None
    while True:
        page = findings.findings(world.ports, job, after, 2)
        items, after = items + page["items"], page["next"]
        if after is None:
            return items


def ordered(world: World, version: str, rehearsal: str) -> str:
    """The id of the batch of an activation that waits for its worker."""
    return switch_rules.activate(world.ports, version, rehearsal, ME).id


def activated(world: World, version: str, rehearsal: str) -> str:
    """The id of the batch that brought the rules to everybody."""
    batch = ordered(world, version, rehearsal)
    world.drain("jobs")
    return batch


def undone(world: World, batch: str) -> Json:
    undo_batches.undo(world.ports, batch, ME)
    world.drain("jobs")
    status, answer = undo_batches.undo(world.ports, batch, ME)
    assert status == 200
    return answer


def values(world: World) -> dict[str, Json]:
    """The golden values of every contact that stands."""
    state = read(world.items.snapshot())
    return {head.id: state.latest(head.id).values for head in heads(world)}


def faces(world: World) -> bytes:
    """Every contact's golden values, whose they are, its members and its words."""
    state = read(world.items.snapshot())
    shown = {
        c.head.id: [
            c.head.status,
            list(c.head.members),
            [j.row() for j in c.head.judgements],
            state.latest(c.head.id).values,
            state.latest(c.head.id).winners,
        ]
        for c in state.contacts
    }
    return canonical(shown)


def foretold(before: dict[str, Json], listed: list[Json]) -> dict[str, Json]:
    """The values as they were, but for what the findings say."""
    after = {contact: dict(told) for contact, told in before.items()}
    for finding in listed:
        assert not finding["changed"]
        for field in finding["fields"]:
            told, name = after[finding["id"]], field["field"]
            side = field["after"] or {"value": None}
            told[name] = side["value"]
            if told[name] is None:
                del told[name]
    return after


def titled() -> tuple[World, str, str]:
    """A world, and a rehearsal in it of rules that make one title win over another."""
    world = town(TITLED)
    version = stored(world, LONGEST)
    return world, version, rehearsed(world, version)
