"""The cases that decide, against: two people or companies that the machine may never join."""

from tests.unit.matching_cases import MAIL, NIP, NOBODY, OTHER_NIP, OTHER_PESEL, PESEL
from tests.unit.matching_people import (
    ELSEWHERE,
    HOME,
    HOME_AGAIN,
    LANDLINE,
    MOBILE,
    OTHER_MOBILE,
    Pairs,
    company,
    named,
    person,
)

FAMILY_APART: Pairs = {
    "father and son: one name, one address": (
        person("Jan", "Zawadelczak", at=HOME),
        person("Jan", "Zawadelczak", at=HOME_AGAIN),
    ),
    "father and son: in one firm": (
        person("Jan", "Zawadelczak", at=HOME, organization="Meblex", email="biuro@meblex.pl"),
        person("Jan", "Zawadelczak", at=HOME, organization="Meblex", email="biuro@meblex.pl"),
    ),
    "father and son: two mobile phones": (
        person("Jan", "Zawadelczak", at=HOME, phone=MOBILE),
        person("Jan", "Zawadelczak", at=HOME, phone=OTHER_MOBILE),
    ),
    "father and son: neighbouring numbers": (
        person("Jan", "Zawadelczak", at=HOME, phone="+48600700801"),
        person("Jan", "Zawadelczak", at=HOME, phone="+48600700802"),
    ),
    "father and son: two birth dates": (
        person("Jan", "Zawadelczak", phone=MOBILE, at=HOME, birth_date="1950-05-14"),
        person("Jan", "Zawadelczak", phone=MOBILE, at=HOME, birth_date="1981-11-02"),
    ),
    "father and son: born on one day": (
        person("Jan", "Zawadelczak", at=HOME, birth_date="1950-05-14"),
        person("Jan", "Zawadelczak", at=HOME, birth_date="1981-05-14"),
    ),
    "father and son: junior and senior": (
        person("Jan", "Zawadelczak jr", phone=MOBILE, email=MAIL),
        person("Jan", "Zawadelczak sen.", phone=MOBILE, email=MAIL),
    ),
    "twins": (
        person("Ewa", "Gilelek", birth_date="1991-03-02", phone=MOBILE, at=HOME),
        person("Anna", "Gilelek", birth_date="1991-03-02", phone=MOBILE, at=HOME),
    ),
    "twins: names that look alike": (
        person("Marta", "Gilelek", birth_date="1991-03-02", phone=MOBILE, at=HOME),
        person("Maria", "Gilelek", birth_date="1991-03-02", phone=MOBILE, at=HOME),
    ),
    "twins: names that nobody knows": (
        person("Brunhild", "Gilelek", birth_date="1991-03-02", at=HOME),
        person("Xymena", "Gilelek", birth_date="1991-03-02", at=HOME),
    ),
    "spouses: phone, e-mail and address shared": (
        person("Jan", "Nowak", email="nowakowie@wp.pl", phone=MOBILE, at=HOME),
        person("Maria", "Nowak", email="nowakowie@wp.pl", phone=MOBILE, at=HOME),
    ),
    "spouses: names that look alike": (
        person("Jan", "Zawadelczak", email="dom@wp.pl", phone=MOBILE),
        person("Janina", "Zawadelczak", email="dom@wp.pl", phone=MOBILE),
    ),
    "spouses: names that nobody knows": (
        person("Brunhild", "Zawadelczak", email="dom@wp.pl", phone=MOBILE, at=HOME),
        person("Thorwald", "Zawadelczak", email="dom@wp.pl", phone=MOBILE, at=HOME),
    ),
    "gendered surname: Jan Kowalski and Janina Kowalska": (
        person("Jan", "Kowalski", phone=LANDLINE, at=HOME),
        person("Janina", "Kowalska", phone=LANDLINE, at=HOME),
    ),
    "gendered surname: two initials at one address": (
        person("A.", "Kowalski", at=HOME),
        person("A.", "Kowalska", at=HOME),
    ),
}

