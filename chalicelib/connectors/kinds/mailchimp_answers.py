"""What Mailchimp answers: a member's tags, and its no, by the titles of its problems."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.connectors.api import Reply
from chalicelib.connectors.connector import TAKEN, Result

_REASONS = {
    "Member In Compliance State": "compliance",
    "Member Exists": TAKEN,
    "Forgotten Email Not Subscribed": "forgotten",
}


def judged(reply: Reply) -> Result:
    """A failure, by the title of Mailchimp's problem where we know it."""
    title = reply.json.get("title") if isinstance(reply.json, dict) else None
    found = reply.result()
    return replace(found, reason=_REASONS.get(str(title), found.reason))


def gone(reply: Reply, kept: str = "") -> Result:
    """What is not there any more is as it should be; what is, may be `kept` under its id."""
    if reply.ok:
        return Result("done", remote=kept)
    return Result("done") if reply.status == 404 else judged(reply)


def tags_of(member: Mapping[str, Any]) -> set[str]:
    """Those that are shown."""
    return {tag["name"] for tag in member.get("tags", ())}


def wrong_tags(member: Mapping[str, Any], wanted: Mapping[str, bool]) -> dict[str, bool]:
    """The tags that are not as wanted, as far as is shown: fifty, and how many there are."""
    shown = tags_of(member)
    hidden = member.get("tags_count", 0) > len(shown)
    return {t: on for t, on in wanted.items() if on != (t in shown) or (hidden and not on)}
