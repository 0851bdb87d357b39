"""Cards: what is read is what was written, and what is not ours stays as it stood."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.connectors.kinds.vcard import form_of, is_group, new_card, patched, uid_of
from chalicelib.connectors.kinds.vcard_lines import CardError
from chalicelib.domain.mapping.apply import Mapper
from chalicelib.domain.mapping.catalogue import mapper_of

EMPTY = dict.fromkeys(
    ("fn", "org", "title", "bday", "nickname", "categories", "email", "tel", "adr")
) | {"n": {"given": None, "family": None}}
PHONE = """BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//iPhone OS 18.1//EN
N:Lis;Ewa;Maria;dr;
FN:dr Ewa Lis
ORG:Rybex;Sprzedaż
item1.EMAIL;type=INTERNET;type=pref:ewa@example.org
item1.X-ABLabel:_$!<Work>!$_
item2.TEL:600 100 200
item2.X-ABLabel:łódź
TEL;type=CELL;type=VOICE:+48 601 000 000
ADR;type=HOME:;;Długa 5\\, m. 2;Gdańsk;;80-001;PL
NOTE:to jest bardzo długa notatka o Ewie\\, która zajmuje więcej niż jedną lin
 ię karty
BDAY;X-APPLE-OMIT-YEAR=1604:1604-11-21
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQ
 AAAQABAAD