NAMES_APART: Pairs = {
    "diminutive: Ela, of two names": (
        person("Elżbieta", "Gilelek", phone=MOBILE),
        person("Eleonora", "Gilelek", phone=MOBILE),
    ),
    "diminutive: Maria is not Marianna": (
        person("Maria", "Gilelek", email="dom@wp.pl"),
        person("Marianna", "Gilelek", email="dom@wp.pl"),
    ),
    "diacritics: names that differ in more": (
        person("Żaneta", "Gilelek", phone=LANDLINE, at=HOME),
        person("Zenobia", "Gilelek", phone=LANDLINE, at=HOME),
    ),
    "double-barrelled surname: a part and a town in common": (
        person("Anna", "Gilelek-Lis", at=("Długa 5", "90-001", "Łódź")),
        person("Anna", "Wrona-Lis", at=("Krótka 7", "92-318", "Łódź")),
    ),
    "changed surname: nothing but the given name in common": (
        person("Justyna", "Wegulas", at=HOME),
        person("Justyna", "Łabanecka", at=HOME_AGAIN),
    ),
    "swapped name fields: two people, one town": (
        person("Tomasz", "Marek", at=("Długa 5", "90-001", "Łódź")),
        person("Marek", "Tomasz", at=("Krótka 7", "92-318", "Łódź")),
    ),
    "full name in one field: spouses": (
        named("Jan Gilelek", phone=MOBILE),
        named("Gilelek Maria", phone=MOBILE),
    ),
    "Cyrillic: Марія and Марина": (
        person("Марія", "Бондарук", phone=MOBILE),
        person("Maryna", "Bondaruk", phone=MOBILE),
    ),
    "titles: nothing else in common": (
        named("dr inż. Jan Gilelek", at=HOME),
        named("dr inż. Piotr Starulicki", at=HOME),
    ),
    "namesakes: one town": (
        person("Jan", "Nowak", at=("Długa 5", "90-001", "Łódź")),
        person("Jan", "Nowak", at=("Krótka 7", "92-318", "Łódź")),
    ),
    "namesakes: one company, two mailboxes": (
        person("Jan", "Nowak", email="jan.nowak@meblex.pl", organization="Meblex"),
        person("Jan", "Nowak", email="jan.nowak2@meblex.pl", organization="Meblex"),
    ),
    "namesakes: one company and its switchboard": (
        person("Jan", "Nowak", email="j.nowak@meblex.pl", organization="Meblex", phone=LANDLINE),
        person("Jan", "Nowak", email="nowak@meblex.pl", organization="Meblex", phone=LANDLINE),
    ),
    "namesakes: two employers": (
        person("Ewa", "Nowak", organization="Meblex", ids=NIP),
        person("Ewa", "Nowak", organization="Stalpol", ids=OTHER_NIP),
    ),
    "namesakes: one mailbox name at two providers": (
        person("Jan", "Nowak", email="jan.nowak@wp.pl"),
        person("Jan", "Nowak", email="jan.nowak@o2.pl"),
    ),
}

REACH_APART: Pairs = {
    "recycled phone": (
        person("Ewa", "Gilelek", phone=MOBILE),
        person("Marek", "Starulicki", phone=MOBILE),
    ),
    "recycled phone: one given name": (
        person("Ewa", "Gilelek", phone=MOBILE, at=HOME),
        person("Ewa", "Starulicka", phone=MOBILE, at=ELSEWHERE),
    ),
    "company mailbox: nothing else": (
        person(None, None, email="biuro@meblex.pl"),
        person(None, None, email="biuro@meblex.pl"),
    ),
    "company mailbox: two people": (
        person("Ewa", "Gilelek", email="biuro@meblex.pl"),
        person("Ewelina", "Starulicka", email="biuro@meblex.pl"),
    ),
    "company mailbox: one common name": (
        person("Jan", "Nowak", email="biuro@meblex.pl"),
        person("Jan", "Nowak", email="biuro@meblex.pl"),
    ),
    "placeholders: one common name": (
        person("Jan", "Nowak", **NOBODY),
        person("Jan", "Nowak", **NOBODY),
    ),
    "placeholders: no name": (
        person("brak", "brak", **NOBODY),
        person("brak", "nieznane", **NOBODY),
    ),
    "e-mail alias: another number is another mailbox": (
        person("Anna", "Nowak", email="anna7@wp.pl"),
        person("Anna", "Nowak", email="anna8@wp.pl"),
    ),
    "e-mail alias: dots count at most hosts": (
        person("Anna", "Nowak", email="an.na@wp.pl", at=HOME),
        person("Anna", "Nowak", email="anna@wp.pl", at=ELSEWHERE),
    ),
}

FACTS_APART: Pairs = {
    "an employer's NIP and one common name": (
        person("Jan", "Nowak", organization="Meblex", ids=NIP),
        person("Jan", "Nowak", organization="Meblex", ids=NIP),
    ),
    "a common name and one birth date": (
        person("Jan", "Nowak", birth_date="1970-05-14"),
        person("Jan", "Nowak", birth_date="1970-05-14"),
    ),
    "two PESELs": (
        person("Jan", "Nowak", email=MAIL, ids=PESEL),
        person("Jan", "Nowak", email=MAIL, ids=OTHER_PESEL),
    ),
    "company forms: one name, two NIPs": (
        company("Meblex Sp. z o.o.", phone=LANDLINE, ids=NIP),
        company("Meblex S.A.", phone=LANDLINE, ids=OTHER_NIP),
    ),
    "company forms: nothing else in common": (
        company("Meblex Sp. z o.o.", at=HOME),
        company("Stalpol Sp. z o.o.", at=HOME),
    ),
    "a company and its sole owner": (
        company("Jan Nowak", phone=MOBILE, email=MAIL, ids=NIP),
        person("Jan", "Nowak", phone=MOBILE, email=MAIL, ids=NIP),
    ),
    "two companies with one phone": (
        company("Meblex", phone=LANDLINE),
        company("Kancelaria Wrona", phone=LANDLINE),
    ),
}

APART = FAMILY_APART | NAMES_APART | REACH_APART | FACTS_APART

ASKED = (
    "father and son: one name, one address",
    "father and son: in one firm",
    "father and son: two birth dates",
    "father and son: junior and senior",
    "company mailbox: one common name",
    "two PESELs",
    "an employer's NIP and one common name",
    "a common name and one birth date",
)
NOT_ASKED = (
    "namesakes: one town",
    "recycled phone",
    "company mailbox: nothing else",
    "company mailbox: two people",
    "placeholders: no name",
    "titles: nothing else in common",
    "company forms: nothing else in common",
    "a company and its sole owner",
)
