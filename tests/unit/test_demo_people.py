"""The people of the demo and what the systems say of them: fixed, valid and told apart."""

from collections import Counter
from itertools import combinations

import phonenumbers
import pytest
from email_validator import validate_email
from stdnum.pl import nip

from infra.demo import systems
from infra.demo.cast import HEROINE, TRAPS
from infra.demo.crowd import everybody
from infra.demo.party import Party

PARTIES = everybody()
SAID = systems.statements(PARTIES)
TRAPPED = {party.key for group in TRAPS for party in group}


def of(source: str, party: Party) -> systems.Statement:
    return next(s for s in SAID if s.source == f"meble-{source}" and s.party == party.key)


def test_it_is_the_same_story_every_time() -> None:
    assert systems.statements(everybody()) == SAID


def test_some_500_records_tell_of_some_300_parties() -> None:
    assert (len(SAID), len(PARTIES)) == (500, 279)
    assert len({(s.source, s.external_id) for s in SAID}) == 500


@pytest.mark.parametrize("attribute", ["key", "email", "phone", "nip"])
def test_outside_the_traps_nobody_shares_a_name_or_an_address(attribute: str) -> None:
    values = [getattr(p, attribute) for p in PARTIES if p.key not in TRAPPED]
    assert [v for v, n in Counter(filter(None, values)).items() if n > 1] == []


def test_traps_have_something_in_common() -> None:
    for group in TRAPS:
        for a, b in combinations(group, 2):
            same_name = (a.given, a.family) == (b.given, b.family) and a.given
            assert same_name or (a.phone, a.email) == (b.phone, b.email) or a.phone == b.phone


def test_every_number_and_address_is_well_formed() -> None:
    for party in PARTIES:
        validate_email(party.email, check_deliverability=False)
        assert not party.nip or nip.is_valid(party.nip)
    for statement in SAID:
        for phone in statement.fields.get("phones", []):
            assert phonenumbers.is_valid_number(phonenumbers.parse(phone, "PL")), phone


def test_each_system_has_its_own_spelling() -> None:
    said = {source: of(source, HEROINE).fields for source in HEROINE.told_by}
    assert [fields["phones"] for fields in said.values() if "phones" in fields] == [
        ["+48 601 248 163"],
        ["601-248-163"],
        ["0048601248163"],
        ["601248163"],
    ]
    assert said["erp"]["family_name"] == "ZAJAC"
    assert said["phonebook"]["full_name"] == "Kasia Zając"
    assert said["mailing"]["given_name"] == "Kasia"


def test_roles_come_from_the_systems_that_know_them() -> None:
    roles = {source: of(source, HEROINE).fields.get("roles") for source in HEROINE.told_by}
    assert roles == {
        "crm": ["customer"],
        "shop": ["customer"],
        "erp": ["supplier"],
        "mailing": ["subscriber"],
        "phonebook": None,
    }


def test_a_record_has_what_the_api_asks_for_and_nothing_empty() -> None:
    for statement in SAID:
        record = statement.record()
        assert record["external_id"]
        assert record["occurred_at"].endswith(":00Z")
        assert all(record.values())


def test_calls_hold_one_source_each_and_the_sources_take_turns() -> None:
    calls = list(systems.batches(SAID))
    assert sorted(s.external_id for call in calls for s in call) == sorted(
        s.external_id for s in SAID
    )
    assert all(len({s.source for s in call}) == 1 and len(call) <= systems.BATCH for call in calls)
    assert [call[0].source for call in calls[:6]] == [
        "meble-crm",
        "meble-shop",
        "meble-erp",
        "meble-mailing",
        "meble-phonebook",
        "meble-crm",
    ]


def test_the_move_is_the_last_word_on_the_heroine_and_not_of_the_future() -> None:
    move = systems.move()
    assert move.external_id == of("shop", HEROINE).external_id
    assert move.occurred_at > max(s.occurred_at for s in SAID)
