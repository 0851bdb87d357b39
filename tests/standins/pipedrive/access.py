"""Pipedrive's keys, and what each call costs of the day's budget."""

import math
from base64 import b64encode
from datetime import datetime, timedelta
from itertools import count

from ..base import Now, Replied
from ..common.limits import Daily, Rolling
from ..common.vendor import Asked, Refused
from .persons import error

LIFE = timedelta(hours=1)
# What an operation costs, in tokens; those of webhooks are unchecked.
COSTS = {
    "persons.get": 1,
    "persons.list": 10,
    "persons.post": 5,
    "persons.patch": 5,
    "persons.delete": 3,
    "persons.search": 20,
    "organizations.get": 1,
    "organizations.post": 5,
    "webhooks.list": 10,
    "webhooks.post": 5,
    "webhooks.delete": 3,
}


class Access:
    """A user's API token, or OAuth: each refresh gives a new access token and refresh token."""

    def __init__(self, now: Now, token: str, client: tuple[str, str], refresh: str) -> None:
        self.now, self.refresh = now, refresh
        self.api_token = token
        self.basic = "Basic " + b64encode(":".join(client).encode()).decode()
        self.tokens: dict[str, datetime] = {}
        self._made = count(1)

    def token(self, asked: Asked) -> Replied:
        """The refresh token may stay or change: take the one in the answer."""
        if asked.called.headers.get("authorization") != self.basic:
            return Replied(401, {"success": False, "error": "invalid_client"})
        if asked.body["refresh_token"] != self.refresh:
            return Replied(400, {"success": False, "error": "invalid_grant"})
        number = next(self._made)
        self.refresh, made = f"refresh-{number + 1}", f"access-{number}"
        self.tokens[made] = self.now() + LIFE
        return Replied(
            200,
            {
                "access_token": made,
                "token_type": "Bearer",
                "refresh_token": self.refresh,
                "scope": "contacts:full",
                "expires_in": int(LIFE.total_seconds()) - 1,
                "api_domain": "https://kartoteka.pipedrive.com",
            },
        )

    def expire(self) -> None:
        """Every token dies; the API token too, as if a user had made a new one."""
        self.tokens, self.api_token = {}, ""

    def check(self, asked: Asked) -> None:
        """Raises `Refused` with 401."""
        headers = asked.called.headers
        kind, _, token = headers.get("authorization", "").partition(" ")
        bearer = kind == "Bearer" and self.tokens.get(token, self.now()) > self.now()
        if not bearer and (not self.api_token or headers.get("x-api-token") != self.api_token):
            body = {"success": False, "error": "unauthorized access", "errorCode": 401}
            raise Refused(Replied(401, body))


class Limits:
    """Tokens of the day for the company, requests in two seconds for the user."""

    def __init__(self, now: Now, day: int, two_seconds: int) -> None:
        self.now = now
        self.day = Daily(day)
        self.burst = Rolling(two_seconds, timedelta(seconds=2))

    def take(self, operation: str) -> dict[str, str]:
        """One call: the headers of its answer; raises `Refused` with 429."""
        now, cost = self.now(), COSTS[operation]
        if self.day.left(now) < cost or not self.burst.take(now):
            raise Refused(Replied(429, self.spent().body, self.headers()))
        self.day.take(now, cost)
        return self.headers()

    def headers(self) -> dict[str, str]:
        """What is left, and in how many seconds the window is whole again."""
        now = self.now()
        return {
            "x-ratelimit-limit": str(self.burst.limit),
            "x-ratelimit-remaining": str(self.burst.left(now)),
            "x-ratelimit-reset": str(math.ceil(self.burst.reset(now).total_seconds())),
            "x-daily-ratelimit-token-limit": str(self.day.limit),
            "x-daily-ratelimit-token-remaining": str(self.day.left(now)),
        }

    @staticmethod
    def spent() -> Replied:
        """One and the same answer for the window and the day: the headers tell them apart."""
        return error(429, "Too many requests", "ERR_RATE_LIMIT")
