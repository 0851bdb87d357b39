"""Requests that the People API would not take."""

from typing import Any

from .asking import renewal

CREATE = ("POST", "/v1/people:createContact")
UPDATE = "/v1/people/c1001:updateContact"
ONE = {"names": [{"givenName": "Anna"}]}
SOURCED = {"metadata": {"sources": [{"type": "CONTACT", "etag": "%etag-1"}]}, **ONE}
BROKEN: list[tuple[str, str, Any]] = [
    ("GET", "/v1/people/me/connection", None),
    ("PUT", "/v1/people/c1001:updateContact", ONE),
    ("POST", "/v1/people/c1001:deleteContact", None),
    ("GET", "/v1/people/me/connections", None),
    ("GET", "/v1/people/me/connections?personFields=name", None),
    ("GET", "/v1/people/me/connections?personFields=names,%20metadata", None),
    ("GET", "/v1/people/me/connections?personFields=names&pageSize=1001", None),
    ("GET", "/v1/people/me/connections?personFields=names&sync_token=a", None),
    ("GET", "/v1/people/me/connections?personFields=names&requestSyncToken=yes", None),
    ("GET", "/v1/people/me/connections?personFields=names&personFields=metadata", None),
    ("GET", "/v1/people/me/connections?personFields=names&sources=CONTACT", None),
    ("GET", "/v1/people/c1001", None),
    ("GET", "/v1/people:batchGet?personFields=names", None),
    ("GET", "/v1/people:batchGet?personFields=names&resourceNames=c1001", None),
    (
        "GET",
        "/v1/people:batchGet?personFields=names" + "&resourceNames=people/c1" * 201,
        None,
    ),
    ("GET", "/v1/people:searchContacts?query=a", None),
    ("GET", "/v1/people:searchContacts?query=a&personFields=names", None),
    (*CREATE, None),
    (*CREATE, {"name": [{"givenName": "Anna"}]}),
    (*CREATE, {"names": {"givenName": "Anna"}}),
    (*CREATE, {"names": [{"firstName": "Anna"}]}),
    (*CREATE, {"names": [{"givenName": 1}]}),
    (*CREATE, {"names": [{"givenName": "Anna"}, {"givenName": "Ewa"}]}),
    (*CREATE, {"birthdays": [{"date": {"year": 2026, "month": 2, "day": 29}}]}),
    (*CREATE, {"birthdays": [{"date": {"year": "1980"}}]}),
    (*CREATE, {"biographies": [{"value": "a", "contentType": "text/plain"}]}),
    (*CREATE, {"nicknames": [{"value": "a", "type": "OTHER"}]}),
    (
        *CREATE,
        {"memberships": [{"contactGroupMembership": {"contactGroupResourceName": "x"}}]},
    ),
    (
        *CREATE,
        {
            "memberships": [
                {"contactGroupMembership": {"contactGroupResourceName": "contactGroups/x"}}
            ]
        },
    ),
    ("PATCH", UPDATE, SOURCED),
    ("PATCH", f"{UPDATE}?updatePersonFields=photos", SOURCED),
    ("PATCH", f"{UPDATE}?updatePersonFields=names", ONE),
    ("PATCH", f"{UPDATE}?updatePersonFields=memberships", SOURCED),
    ("PATCH", f"{UPDATE}?updateMask=names", SOURCED),
    ("DELETE", "/v1/people/c1001:deleteContact?force=true", None),
    ("POST", "/v1/people:batchCreateContacts", {"contacts": [{"contactPerson": ONE}]}),
    ("POST", "/v1/people:batchCreateContacts", {"contacts": [ONE], "readMask": "names"}),
    (
        "POST",
        "/v1/people:batchCreateContacts",
        {"contacts": [{"contactPerson": ONE}] * 201, "readMask": ""},
    ),
    (
        "POST",
        "/v1/people:batchUpdateContacts",
        {"contacts": {"people/c1001": SOURCED}, "readMask": "", "updateMask": ""},
    ),
    (
        "POST",
        "/v1/people:batchUpdateContacts",
        {"contacts": [SOURCED], "readMask": "", "updateMask": "names"},
    ),
    ("POST", "/v1/people:batchDeleteContacts", {"resourceNames": ["people/c1001"] * 501}),
    ("POST", "/v1/people:batchDeleteContacts", {"names": ["people/c1001"]}),
    ("GET", "/v1/contactGroups?groupFields=members", None),
    ("POST", "/v1/contactGroups", {"name": "klient"}),
    ("POST", "/v1/contactGroups", {"contactGroup": {"name": " "}}),
    ("POST", "/token", renewal(refresh_token="")),
    ("POST", "/token", renewal(grant_type="refresh")),
]
