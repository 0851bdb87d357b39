"""Words on interactions, for histories: drawn, and told by a source in calls of their own."""

from typing import Any, Literal, NamedTuple

from hypothesis import strategies as st

from tests.support.passing import BASE, deleted, order, passed
from tests.support.world import World

Whose = tuple[str, str]


class Word(NamedTuple):
    """What is said of the interaction of that name, `said` seconds after the start; of whom."""

    name: str
    said: int
    who: int
    kind: Literal["call", "order", "gone"]
    value: int

    def told(self, whose: Whose) -> dict[str, Any]:
        """As a source sends it, of the record with that source and external id."""
        if self.kind == "gone":
            return deleted(self.name, self.said)
        parts = {"source": whose[0], "external_id": whose[1], "said": self.said}
        if self.kind == "call":
            return passed(self.name, at=-self.value, **parts)
        return order(self.name, -self.value, value=str(self.value), **parts)


words = st.builds(
    Word,
    name=st.sampled_from("ab"),
    said=st.integers(0, 5),
    who=st.integers(0, 2),
    kind=st.sampled_from(["call", "order", "order", "gone"]),
    value=st.integers(1, 3),
)
several_words = st.lists(words, min_size=1, max_size=3).map(tuple)


def say(
    world: World, source: str, said: tuple[Word, ...], people: tuple[Whose, ...], name: str
) -> list[str]:
    """The words in a call, those that take back in another; the ids of these messages."""
    kinds = {BASE: "told", "interaction.deleted": "gone"}
    messages = []
    for event, kind in kinds.items():
        given = [w.told(people[w.who]) for w in said if (w.kind == "gone") is (kind == "gone")]
        if given:
            messages.append(f"{name}-{kind}")
            world.call(source, given, event, messages[-1])
    return messages
