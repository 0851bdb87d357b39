"""Deliveries: what a target should have of a contact, what it has, and what to send next.

Level-triggered: a row says only *that* something changed (`wanted` is the contact's `rev`);
what is sent is decided when it is sent, from the latest state. Pure.
"""

from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from chalicelib.domain import times
from chalicelib.domain.delivering import LEASE, next_try
from chalicelib.domain.echoes import echoing
from chalicelib.domain.lists import Told, told_of
from chalicelib.domain.model import Entity
from chalicelib.domain.parcels import Parcel

ASK_AGAIN = timedelta(minutes=1)
State = Literal["waiting", "delivered", "failed", "given_up"]


class Delivery(Entity):
    """One (target, contact).

    `present` says whether the target may hold the contact, `sent_version` and `sent_print`
    what it is known to have been sent (empty while that is not known). `message` is the last
    message that was begun: a retry repeats its id; another message at the same version gets
    the next counter. `due` stands only while there is something to do; `again` asks the
    sender at work for another round. `remote` is its id there, where the target gave it one,
    `etag` the version that it had there; `job` names what the target has accepted and not
    done yet. Of a system with a mapping, `has` is the print of each field that it has, and
    `echoes` are the last ones that it was sent: what it says again of those is no news. `own`
    is a contact that the system told of itself, `left` one that it deleted and shall not get
    again. `since` is when what is due first was, `place` the time that it was given where its
    target is called at a limited rate. `run` names the job that marked it, where it was no
    change of the contact: it may wait for what is live. `counted` is the guard's mark: as
    what, and in which run or stretch of time, the push was counted; `enrolled` says whether it
    counts the contact among those that the target has. `asked` names, for each field about
    which a person is asked, the conflict; `flips` are the latest turns of each field there.
    `lists` are those that a push put this id on (None: never on any), `told_lists` what the
    target was told of each. `taken_by` is the contact that has an address there which this one
    would need; `awaited_by` are those that need one of this one's.
    """

    target: str
    contact: str
    rev: int = 0
    wanted: int = 0
    present: bool = False
    sent_version: int = 0
    sent_print: str = ""
    message_version: int = 0
    message_print: str = ""
    message_counter: int = 0
    state: State = "waiting"
    due: str = ""
    leased_until: str = ""
    lease: str = ""
    attempts: int = 0
    first_failed: str = ""
    reason: str = ""
    again: bool = False
    remote: str = ""
    etag: str = ""
    has: dict[str, str] = {}
    echoes: dict[str, tuple[str, ...]] = {}
    asked: dict[str, str] = {}
    flips: dict[str, tuple[str, ...]] = {}
    own: bool = False
    left: bool = False
    job: str = ""
    since: str = ""
    place: str = ""
    run: str = ""
    counted: str = ""
    enrolled: bool = False
    lists: tuple[str, ...] | None = None
    told_lists: dict[str, Told] = {}
    taken_by: str = ""
    awaited_by: tuple[str, ...] = ()

    @property
    def bulk(self) -> bool:
        """Whether only a backfill wants it, or another job: then changes go first."""
        return bool(self.run)


class Place(NamedTuple):
    """Where a contact is at a target: its id there, and the version that it has there."""

    remote: str = ""
    etag: str = ""


def is_told(known: Delivery, parcel: Parcel) -> bool:
    """Whether this is what the target was last sent, and nothing was begun since."""
    return known.sent_print == parcel.print


def marked(
    known: Delivery, rev: int, now: datetime, *, afresh: bool = False, run: str = ""
) -> Delivery:
    """The row with something to do at once, or in its place; what stands in a place keeps it.

    `afresh` sends what was sent before again; `run` names the job that wants it: a change that
    waits already does not wait for that. A sender at work has seen none of it: it goes again.
    """
    wanted, due = max(known.wanted, rev), times.text(now)
    fresh = {"wanted": wanted, "rev": known.rev + 1, "state": "waiting"}
    fresh |= {"due": max(due, known.place), "since": known.since if known.due else due}
    forgotten = {"sent_print": "", "left": False} if afresh else {}
    lane = {"run": run if known.run or not known.due else ""}
    anew = {"again": known.again or bool(known.lease)}
    return known.model_copy(update=fresh | forgotten | lane | anew)


def leased(known: Delivery, token: str, now: datetime, awake: str = "") -> Delivery:
    """The row in one sender's hands; it is due again when the lease runs out.

    What failed before the target was last `awake` has all of its thirty days again: nobody
    tried while it was paused.
    """
    until = times.text(now + LEASE)
    taken = {"lease": token, "leased_until": until, "due": until, "rev": known.rev + 1}
    first = max(known.first_failed, awake) if known.first_failed else ""
    return known.model_copy(update=taken | {"first_failed": first})


