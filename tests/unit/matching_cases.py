"""The cases that decide, each a named pair of records: what must come of them for a user.

`SAME` are joined by the machine. `FOUND` are at least put to a person. `APART` are never
joined; of these `ASKED` are put to a person, and `CONTRADICTED` say what forbids it.
"""

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

MAIL = "jan.nowak@wp.pl"
PESEL, OTHER_PESEL = {"pesel": "44051401359"}, {"pesel": "02070803628"}
NIP, OTHER_NIP = {"nip": "5261040828"}, {"nip": "7740001454"}
NOBODY = {"email": "test@test.pl", "phone": "+48000000000", "birth_date": "1900-01-01"}
YULIIA = person("Юлія", "Шевченко", phone=MOBILE)

NAMES_SAME: Pairs = {
    "diminutive: one phone": (
        person("Katarzyna", "Zawadelczak", phone=MOBILE),
        person("Kasia", "Zawadelczak", phone=MOBILE),
    ),
    "diminutive: two of one name": (
        person("Kasia", "Zawadelczak", phone=MOBILE),
        person("Kaśka", "Zawadelczak", phone=MOBILE),
    ),
    "diminutive: one birth date": (
        person("Piotr", "Zawadelczak", birth_date="1970-05-14"),
        person("Piotrek", "Zawadelczak", birth_date="1970-05-14"),
    ),
    "diacritics: lost with the case of letters": (
        person("Łucja", "Wójcik-Żak", phone=MOBILE),
        person("LUCJA", "WOJCIK ZAK", phone=MOBILE),
    ),
    "diacritics: an umlaut written out": (
        person("Jürgen", "Müller", email="jm@gmx.de"),
        person("Juergen", "Mueller", email="jm@gmx.de"),
    ),
    "double-barrelled surname: one e-mail": (
        person("Justyna", "Wegulas", email="jw@wp.pl"),
        person("Justyna", "Wegulas-Łabanecka", email="jw@wp.pl"),
    ),
    "double-barrelled surname: in the other order, without the hyphen": (
        person("Justyna", "Wegulas-Łabanecka", phone=MOBILE),
        person("Justyna", "Łabanecka Wegulas", phone=MOBILE),
    ),
    "changed surname: e-mail and phone kept": (
        person("Justyna", "Wegulas", email="jw@wp.pl", phone=MOBILE),
        person("Justyna", "Łabanecka", email="jw@wp.pl", phone=MOBILE),
    ),
    "changed surname: one PESEL": (
        person("Anna", "Gilelek", ids=PESEL),
        person("Anna", "Starulicka", ids=PESEL),
    ),
    "gendered surname: Anna Kowalski and Anna Kowalska, one e-mail": (
        person("Anna", "Kowalski", email="ak@wp.pl"),
        person("Anna", "Kowalska", email="ak@wp.pl"),
    ),
    "gendered surname: Czech, one e-mail": (
        person("Jana", "Nováková", email="jn@seznam.cz"),
        person("Jana", "Novák", email="jn@seznam.cz"),
    ),
    "swapped name fields: known names": (
        person("Andreas", "Schmidt", email="as@wp.pl"),
        person("Schmidt", "Andreas", email="as@wp.pl"),
    ),
    "swapped name fields: unknown names": (
        person("Xymena", "Brzdąc", email="xb@wp.pl"),
        person("Brzdąc", "Xymena", email="xb@wp.pl"),
    ),
    "full name in one field: the given name first": (
        named("Marek Gilelek", phone=MOBILE),
        person("Marek", "Gilelek", phone=MOBILE),
    ),
    "full name in one field: the surname first": (
        named("Gilelek Marek", phone=MOBILE),
        named("Gilelek, Marek", phone=MOBILE),
    ),
    "full name in one field: in the field for the given name": (
        person("Marek Gilelek", None, phone=MOBILE),
        person("Marek", "Gilelek", phone=MOBILE),
    ),
    "full name in one field: in the field for the surname": (
        person(None, "Marek Gilelek", phone=MOBILE),
        person("Marek", "Gilelek", phone=MOBILE),
    ),
    "full name in one field: beside both": (
        {**person("Marek", "Gilelek", phone=MOBILE), "full_name": "Marek Gilelek"},
        named("M. Gilelek", phone=MOBILE, email="marek.gilelek@wp.pl")
        | {"given_name": "Marek", "family_name": "Gilelek"},
    ),
    "Cyrillic: Mariia": (
        person("Марія", "Бондарук", phone=MOBILE),
        person("Mariia", "Bondaruk", phone=MOBILE),
    ),
    "Cyrillic: Yuliia Shevchenko": (YULIIA, person("Yuliia", "Shevchenko", phone=MOBILE)),
    "titles: in one field": (
        named("mgr inż. Marek Gilelek", phone=MOBILE),
        person("Marek", "Gilelek", phone=MOBILE),
    ),
    "titles: in the field for the given name": (
        person("dr hab. Anna", "Gilelek", phone=MOBILE),
        person("Pani Anna", "Gilelek", phone=MOBILE),
    ),
}

