"""HubSpot's static lists: who is on them."""

from ..base import Replied
from ..common.vendor import Asked
from .answers import missing
from .store import Contacts, stamp


class Lists:
    """Members by the id of a contact; a merged one counts by its new id, a gone one not."""

    def __init__(self, contacts: Contacts, lists: tuple[str, ...]) -> None:
        self.contacts = contacts
        self.members: dict[str, set[str]] = {id: set() for id in lists}

    def add(self, asked: Asked) -> Replied:
        """Ids that are missing are named, and do not stop the others."""
        return self._change(asked, asked.body, [])

    def remove(self, asked: Asked) -> Replied:
        """Likewise."""
        return self._change(asked, [], asked.body)

    def change(self, asked: Asked) -> Replied:
        """Both at once."""
        return self._change(asked, asked.body["recordIdsToAdd"], asked.body["recordIdsToRemove"])

    def get(self, asked: Asked) -> Replied:
        """A page of members, by id."""
        after, limit = int(asked.query.get("after", "0")), int(asked.query.get("limit", "100"))
        ids = sorted(int(id) for id in self._of(asked) if int(id) > after)
        at = stamp(self.contacts.now())
        page = [{"recordId": str(id), "membershipTimestamp": at} for id in ids[:limit]]
        paging = {"paging": {"next": {"after": str(ids[limit - 1])}}} if len(ids) > limit else {}
        return Replied(200, {"results": page, **paging})

    def _change(self, asked: Asked, add: list[str], remove: list[str]) -> Replied:
        members = self._of(asked)
        found = {id: self.contacts.find(id, None) for id in add}
        added = {contact.id for contact in found.values() if contact} - members
        removed = set(remove) & members
        self.members[asked.args["list"]] = (members | added) - removed
        return Replied(
            200,
            {
                "recordsIdsAdded": sorted(added),
                "recordIdsRemoved": sorted(removed),
                "recordIdsMissing": sorted(id for id, contact in found.items() if contact is None),
            },
        )

    def _of(self, asked: Asked) -> set[str]:
        if asked.args["list"] not in self.members:
            raise missing(asked.args["list"])
        found = (self.contacts.find(id, None) for id in self.members[asked.args["list"]])
        return {contact.id for contact in found if contact}