def begun(known: Delivery, version: int, parcel: Parcel) -> Delivery:
    """The row while a message is on its way: what the target has is not known any more."""
    again = known.message_version == version
    same = again and known.message_print == parcel.print
    counter = known.message_counter if same else known.message_counter + 1 if again else 0
    return known.model_copy(
        update={
            "rev": known.rev + 1,
            "message_version": version,
            "message_print": parcel.print,
            "message_counter": counter,
            "sent_print": "",
            "job": known.job if same else "",  # of older content: it is overtaken
            "present": known.present or parcel.event == "contact.upserted",
            "place": "",
            "echoes": echoing(known.echoes, parcel.sent),
        }
    )


def stirred(known: Delivery, now: datetime, **news: Any) -> Delivery:
    """The row with news of what the target has: it is looked at again, at once."""
    due = {"rev": known.rev + 1, "due": times.text(now), "state": "waiting"}
    return known.model_copy(update=news | due | {"again": bool(known.lease)})


def _settled(known: Delivery, seen: int, now: datetime, **news: Any) -> Delivery:
    """The row after its work; due at once if more came in meanwhile."""
    more = known.again or known.wanted > seen
    base = {
        "rev": known.rev + 1,
        "lease": "",
        "leased_until": "",
        "attempts": 0,
        "first_failed": "",
        "reason": "",
        "again": False,
        "job": "",
        "run": known.run if more else "",
        "state": "waiting" if more else "delivered",
        "due": times.text(now) if more else "",
        "since": known.since if more else "",
        "place": "",
        "taken_by": "",
    }
    return known.model_copy(update=base | news)


def delivered(
    known: Delivery, parcel: Parcel, version: int, seen: int, now: datetime, place: Place
) -> Delivery:
    """The target has it, in this place; one that was merged may have lent that."""
    present = parcel.event == "contact.upserted"
    lent = bool(place.remote) and parcel.data.get("reason") == "merged" and not present
    asked = known.asked if lent or (place.remote and present) else {}
    has = has_now(known.model_copy(update={"asked": asked}), parcel)
    return _settled(
        known,
        seen,
        now,
        sent_version=version,
        sent_print=parcel.print,
        present=present,
        has=known.has if lent else has,
        asked=asked,
        told_lists=told_of(known.told_lists, parcel.lists or (), version, times.text(now)),
        **place._asdict(),
    )


def has_now(known: Delivery, parcel: Parcel) -> dict[str, str]:
    """What the target has after a push; what was withheld is still what it said there."""
    withheld = known.asked.keys() - parcel.data.keys()
    told = {n: mark for n, mark in parcel.prints.items() if n not in withheld}
    return told | {n: mark for n, mark in known.has.items() if n in withheld}


def accepted(known: Delivery, job: str, now: datetime) -> Delivery:
    """The target will say later whether it has it: ask it then."""
    due = times.text(now + ASK_AGAIN)
    return known.model_copy(
        update={"rev": known.rev + 1, "lease": "", "leased_until": "", "job": job, "due": due}
    )


def put_off(known: Delivery, at: str, place: str = "") -> Delivery:
    """The target takes no more for now: it is due again at that time, and nothing was tried."""
    freed = {"rev": known.rev + 1, "lease": "", "leased_until": ""}
    return known.model_copy(update=freed | {"due": at, "place": place})


def lost(known: Delivery, now: datetime) -> Delivery:
    """What it had of the contact is gone there: begin anew."""
    nothing = Place()._asdict() | {"has": {}, "asked": {}, "present": False, "sent_print": ""}
    told = told_of(known.told_lists, (), known.sent_version, times.text(now))
    return _settled(known, -1, now, **nothing, told_lists=told)


def declined(known: Delivery, reason: str) -> Delivery:
    """It says no to this content: nothing is due until the contact changes, or a person asks."""
    return refused(known, reason).model_copy(update={"state": "given_up"})


def nothing_to_send(known: Delivery, seen: int, now: datetime) -> Delivery:
    """What the target has is right as it is."""
    return _settled(known, seen, now)


def failed(
    known: Delivery, reason: str, now: datetime, jitter: float, retry_after: str | None
) -> Delivery:
    """It did not arrive: try again as the schedule says, or give up after thirty days."""
    first = known.first_failed or times.text(now)
    attempts = known.attempts + 1
    again = next_try(attempts, times.moment(first), now, jitter, retry_after)
    return known.model_copy(
        update={
            "rev": known.rev + 1,
            "lease": "",
            "leased_until": "",
            "attempts": attempts,
            "first_failed": first,
            "reason": reason,
            "state": "failed" if again else "given_up",
            "due": times.text(again) if again else "",
        }
    )


def disturbed(known: Delivery, now: datetime) -> Delivery:
    """Two senders were at it: nobody knows which message came last, so send once more."""
    doubt = {"rev": known.rev + 1, "sent_print": "", "again": True, "due": times.text(now)}
    return known.model_copy(update=doubt)


def refused(known: Delivery, reason: str) -> Delivery:
    """The target is disabled or wants no more (410): nothing is due until it is enabled."""
    stopped = {"rev": known.rev + 1, "lease": "", "leased_until": "", "due": "", "job": ""}
    return known.model_copy(update=stopped | {"state": "failed", "reason": reason, "again": False})
