"""The operations on one contact, on all, and the search."""

from ..base import Replied
from ..common.vendor import Asked, Vendor
from .answers import denied, error, missing
from .searching import FARTHEST, Index
from .store import SHOWN, Contact, Contacts, Denied


class OneContact:
    """Reads and writes of single records; `vendor` notes what no client should send."""

    def __init__(self, vendor: Vendor, contacts: Contacts, index: Index) -> None:
        self.vendor, self.contacts, self.index = vendor, contacts, index

    def get(self, asked: Asked) -> Replied:
        """By id (a merged one leads on) or a unique property."""
        self.check_key(asked, asked.query.get("idProperty"))
        names = asked.query.get("properties", ",".join(SHOWN)).split(",")
        return Replied(200, self._found(asked).shown(names))

    def post(self, asked: Asked) -> Replied:
        """Made, or 409 with the id of the one that has the address."""
        written = asked.body["properties"]
        self.check_names(asked, written)
        try:
            return Replied(201, self.contacts.create(written, "app").shown([*SHOWN, *written]))
        except Denied as why:
            raise denied(why) from None

    def patch(self, asked: Asked) -> Replied:
        """What is named is overwritten."""
        self.check_key(asked, asked.query.get("idProperty"))
        written = asked.body["properties"]
        self.check_names(asked, written)
        contact = self._found(asked)
        try:
            return Replied(200, self.contacts.update(contact, written, "app").shown([*written]))
        except Denied as why:
            raise denied(why) from None

    def delete(self, asked: Asked) -> Replied:
        """Into the archive; also answered so where there is none."""
        contact = self.contacts.find(asked.args["id"], None)
        if contact:
            self.contacts.archive(contact, "app")
        return Replied(204)

    def page(self, asked: Asked) -> Replied:
        """By id, `after` the last one of the page before."""
        after = asked.query.get("after", "0")
        if not after.isdigit():
            self.vendor.refuse(asked, "after is not a cursor that was given")
            return error(400, "VALIDATION_ERROR", "Invalid paging cursor")
        archived = asked.query.get("archived") == "true"
        held = [c for c in self.contacts.all.values() if (c.archived is not None) == archived]
        rest = sorted((c for c in held if int(c.id) > int(after)), key=lambda c: int(c.id))
        limit = int(asked.query.get("limit", "10"))
        names = asked.query.get("properties", ",".join(SHOWN)).split(",")
        body = {"results": [contact.shown(names) for contact in rest[:limit]]}
        return Replied(200, body | _paging(rest[limit - 1].id if len(rest) > limit else None))

    def search(self, asked: Asked) -> Replied:
        """In the index; never farther than ten thousand."""
        body = asked.body
        start, limit = int(body.get("after") or 0), body.get("limit", 10)
        if start + limit > FARTHEST:
            return error(400, "VALIDATION_ERROR", "There was a problem with the request.")
        self.check_filters(asked)
        found = self.index.search(
            body["filterGroups"], body.get("query", ""), body.get("sorts", [])
        )
        names = body.get("properties") or SHOWN
        answer = {
            "total": len(found),
            "results": [contact.shown(names) for contact in found[start : start + limit]],
        }
        more = str(start + limit) if len(found) > start + limit else None
        return Replied(200, answer | _paging(more))

    def merge(self, asked: Asked) -> Replied:
        """The answer has the NEW id."""
        ids = (asked.body["primaryObjectId"], asked.body["objectIdToMerge"])
        primary, second = (self.contacts.find(id, None) for id in ids)
        if primary is None or second is None:
            raise missing(ids[0] if primary is None else ids[1])
        if primary is second:
            return error(400, "VALIDATION_ERROR", "Cannot merge an object into itself")
        return Replied(200, self.contacts.merge(primary, second, "app").shown(SHOWN))

    def erase(self, asked: Asked) -> Replied:
        """By privacy's demand; an address that nobody has is blocked."""
        by, id = asked.body.get("idProperty"), asked.body["objectId"]
        self.check_key(asked, by)
        contact = self.contacts.find(id, by)
        if contact:
            self.contacts.erase(contact, "app")
        elif by == "email":
            self.contacts.blocked.add(id.strip().lower())
        return Replied(204)

    def check_names(self, asked: Asked, properties: dict[str, str]) -> None:
        """One unknown or read-only name, and the whole request fails."""
        unknown = self.contacts.unknown(properties)
        if unknown:
            self.vendor.refuse(asked, f"no such property, or read-only: {', '.join(unknown)}")
            raise denied(Denied("VALIDATION_ERROR", "Property values were not valid"))

    def check_key(self, asked: Asked, by: str | None) -> None:
        """Only a unique property tells one record."""
        if by not in (None, "hs_object_id", "email", *self.contacts.unique):
            self.vendor.refuse(asked, f"{by} is not a unique property")
            raise denied(Denied("VALIDATION_ERROR", f"{by} is not a unique property"))

    def check_filters(self, asked: Asked) -> None:
        """Eighteen filters in all; of properties that there are."""
        filters = [f for group in asked.body["filterGroups"] for f in group["filters"]]
        kept = ("hs_object_id", "createdate", "lastmodifieddate", "hs_email_optout")
        unknown = self.contacts.unknown({f["propertyName"]: "" for f in filters})
        wrong = [name for name in unknown if name not in kept]
        if len(filters) > 18 or wrong:
            self.vendor.refuse(asked, f"too many filters, or of no property: {wrong}")
            raise denied(Denied("VALIDATION_ERROR", "There was a problem with the request."))

    def _found(self, asked: Asked) -> Contact:
        id = asked.args["id"]
        contact = self.contacts.find(id, asked.query.get("idProperty"))
        if contact is None and asked.query.get("archived") == "true":
            contact = self.contacts.by_id(id)
        if contact is None:
            raise missing(id)
        return contact


def _paging(after: str | None) -> dict[str, object]:
    return {"paging": {"next": {"after": after}}} if after else {}
