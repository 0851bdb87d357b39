"""Sources and targets as they are registered: who tells us, and whom we tell."""

from typing import Any, Literal

from chalicelib.domain.evidence import FACTS
from chalicelib.domain.judgements import Mode
from chalicelib.domain.model import Entity
from chalicelib.domain.rates import Rate

State = Literal["prepared", "active", "paused", "held"]

PartnerKind = Literal[
    "carddav",
    "google",
    "graph",
    "hubspot",
    "ldap",
    "mailchimp",
    "pipedrive",
    "salesforce",
    "sendgrid",
    "tryton",
]
Kind = Literal["webhook"] | PartnerKind
SourceKind = Literal["generic"] | PartnerKind
Removal = Literal["delete", "archive", "unlink", "ignore"]
Owner = Literal["rules", "ours", "theirs", "newest", "ask"]
DeletedThere = Literal["leave", "restore", "retire"]
Audience = Literal["filter", "lists"]


class System(Entity):
    """What sources and targets have in common.

    `state` is where it is in its life: saved but not started, at work, or paused, since
    `paused_at`, or held by its guard; `resumed_at` is when it last went on. `enabled` is a
    setting apart: what is disabled is refused and not kept.
    `secret` is the number of the signing secret that counts; the one before (`old_secret`)
    does too until `old_until`.
    """

    id: str
    name: str
    enabled: bool = True
    state: State = "active"
    paused_at: str = ""
    resumed_at: str = ""
    created_at: str = ""
    rev: int = 0
    secret: int = 0
    old_secret: int = 0
    old_until: str = ""

    @property
    def started(self) -> bool:
        """Whether it was ever set to work."""
        return self.state != "prepared"


class Source(System):
    """A system that tells us of people and companies.

    `trust` ranks it against others (0 to 100, higher wins); `country` is where its phone
    numbers and addresses are read. `allowed_fields` is data minimisation: what is not on it
    is dropped and counted (None: every known field, and an unknown one refuses the record).
    `clock` says whose times count: the source's own `occurred_at`, or our receipt.
    """

    kind: SourceKind = "generic"
    tags: tuple[str, ...] = ()
    duplicate_policy: Mode = "merge"
    automatic_merge: bool = True
    trust: int = 50
    country: str = "PL"
    allowed_fields: tuple[str, ...] | None = None
    invalid_field: Literal["drop", "refuse"] = "drop"
    clock: Literal["own", "receipt"] = "own"


HAND = Source(id="hand", name="By hand", trust=100)
"""What people enter themselves: a source without a webhook."""


class Gate(Entity):
    """What a target's contacts must have consented to, by which channel.

    With `unless` it is enough that they never withdrew.
    """

    purpose: str
    channel: str
    unless: Literal["", "withdrawn"] = ""


class Guard(Entity):
    """When a target is held until a person looks: once it would be told of more contacts than
    this `share` (percent) of those that it has, and `at_least` so many, within the window.
    """

    share: int = 20
    at_least: int = 50
    window_minutes: int = 60


class Stop(Entity):
    """Why a target is held: what it would have come to (`units`; a removal counts as four), of
    which `limit`, in which run (empty: by changes as they came).
    """

    at: str
    units: int
    limit: int
    run: str = ""


class Target(System):
    """A system that we tell of the contacts that match its filter, if they consent.

    `fields` are what it gets to see; with none, a kind that has a mapping sees all that this
    knows. `mapping` stands in for that of its kind, `options` are the kind's own settings and
    `access` the number of the credentials that count. `held` says whether a contact with an
    open review is sent for the first time or kept until the question is answered; `removal`
    what becomes, there, of one that it should no longer have (None: what is usual there).
    `guard` is when it is held, `stopped` why it is. `audience` says whether it has all who match
    its filter, or of those only who is on one of its lists; `lists` names all ever pushed to it.
    """

    kind: Kind = "webhook"
    url: str = ""
    filter: str = ""
    audience: Audience = "filter"
    lists: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    mapping: dict[str, Any] | None = None
    options: dict[str, str] = {}
    access: int = 0
    held: Literal["send", "keep"] = "send"
    removal: Removal | None = None
    consent: Gate | None = None
    rate: Rate | None = None
    guard: Guard | None = None
    stopped: Stop | None = None
    owners: dict[str, Owner] = {}
    deleted_there: DeletedThere = "leave"
    disabled_reason: str = ""

    def owns(self, field: str) -> Owner:
        """Who decides on a field where both systems change it; facts are gathered from both."""
        return "rules" if field in FACTS else self.owners.get(field, "rules")
