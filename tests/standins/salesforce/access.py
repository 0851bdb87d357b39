"""Salesforce's sessions and its requests of a day."""

from base64 import b64encode
from datetime import datetime, timedelta
from itertools import count

from ..base import Now, Replied
from ..common.limits import Rolling
from ..common.vendor import Asked, Refused
from .answers import error


class Access:
    """Client credentials give a session; it ends after `life` without a call."""

    def __init__(self, now: Now, client: tuple[str, str], life: timedelta, instance: str) -> None:
        self.now, self.client, self.life, self.instance = now, client, life, instance
        self.basic = "Basic " + b64encode(":".join(client).encode()).decode()
        self.sessions: dict[str, datetime] = {}
        self._made = count(1)

    def token(self, asked: Asked) -> Replied:
        """A session: no refresh token, and no word of when it ends."""
        form = asked.body
        given = (form.get("client_id"), form.get("client_secret"))
        if given != self.client and asked.called.headers.get("authorization") != self.basic:
            said = {"error": "invalid_client", "error_description": "invalid client credentials"}
            return Replied(400, said)
        made = f"00Dorg!session-{next(self._made)}"
        self.sessions[made] = self.now() + self.life
        return Replied(
            200,
            {
                "access_token": made,
                "instance_url": self.instance,
                "id": f"{self.instance}/id/00Dorg/005app",
                "token_type": "Bearer",
                "issued_at": str(int(self.now().timestamp() * 1000)),
                "signature": "signature",
                "scope": "api",
            },
        )

    def check(self, asked: Asked) -> None:
        """Raises `Refused` with 401; a call keeps the session alive."""
        kind, _, token = asked.called.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or self.sessions.get(token, self.now()) <= self.now():
            raise Refused(error(401, "INVALID_SESSION_ID", "Session expired or invalid"))
        self.sessions[token] = self.now() + self.life


class Limits:
    """So many requests in any twenty-four hours."""

    def __init__(self, now: Now, day: int) -> None:
        self.now, self.day = now, Rolling(day, timedelta(hours=24))

    def take(self) -> dict[str, str]:
        """One call: the header of its answer; raises `Refused` with 403."""
        if not self.day.take(self.now()):
            message = "TotalRequests Limit exceeded."
            raise Refused(error(403, "REQUEST_LIMIT_EXCEEDED", message))
        used = self.day.limit - self.day.left(self.now())
        return {"Sforce-Limit-Info": f"api-usage={used}/{self.day.limit}"}
