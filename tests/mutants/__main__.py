"""Sow each bug into a copy of the tree, run its tests there, and print who caught what.

    python -m tests.mutants [words of a bug's name]

Exit status 1 if a bug survives, if its text no longer applies, or if its tests cannot run.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.bug import Bug
from tests.mutants.catalogue import BUGS

ROOT = Path(__file__).parents[2]
TREE = ("app.py", "pyproject.toml", ".chalice", "chalicelib", "docs", "infra", "tests")
AT_ONCE = 2
PATIENCE = 120
PASSED, FAILED = 0, 1


@dataclass(frozen=True)
class Verdict:
    """What became of a bug; `fault` says why it counts as not caught."""

    bug: Bug
    fault: str
    seconds: float


def main(words: Sequence[str]) -> int:
    """Run the bugs whose name holds all the words; the exit status."""
    chosen = [b for b in BUGS if all(w in b.name for w in words)]
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        if _sound(chosen, Path(scratch) / "sound"):
            with ThreadPoolExecutor(AT_ONCE) as pool:
                places = [Path(scratch) / str(n) for n in range(len(chosen))]
                verdicts = list(pool.map(_tried, chosen, places))
            return _report(verdicts)
    print("The tests fail without any bug; nothing was tried.")
    return 1


def _sound(bugs: Sequence[Bug], tree: Path) -> bool:
    """Whether all the tests pass as long as no bug is sown."""
    _copy(tree)
    print(f"{len(bugs)} bugs; first their tests without any of them.", flush=True)
    selections = dict.fromkeys(b.caught_by for b in bugs)
    return _tests(tree, list(selections), patience=PATIENCE * 4, output=None) == PASSED


def _tried(bug: Bug, tree: Path) -> Verdict:
    start = time.monotonic()
    _copy(tree)
    try:
        bug.sow(tree)
        status = _tests(tree, [bug.caught_by], PATIENCE, subprocess.DEVNULL)
        fault = {PASSED: "survived", FAILED: ""}.get(status, f"no tests ran (status {status})")
    except LookupError as gone:
        fault = f"no longer applies: {gone}"
    except subprocess.TimeoutExpired:
        fault = f"not caught in {PATIENCE} s"
    shutil.rmtree(tree)
    verdict = Verdict(bug, fault, time.monotonic() - start)
    print(_line(verdict), flush=True)
    return verdict


def _copy(tree: Path) -> None:
    tree.mkdir()
    for name in TREE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tree)


def _tests(tree: Path, selection: Sequence[str], patience: int, output: int | None) -> int:
    """Run them in the copy, up to the first that fails; pytest's exit status."""
    pytest = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    own = {n: v for n, v in os.environ.items() if n not in ("PYTHONPATH", "KARTOTEKA_NIGHTLY")}
    return subprocess.run(
        [*pytest, "--hypothesis-profile=mutants", *selection],
        cwd=tree,
        env=own | {"PYTHONDONTWRITEBYTECODE": "1"},
        stdout=output,
        stderr=output,
        timeout=patience,
        check=False,
    ).returncode


def _line(verdict: Verdict) -> str:
    bug = verdict.bug
    test = bug.caught_by.rpartition("/")[2].replace("::test_every_order_ends_lawfully", "")
    by = test.replace("::test_a_single_fault_changes_nothing", "")
    outcome = f"NOT CAUGHT: {verdict.fault}" if verdict.fault else f"caught by {by}"
    return f"law {bug.law}  {bug.name:<56}  {outcome}  ({verdict.seconds:.0f} s)"


def _report(verdicts: Sequence[Verdict]) -> int:
    print("\n".join(["", *map(_line, sorted(verdicts, key=lambda v: (v.bug.law, v.bug.name)))]))
    left = [v for v in verdicts if v.fault]
    print(f"\n{len(verdicts) - len(left)} of {len(verdicts)} bugs caught.")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
