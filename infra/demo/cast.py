"""The people with a part of their own: the heroine, and those who are easily mixed up."""

from infra.demo.party import Party

CUSTOMER, SUPPLIER = ("customer",), ("supplier",)

HEROINE = Party(
    "heroine",
    told_by=("crm", "shop", "erp", "mailing", "phonebook"),
    roles=("customer", "supplier", "subscriber"),
    given="Katarzyna",
    called="Kasia",
    family="Zając",
    organization="Pracownia Tapicerska Zając",
    job_title="właścicielka",
    email="katarzyna.zajac@poczta.example.com",
    phone="601248163",
    street="ul. Garbarska 7",
    town="Kraków",
    postal_code="31-131",
    born="1984-11-21",
)
# What the shop says of her in the end: she has moved.
HEROINE_MOVES = {
    "addresses": [{"street": "ul. Krupówki 12", "postal_code": "34-500", "city": "Zakopane"}]
}

FATHER_AND_SON = (
    Party(
        "father",
        ("crm", "shop"),
        CUSTOMER,
        "Jan",
        "Janek",
        "Wilk",
        email="jan.wilk@poczta.example.com",
        phone="225551951",
        street="ul. Bukowa 3",
        town="Warszawa",
        postal_code="02-101",
        born="1951-03-04",
    ),
    Party(
        "son",
        ("crm", "shop"),
        CUSTOMER,
        "Jan",
        "Janek",
        "Wilk",
        email="janek@wilk.example.net",
        phone="225551951",
        street="ul. Bukowa 3",
        town="Warszawa",
        postal_code="02-101",
        born="1979-08-21",
    ),
)
HOUSEHOLD = tuple(
    Party(
        given,
        ("crm", "shop", "mailing"),
        ("customer", "subscriber"),
        given,
        called,
        family,
        email="zawadzcy@dom.example.org",
        phone="585554321",
        street="ul. Lipowa 18",
        town="Gdańsk",
        postal_code="80-235",
    )
    for given, called, family in (("Ewa", "Ewka", "Zawadzka"), ("Adam", "Adaś", "Zawadzki"))
)
TWINS = tuple(
    Party(
        given,
        ("crm", "shop"),
        CUSTOMER,
        given,
        called,
        "Lis",
        email=f"{called.lower()}@lis.example.net",
        phone="713339900",
        street="ul. Polna 40",
        town="Wrocław",
        postal_code="50-012",
        born="2001-05-30",
    )
    for given, called in (("Maria", "Marysia"), ("Marta", "Martusia"))
)
NAMESAKES = tuple(
    Party(
        f"Anna Nowak {born}",
        ("crm", "shop", "mailing"),
        ("customer", "subscriber"),
        "Anna",
        "Ania",
        "Nowak",
        email=email,
        phone=phone,
        street=street,
        town="Poznań",
        postal_code="60-105",
        born=born,
    )
    for born, email, phone, street in (
        ("1968-02-11", "anna.nowak@poczta.example.com", "602118402", "ul. Długa 2"),
        ("1991-09-30", "ania91@skrzynka.example.org", "691300777", "ul. Krótka 60"),
    )
)
# One name and one house, nothing else: nobody can tell from the records whether they are one.
UNDER_ONE_ROOF = (
    Party(
        "Stefan Kos, crm",
        ("crm",),
        CUSTOMER,
        "Stefan",
        "Stefek",
        "Kos",
        email="stefan.kos@poczta.example.com",
        street="ul. Źródlana 5",
        town="Toruń",
        postal_code="87-100",
    ),
    Party(
        "Stefan Kos, shop",
        ("shop",),
        CUSTOMER,
        "Stefan",
        "Stefek",
        "Kos",
        email="kos@stolarz.example.net",
        phone="508771234",
        street="ul. Źródlana 5",
        town="Toruń",
        postal_code="87-100",
    ),
)
SISTER_COMPANIES = tuple(
    Party(
        organization,
        ("crm", "erp"),
        SUPPLIER,
        organization=organization,
        email="biuro@wierzba.example.com",
        phone="158330011",
        street="ul. Leśna 1",
        town="Rzeszów",
        postal_code="35-001",
        nip=number,
    )
    for organization, number in (
        ("Tartak Wierzba sp. z o.o.", "8130000014"),
        ("Tartak Wierzba Transport sp. z o.o.", "8130000020"),
    )
)
ONE_OFFICE = tuple(
    Party(
        given,
        ("erp", "phonebook"),
        SUPPLIER,
        given,
        called,
        family,
        organization="Okucia Mosiądz S.A.",
        job_title="handlowiec",
        email="biuro@mosiadz.example.com",
        phone="324445566",
        town="Katowice",
        postal_code="40-004",
    )
    for given, called, family in (("Halina", "Halinka", "Mazur"), ("Roman", "Romek", "Dudek"))
)

# None of a group is another one of it.
TRAPS = (
    FATHER_AND_SON,
    HOUSEHOLD,
    TWINS,
    NAMESAKES,
    UNDER_ONE_ROOF,
    SISTER_COMPANIES,
    ONE_OFFICE,
)
