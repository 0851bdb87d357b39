"""Every kind of request that our connector sends, against SendGrid's own documents."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.connectors.connector import Op
from tests.connectors.rig_sendgrid import sendgrid
from tests.connectors.rigs import ID, Rig
from tests.contract.test_sendgrid_requests import of

pytestmark = pytest.mark.where_obtainable
EMAIL = "ewa@example.org"
EWA = {
    "email": EMAIL,
    "first_name": "Ewa",
    "status": "unsubscribed",
    "custom_fields": {"Size": "4"},
}
KINDS = {
    "PUT /v3/marketing/contacts",
    "DELETE /v3/marketing/contacts",
    "GET /v3/marketing/contacts/{id}",
    "GET /v3/marketing/contacts/count",
    "GET /v3/marketing/contacts/imports/{id}",
    "POST /v3/marketing/contacts/batch",
    "POST /v3/marketing/contacts/search/emails",
    "POST /v3/marketing/contacts/search/identifiers/{identifier_type}",
    "DELETE /v3/marketing/contacts/{contact_id}/identifiers",
    "DELETE /v3/marketing/lists/{id}/contacts",
    "GET /v3/marketing/lists",
    "POST /v3/marketing/lists",
    "GET /v3/marketing/field_definitions",
    "GET /v3/suppression/unsubscribes",
    "GET /v3/suppression/spam_reports",
    "GET /v3/asm/suppressions",
    "GET /v3/asm/suppressions/{email}",
    "GET /v3/asm/suppressions/global/{email}",
    "POST /v3/asm/suppressions/global",
    "POST /v3/asm/groups/{group_id}/suppressions",
}


def op(remote: str = "", **more: Any) -> Op:
    return Op("upsert", ID, "m", {**EWA, **more}, remote, lookup=(EMAIL,))


def played(grouped: bool) -> Rig:
    """A life in which everything is asked for that we ever ask."""
    rig = sendgrid()
    rig.standin.add_field("Size")
    rig.options = {"list": rig.standin.add_list("News")}
    if grouped:
        rig.options["group"] = str(rig.standin.suppressions.new_group("News"))
    connector = rig.connector()
    connector.find(op())
    (begun,) = connector.push([op()])
    rig.settle()
    remote = connector.settle(begun.job).remote
    connector.read(op(remote))
    connector.fetch([remote])
    for on in (True, False):
        connector.push([replace(op(remote), lists={"spring": on})])
        rig.settle()
    connector.push([op(remote, email="ewa@new.example")])
    cursor, more = None, True
    while more:
        page = connector.poll(cursor)
        cursor, more = page.cursor, page.more
    for removal in connector.caps.removals:
        connector.push([Op("remove", ID, "m", {}, remote, removal=removal)])
    assert connector.health("m").status == "done" and rig.standin.broken == []
    return rig


def test_every_kind_of_request_is_as_the_documents_say() -> None:
    calls = [*played(False).standin.calls, *played(True).standin.calls]
    seen = set()
    for called in calls:
        spec = of(called.path)
        found = spec.operation(called)
        assert found and (called.path, spec.faults(called)) == (called.path, [])
        seen.add(f"{called.method} {found.template}")
    assert seen == KINDS
