"""How Mailchimp says no: problems by their titles, as short codes."""

from dataclasses import replace

from chalicelib.connectors.api import Reply
from chalicelib.connectors.connector import Result

_REASONS = {
    "Member In Compliance State": "compliance",
    "Member Exists": "exists",
    "Forgotten Email Not Subscribed": "forgotten",
}


def judged(reply: Reply) -> Result:
    """A failure, by the title of Mailchimp's problem where we know it."""
    title = reply.json.get("title") if isinstance(reply.json, dict) else None
    found = reply.result()
    return replace(found, reason=_REASONS.get(str(title), found.reason))


def gone(reply: Reply) -> Result:
    """What is not there any more is as it should be."""
    return Result("done") if reply.ok or reply.status == 404 else judged(reply)
