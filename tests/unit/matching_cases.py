"""The cases that decide, for and against, each a named pair of records."""

from tests.unit.matching_people import (
    ELSEWHERE,
    HOME,
    HOME_AGAIN,
    LANDLINE,
    MOBILE,
    company,
    named,
    person,
)

MAIL = "jan.nowak@wp.pl"
PESEL, OTHER_PESEL = {"pesel": "44051401359"}, {"pesel": "02070803628"}
NIP, OTHER_NIP = {"nip": "5261040828"}, {"nip": "7740001454"}

SAME = {
    "one e-mail and one common name": (
        person("Jan", "Nowak", email=MAIL),
        person("Jan", "Nowak", email=MAIL, phone=MOBILE),
    ),
    "one phone and one common name": (
        person("Jan", "Nowak", phone=MOBILE),
        person("Jan", "Nowak", phone=MOBILE, email=MAIL),
    ),
    "one phone and a diminutive": (
        person("Katarzyna", "Zawadelczak", phone=MOBILE),
        person("Kasia", "Zawadelczak", phone=MOBILE),
    ),
    "one phone and diacritics lost": (
        person("Łucja", "Wójcik-Żak", phone=MOBILE),
        person("LUCJA", "WOJCIK ZAK", phone=MOBILE),
    ),
    "one e-mail, swapped name fields": (
        person("Andreas", "Schmidt", email="as@wp.pl"),
        person("Schmidt", "Andreas", email="as@wp.pl"),
    ),
    "one e-mail, swapped unknown names": (
        person("Xymena", "Brzdąc", email="xb@wp.pl"),
        person("Brzdąc", "Xymena", email="xb@wp.pl"),
    ),
    "one phone, the name in one field with a title": (
        named("mgr inż. Marek Gilelek", phone=MOBILE),
        person("Marek", "Gilelek", phone=MOBILE),
    ),
    "one phone, the family name first": (
        named("Gilelek Marek", phone=MOBILE),
        named("Gilelek, Marek", phone=MOBILE),
    ),
    "one phone, Cyrillic and its transliteration": (
        person("Марія", "Бондарук", phone=MOBILE),
        person("Mariia", "Bondaruk", phone=MOBILE),
    ),
    "a changed surname with the same e-mail and phone": (
        person("Justyna", "Wegulas", email="jw@wp.pl", phone=MOBILE),
        person("Justyna", "Łabanecka", email="jw@wp.pl", phone=MOBILE),
    ),
    "a double-barrelled surname with the same e-mail": (
        person("Justyna", "Wegulas", email="jw@wp.pl"),
        person("Justyna", "Wegulas-Łabanecka", email="jw@wp.pl"),
    ),
    "Gmail's dots and tags": (
        person("Jan", "Nowak", email="jan.nowak+sklep@gmail.com"),
        person("Jan", "Nowak", email="jannowak@googlemail.com"),
    ),
    "one PESEL and one name": (
        person("Jan", "Nowak", ids=PESEL),
        person("Jan", "Nowak", ids=PESEL, at=HOME),
    ),
    "one PESEL, the surname changed": (
        person("Anna", "Gilelek", ids=PESEL),
        person("Anna", "Starulicka", ids=PESEL),
    ),
    "a national id, slips in name and date": (
        person("mikayla", "malloney", birth_date="1986-02-08", ids={"ssn": "7207688"}, at=HOME),
        person("mikalya", "maloney", birth_date="1986-08-02", ids={"ssn": "7207688"}, at=HOME),
    ),
    "a rare name and one birth date": (
        person("Piotr", "Zawadelczak", birth_date="1970-05-14"),
        person("Piotrek", "Zawadelczak", birth_date="1970-05-14"),
    ),
    "one person with two employers": (
        person("Ewa", "Gilelek", phone=MOBILE, organization="Meblex", ids=NIP),
        person("Ewa", "Gilelek", phone=MOBILE, organization="Stalpol S.A.", ids=OTHER_NIP),
    ),
    "one company's number and name": (
        company("Meblex Sp. z o.o.", ids=NIP),
        company("MEBLEX", ids=NIP, at=ELSEWHERE),
    ),
    "one company's number with a branch's REGON": (
        company("Meblex", ids={"regon": "012345678", **NIP}),
        company("Meblex", ids={"regon": "01234567800012", **NIP}),
    ),
}

