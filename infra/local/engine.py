"""The engine's process: ministack, with two things that it lacks.

It holds a lock on `engine.json` while it lives, so that a dead engine is never taken for
a living one, and removes the file only after a clean stop, when the state is saved.

ministack waits 50 ms after each call for a first log line of the function. The wait goes
down to 2 ms; should an upgrade change these defaults, the engine refuses to start.
"""

import fcntl
import json
import os
import sys
from pathlib import Path

from ministack import app
from ministack.core import lambda_runtime

MEASURED = (0.050, 0.005, 0.250)  # first line, quiet after a line, hard cap; seconds
SHORTER = (0.002, 0.002, 0.250)


def main() -> None:
    """Serve until SIGTERM; everything is configured by the environment."""
    drain = lambda_runtime.Worker._drain_stderr_bounded
    assert drain.__defaults__ == MEASURED, "ministack has changed: measure the wait anew"
    drain.__defaults__ = SHORTER
    engine_file = Path(sys.argv.pop())
    with engine_file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        json.dump({"pid": os.getpid(), "port": int(os.environ["GATEWAY_PORT"])}, held)
        held.flush()
        app.main()
        engine_file.unlink()


if __name__ == "__main__":
    main()
