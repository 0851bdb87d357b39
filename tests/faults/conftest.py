"""Says, at the end of a run, how much was tried."""

from collections import Counter

import pytest

COUNTED = {
    "faults": "single faults survived",
    "schedules": "schedules ended lawfully",
    "torn": "torn transactions found or mended",
}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The counts come with the reports, also from workers of their own."""
    passed = terminalreporter.getreports("passed")
    told = [(name, value) for report in passed for name, value in report.user_properties]
    sums = Counter[str]()
    for name, value in told:
        sums[name] += int(value) if name in (*COUNTED, "complete", "incomplete") else 0
    for name, words in COUNTED.items():
        if sums[name]:
            terminalreporter.write_line(f"{words}: {sums[name]}")
    if sums["schedules"]:
        pairs = f"{sums['complete']} meetings complete, {sums['incomplete']} with two preemptions"
        terminalreporter.write_line(pairs)
