"""What the law on consent is told in: systems that a person may be mailed by, and watched."""

import json
from collections.abc import Iterable
from typing import Any

from chalicelib.domain.consents import standing
from chalicelib.domain.graph import Head
from chalicelib.domain.hooks import Hook
from chalicelib.domain.sources import Source
from chalicelib.flow import registry
from chalicelib.flow.hearing.notice import notice
from chalicelib.flow.telling import accounts
from chalicelib.store import contacts
from tests.laws.ledger import WITHDRAWN, Ledger
from tests.standins.base import Called, Replied
from tests.standins.hubspot import HubSpot
from tests.standins.mailchimp import Mailchimp
from tests.standins.wire import Wire
from tests.support.scenes import born
from tests.support.state import State, read
from tests.support.world import World

PEOPLE = ("adam", "ewa", "ola")
NEWS = {"purpose": "newsletter", "channel": "email"}
GATE = NEWS | {"unless": "withdrawn"}
CHIMP, SPOT = "https://us21.api.mailchimp.com", "https://hs.example.org"
LETTERS = "https://letters.example.org/in"


class Letters:
    """A mailing application of one's own: it holds whom the webhook told it of."""

    def __init__(self, check: Any) -> None:
        self.check, self.held, self.versions = check, dict[str, int](), dict[str, int]()
        self.broken: list[str] = []

    def answer(self, called: Called) -> Replied:
        """See `StandIn`; what comes late is dropped."""
        message = called.json()
        name, version = message["data"]["id"], message["data"]["version"]
        if message["type"] == "contact.upserted":
            self.check(name, "letters")
            self.held[name] = version
        else:
            self.held.pop(name, None)
        return Replied(202)