X-SOCIALPROFILE;type=twitter:http://twitter.com/ewa
UID:4A1F
END:VCARD
""".replace("\n", "\r\n")
READ = {
    "fn": "dr Ewa Lis",
    "n": {"family": "Lis", "given": "Ewa"},
    "org": "Rybex",
    "title": None,
    "bday": "--11-21",
    "nickname": None,
    "categories": None,
    "email": ["ewa@example.org"],
    "tel": ["600 100 200", "+48 601 000 000"],
    "adr": [
        {"street": "Długa 5, m. 2", "city": "Gdańsk", "postal_code": "80-001", "country": "PL"}
    ],
}


def test_a_card_is_read_whoever_wrote_it() -> None:
    assert form_of(PHONE) == READ
    assert (uid_of(PHONE), is_group(PHONE)) == ("4A1F", False)


def test_a_card_that_says_it_already_stays_as_it_is_to_the_byte() -> None:
    same = READ | {"tel": ["+48600100200", "+48601000000"], "email": ["Ewa@Example.org"]}
    assert patched(PHONE, same) == PHONE
    assert patched(PHONE, {}) == PHONE


@pytest.mark.parametrize(
    ("form", "gone", "come"),
    [
        ({"title": "rybaczka"}, [], ["TITLE:rybaczka"]),
        ({"org": "Sum, s.c."}, ["ORG:Rybex;Sprzedaż"], ["ORG:Sum\\, s.c.;Sprzedaż"]),
        ({"n": {"family": "Maj"}}, ["N:Lis;Ewa;Maria;dr;"], ["N:Maj;Ewa;Maria;dr;"]),
        ({"n": {"family": None}}, ["N:Lis;Ewa;Maria;dr;"], ["N:;Ewa;Maria;dr;"]),
        ({"bday": "1984-11-21"}, ["BDAY;X-APPLE-OMIT-YEAR=1604:1604-11-21"], ["BDAY:1984-11-21"]),
        ({"tel": ["+48601000000"]}, ["item2.TEL:600 100 200", "item2.X-ABLabel:łódź"], []),
        ({"tel": ["+48601000000", "+48600100200"]}, [], []),
        ({"categories": ["a,b", "c"]}, [], ["CATEGORIES:a\\,b,c"]),
        (
            {"email": ["e@example.com"]},
            [
                "item1.EMAIL;type=INTERNET;type=pref:ewa@example.org",
                "item1.X-ABLabel:_$!<Work>!$_",
            ],
            ["EMAIL:e@example.com"],
        ),
        (
            {"fn": None, "n": {"given": None, "family": None}, "org": None},
            ["FN:dr Ewa Lis", "N:Lis;Ewa;Maria;dr;", "ORG:Rybex;Sprzedaż"],
            ["N:;;Maria;dr;", "FN:ewa@example.org", "X-KARTOTEKA-FN:ewa@example.org"],
        ),
    ],
)
def test_a_change_touches_its_own_lines_only(
    form: dict[str, Any], gone: list[str], come: list[str]
) -> None:
    before, after = PHONE.split("\r\n"), patched(PHONE, form).split("\r\n")
    assert sorted(set(before) - set(after)) == sorted(gone)
    assert sorted(set(after) - set(before)) == sorted(come)
    assert patched(patched(PHONE, form), form) == patched(PHONE, form)


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_name_that_was_made_up_is_not_told_and_gives_way(version: str) -> None:
    card = new_card("c-1", {"org": "Rybex", "n": {"given": "Ewa"}}, version)
    assert "FN:Ewa\r\n" in card and form_of(card)["fn"] is None
    renamed = patched(card, {"n": {"given": None}})
    assert "FN:Rybex\r\n" in renamed and form_of(renamed)["fn"] is None
    for name in ("Rybex", "Ewa"):
        assert form_of(patched(renamed, {"fn": name}))["fn"] == name
    by_hand = renamed.replace("\r\nFN:Rybex", "\r\nFN:Rybex sp. z o.o.")
    assert form_of(by_hand)["fn"] == "Rybex sp. z o.o."


@pytest.mark.parametrize(
    ("line", "form"),
    [
        ("TEL;VALUE=uri;TYPE=cell:tel:+48-600-100-200", {"tel": ["+48-600-100-200"]}),
        ("BDAY:19841121", {"bday": "1984-11-21"}),
        ("BDAY:--1121", {"bday": "--11-21"}),
        ("BDAY;VALUE=text:circa 1800", {"bday": None}),
        ("BDAY:1984-11-21T00:00:00Z", {"bday": "1984-11-21"}),
        ('EMAIL;PREF="1:2;3":e@example.org', {"email": ["e@example.org"]}),
        ("email:e@example.org", {"email": ["e@example.org"]}),
        ("NICKNAME:a\\,b,c\\\\,d", {"nickname": ["a,b", "c\\", "d"]}),
        ("ORG:", {"org": None}),
        ("ADR:;;;;;;", {"adr": None}),
        ("what is this", {}),
    ],
)
def test_every_way_of_writing_is_read(line: str, form: dict[str, Any]) -> None:
    card = f"BEGIN:VCARD\nVERSION:4.0\n{line}\nEND:VCARD"
    assert form_of(card) == EMPTY | form
    assert line in patched(card, {"title": "t"})


@pytest.mark.parametrize(
    "card",
    ["", "hello", "BEGIN:VCARD", "BEGIN:VCARD\r\nEND:VCARD", "BEGIN:VCARD\nVERSION:2.1\nEND:VCARD"]
    + ["BEGIN:VCALENDAR\nVERSION:3.0\nEND:VCALENDAR", PHONE + PHONE],
)
def test_what_is_no_single_card_is_refused(card: str) -> None:
    with pytest.raises(CardError):
        form_of(card)


@pytest.mark.parametrize(
    "form",
    [{"fax": "1"}, {"n": "Ewa"}, {"n": {"middle": "M"}}, {"adr": ["Gdańsk"]}, {"adr": [{"x": "1"}]}]
    + [{"email": "e@example.org"}, {"tel": [{"value": "1"}]}, {"title": 7}, {"tel": {"a": "1"}}],
)
def test_a_mapping_of_other_places_is_refused(form: dict[str, Any]) -> None:
    for write in (lambda: patched(PHONE, form), lambda: new_card("c", form, "3.0")):
        with pytest.raises(CardError):
            write()


@pytest.mark.parametrize("name", ["X-ADDRESSBOOKSERVER-KIND", "KIND"])
def test_a_list_of_cards_is_told_from_a_card(name: str) -> None:
    assert is_group(PHONE.replace("NOTE:", f"{name}:group\r\nX-N:"))


def mapper() -> Mapper:
    found = mapper_of("carddav")
    assert found
    return found


TEXT = st.text(
    st.characters(categories=("L", "N", "P", "S"), include_characters=" "), min_size=1, max_size=90
).map(lambda text: text.strip() or "x")
LINES = st.lists(TEXT, min_size=1, max_size=3, unique_by=str.casefold)
DIGITS = st.integers(10**8, 10**12).map(lambda n: f"+{n}")
DATES = st.dates().map(str) | st.dates().map(lambda day: f"--{day:%m-%d}")
CONTACTS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("given_name", "family_name", "full_name"), TEXT),
        **dict.fromkeys(("organization", "job_title"), TEXT),
        **dict.fromkeys(("nicknames", "tags"), LINES),
        "emails": LINES.map(lambda told: [{"address": f"{e}@x.pl"} for e in told]),
        "phones": st.lists(DIGITS, min_size=1, max_size=3, unique_by=lambda n: n[-7:]).map(
            lambda told: [{"number": n} for n in told]
        ),
        "addresses": st.lists(
            st.fixed_dictionaries({"city": TEXT}, optional={"street": TEXT, "country": TEXT}),
            min_size=1,
            max_size=2,
        ),
        "birth_date": DATES,
    },
)


@pytest.mark.parametrize("version", ["3.0", "4.0"])
@given(first=CONTACTS, second=CONTACTS)
def test_a_card_holds_what_the_mapping_says(
    version: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    card = new_card("c-1", mapper().outward(first), version)
    for contact, held in ((first, frozenset[str]()), (second, frozenset(first))):
        form = mapper().outward(contact, held - contact.keys())
        card = patched(card, form)
        told = {n: v for n, v in mapper().inward(form_of(card)).items() if v is not None}
        assert told == mapper().projection(contact)
        assert patched(card, form) == card
        assert all(len(line.encode()) <= 75 for line in card.split("\r\n"))
