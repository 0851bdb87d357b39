"""How long a cold start imports: the app against `chalice` and `boto3` alone.

    make bench

Whole processes in turn, A B A B, so that a machine whose speed drifts is fair to both.
"""

import os
import statistics
import subprocess
import sys
import time

RUNS = 7
QUEUES = {f"KARTOTEKA_QUEUE_{q}": "q" for q in ("MATCH", "FAN_OUT", "DELIVER", "JOBS")}


def seconds(code: str) -> float:
    """The wall time of a Python process that runs the code."""
    env = {**os.environ, "KARTOTEKA_STAGE": "bench", **QUEUES}
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=env, check=True)
    return time.perf_counter() - started


def test_import_time_of_the_app() -> None:
    pairs = [(seconds("import app"), seconds("import chalice, boto3")) for _ in range(RUNS + 1)][1:]
    ours = statistics.median(a for a, _ in pairs)
    theirs = statistics.median(b for _, b in pairs)
    ratio = statistics.median(a / b for a, b in pairs)
    bare = statistics.median(seconds("pass") for _ in range(RUNS))
    print(f"\nimport app {ours:.3f} s, chalice and boto3 {theirs:.3f} s, ratio {ratio:.2f}")
    print(f"(medians of {RUNS}, each with {bare:.3f} s for Python itself)")
