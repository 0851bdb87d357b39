"""Law 10: what was ever told of consent counts, in any order; nothing turns a withdrawal on."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import evidence
from chalicelib.domain.consents import standing
from chalicelib.domain.evidence import FACTS_CAP, Event, Record, Statement
from chalicelib.domain.golden import elect
from chalicelib.domain.judgements import Judgement
from chalicelib.domain.model import canonical
from chalicelib.domain.pins import added, slot_of
from tests.laws.sizes import sized
from tests.laws.statements import RECORDS, edges, heard, newborn

DAYS = [f"2026-01-0{n}T00:00:00Z" for n in range(1, 6)]
facts = st.fixed_dictionaries(
    {
        "purpose": st.just("news"),
        "channel": st.just("email"),
        "status": st.sampled_from(["granted", "withdrawn"]),
        "occurred_at": st.sampled_from(DAYS),
    },
    optional={"proof": st.just("signed")},
)


def said(at: int, event: Event, told: list[dict[str, Any]]) -> Statement:
    """A statement of a day, which may say nothing of consent."""
    fields: dict[str, Any] = {} if event == "contact.deleted" else {"job_title": "kowal"}
    fields |= {"consents": told} if told and fields else {}
    stamp = evidence.stamp(DAYS[at], 0, event, fields)
    return Statement(
        stamp=stamp, event=event, fields=fields, received="{}", batch="b", recorded_at=DAYS[at]
    )


statements = st.lists(
    st.builds(
        said,
        at=st.integers(0, 4),
        event=st.sampled_from(["contact.upserted", "contact.patched", "contact.deleted"]),
        told=st.lists(facts, max_size=2),
    ),
    min_size=1,
    max_size=6,
)


def gathered(told: list[Statement]) -> list[dict[str, Any]]:
    """Every fact of the statements, once, by time."""
    every = {canonical(f): f for s in told for f in s.fields.get("consents", ())}
    return [every[m] for m in sorted(every, key=lambda m: (every[m]["occurred_at"], m))]


@sized(300, 10_000)
@given(told=statements, data=st.data())
def test_every_fact_that_was_told_counts_in_any_order(
    told: list[Statement], data: st.DataObject
) -> None:
    record = heard(newborn("r0"), data.draw(st.permutations(told)))
    known = record.fields.get("consents")
    assert (known.value if known else []) == gathered(told)


@sized(300, 10_000)
@given(told=statements, later=statements)
def test_a_withdrawal_stands_until_an_opt_in_with_proof(
    told: list[Statement], later: list[Statement]
) -> None:
    before = standing(gathered(told), "news", "email")
    after = standing(gathered(told + later), "news", "email")
    opted_in = any(
        f["status"] == "granted" and f.get("proof")
        for s in told + later
        for f in s.fields.get("consents", ())
    )
    assert before != "withdrawn" or after == "withdrawn" or opted_in


def pinned(at: int, fact: dict[str, Any]) -> Statement:
    """A steward adds a fact."""
    words = {slot_of("consents", fact): added(fact)}
    return said(at, "contact.edited", []).model_copy(update={"fields": words})


@st.composite
def voices(draw: st.DrawFn) -> tuple[list[Record], list[dict[str, Any]]]:
    """Four records, and every fact that they or stewards on them told."""
    told = {
        name: draw(st.lists(statements.flatmap(st.sampled_from), max_size=3)) for name in RECORDS
    }
    pins = {
        name: draw(st.lists(st.tuples(st.integers(0, 4), facts), max_size=1)) for name in RECORDS
    }
    records = [
        heard(newborn(name), [*told[name], *(pinned(at, fact) for at, fact in pins[name])])
        for name in RECORDS
    ]
    by_hand = [fact for words in pins.values() for _, fact in words]
    return records, [*(f for each in told.values() for f in gathered(each)), *by_hand]


@sized(300, 10_000)
@given(heard_of=voices(), judged=edges(), away=st.sets(st.sampled_from(RECORDS), max_size=3))
def test_a_fact_counts_whoever_told_it(
    heard_of: tuple[list[Record], list[dict[str, Any]]], judged: list[Judgement], away: set[str]
) -> None:
    """Muted, overwritten, not chosen, gone or put away, while anybody of the contact is heard."""
    records, every = heard_of
    retired = Judgement(id="r", verdict="retired", a=tuple(away), b=(), by="admin", at=DAYS[0])
    picked = [j.model_copy(update={"picks": {"consents": j.a}}) for j in judged]
    elected = elect(records, [*picked, retired] if away else picked)
    if any(record.alive and record.id not in away for record in records):
        shown = elected["consents"].value if "consents" in elected else []
        assert standing(shown, "news", "email") == standing(every, "news", "email")


def test_many_later_words_do_not_drive_out_the_one_that_decides() -> None:
    def fact(status: str, day: int) -> dict[str, Any]:
        at = f"{2000 + day // 360}-{day // 30 % 12 + 1:02}-{day % 30 + 1:02}T00:00:00Z"
        return {"purpose": "news", "channel": "email", "status": status, "occurred_at": at}

    told = [said(0, "contact.patched", [fact("withdrawn", 0), fact("granted", 0)])]
    told += [said(1, "contact.patched", [fact("granted", n)]) for n in range(1, FACTS_CAP + 50)]
    record = heard(newborn("r0"), told)
    known = record.fields["consents"].value
    assert standing(known, "news", "email") == "withdrawn" and len(known) == FACTS_CAP + 1
    assert heard(newborn("r0"), told[::-1]).fields["consents"].value == known
