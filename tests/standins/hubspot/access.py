"""HubSpot's keys (a private app's token, or OAuth with a refresh token) and its limits."""

from datetime import datetime, timedelta
from itertools import count

from ..base import Now, Replied
from ..common.limits import Daily, Rolling
from ..common.vendor import Asked, Refused
from .answers import error

LIFE = timedelta(minutes=30)


class Access:
    """`token` never ages; those of the token endpoint live half an hour."""

    def __init__(self, now: Now, token: str, client: tuple[str, str], refresh: str) -> None:
        self.now, self.client, self.refresh = now, client, refresh
        self.tokens: dict[str, datetime | None] = {token: None}
        self._made = count(1)

    def token(self, asked: Asked) -> Replied:
        """A new access token; the refresh token stays."""
        form = asked.body
        if (form["client_id"], form["client_secret"]) != self.client:
            return error(400, "BAD_CLIENT_ID", "missing or invalid client id or secret")
        if form["refresh_token"] != self.refresh:
            return error(400, "BAD_REFRESH_TOKEN", "missing or invalid refresh token")
        made = f"oauth-{next(self._made)}"
        self.tokens[made] = self.now() + LIFE
        answer = {"token_type": "bearer", "access_token": made, "refresh_token": self.refresh}
        return Replied(200, {**answer, "expires_in": int(LIFE.total_seconds())})

    def expire(self) -> None:
        """All tokens are dead at once, also a private app's (it was rotated)."""
        self.tokens = dict.fromkeys(self.tokens, datetime.min.replace(tzinfo=self.now().tzinfo))

    def check(self, asked: Asked) -> None:
        """Raises `Refused` with 401."""
        kind, _, token = asked.called.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or token not in self.tokens:
            raise Refused(
                error(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")
            )
        until = self.tokens[token]
        if until is not None and until <= self.now():
            raise Refused(error(401, "EXPIRED_AUTHENTICATION", "The OAuth token used is expired."))


class Limits:
    """Per ten seconds, per day, and the search's own per second."""

    def __init__(self, now: Now, ten_seconds: int, day: int, search: int) -> None:
        self.now = now
        self.burst = Rolling(ten_seconds, timedelta(seconds=10))
        self.day = Daily(day)
        self.search = Rolling(search, timedelta(seconds=1))

    def take(self, searching: bool) -> dict[str, str]:
        """One call: the headers of its answer (a search's has none); raises `Refused` with 429."""
        now = self.now()
        if searching and not self.search.take(now):
            raise Refused(self._reached("secondly", {}))
        if not self.day.take(now):
            raise Refused(self._reached("daily", self.headers()))
        if not self.burst.take(now):
            raise Refused(self._reached("ten_secondly_rolling", self.headers()))
        return {} if searching else self.headers()

    def headers(self) -> dict[str, str]:
        """What is left."""
        now = self.now()
        return {
            "X-HubSpot-RateLimit-Daily": str(self.day.limit),
            "X-HubSpot-RateLimit-Daily-Remaining": str(self.day.left(now)),
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
            "X-HubSpot-RateLimit-Max": str(self.burst.limit),
            "X-HubSpot-RateLimit-Remaining": str(self.burst.left(now)),
        }

    def _reached(self, policy: str, headers: dict[str, str]) -> Replied:
        said = {"errorType": "RATE_LIMIT", "policyName": policy.upper()}
        answer = error(429, "RATE_LIMITS", f"You have reached your {policy} limit.", **said)
        return Replied(429, answer.body, headers)
