"""The operations on members, one and many."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ..base import Replied
from ..common.vendor import Asked, Refused
from .answers import Denied, missing, narrowed, problem
from .hooks import Hooks
from .merging import Field, merged
from .store import Member, Members, exists, hashed

_UNTOLD = ("email_address", "status", "status_if_new", "merge_fields", "tags")


class Writing:
    """What the API and the hands of people both do: it changes a member and tells the hooks."""

    def __init__(self, members: Members, hooks: Hooks, fields: tuple[Field, ...]) -> None:
        self.members, self.hooks, self.fields = members, hooks, fields

    def create(self, email: str, status: str, given: dict[str, Any], by: str, lax: bool) -> Member:
        """Raises `Denied`, and then nothing is kept."""
        merges = merged(self.fields, {}, given.get("merge_fields", {}), lax)
        member = self.members.new(email, status, merges)
        member.tags = list(given.get("tags", []))
        member.more = {name: given[name] for name in given if name not in _UNTOLD}
        if status == "unsubscribed":
            member.left_by = by
        if status == "subscribed":
            self.hooks.about("subscribe", member, by)
        return member

    def update(self, member: Member, given: dict[str, Any], by: str, lax: bool) -> None:
        """Raises `Denied`, and then nothing is changed; what is the same is no change."""
        merges = merged(self.fields, member.merges, given.get("merge_fields", {}), lax)
        more = {**member.more, **{name: given[name] for name in given if name not in _UNTOLD}}
        email = given.get("email_address", member.email)
        if email != member.email:
            self._move(member, email, by)
        if (merges, more) != (member.merges, member.more):
            member.merges, member.more = merges, more
            self.members.touch(member)
            self.hooks.about("profile", member, by)

    def set_status(self, member: Member, status: str, by: str) -> None:
        """And tell of a subscription that begins or ends."""
        if status == member.status:
            return
        self.members.set_status(member, status, by)
        if status == "subscribed":
            self.hooks.about("subscribe", member, by)
        elif status == "unsubscribed":
            self.hooks.about("unsubscribe", member, by, action="unsub", reason="manual")

    def archive(self, member: Member, by: str) -> None:
        """Out of the audience, though not forgotten."""
        member.status = "archived"
        self.members.touch(member)
        self.hooks.about("unsubscribe", member, by, action="delete", reason="manual")

    def set_tag(self, member: Member, name: str, active: bool) -> None:
        """On or off."""
        if active != (name in member.tags):
            member.tags = [each for each in [*member.tags, name] if active or each != name]
            self.members.touch(member)

    def _move(self, member: Member, email: str, by: str) -> None:
        told = {"old_email": member.email, "new_email": email, "new_id": hashed(email)[:10]}
        self.members.move(member, email)
        self.hooks.tell("upemail", by, told)


class OneMember:
    """Under the hash of the address."""

    def __init__(
        self,
        writing: Writing,
        list_id: str,
        archived_is_new: bool,
        refuse: Callable[[Asked, str], None],
    ) -> None:
        self.writing, self.members, self.list_id = writing, writing.members, list_id
        self.archived_is_new, self.refuse = archived_is_new, refuse

    def get(self, asked: Asked) -> Replied:
        """Archived ones too."""
        return self._shown(self._known(asked), asked)

    def add(self, asked: Asked) -> Replied:
        """Refused where there is a member, unless that is archived: then it is back."""
        body, lax = asked.body, is_lax(asked)
        member = self.members.find(body["email_address"])
        if member is None:
            member = self.writing.create(body["email_address"], body["status"], body, "api", lax)
        elif member.status != "archived":
            raise exists(member.email)
        else:
            self.change(member, body, lax)
        return self._shown(member, asked)

    def put(self, asked: Asked) -> Replied:
        """Create with `status_if_new`, or update and leave the status if it is not given."""
        body, lax = asked.body, is_lax(asked)
        member = self.members.find(asked.args["hash"])
        if member is None:
            if asked.args["hash"] not in (hashed(body["email_address"]), body["email_address"]):
                self.refuse(asked, "the hash is not that of the address")
                raise Denied("Invalid Resource", "The hash is not that of the email address.")
            status = body.get("status", body["status_if_new"])
            member = self.writing.create(body["email_address"], status, body, "api", lax)
        else:
            back = member.status == "archived" and self.archived_is_new
            self.change(member, {"status": body["status_if_new"], **body} if back else body, lax)
        return self._shown(member, asked)

    def patch(self, asked: Asked) -> Replied:
        """What is given."""
        member = self._known(asked)
        self.change(member, asked.body, is_lax(asked))
        return self._shown(member, asked)

    def change(self, member: Member, given: dict[str, Any], lax: bool) -> None:
        """By the API; raises `Denied`, and then nothing is changed."""
        if "status" in given and given["status"] != member.status:
            self.members.check_status(member, given["status"])
        self.writing.update(member, given, "api", lax)
        self.writing.set_status(member, given.get("status", member.status), "api")

    def archive(self, asked: Asked) -> Replied:
        """Only a member that is not away already."""
        member = self._known(asked)
        if member.status in ("archived", "cleaned", "pending"):
            said = "This list member cannot be removed. Can not archive a contact that is bounced, "
            return problem(405, "Method Not Allowed", f"{said}pending or archived")
        self.writing.archive(member, "api")
        return Replied(204)

    def forget(self, asked: Asked) -> Replied:
        """For good."""
        self.members.forget(self._known(asked))
        return Replied(204)

    def set_tags(self, asked: Asked) -> Replied:
        """Those that are named; the others stay."""
        member = self._known(asked)
        for tag in asked.body["tags"]:
            self.writing.set_tag(member, tag["name"], tag["status"] == "active")
        return Replied(204)

    def list_tags(self, asked: Asked) -> Replied:
        """A page of one member's."""
        tags = self._known(asked).tagged
        start, size = int(asked.query.get("offset", 0)), int(asked.query.get("count", 10))
        body = {"tags": tags[start : start + size], "total_items": len(tags)}
        return Replied(200, narrowed(body, asked.query))

    def _known(self, asked: Asked) -> Member:
        member = self.members.find(asked.args["hash"])
        if member is None:
            raise Refused(missing())
        return member

    def _shown(self, member: Member, asked: Asked) -> Replied:
        return Replied(200, narrowed(member.shown(self.list_id), asked.query))


