"""`make bench-match`: all figures of the matcher, or those of the parts that are named."""

import os
import sys
from collections.abc import Callable, Mapping
from functools import partial

from tests.bench.matching import adverse, growth, orders, quality, rejudged, speed

NIGHTLY = os.environ.get("KARTOTEKA_NIGHTLY") == "1"
PARTS: Mapping[str, Callable[[], None]] = {
    "quality": quality.main,
    "growth": partial(growth.main, NIGHTLY),
    "crowds": adverse.main,
    "speed": speed.main,
    "orders": partial(orders.main, NIGHTLY),
    "rejudged": partial(rejudged.main, NIGHTLY),
}

print("Times are of this machine as it is now: a busy one is slower. Nothing here is asserted.")
for part in sys.argv[1:] or PARTS:
    PARTS[part]()
