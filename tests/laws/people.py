"""A small town, where many share a name, a telephone or a mailbox: merges, doubts and vetoes."""

from typing import Any

from hypothesis import strategies as st

Fields = dict[str, Any]

JAN: Fields = {
    "given_name": "Jan",
    "family_name": "Wrona",
    "emails": ["jan@wrona.pl"],
    "phones": ["+48600700801"],
    "birth_date": "1961-02-03",
}
PEOPLE: tuple[Fields, ...] = (
    JAN,
    JAN | {"given_name": "Janek", "birth_date": "1961-02-03", "emails": ["j.wrona@gmail.com"]},
    # A son of the same name, with the family's telephone.
    JAN | {"birth_date": "1989-12-30", "emails": ["junior@wrona.pl"]},
    # His wife reads his mail.
    JAN | {"given_name": "Halina", "birth_date": "1964-05-06"},
    {
        "given_name": "Ewa",
        "family_name": "Maj",
        "emails": ["biuro@maj.pl"],
        "phones": ["+48221234567"],
        "organization": "Maj i Syn",
        "job_title": "prezes",
    },
    {
        "kind": "company",
        "organization": "Maj i Syn Sp. z o.o.",
        "emails": ["biuro@maj.pl"],
        "phones": ["+48221234567"],
    },
    {"given_name": "Ola", "family_name": "Kos", "phones": ["+48511622733"]},
    {"given_name": "Aleksandra", "family_name": "Kos", "phones": ["+48511622733"], "stage": "lead"},
)
ROLES = (["customer"], ["supplier"], ["customer", "supplier"])
TAGS: tuple[list[str], ...] = (["vip"], ["kawa", "vip"], [])


@st.composite
def fields(draw: st.DrawFn) -> Fields:
    """Most of what one of them would tell, with roles and tags."""
    person = draw(st.sampled_from(PEOPLE))
    forgotten = draw(st.sets(st.sampled_from(sorted(person)), max_size=2))
    told = {n: v for n, v in person.items() if n not in forgotten}
    return told | {"roles": draw(st.sampled_from(ROLES)), "tags": draw(st.sampled_from(TAGS))}


@st.composite
def changes(draw: st.DrawFn) -> Fields:
    """A few fields anew, some of them cleared."""
    told = draw(fields())
    named = draw(st.lists(st.sampled_from(sorted(told)), min_size=1, max_size=3, unique=True))
    cleared = draw(st.sampled_from([*named, None]))
    return {n: None if n == cleared else told[n] for n in named}
