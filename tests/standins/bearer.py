"""Access tokens with a life on the handed-in clock, and the token endpoint that renews them."""

from datetime import datetime, timedelta
from itertools import count

from .base import Called, Now, Replied
from .common.vendor import Asked, Vendor, Work


class Bearer:
    """The grant of one user to one client, or the client's own (RFC 6749, section 4.4).

    `rotates`: every renewal answers a new refresh token. `old_lives`: the ones before it still
    serve, as Microsoft says of its own; False is for a vendor that takes them away.
    """

    def __init__(
        self, now: Now, life: timedelta, rotates: bool = False, old_lives: bool = True
    ) -> None:
        self.client, self.secret = "client-1", "secret-1"
        self.refresh = "refresh-1"
        self._now, self._life, self._rotates, self._old_lives = now, life, rotates, old_lives
        self._numbers, self._refreshes = count(1), count(2)
        self._access: dict[str, datetime] = {}
        self._refreshing = {self.refresh}

    def issue(self, of_app: bool = False) -> str:
        """A fresh access token: the user's, or the app's own."""
        token = f"{'app' if of_app else 'access'}-{next(self._numbers)}"
        self._access[token] = self._now() + self._life
        return token

    def expire(self) -> None:
        """All access tokens are too old; the refresh token still serves."""
        self._access = dict.fromkeys(self._access, self._now())

    def revoke(self) -> None:
        """The user takes the grant back."""
        self._access, self._refreshing = {}, set()

    def admits(self, called: Called) -> bool:
        """Whether the call carries a token that lives."""
        kind, _, token = called.headers.get("authorization", "").partition(" ")
        return kind == "Bearer" and self._access.get(token, self._now()) > self._now()

    def is_apps(self, called: Called) -> bool:
        """Whether it comes by the app's own right, for no user."""
        return called.headers.get("authorization", "").startswith("Bearer app-")

    def renewed(self, form: dict[str, str]) -> Replied:
        """The answer of the token endpoint (RFC 6749, sections 5 and 6)."""
        if (form["client_id"], form["client_secret"]) != (self.client, self.secret):
            return Replied(401, {"error": "invalid_client", "error_description": "Unauthorized"})
        if form["grant_type"] == "client_credentials":
            return Replied(200, self._answer(self.issue(of_app=True)))
        if form["refresh_token"] not in self._refreshing:
            told = "Token has been expired or revoked."
            return Replied(400, {"error": "invalid_grant", "error_description": told})
        return Replied(200, self._answer(self.issue()) | self._rotated())

    def _answer(self, token: str) -> dict[str, object]:
        seconds = int(self._life.total_seconds())
        return {"access_token": token, "expires_in": seconds, "token_type": "Bearer"}

    def _rotated(self) -> dict[str, str]:
        if not self._rotates:
            return {}
        self.refresh = f"refresh-{next(self._refreshes)}"
        self._refreshing = {self.refresh, *(self._refreshing if self._old_lives else ())}
        return {"refresh_token": self.refresh}


class Granted(Vendor):
    """A vendor whose operation `token` takes a form, and every other one JSON."""

    grant: Bearer

    def _found(self, called: Called) -> tuple[Asked, Work, list[str]] | None:
        found = super()._found(called)
        if found is None:
            return None
        asked, work, faults = found
        form = "form-urlencoded" in called.headers.get("content-type", "")
        if called.body and form != (asked.operation == "token"):
            return asked, work, [*faults, "body: is of the wrong content type"]
        return found
