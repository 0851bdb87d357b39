"""What the functions said, in the order in which they said it."""

import time
from collections.abc import Iterator
from typing import NamedTuple

from infra.local.cloud import STAGE, Cloud

PREFIX = f"/aws/lambda/kartoteka-{STAGE}-"
POLL_SECONDS = 1.0


class Line(NamedTuple):
    """One line of one function; `at` in milliseconds since 1970."""

    at: int
    function: str
    text: str


def read(cloud: Cloud, function: str = "", since: int = 0) -> list[Line]:
    """All lines from `since` (milliseconds) on, of all functions or of one (`fan-out`)."""
    client = cloud.client("logs")
    groups = client.get_paginator("describe_log_groups").paginate(
        logGroupNamePrefix=PREFIX + function
    )
    events = client.get_paginator("filter_log_events")
    lines = [
        Line(event["timestamp"], group["logGroupName"].removeprefix(PREFIX), event["message"])
        for found in groups
        for group in found["logGroups"]
        for page in events.paginate(logGroupName=group["logGroupName"], startTime=since)
        for event in page["events"]
    ]
    return sorted(lines, key=lambda line: line.at)


def follow(cloud: Cloud) -> Iterator[Line]:
    """All lines that stand, then each new one as it comes, for ever."""
    seen: set[Line] = set()
    since = 0
    while True:
        new = [line for line in read(cloud, since=since) if line not in seen]
        yield from new
        since = max([since, *(line.at for line in new)])
        seen = {line for line in seen.union(new) if line.at >= since}
        time.sleep(POLL_SECONDS)
