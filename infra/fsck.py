"""Check the whole store by the API: `python -m infra.fsck [--mend]`.

Opens the job, waits for its end, prints its findings and exits with 1 where something is
wrong and was not mended. See `docs/fsck.md`.
"""

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from infra.client import Api, ApiError, Json, UnreachableError

WAIT = 2.0
SHOWN = 50


def checked(api: Api, console: Console, *, mend: bool) -> tuple[Json, list[Json]]:
    """The job once it has ended, and what it found; a terminal shows how far it is."""
    path = f"/v1/jobs/{api.post('/v1/fsck', {'mend': mend})['job']}"
    with console.status("Looking at all that is stored") as status:
        while (job := api.get(path))["state"] == "open":
            status.update(f"{job['progress'].get('looked', 0)} items looked at")
            api.sleep(WAIT)
    return job, list(api.items(f"{path}/findings"))


def left(findings: Sequence[Json]) -> list[Json]:
    """The findings that are not mended; all of them where nothing was to be."""
    return [finding for finding in findings if finding["outcome"] != "mended"]


def show(job: Json, findings: Sequence[Json], console: Console) -> None:
    """The first findings as a table, and how many there are."""
    if findings:
        table = Table("Code", "Of", "Id", "What", "Outcome")
        for finding in findings[:SHOWN]:
            table.add_row(*_row(finding))
        console.print(table)
    looked = job["result"].get("looked", 0)
    mended = len(findings) - len(left(findings))
    counts = f"{looked} items looked at, {len(findings)} faults, {mended} of them mended"
    console.print(counts if job["state"] == "done" else f"The check failed. {counts}")


def _row(finding: Json) -> tuple[str, ...]:
    ((of, name),) = ((n, v) for n, v in finding.items() if n not in ("code", "detail", "outcome"))
    return finding["code"], of, name, finding["detail"], finding["outcome"] or ""


def main(mend: bool) -> int:
    """Exit status 0: all is sound, or mended; 1: not so, or nobody answered."""
    console = Console()
    try:
        job, findings = checked(Api.local(), console, mend=mend)
    except (ApiError, UnreachableError) as error:
        console.print(str(error))
        return 1
    show(job, findings, console)
    return 1 if job["state"] != "done" or left(findings) else 0


if __name__ == "__main__":
    sys.exit(main("--mend" in sys.argv[1:]))
