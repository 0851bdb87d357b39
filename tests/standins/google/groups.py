"""Contact groups, the labels of Google Contacts: listed and created; members are in the persons.

Unchecked: that names differ whatever their case. Absent: sync tokens, change, deletion, members.
"""

from typing import Any

from ..base import Replied
from ..common.vendor import Asked, Refused
from .answers import error
from .fields import MY_CONTACTS
from .store import Contacts

_SYSTEM = (MY_CONTACTS, "contactGroups/starred")


class Groups:
    """Those of one user."""

    def __init__(self, contacts: Contacts) -> None:
        self._contacts = contacts

    def listed(self, asked: Asked) -> Replied:
        """A page of them; its token is where the next one begins."""
        size = int(asked.query.get("pageSize", 0)) or 30
        begin = int(asked.query.get("pageToken", 0))
        told = [_told(*each) for each in self._contacts.groups.items()]
        more = {"nextPageToken": str(begin + size)} if begin + size < len(told) else {}
        page = {"contactGroups": told[begin : begin + size], "totalItems": len(told)}
        return Replied(200, page | more)

    def create(self, asked: Asked) -> Replied:
        """Their names are unique."""
        label = asked.body["contactGroup"]["name"].strip()
        if label.lower() in {each.lower() for each in self._contacts.groups.values()}:
            raise Refused(error(409, "Contact group name already exists.", "ALREADY_EXISTS"))
        return Replied(200, _told(self._contacts.add_group(label), label))


def _told(name: str, label: str) -> dict[str, Any]:
    kind = "SYSTEM_CONTACT_GROUP" if name in _SYSTEM else "USER_CONTACT_GROUP"
    return {"resourceName": name, "groupType": kind, "name": label, "formattedName": label}