NOT_SAME = {
    "spouses that share phone, e-mail and address": (
        person("Jan", "Nowak", email="nowakowie@wp.pl", phone=MOBILE, at=HOME),
        person("Maria", "Nowak", email="nowakowie@wp.pl", phone=MOBILE, at=HOME),
    ),
    "spouses whose names look alike": (
        person("Jan", "Zawadelczak", email="dom@wp.pl", phone=MOBILE),
        person("Janina", "Zawadelczak", email="dom@wp.pl", phone=MOBILE),
    ),
    "father and son of one name at one address": (
        person("Jan", "Zawadelczak", at=HOME),
        person("Jan", "Zawadelczak", at=HOME_AGAIN),
    ),
    "father and son in one firm": (
        person("Jan", "Zawadelczak", at=HOME, organization="Meblex", email="biuro@meblex.pl"),
        person("Jan", "Zawadelczak", at=HOME, organization="Meblex", email="biuro@meblex.pl"),
    ),
    "father and son with two birth dates": (
        person("Jan", "Zawadelczak", phone=MOBILE, at=HOME, birth_date="1950-05-14"),
        person("Jan", "Zawadelczak", phone=MOBILE, at=HOME, birth_date="1981-11-02"),
    ),
    "junior and senior": (
        person("Jan", "Zawadelczak jr", phone=MOBILE, email=MAIL),
        person("Jan", "Zawadelczak sen.", phone=MOBILE, email=MAIL),
    ),
    "twins": (
        person("Ewa", "Gilelek", birth_date="1991-03-02", phone=MOBILE, at=HOME),
        person("Anna", "Gilelek", birth_date="1991-03-02", phone=MOBILE, at=HOME),
    ),
    "namesakes in one town": (
        person("Jan", "Nowak", at=("Długa 5", "90-001", "Łódź")),
        person("Jan", "Nowak", at=("Krótka 7", "92-318", "Łódź")),
    ),
    "namesakes in one company": (
        person("Jan", "Nowak", email="jan.nowak@meblex.pl", organization="Meblex"),
        person("Jan", "Nowak", email="jan.nowak2@meblex.pl", organization="Meblex"),
    ),
    "a recycled phone": (
        person("Ewa", "Gilelek", phone=MOBILE),
        person("Marek", "Starulicki", phone=MOBILE),
    ),
    "Kowalski and Kowalska": (
        person("A.", "Kowalski", at=HOME),
        person("A.", "Kowalska", at=HOME),
    ),
    "a company's mailbox and nothing else": (
        person(None, None, email="biuro@meblex.pl"),
        person(None, None, email="biuro@meblex.pl"),
    ),
    "a company's mailbox and two people": (
        person("Ewa", "Gilelek", email="biuro@meblex.pl"),
        person("Ewelina", "Starulicka", email="biuro@meblex.pl"),
    ),
    "a company's mailbox and one common name": (
        person("Jan", "Nowak", email="biuro@meblex.pl"),
        person("Jan", "Nowak", email="biuro@meblex.pl"),
    ),
    "placeholders": (
        person("Jan", "Nowak", email="test@test.pl", phone="+48000000000", birth_date="1900-01-01"),
        person("Jan", "Nowak", email="test@test.pl", phone="+48000000000", birth_date="1900-01-01"),
    ),
    "an employer's NIP and one common name": (
        person("Jan", "Nowak", organization="Meblex", ids=NIP),
        person("Jan", "Nowak", organization="Meblex", ids=NIP),
    ),
    "two PESELs": (
        person("Jan", "Nowak", email=MAIL, ids=PESEL),
        person("Jan", "Nowak", email=MAIL, ids=OTHER_PESEL),
    ),
    "two companies of one name": (
        company("Meblex", phone=LANDLINE, ids=NIP),
        company("Meblex", phone=LANDLINE, ids=OTHER_NIP),
    ),
    "a company and its sole owner": (
        company("Jan Nowak", phone=MOBILE, email=MAIL, ids=NIP),
        person("Jan", "Nowak", phone=MOBILE, email=MAIL, ids=NIP),
    ),
    "one mailbox name at two providers": (
        person("Jan", "Nowak", email="jan.nowak@wp.pl"),
        person("Jan", "Nowak", email="jan.nowak@o2.pl"),
    ),
    "a common name and one birth date": (
        person("Jan", "Nowak", birth_date="1970-05-14"),
        person("Jan", "Nowak", birth_date="1970-05-14"),
    ),
    "an e-mail without a name on one side": (
        person(None, None, email=MAIL),
        person("Jan", "Nowak", email=MAIL),
    ),
}

UNSURE = (
    "father and son of one name at one address",
    "father and son in one firm",
    "father and son with two birth dates",
    "junior and senior",
    "two PESELs",
    "a company's mailbox and one common name",
    "an employer's NIP and one common name",
    "a common name and one birth date",
    "an e-mail without a name on one side",
)

CONTRADICTED = {
    "spouses that share phone, e-mail and address": ("given_name",),
    "spouses whose names look alike": ("given_name",),
    "father and son with two birth dates": ("birth_date",),
    "junior and senior": ("generation",),
    "twins": ("given_name",),
    "two PESELs": ("pesel",),
    "two companies of one name": ("nip",),
    "a company and its sole owner": ("kind",),
}

NOT_CONTRADICTED = {
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
