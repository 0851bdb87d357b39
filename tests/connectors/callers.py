"""Partners that call: a whole Kartoteka, and a stand-in whose calls reach it and are answered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.errors import KartotekaError
from chalicelib.domain.hooks import Hook, Subscription
from chalicelib.domain.sources import Source
from chalicelib.domain.subscribing import Subscribed
from chalicelib.flow import registry
from chalicelib.flow.hearing import subscribe, subscriptions, tend
from chalicelib.flow.hearing.notice import notice
from chalicelib.flow.hearing.partners import partner
from chalicelib.flow.telling import accounts
from tests.connectors.rig_graph import graph
from tests.connectors.rig_mailchimp import mailchimp
from tests.connectors.rig_pipedrive import pipedrive
from tests.connectors.rigs import Rig
from tests.standins.base import Called, Replied
from tests.standins.wire import Wire
from tests.support.world import World, unlimited

HOST = "https://kartoteka.example"


def calling_graph(answer: Callable[[Called], Replied]) -> Rig:
    """It asks us whether we are there before it subscribes."""
    rig = graph()
    rig.standin.subscriptions.hook = answer
    return rig


def calling_mailchimp(answer: Callable[[Called], Replied]) -> Rig:
    """It visits us first."""
    return mailchimp(visit=answer)


def calling_pipedrive(answer: Callable[[Called], Replied]) -> Rig:
    """It asks nothing."""
    return pipedrive()


MAKERS = (calling_graph, calling_mailchimp, calling_pipedrive)
DROPS: dict[str, Callable[[Any], None]] = {
    "graph": lambda standin: standin.subscriptions.drop(),
    "mailchimp": lambda standin: standin.hooks.all.clear(),
    "pipedrive": lambda standin: standin.pushed.hooks.clear(),
}


@dataclass
class Caller:
    """The source `s` and the target `s` of one kind, and the system behind them."""

    make: Callable[[Callable[[Called], Replied]], Rig]
    world: World = field(default_factory=World)

    def __post_init__(self) -> None:
        self.rig = rig = self.make(self.answer)
        rig.clock.at = self.world.clock()
        self.world.sender = Wire({rig.url: rig.standin})
        self.world.source("s", kind=rig.kind)
        self.world.target("s", kind=rig.kind, url=rig.base, fields=(), options=rig.options)
        accounts.put_access(self.world.ports, "s", rig.access)

    @property
    def url(self) -> str:
        """The webhook of the source."""
        return f"{HOST}/v1/hooks/s"

    @property
    def row(self) -> Subscribed:
        """How it stands, as it is kept."""
        return subscriptions.read(self.world.ports, "s")

    @property
    def source(self) -> Source:
        """As it is registered by now."""
        return registry.registered(self.world.ports, Source, "s")

    def there(self) -> list[Subscription]:
        """What stands there, as the system itself knows."""
        known = partner(self.world.ports, self.source)
        assert known
        return list(known.connector.subscriptions())

    def subscribe(self, url: str = "") -> dict[str, Any]:
        """A person asks for calls."""
        return subscribe.subscribe(self.world.ports, "s", url or self.url, unlimited)

    def unsubscribe(self) -> dict[str, Any]:
        """A person wants none."""
        return subscribe.unsubscribe(self.world.ports, "s", unlimited)

    def tend(self, world: World | None = None) -> int:
        """Play the part of the schedule that sees to subscriptions."""
        return tend.tend((world or self.world).ports, unlimited)

    def on(self, **span: float) -> None:
        """Time goes by, there and here."""
        self.world.clock.tick(**span)
        self.rig.clock.at = self.world.clock()

    def drop(self) -> None:
        """Nobody knows why, but nothing of ours stands there any more."""
        DROPS[self.rig.kind](self.rig.standin)

    def ring(self) -> list[int]:
        """The calls that the system makes by now reach us; the statuses of our answers."""
        return [self.answer(called).status for called in self.rig.standin.events()]

    def answer(self, called: Called) -> Replied:
        """Our webhook's answer."""
        query = {name: values[-1] for name, values in called.query.items()}
        hook = Hook(called.method, called.path, query, called.headers, called.body)
        try:
            said = notice(self.world.ports, self.source, hook)
        except KartotekaError as error:
            return Replied(error.status)
        return Replied(200, said.encode(), {"content-type": "text/plain"})

    def writes(self, method: str) -> int:
        """How many calls about subscriptions were made by this method."""
        made = (called for called in self.rig.standin.calls if called.method == method)
        return sum("/subscriptions" in each.path or "/webhooks" in each.path for each in made)
