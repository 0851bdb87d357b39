"""Targets that answer as badly as they are told to, and watch the order of what they get."""

from collections import defaultdict, deque
from dataclasses import replace
from typing import Literal

from chalicelib.connectors.memory import ACCEPTED
from chalicelib.connectors.ports import Answer, Request
from chalicelib.store import keys
from tests.support.witness import Receivers, Told, Witness

Mood = Literal["refuses", "fails", "busy", "silent", "loses", "dawdles", "gone"]
SILENCE = Answer(None, None, "timeout")
ANSWERS: dict[Mood, Answer] = {
    "refuses": Answer(422, None, "http_422"),
    "fails": Answer(500, None, "http_500"),
    "busy": Answer(503, "7200", "http_503"),
    "silent": SILENCE,
    "loses": SILENCE,
    "dawdles": SILENCE,
    "gone": Answer(410, None, "http_410"),
}


class Targets(Receivers):
    """`moods` are each target's next answers, then it accepts.

    One that `loses` took the message in and its answer is lost; one that `dawdles` takes it
    in later, when `catch_up` is called. Each push is held to law 7 (no version after a higher
    one) and law 6 (nothing is told of before it was matched, nor when it comes back).
    """

    def __init__(self, items: Witness) -> None:
        super().__init__()
        self.moods: defaultdict[str, deque[Mood]] = defaultdict(deque)
        self._items = items
        self._late: list[Told] = []
        self._has: set[tuple[str, str]] = set()
        self._version: dict[tuple[str, str], int] = {}

    def send(self, push: Request) -> Answer:
        """See `Sender`."""
        moods = self.moods[push.url.rpartition("/")[2]]
        mood = moods.popleft() if moods else None
        self.answers.append(ANSWERS[mood] if mood else ACCEPTED)
        answer = super().send(push)
        told = self.told[-1]
        self._watch(told)
        if mood == "loses":
            self.told[-1] = replace(told, accepted=True)
        if mood == "dawdles":
            self._late.append(replace(told, accepted=True))
        return answer

    def catch_up(self) -> None:
        """What was taken in late arrives now, the newest first."""
        while self._late:
            self.told.append(self._late.pop())

    def _watch(self, told: Told) -> None:
        place, version = (told.target, told.contact), told.data["version"]
        assert version >= self._version.get(place, 0), "a version after a higher one"
        self._version[place] = version
        if told.type == "contact.removed":
            assert place in self._has, "a removal of what was never told"
            self._has -= {place} if told.accepted else set()
        elif place not in self._has:
            head = self._items.get(keys.head(told.contact))
            assert head and not head["unmatched"], "told before it was matched"
            self._has.add(place)
