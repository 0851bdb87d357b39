"""What forbids the machine to join the cases' two, and what one person may well say."""

from tests.unit.matching_cases import NIP, OTHER_NIP
from tests.unit.matching_people import Pairs, person

CONTRADICTED = {
    "father and son: two birth dates": ("birth_date",),
    "father and son: junior and senior": ("generation",),
    "twins": ("given_name",),
    "twins: names that look alike": ("given_name",),
    "spouses: phone, e-mail and address shared": ("given_name",),
    "spouses: names that look alike": ("given_name",),
    "gendered surname: Jan Kowalski and Janina Kowalska": ("given_name",),
    "diminutive: Ela, of two names": ("given_name",),
    "diminutive: Maria is not Marianna": ("given_name",),
    "full name in one field: spouses": ("given_name",),
    "Cyrillic: Марія and Марина": ("given_name",),
    "two PESELs": ("pesel",),
    "company forms: one name, two NIPs": ("nip",),
    "a company and its sole owner": ("kind",),
}

NOT_CONTRADICTED: Pairs = {
    "a digit slipped in the birth date": (
        person("Jan", "Nowak", birth_date="1970-05-14"),
        person("Jan", "Nowak", birth_date="1970-05-15"),
    ),
    "day and month swapped": (
        person("Jan", "Nowak", birth_date="1970-05-11"),
        person("Jan", "Nowak", birth_date="1970-11-05"),
    ),
    "a birth date without its year": (
        person("Jan", "Nowak", birth_date="1970-05-11"),
        person("Jan", "Nowak", birth_date="--05-11"),
    ),
    "a second given name": (
        person("Emilia Natalia", "Gilelek"),
        person("Natalia", "Gilelek"),
    ),
    "a nickname": (
        person("Stanisław", "Gilelek", nicknames=["Tadek"]),
        person("Tadeusz", "Gilelek"),
    ),
    "a misspelt given name": (
        person("Małgorzata", "Gilelek"),
        person("Małgrozata", "Gilelek"),
    ),
    "two employers": (
        person("Ewa", "Gilelek", organization="Meblex", ids=NIP),
        person("Ewa", "Gilelek", organization="Stalpol", ids=OTHER_NIP),
    ),
}
