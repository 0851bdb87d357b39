"""The demo's people who are easily mixed up, and a phone that got a new owner, as records."""

from collections.abc import Iterator, Sequence
from random import Random

from chalicelib.domain.matching import Card
from infra.demo.cast import FATHER_AND_SON, HOUSEHOLD, NAMESAKES, TWINS, UNDER_ONE_ROOF
from infra.demo.party import Party
from infra.matching.sets import card_of
from tests.bench.matching.people import Person, Place
from tests.bench.matching.telling import SYSTEMS

RECYCLED = (
    Party(
        "first owner",
        ("crm", "shop"),
        (),
        "Bogdan",
        "Boguś",
        "Pająk",
        email="bogdan.pajak@poczta.example.com",
        phone="602771445",
        street="ul. Polna 8",
        town="Lublin",
        postal_code="20-400",
    ),
    Party(
        "second owner",
        ("shop", "mailing", "phonebook"),
        (),
        "Urszula",
        "Ula",
        "Żurawska",
        email="ula.zurawska@skrzynka.example.org",
        phone="602771445",
        street="ul. Krótka 17",
        town="Gdańsk",
        postal_code="80-119",
    ),
)
_GROUPS = (FATHER_AND_SON, HOUSEHOLD, TWINS, NAMESAKES, UNDER_ONE_ROOF, RECYCLED)


def traps() -> Sequence[Card]:
    """All of them, each told of by the systems that know them."""
    return [card_of(row, number) for number, row in enumerate(_rows())]


def _rows() -> Iterator[dict[str, str]]:
    random = Random(1)
    for party in (party for group in _GROUPS for party in group):
        for system in party.told_by:
            _, tell = SYSTEMS[system]
            row = {"id": f"{party.key}, {system}", "source": system, **tell(_person(party), random)}
            yield row


def _person(party: Party) -> Person:
    return Person(
        entity=party.key,
        trap="",
        given=party.given,
        called=party.called,
        family=party.family,
        born=party.born,
        email=party.email,
        mobile=party.phone,
        landline="",
        home=Place(party.street, party.town, party.postal_code),
        work=None,
    )
