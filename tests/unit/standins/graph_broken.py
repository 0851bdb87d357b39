"""Requests that Microsoft Graph would not take."""

from typing import Any

from .asking import renewal

CONTACTS = "/v1.0/me/contacts"
DELTA = "/v1.0/me/contactFolders/contacts/contacts/delta"
SUBSCRIPTION = {
    "changeType": "created,updated,deleted",
    "notificationUrl": "https://kartoteka.example/v1/hooks/outlook",
    "lifecycleNotificationUrl": "https://kartoteka.example/v1/hooks/outlook-life",
    "resource": "me/contacts",
    "expirationDateTime": "2026-11-25T12:00:00Z",
    "clientState": "state-1",
}
GET_ONE = {"id": "1", "method": "GET", "url": "/me/contacts"}


def subscription(**changed: Any) -> dict[str, Any]:
    """One with other values; None leaves a property out."""
    given = {**SUBSCRIPTION, **changed}
    return {name: value for name, value in given.items() if value is not None}


def batch(*requests: dict[str, Any]) -> dict[str, Any]:
    """The body of a batch."""
    return {"requests": list(requests)}


BROKEN: list[tuple[str, str, Any]] = [
    ("GET", "/v1.0/me/contact", None),
    ("GET", "/me/contacts", None),
    ("PUT", f"{CONTACTS}/AAMk0001=", {"givenName": "Anna"}),
    ("GET", f"{CONTACTS}?top=5", None),
    ("GET", f"{CONTACTS}?$top=0", None),
    ("GET", f"{CONTACTS}?$top=1001", None),
    ("GET", f"{CONTACTS}?$select=firstName", None),
    ("GET", f"{CONTACTS}?$filter=emailAddresses/address%20eq%20'a@example.com'", None),
    ("GET", f"{CONTACTS}?$expand=singleValueExtendedProperties", None),
    ("GET", f"{DELTA}?$deltatoken=a&$select=id", None),
    ("GET", f"{DELTA}?$filter=surname%20eq%20'Lis'", None),
    ("GET", f"{DELTA}?token=a", None),
    ("POST", CONTACTS, None),
    ("POST", CONTACTS, {}),
    ("POST", CONTACTS, {"firstName": "Anna"}),
    ("POST", CONTACTS, {"id": "AAMk0009=", "givenName": "Anna"}),
    ("POST", CONTACTS, {"givenName": ["Anna"]}),
    ("POST", CONTACTS, {"mobilePhone": 601000111}),
    ("POST", CONTACTS, {"businessPhones": "+48601000111"}),
    ("POST", CONTACTS, {"businessPhones": ["1", "2", "3"]}),
    ("POST", CONTACTS, {"emailAddresses": ["a@example.com"]}),
    ("POST", CONTACTS, {"emailAddresses": [{"email": "a@example.com"}]}),
    ("POST", CONTACTS, {"emailAddresses": [{"address": f"{n}@example.com"} for n in range(4)]}),
    ("POST", CONTACTS, {"birthday": "1980-02-29"}),
    ("POST", CONTACTS, {"homeAddress": {"country": "PL"}}),
    ("POST", CONTACTS, {"categories": "klient"}),
    ("POST", CONTACTS, {"singleValueExtendedProperties": [{"id": "kartoteka", "value": "c1"}]}),
    ("PATCH", f"{CONTACTS}/AAMk0001=", {"changeKey": "key-1"}),
    ("PATCH", f"{CONTACTS}/AAMk0001=", {"emailAddresses": None}),
    ("DELETE", f"{CONTACTS}/AAMk0001=?permanent=true", None),
    ("POST", "/v1.0/subscriptions", subscription(changeType="create")),
    ("POST", "/v1.0/subscriptions", subscription(changeType=["created"])),
    ("POST", "/v1.0/subscriptions", subscription(notificationUrl="http://kartoteka.example/")),
    ("POST", "/v1.0/subscriptions", subscription(notificationUrl=None)),
    ("POST", "/v1.0/subscriptions", subscription(expirationDateTime=None)),
    ("POST", "/v1.0/subscriptions", subscription(expirationDateTime="2026-11-25")),
    ("POST", "/v1.0/subscriptions", subscription(resource="https://graph.microsoft.com/v1.0/me")),
    ("POST", "/v1.0/subscriptions", subscription(clientState="x" * 129)),
    ("POST", "/v1.0/subscriptions", subscription(secret="x")),
    ("PATCH", "/v1.0/subscriptions/1", {"clientState": "x"}),
    ("POST", "/v1.0/$batch", batch()),
    ("POST", "/v1.0/$batch", batch(*[{**GET_ONE, "id": str(n)} for n in range(21)])),
    ("POST", "/v1.0/$batch", batch(GET_ONE, GET_ONE)),
    ("POST", "/v1.0/$batch", batch({**GET_ONE, "id": 1})),
    ("POST", "/v1.0/$batch", batch({**GET_ONE, "url": "https://graph.microsoft.com/v1.0/me"})),
    ("POST", "/v1.0/$batch", batch({**GET_ONE, "method": "POST", "body": {"givenName": "Ewa"}})),
    ("POST", "/v1.0/$batch", batch({**GET_ONE, "dependsOn": ["2"]})),
    ("POST", "/common/oauth2/v2.0/token", renewal(refresh_token="")),
    ("POST", "/common/oauth2/v2.0/token", renewal(resource="https://graph.microsoft.com")),
]