class ManyMembers:
    """The poll, and up to five hundred at once."""

    def __init__(self, one: OneMember) -> None:
        self.one, self.writing, self.members = one, one.writing, one.members

    def page(self, asked: Asked) -> Replied:
        """A page by offset over what there is now; archived ones only where asked for."""
        query = asked.query
        found = [each for each in self.members.by_hash.values() if _wanted(each, query)]
        if "sort_field" in query:
            by_change = query["sort_field"] == "last_changed"
            found.sort(key=lambda each: each.changed if by_change else each.opted)
        if query.get("sort_dir") == "DESC":
            found.reverse()
        start, size = int(query.get("offset", 0)), int(query.get("count", 10))
        shown = [each.shown(self.one.list_id) for each in found[start : start + size]]
        body = {"members": shown, "list_id": self.one.list_id, "total_items": len(found)}
        return Replied(200, narrowed(body, query))

    def batch(self, asked: Asked) -> Replied:
        """200 even where every member fails: each error names its address."""
        new: list[Any] = []
        updated: list[Any] = []
        errors: list[dict[str, str]] = []
        for given in asked.body["members"]:
            known = self.members.find(given["email_address"])
            try:
                member = self._write(known, given, asked)
                (updated if known else new).append(member.shown(self.one.list_id))
            except Denied as why:
                errors.append(_failed(given["email_address"], why))
        body: dict[str, Any] = {"new_members": new, "updated_members": updated, "errors": errors}
        counts = {"total_created": len(new), "total_updated": len(updated)}
        return Replied(200, {**body, **counts, "error_count": len(errors)})

    def _write(self, known: Member | None, given: dict[str, Any], asked: Asked) -> Member:
        lax = is_lax(asked)
        if known is None:
            return self.writing.create(given["email_address"], given["status"], given, "api", lax)
        if not asked.body.get("update_existing", False):
            raise exists(known.email)
        self.one.change(known, given, lax)
        stale = set(known.tags) - set(given.get("tags", []))
        for name in stale if asked.body.get("sync_tags") else ():
            self.writing.set_tag(known, name, False)
        for name in given.get("tags", []):
            self.writing.set_tag(known, name, True)
        return known


def is_lax(asked: Asked) -> bool:
    """Whether merge fields that are required may be empty."""
    return asked.query.get("skip_merge_validation") == "true"


def _wanted(member: Member, query: dict[str, str]) -> bool:
    if query.get("status", member.status) != member.status:
        return False
    if "status" not in query and member.status == "archived":
        return False
    changed = member.changed.replace(microsecond=0)
    after = "since_last_changed" not in query or changed > _read(query["since_last_changed"])
    return after and (
        "before_last_changed" not in query or changed < _read(query["before_last_changed"])
    )


def _read(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _failed(email: str, why: Denied) -> dict[str, str]:
    field, said = next(iter(why.errors.items()), ("", ""))
    code = "ERROR_CONTACT_EXISTS" if why.title == "Member Exists" else "ERROR_GENERIC"
    told = {"email_address": email, "error": why.detail, "error_code": code}
    return {**told, "field": field, "field_message": said}