class Mailing:
    """Two sources, Mailchimp and HubSpot both ways, and letters; all ask for consent.

    `faults` are what somebody was told in spite of a withdrawal that was known.
    """

    def __init__(self) -> None:
        self.world, self.ledger, self.faults = World(), Ledger(), list[str]()
        self.chimp, self.spot = Mailchimp(self.world.clock), HubSpot(self.world.clock)
        self.letters = Letters(self._check)
        self.world.sender = Wire({CHIMP: self.chimp, SPOT: self.spot, LETTERS: self.letters})
        self._watch()
        self._register()
        self.left: dict[str, str] = {}

    def _register(self) -> None:
        world = self.world
        world.source("crm", trust=50)
        world.source("shop", trust=60, duplicate_policy="overwrite")
        self.target("mc")
        world.target("hs", kind="hubspot", url=SPOT, fields=(), consent=GATE)
        world.target("letters", url=LETTERS, fields=["full_name", "job_title"], consent=NEWS)
        accounts.put_access(world.ports, "mc", {"api_key": "key-us21", "hook_token": "t0ken"})
        accounts.put_access(world.ports, "hs", {"token": "pat-1"})
        world.source("mc", kind="mailchimp", trust=40)
        world.source("hs", kind="hubspot", trust=40)
        every = {"subscribe", "unsubscribe", "profile", "cleaned", "upemail"}
        sources = {"user": True, "admin": True, "api": False}
        hook = {"url": "https://us.example/hook?token=t0ken", "sources": sources}
        body = json.dumps(hook | {"events": dict.fromkeys(every, True)}).encode()
        url = f"{CHIMP}/3.0/lists/{self.chimp.list_id}/webhooks"
        headers = {"authorization": "Bearer key-us21", "content-type": "application/json"}
        assert self.chimp.answer(Called.of("POST", url, headers, body)).status == 200
        self.chimp.events()

    def target(self, name: str, **more: Any) -> None:
        """Register Mailchimp, or change its settings."""
        options = {"list": self.chimp.list_id, "new": "subscribed"}
        settings = {"kind": "mailchimp", "url": CHIMP, "options": options, "fields": ()}
        self.world.target(name, **settings, **{"consent": GATE} | more)

    # What must not be

    def _watch(self) -> None:
        """Look at every status that Mailchimp is given, and at what HubSpot is sent."""
        members, spot = self.chimp.members, self.spot.answer
        set_status, new = members.set_status, members.new

        def watched(member: Any, status: str, by: str) -> None:
            if by == "api" and status == "subscribed" and member.status != "archived":
                self.faults.append(f"Mailchimp: {member.status} is subscribed by us")
            self._check_address(member.email, status if by == "api" else "")
            set_status(member, status, by)

        def made(email: str, status: str, merges: Any) -> Any:
            self._check_address(email, status)
            return new(email, status, merges)

        def sent(called: Called) -> Replied:
            written = called.body.decode()
            for head in self._heads() if '"kartoteka_id": "' in written else ():
                if f'"kartoteka_id": "{head.id}"' in written:
                    self._check(head.id, "hs")
            return spot(called)

        self.chimp.members.set_status, self.chimp.members.new = watched, made  # type: ignore
        self.spot.answer = sent  # type: ignore[method-assign]

    def _check(self, contact: str, target: str) -> None:
        """A gated target is told of this contact."""
        head = contacts.head_of(self.world.items, contact)
        assert head
        if self.ledger.says(head.members) == WITHDRAWN:
            self.faults.append(f"{target} is told of {contact}, who withdrew")

    def _check_address(self, email: str, status: str) -> None:
        """Nobody's address is subscribed by us, where all whose it is withdrew."""
        whose = [h for h in self._heads() if email in self._addresses(h)]
        ended = [self.ledger.says(h.members) == WITHDRAWN for h in whose]
        if status == "subscribed" and ended and all(ended):
            self.faults.append(f"Mailchimp: {email} is subscribed by us")

    def _addresses(self, head: Head) -> list[str]:
        known = contacts.version(self.world.items, head.id, head.version)
        return [e["address"] for e in known.values.get("emails", ())]

    def _heads(self) -> list[Head]:
        rows = self.world.items.snapshot().items()
        heads = [Head.of_row(row) for key, row in rows if key.pk.startswith("C#")]
        return [h for h in heads if h.status == "active"]

    # What happens

    def turn(self) -> None:
        """Every worker and schedule has its turn, and a while goes by."""
        self.world.work()
        self.world.clock.tick(minutes=1)
        self.world.listen()
        self.heard()
        self.world.work()

    def calls(self, times: int) -> None:
        """Mailchimp's calls come; where more than once, the last ones first."""
        source = registry.registered(self.world.ports, Source, "mc")
        events = self.chimp.events()
        for called in events if times == 1 else events[::-1] * times:
            hook = Hook(called.method, "/hook", {"token": "t0ken"}, called.headers, called.body)
            assert notice(self.world.ports, source, hook) == ""

    def heard(self) -> None:
        """Note what Mailchimp's own records say by now: no batch takes that back."""
        state = self.state()
        for record in [r for r in state.records.values() if r.source == "mc"]:
            for statement in state.statements[record.id]:
                for fact in statement.fields.get("consents") or ():
                    self.ledger.tell(record.id, fact, statement.stamp)

    def state(self) -> State:
        """All that stands."""
        return read(self.world.items.snapshot())

    def wrong(self) -> list[str]:
        """The contacts that say of consent what their records do not come to."""
        self.heard()
        return [f for head in self._heads() for f in self._wrong(head)]

    def _wrong(self, head: Head) -> Iterable[str]:
        known = contacts.version(self.world.items, head.id, head.version)
        shown = standing(known.values.get("consents", ()), *NEWS.values())
        wanted = self.ledger.says(head.members)
        if shown != wanted:
            yield f"{head.id} is shown as {shown}, and is {wanted}"

    def holding(self) -> list[str]:
        """The targets that have somebody who withdrew; at rest nobody should."""
        state = self.state()
        ended = [h for h in self._heads() if self.ledger.says(h.members) == WITHDRAWN]
        spot = {r.get("kartoteka_id", "") for r in self.spot.records.values()}
        faults = [f"letters has {h.id}" for h in ended if h.id in self.letters.held]
        faults += [f"hs has {h.id}" for h in ended if spot & set(h.members)]
        held = {m.contact_id for m in self.chimp.records.values() if m.status == "subscribed"}
        linked = [d for d in state.deliveries.values() if d.target == "mc" and d.remote in held]
        homes = {m for h in ended for m in h.members}
        return faults + [f"mc has {d.contact}" for d in linked if d.contact in homes]

    def unheard(self) -> list[str]:
        """Who left Mailchimp, was not put away there, and is not withdrawn here since."""
        return [
            f"{email} left, unheard" for email, at in self.left.items() if self._missed(email, at)
        ]

    def _missed(self, email: str, at: str) -> bool:
        member = self.chimp.records.get(email)
        if member is None or member.status not in ("unsubscribed", "cleaned"):
            return False
        own = born("mc", member.contact_id)
        words = [w for w in self.ledger.words if w.record == own and w.status == WITHDRAWN]
        return not any(w.at[:19] >= at[:19] for w in words)


def record_of(person: int, source: str) -> str:
    """The id of what a source says of a person."""
    return born(source, PEOPLE[person % len(PEOPLE)])
