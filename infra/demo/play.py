"""Plays the story against the API: registers the systems, sends, waits, and looks at the end."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rich.progress import Progress

from infra.client import Api, Json, envelope
from infra.demo import systems
from infra.demo.checks import Ending
from infra.demo.systems import Statement
from infra.demo.targets import Target

QUIET_LOOKS = 3  # in a row: work may be between two queues for a moment
SECONDS_BETWEEN_LOOKS = 0.5
PATIENCE_SECONDS = 240


class StoryError(Exception):
    """The story cannot go on."""


def tell(api: Api, said: Sequence[Statement], progress: Progress) -> Counter[str]:
    """Send all statements, the systems taking turns, the move last; outcomes counted.

    Message ids are new in each run, so that a second one is told again and not just answered
    as the first was.
    """
    run = uuid.uuid4().hex
    secrets = {
        system.source: api.register(f"/v1/sources/{system.source}", system.settings())
        for system in systems.SYSTEMS
    }
    move = systems.move()
    calls = [("contact.upserted", batch) for batch in systems.batches(said)]
    calls.append(("contact.patched", [move]))
    outcomes: Counter[str] = Counter()
    bar = progress.add_task("Five systems tell", total=len(said) + 1)
    for number, (kind, batch) in enumerate(calls):
        source = batch[0].source
        body = envelope(kind, [statement.record() for statement in batch])
        results = api.send(source, secrets[source], f"demo-{run}-{number}", body)
        outcomes.update(result["outcome"] for result in results)
        progress.advance(bar, len(batch))
    return outcomes


def wait_until_quiet(api: Api, progress: Progress) -> None:
    """Wait until nothing waits to be matched, fanned out or delivered; StoryError if it does not.

    The bar follows what waits; its end moves when more comes.
    """
    bar = progress.add_task("Kartoteka matches, merges and tells", total=1)
    most = quiet = 0
    for _ in range(int(PATIENCE_SECONDS / SECONDS_BETWEEN_LOOKS)):
        waiting = api.get("/v1/health")["waiting"]
        left = sum(waiting.values())
        most = max(most, left, 1)
        progress.update(bar, total=most, completed=most - left)
        quiet = quiet + 1 if left == 0 else 0
        if quiet == QUIET_LOOKS:
            return
        api.sleep(SECONDS_BETWEEN_LOOKS)
    raise StoryError(f"not quiet after {PATIENCE_SECONDS} seconds: {waiting} still wait")


def look(
    api: Api, said: Sequence[Statement], outcomes: Counter[str], targets: Sequence[Target]
) -> Ending:
    """How it ended, as the API tells it."""
    return Ending(
        said,
        outcomes,
        contacts=list(api.search(f"tag:{systems.TAG}")),
        targets=targets,
        entitled={target.id: list(api.search(f"role:{target.role}")) for target in targets},
        reviews=list(api.items("/v1/reviews")),
    )


@dataclass(frozen=True)
class Life:
    """One contact and all that led to it."""

    contact: Json
    records: Sequence[Json]
    merges: Sequence[Json]
    versions: Sequence[Json]


def life_of(api: Api, contact: str) -> Life:
    """What the API tells of one contact."""
    path = f"/v1/contacts/{contact}"
    return Life(
        api.get(path),
        list(api.items(f"{path}/records")),
        list(api.items("/v1/merges", contact=contact)),
        list(api.items(f"{path}/versions")),
    )
