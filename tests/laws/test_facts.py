"""Law 10: what was ever told of consent counts, in any order; nothing turns a withdrawal on."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import evidence
from chalicelib.domain.consents import standing
from chalicelib.domain.evidence import Event, Statement
from chalicelib.domain.model import canonical
from tests.laws.sizes import sized
from tests.laws.statements import heard, newborn

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
