"""Random statements of a few records: small alphabets, so that times and values often meet."""

from collections.abc import Iterable
from typing import Any, get_args

from hypothesis import strategies as st

from chalicelib.domain import evidence
from chalicelib.domain.evidence import Event, Record, Statement, Told
from chalicelib.domain.judgements import Judgement, Mode

SECONDS = [f"2026-11-21T12:00:0{n}.000000Z" for n in range(4)]
NAMES = ["Jan", "Anna", "Ola"]
SINGLE = ["given_name", "family_name", "full_name", "job_title"]
MANY = ["tags", "emails", "notes"]
ELEMENTS: dict[str, list[Any]] = {
    "tags": ["vip", "VIP", "kawa"],
    "emails": [
        {"address": "a@b.pl"},
        {"address": "a@b.pl", "label": "home"},
        {"address": "c@d.pl"},
    ],
    "notes": ["dzwoni", "pisze"],
}
RECORDS = ["r0", "r1", "r2", "r3"]

Fields = st.SearchStrategy[dict[str, Any]]
SINGLES: dict[str, Any] = {n: st.sampled_from(NAMES) for n in SINGLE}


def _lists(least: int) -> dict[str, Any]:
    elements = {n: st.sampled_from(ELEMENTS[n]) for n in MANY}
    return {n: st.lists(e, min_size=least, max_size=2) for n, e in elements.items()}


whole_fields: Fields = st.fixed_dictionaries({}, optional=SINGLES | _lists(1))
patch_fields: Fields = st.fixed_dictionaries(
    {}, optional={n: st.none() | values for n, values in (SINGLES | _lists(0)).items()}
)
sequences = st.sampled_from([0, 0, 1])


def said(event: Event, at: str, sequence: int, fields: dict[str, Any]) -> Statement:
    """A statement, stamped as the flow does."""
    return Statement(
        stamp=evidence.stamp(at, sequence, event, fields),
        event=event,
        fields=fields,
        received="",
        batch="",
        recorded_at="",
    )


def _statements(event: Event, fields: Fields) -> Any:
    return st.builds(said, st.just(event), st.sampled_from(SECONDS), sequences, fields)


upserts = _statements("contact.upserted", whole_fields)
patches = _statements("contact.patched", patch_fields)
deletions = _statements("contact.deleted", st.just({}))
statements = st.one_of(upserts, patches, patches, deletions)


def newborn(record_id: str, trust: int = 50) -> Record:
    """A record that was told nothing yet."""
    return Record(
        id=record_id,
        source="crm",
        external_id=record_id,
        first_seen=SECONDS[0],
        salt=f"salt of {record_id}",
        trust=trust,
    )


def heard(record: Record, told: Iterable[Statement]) -> Record:
    """The record after these statements, in this order."""
    for statement in told:
        record = evidence.hear(record, statement)
    return record


def folded(record: Record, told: Iterable[Statement]) -> Record:
    """The same by the law's own words: the newest whole one, and the newest word above it."""
    ordered = sorted(told, key=lambda s: s.stamp)
    whole = next((s for s in reversed(ordered) if s.whole), None)
    floor = whole.stamp if whole else ""
    fields = {
        name: Told(value=value, stamp=s.stamp)
        for s in ordered
        if s.stamp >= floor
        for name, value in s.fields.items()
    }
    gone = bool(whole and whole.event == "contact.deleted")
    return record.model_copy(update={"floor": floor, "gone": gone, "fields": fields})


@st.composite
def records(draw: st.DrawFn) -> list[Record]:
    """Four records with evidence of their own, some of them deleted."""
    return [
        heard(
            newborn(name, trust=draw(st.sampled_from([50, 60]))).model_copy(
                update={"first_seen": draw(st.sampled_from(SECONDS[:2]))}
            ),
            draw(st.lists(statements, max_size=4)),
        )
        for name in RECORDS
    ]


@st.composite
def edges(draw: st.DrawFn) -> list[Judgement]:
    """Some `same` edges among the four, of every mode."""
    pairs = draw(st.lists(st.lists(st.sampled_from(RECORDS), min_size=2, max_size=2, unique=True)))
    return [_edge(draw, number, a, b) for number, (a, b) in enumerate(pairs[:5])]


def _edge(draw: st.DrawFn, number: int, a: str, b: str) -> Judgement:
    mode: Mode = draw(st.sampled_from(get_args(Mode)))
    touched = tuple(draw(st.lists(st.sampled_from(RECORDS), max_size=2, unique=True)))
    return Judgement(
        id=f"j{number}",
        verdict="same",
        a=(a,),
        b=(b,),
        by="admin",
        at=draw(st.sampled_from(SECONDS[:2])),
        mode=mode,
        lifts=touched if mode == "overwrite" else (),
        mutes=touched if mode == "skip" else (),
    )
