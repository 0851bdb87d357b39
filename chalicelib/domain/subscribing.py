"""That a partner shall call us, and how that stands: the row that is kept of its subscription.

No secret stands in it. The URL that the partner is given names the number of the source's
secret: so the list of those that stand there tells which one proves itself by which.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.domain import times
from chalicelib.domain.hooks import Fate, Subscription
from chalicelib.domain.model import Entity
from chalicelib.domain.sources import Source

LOOK = timedelta(days=1)
PAST = 10  # URLs of before: a run that began before the change may still have used one
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)

Settled = Literal["", "on", "off"]
State = Literal["none", "asked", "active", "off", "failing", "ending"]

STATES: Mapping[Settled, State] = {"": "asked", "on": "active", "off": "off"}


class Subscribed(Entity):
    """`url` is what shall be called since a person asked for it (`wanted`); `past` are those of
    before, whose subscriptions may still stand there, the latest first.

    `id`, `expires` and `secret` (the number) are of the one that was known to stand when it was
    `seen` last. `settled` says what all there is in line with: `on`, one stands; `off`, none
    does; empty: nobody knows. `look_at` is when to look again, `renew_at` when to renew.
    """

    url: str = ""
    wanted: bool = False
    past: tuple[str, ...] = ()
    settled: Settled = ""
    id: str = ""
    expires: str = ""
    secret: int = 0
    seen: str = ""
    look_at: str = ""
    renew_at: str = ""
    error: str = ""
    failed_at: str = ""
    failures: int = 0
    rev: int = 0

    @property
    def state(self) -> State:
        """For people."""
        if self.failures:
            return "failing" if self.wanted else "ending"
        if self.wanted:
            return STATES[self.settled]
        return "ending" if self.url and not self.settled else "none"

    def shall_stand(self, source: Source) -> bool:
        """Whether one shall stand there: the calls of a disabled source are refused."""
        return self.wanted and source.enabled

    def is_due(self, source: Source, now: datetime) -> bool:
        """Whether to look there now; who failed is left alone for a while."""
        stands, at = self.shall_stand(source), times.text(now)
        if not self.url:
            return False
        if self.failures:
            return self.look_at <= at
        astray = self.settled != ("on" if stands else "off")
        return astray or (stands and (self.secret != source.secret or self.look_at <= at))

    def called(self, number: int) -> str:
        """The URL that the partner is given, for the secret of this number."""
        return f"{self.url}?number={number}"

    def is_ours(self, subscription: Subscription) -> bool:
        """Whether it was made here, now or before."""
        return subscription.url.partition("?")[0] in (self.url, *self.past)

    def asked(self, url: str) -> "Subscribed":
        """A person wants this URL to be called."""
        past = [each for each in (self.url, *self.past) if each not in ("", url)]
        news = {"past": tuple(dict.fromkeys(past))[:PAST], "settled": "", "failures": 0}
        return self._with(url=url, wanted=True, **news)

    def given_up(self) -> "Subscribed":
        """A person wants no calls any more."""
        return self._with(wanted=False, settled="", failures=0)

    def befallen(self, fate: Fate, now: datetime) -> "Subscribed":
        """The partner said something of it; of one that is not ours any more it means nothing."""
        at = times.text(now)
        if fate.subscription != self.id or not self.id:
            return self
        if fate.kind == "gone":
            return self._with(id="", expires="", settled="", look_at=at)
        return self._with(look_at=at, renew_at=at) if fate.kind == "renew" else self

    def is_missing(self, there: list[Subscription]) -> bool:
        """Whether none is known that has stood there up to now: so calls may have been lost."""
        return self.id not in {each.id for each in there}

    def must_renew(self, subscription: Subscription, now: datetime) -> bool:
        """Whether half of its life is over."""
        return subscription.id == self.id and "" < self.renew_at <= times.text(now)

    def holding(self, held: Subscription | None, number: int, now: datetime) -> "Subscribed":
        """This one stands there, and nothing else of ours does."""
        expires = times.text(held.expires_at) if held and held.expires_at else ""
        renew_at = self._renewal(held, now)
        return self._with(
            id=held.id if held else "",
            expires=expires,
            secret=number,
            seen=times.text(now) if held else self.seen,
            renew_at=renew_at,
            look_at=min(renew_at or "~", times.text(now + LOOK)),
            settled="on" if held else "off",
            error="",
            failed_at="",
            failures=0,
        )

    def _renewal(self, held: Subscription | None, now: datetime) -> str:
        if held is None or held.expires_at is None:
            return ""
        if held.id == self.id and self.renew_at > times.text(now):
            return self.renew_at
        return times.text(now + max((held.expires_at - now) / 2, FIRST_WAIT))

    def failed(self, reason: str, asked: timedelta, now: datetime) -> "Subscribed":
        """The partner could not be asked, or said no; `asked` is how long it wants to be left."""
        wait = max(asked, min(FIRST_WAIT * 2 ** min(self.failures, 10), LONGEST_WAIT))
        more, then, at = self.failures + 1, times.text(now + wait), times.text(now)
        return self._with(error=reason, failed_at=at, failures=more, look_at=then)

    def _with(self, **news: object) -> "Subscribed":
        return self.model_copy(update=news)
