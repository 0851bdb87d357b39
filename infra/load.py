"""Load a CSV file through the signed webhook: `python -m infra.load FILE SOURCE MAP [BATCH]`.

Rows go out in batches under a progress bar; the summary names refused rows by line and
external id only. Each batch's `webhook-id` is a digest of its body, so that loading a file
again, after a failure or by mistake, changes nothing. See `docs/load.md`.
"""

import csv
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import open as open_under_bar

from infra import mapping
from infra.client import RECORDS_A_CALL, Api, ApiError, Json, UnreachableError, envelope

SHOWN_REFUSALS = 20
BYTES_A_CALL = 900_000  # the API takes 1 MiB


@dataclass(frozen=True)
class Line:
    """A row of the file, by its first line's number: the record it makes, or why it makes none."""

    number: int
    record: Json = field(default_factory=dict)
    error: str = ""


@dataclass
class Report:
    """What became of the lines; of refusals the first are kept, in words."""

    accepted: Counter[str] = field(default_factory=Counter)
    with_fields_dropped: int = 0
    refused: int = 0
    not_taken: int = 0
    refusals: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add(self, line: Line, result: Json) -> None:
        """Count what the API said of a line."""
        if result["outcome"] == "refused":
            self.refuse(line, "; ".join(f"{e['pointer']} {e['code']}" for e in result["errors"]))
        else:
            self.accepted[result["outcome"]] += 1
            self.with_fields_dropped += bool(result["errors"] or result.get("dropped"))

    def refuse(self, line: Line, reasons: str) -> None:
        """Count a line as refused."""
        self.refused += 1
        if len(self.refusals) < SHOWN_REFUSALS:
            name = line.record.get("external_id", "no external id")
            self.refusals.append(f"line {line.number} ({name}): {reasons}")

    def fail(self, batch: list[Line], error: ApiError) -> None:
        """Count a batch that was not taken at all."""
        self.not_taken += len(batch)
        self.failures.append(f"lines {batch[0].number} to {batch[-1].number}: {error}")


def lines(file: TextIO, how: mapping.CsvMapping) -> Iterator[Line]:
    """The rows behind the header, read one by one; raises MappingError on an unfit header."""
    reader = csv.reader(file, delimiter=how.delimiter, strict=True)
    header = next(reader, None)
    if header is None:
        raise mapping.MappingError("the file is empty: its first line must name the columns")
    how.check_header(header)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Line(number, error=f"not CSV: {error}")
        else:
            if cells:
                yield _line(number, header, cells, how)


def _line(number: int, header: list[str], cells: list[str], how: mapping.CsvMapping) -> Line:
    if len(cells) != len(header):
        return Line(number, error=f"{len(cells)} cells where the header has {len(header)}")
    record = how.record(dict(zip(header, cells, strict=True)))
    missing = [name for name in ("external_id", "occurred_at") if name not in record]
    return Line(number, record, f"{missing[0]}: empty" if missing else "")


def batches(read: Iterable[Line]) -> Iterator[list[Line]]:
    """Good lines in batches that one webhook call takes, by number and by size."""
    batch: list[Line] = []
    size = 0
    for line in read:
        weight = len(json.dumps(line.record, ensure_ascii=False).encode()) + 2
        if batch and (len(batch) == RECORDS_A_CALL or size + weight > BYTES_A_CALL):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += weight
    if batch:
        yield batch


def load(
    api: Api, source: str, read: Iterable[Line], report: Report, named: Json | None = None
) -> None:
    """Send all good lines, batch by batch; a batch that is not taken does not stop the others.

    `named` is the import that they belong to: its `name`, and `duplicates` if it has a policy.
    Raises UnreachableError when the API is gone, and what reading the lines raises.
    """
    secret = _secret(api, source)
    for batch in batches(_good(read, report)):
        body = envelope("contact.upserted", [line.record for line in batch], named)
        message_id = f"load-{hashlib.sha256(body).hexdigest()[:40]}"
        try:
            results = api.send(source, secret, message_id, body)
        except ApiError as error:
            report.fail(batch, error)
        else:
            for line, result in zip(batch, results, strict=True):
                report.add(line, result)


def _good(read: Iterable[Line], report: Report) -> Iterator[Line]:
    for line in read:
        if line.error:
            report.refuse(line, line.error)
        else:
            yield line


def _secret(api: Api, source: str) -> str:
    """A signing secret; the settings of a source that stands are left as they are."""
    path = f"/v1/sources/{source}"
    if any(known["id"] == source for known in api.items("/v1/sources")):
        return api.rotate(path)
    return api.register(path, {"name": source, "kind": "generic"})


def show(report: Report, console: Console) -> None:
    """Print the summary; of a row no more than its line and external id."""
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in report.accepted.most_common())
    said = [f"{report.accepted.total():>8} accepted" + (f" ({outcomes})" if outcomes else "")]
    said += [f"{report.with_fields_dropped:>8} of them with fields dropped"]
    said += [f"{report.refused:>8} refused", *report.refusals]
    if (more := report.refused - len(report.refusals)) > 0:
        said.append(f"and {more} more")
    if report.failures:
        said += [f"{report.not_taken:>8} not taken", *report.failures]
        said.append("Not all was loaded. Loading the file again is safe.")
    console.print("\n".join(said), markup=False, highlight=False, soft_wrap=True)


def named(name: str, duplicates: str) -> Json | None:
    """The import of that name; MappingError for a policy without one."""
    if duplicates and not name:
        raise mapping.MappingError("DUPLICATES needs BATCH, the name of the import")
    given = {"name": name, "duplicates": duplicates}
    return {key: value for key, value in given.items() if value} or None


def main(path: str, source: str, how: str, batch: str = "", duplicates: str = "") -> int:
    """Exit status 0: every batch was taken (refused rows are in the summary); 1: not so."""
    report = Report()
    try:
        with open_under_bar(path, "rt", encoding="utf-8-sig", newline="", description=path) as file:
            read = lines(file, mapping.read(Path(how)))
            load(Api.local(), source, read, report, named(batch, duplicates))
    except (ApiError, UnreachableError, mapping.MappingError, OSError, UnicodeError) as error:
        report.failures.append(str(error))
    show(report, Console())
    return 1 if report.failures else 0


if __name__ == "__main__":
    if not 4 <= len(sys.argv) <= 6:
        sys.exit("usage: make load FILE=people.csv SOURCE=crm MAP=mapping.json [BATCH=name]")
    sys.exit(main(*sys.argv[1:]))
