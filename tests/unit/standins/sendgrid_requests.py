"""Requests to SendGrid: one of every operation, and broken ones."""

from typing import Any

from tests.standins.sendgrid import SendGrid

Request = tuple[str, str, Any]

KEY = {"Authorization": "Bearer SG.test"}
MC, ASM, KEPT = "/v3/marketing", "/v3/asm", "/v3/suppression"
CONTACTS = f"{MC}/contacts"
# What `prepared` makes, in the order of the account's counter.
CONTACT, LIST, EXPORT, JOB = (f"00000000-0000-4000-8000-{n:012x}" for n in (1, 2, 3, 4))
NOBODY = "00000000-0000-4000-8000-00000000ffff"
ADA = {"email": "ada@example.org", "external_id": "k1"}


def prepared(sendgrid: SendGrid) -> SendGrid:
    """One of each thing: requests of the tables below speak of them."""
    sendgrid.create(**ADA)
    sendgrid.add_list("News")
    sendgrid.add_field("Town")
    sendgrid.suppressions.new_group("Offers")
    sendgrid.unsubscribe("bob@example.org")
    sendgrid.unsubscribe("bob@example.org", group=10_001)
    sendgrid.bounce("eva@example.org")
    sendgrid.report("jan@example.org")
    return sendgrid


VALID: list[Request] = [
    ("POST", f"{CONTACTS}/exports", {"list_ids": [LIST], "file_type": "json"}),
    ("GET", f"{CONTACTS}/exports/{EXPORT}", None),
    (
        "PUT",
        CONTACTS,
        {
            "list_ids": [LIST],
            "contacts": [
                {
                    **ADA,
                    "first_name": "Ada",
                    "alternate_emails": ["a@example.org"],
                    "custom_fields": {"w1_T": "Brno"},
                }
            ],
        },
    ),
    ("GET", f"{CONTACTS}/imports/{JOB}", None),
    ("GET", CONTACTS, None),
    ("GET", f"{CONTACTS}/count", None),
    ("GET", f"{CONTACTS}/{CONTACT}", None),
    ("POST", f"{CONTACTS}/batch", {"ids": [CONTACT]}),
    ("POST", f"{CONTACTS}/search/emails", {"emails": ["ADA@example.org", "x@example.org", ""]}),
    ("POST", f"{CONTACTS}/search/identifiers/external_id", {"identifiers": ["k1"]}),
    (
        "DELETE",
        f"{CONTACTS}/{CONTACT}/identifiers",
        {"identifier_type": "EMAIL", "identifier_value": "ada@example.org"},
    ),
    ("POST", f"{MC}/lists", {"name": "Offers"}),
    ("GET", f"{MC}/lists?page_size=1", None),
    ("GET", f"{MC}/lists/{LIST}", None),
    ("GET", f"{MC}/lists/{LIST}/contacts/count", None),
    ("DELETE", f"{MC}/lists/{LIST}/contacts?contact_ids={CONTACT}", None),
    ("DELETE", f"{MC}/lists/{LIST}", None),
    ("POST", f"{MC}/field_definitions", {"name": "Size", "field_type": "Number"}),
    ("GET", f"{MC}/field_definitions", None),
    ("GET", f"{KEPT}/unsubscribes?start_time=1&limit=500&offset=0&email=bob", None),
    ("GET", f"{KEPT}/bounces?end_time=1&limit=2", None),
    ("GET", f"{KEPT}/spam_reports", None),
    ("DELETE", f"{KEPT}/bounces/eva%40example.org", None),
    ("POST", f"{ASM}/suppressions/global", {"recipient_emails": ["x@example.org"]}),
    ("GET", f"{ASM}/suppressions/global/bob@example.org", None),
    ("DELETE", f"{ASM}/suppressions/global/bob@example.org", None),
    ("GET", f"{ASM}/suppressions", None),
    ("GET", f"{ASM}/suppressions/bob@example.org", None),
    ("GET", f"{ASM}/groups", None),
    ("GET", f"{ASM}/groups/10001/suppressions", None),
    ("POST", f"{ASM}/groups/10001/suppressions", {"recipient_emails": ["x@example.org"]}),
    ("DELETE", f"{ASM}/groups/10001/suppressions/bob@example.org", None),
    ("DELETE", f"{CONTACTS}?ids={CONTACT}", None),
]


def upserting(**fields: Any) -> Request:
    """One contact."""
    return "PUT", CONTACTS, {"contacts": [{**ADA, **fields}]}


# What the document's schemas can tell as well.
BROKEN: list[Request] = [
    ("GET", f"{MC}/contact", None),
    ("POST", CONTACTS, {"contacts": [ADA]}),
    ("PATCH", f"{CONTACTS}/{CONTACT}", {"first_name": "Ada"}),
    ("PUT", CONTACTS, None),
    ("PUT", CONTACTS, {"contacts": []}),
    ("PUT", CONTACTS, {"contacts": ADA}),
    ("PUT", CONTACTS, {"contacts": [ADA], "list_id": [LIST]}),
    ("PUT", CONTACTS, {"contacts": [ADA], "list_ids": ["News"]}),
    ("PUT", CONTACTS, {"contacts": [{"external_id": f"k{at}"} for at in range(30_001)]}),
    upserting(firstname="Ada"),
    upserting(id=CONTACT),
    upserting(phone_number="+420601000111"),
    upserting(first_name=None),
    upserting(first_name="A" * 51),
    upserting(email="a" * 243 + "@example.org"),
    upserting(alternate_emails="a@example.org"),
    upserting(alternate_emails=[f"a{at}@example.org" for at in range(6)]),
    upserting(custom_fields=["w1_T"]),
    ("DELETE", f"{CONTACTS}?id={CONTACT}", None),
    ("POST", f"{CONTACTS}/batch", {"ids": [CONTACT] * 101}),
    ("POST", f"{CONTACTS}/search/emails", {"email": "ada@example.org"}),
    ("POST", f"{CONTACTS}/search/identifiers/id", {"identifiers": ["k1"]}),
    ("POST", f"{CONTACTS}/exports", {"file_type": "xml"}),
    (
        "DELETE",
        f"{CONTACTS}/{CONTACT}/identifiers",
        {"identifier_type": "email", "identifier_value": "ada@example.org"},
    ),
    ("POST", f"{MC}/lists", {"name": ""}),
    ("GET", f"{MC}/lists?page_size=1001", None),
    ("DELETE", f"{MC}/lists/{LIST}/contacts", None),
    ("POST", f"{MC}/field_definitions", {"name": "Size", "field_type": "Bool"}),
    ("GET", f"{KEPT}/unsubscribes?limit=501", None),
    ("GET", f"{KEPT}/unsubscribes?start_time=today", None),
    ("GET", f"{KEPT}/unsubscribes?since=1", None),
    ("POST", f"{ASM}/suppressions/global", {"emails": ["x@example.org"]}),
]

# What only its words tell.
BROKEN_BY_WORDS: list[Request] = [
    ("PUT", CONTACTS, {"contacts": [{"first_name": "Ada"}]}),
    upserting(email="ada"),
    upserting(custom_fields={"Town": "Brno"}),
    upserting(custom_fields={"w1_T": 7}),
    ("DELETE", CONTACTS, None),
    ("DELETE", f"{CONTACTS}?delete_all_contacts=yes", None),
    ("POST", f"{CONTACTS}/search/emails", {"emails": [f"a{n}@example.org" for n in range(101)]}),
    ("POST", f"{CONTACTS}/search/emails", {"emails": ["ada"]}),
]