REACH_SAME: Pairs = {
    "one e-mail and one common name": (
        person("Jan", "Nowak", email=MAIL),
        person("Jan", "Nowak", email=MAIL, phone=MOBILE),
    ),
    "one phone and one common name": (
        person("Jan", "Nowak", phone=MOBILE),
        person("Jan", "Nowak", phone=MOBILE, email=MAIL),
    ),
    "one e-mail and one name, another phone": (
        person("Jan", "Nowak", email=MAIL, phone=MOBILE),
        person("Jan", "Nowak", email=MAIL, phone=OTHER_MOBILE),
    ),
    "e-mail alias: Gmail's dots and tags": (
        person("Jan", "Nowak", email="jan.nowak+sklep@gmail.com"),
        person("Jan", "Nowak", email="jannowak@googlemail.com"),
    ),
    "e-mail alias: a tag elsewhere": (
        person("Jan", "Nowak", email="jan.nowak+sklep@meblex.pl"),
        person("Jan", "Nowak", email="jan.nowak@meblex.pl"),
    ),
    "placeholders beside one real e-mail": (
        person("Jan", "Nowak", **{**NOBODY, "email": MAIL}),
        person("Jan", "Nowak", email=MAIL, phone=MOBILE, birth_date="1970-05-14"),
    ),
    "moved house: e-mail and phone kept": (
        person("Jan", "Nowak", email=MAIL, phone=MOBILE, at=HOME),
        person("Jan", "Nowak", email=MAIL, phone=MOBILE, at=ELSEWHERE),
    ),
}

FACTS_SAME: Pairs = {
    "one PESEL and one name": (
        person("Jan", "Nowak", ids=PESEL),
        person("Jan", "Nowak", ids=PESEL, at=HOME),
    ),
    "a national id, slips in name and date": (
        person("mikayla", "malloney", birth_date="1986-02-08", ids={"ssn": "7207688"}, at=HOME),
        person("mikalya", "maloney", birth_date="1986-08-02", ids={"ssn": "7207688"}, at=HOME),
    ),
    "two employers: one phone": (
        person("Ewa", "Gilelek", phone=MOBILE, organization="Meblex", ids=NIP),
        person("Ewa", "Gilelek", phone=MOBILE, organization="Stalpol S.A.", ids=OTHER_NIP),
    ),
    "two employers: one private e-mail": (
        person("Ewa", "Gilelek", email="ewa.gilelek@wp.pl", organization="Meblex"),
        person("Ewa", "Gilelek", email="ewa.gilelek@wp.pl", organization="Stalpol S.A."),
    ),
    "the sole owner told twice": (
        person("Jan", "Zawadelczak", phone=MOBILE, organization="Jan Zawadelczak", ids=NIP),
        person("Jan", "Zawadelczak", phone=MOBILE, ids=NIP),
    ),
    "company forms: one NIP": (
        company("Meblex Sp. z o.o.", ids=NIP),
        company("MEBLEX", ids=NIP, at=ELSEWHERE),
    ),
    "company forms: written out, one NIP": (
        company("Meblex spółka z ograniczoną odpowiedzialnością", ids=NIP),
        company("Przedsiębiorstwo Meblex sp. z o. o.", ids=NIP),
    ),
    "one NIP, a branch's REGON": (
        company("Meblex", ids={"regon": "012345678", **NIP}),
        company("Meblex", ids={"regon": "01234567800012", **NIP}),
    ),
    "one NIP, with and without PL": (
        company("Meblex", ids={"nip": "PL5261040828"}),
        company("Meblex", ids=NIP),
    ),
}

SAME = NAMES_SAME | REACH_SAME | FACTS_SAME

FOUND: Pairs = {
    "Cyrillic: Julia Szewczenko": (YULIIA, person("Julia", "Szewczenko", phone=MOBILE)),
    "Cyrillic: Julija Ševčenko": (YULIIA, person("Julija", "Ševčenko", phone=MOBILE)),
    "Cyrillic: Yulia Schewtschenko": (YULIIA, person("Yulia", "Schewtschenko", phone=MOBILE)),
    "Cyrillic: Oleksandr and Aleksander": (
        person("Олександр", "Коваленко", phone=MOBILE),
        person("Aleksander", "Kowalenko", phone=MOBILE),
    ),
    "gendered surname: Czech, one phone": (
        person("Jana", "Svobodová", phone=MOBILE),
        person("Jana", "Svoboda", phone=MOBILE),
    ),
    "changed surname: one phone and one birth date": (
        person("Justyna", "Wegulas", phone=MOBILE, birth_date="1984-03-02"),
        person("Justyna", "Łabanecka", phone=MOBILE, birth_date="1984-03-02"),
    ),
    "changed surname: one phone and one address": (
        person("Justyna", "Wegulas", phone=MOBILE, at=HOME),
        person("Justyna", "Łabanecka", phone=MOBILE, at=HOME_AGAIN),
    ),
    "an e-mail without a name on one side": (
        person(None, None, email=MAIL),
        person("Jan", "Nowak", email=MAIL),
    ),
    "one NIP, two branches": (
        company("Meblex", ids={"regon": "01234567800012", **NIP}, at=HOME),
        company("Meblex", ids={"regon": "01234567800029", **NIP}, at=ELSEWHERE),
    ),
    "one NIP, two branches of their own names": (
        company("Meblex Oddział Łódź", ids=NIP, at=HOME),
        company("Meblex Oddział Kraków", ids=NIP, at=ELSEWHERE),
    ),
    "one company's name and phone": (
        company("Meblex Sp. z o.o.", phone=LANDLINE),
        company("MEBLEX", phone=LANDLINE),
    ),
}
