"""Bugs in pacing (law 7: a target that hangs, limits or fails costs nobody else anything)."""

from tests.mutants.bug import LAWS, bug

PACING = "chalicelib/domain/pacing.py"
LAW = LAWS + "test_pacing.py"
KICKS = LAWS + "test_kicks.py"
UNIT = "tests/unit/test_target_health.py"

BUGS = (
    bug(
        7,
        "the bucket forgets the calls that it let through",
        PACING,
        LAW,
        ("max(_moment(pace.paid, rested), rested) + limits.apart(units)", "rested"),
    ),
    bug(
        7,
        "who comes late to a place has lost it",
        PACING,
        KICKS,
        (
            "return bool(place) and place <= times.text(now)",
            "return bool(place) and _moment(place, now) <= now <= _moment(place, now) + SECOND",
        ),
    ),
    bug(
        7,
        "a kick that comes before its place is lost",
        "chalicelib/flow/telling/deliver.py",
        KICKS,
        (
            "    if known.due > now:\n        _come_back(ports, known)\n",
            "    if known.due > now:\n",
        ),
    ),
    bug(
        7,
        "polls do not draw on the rate",
        PACING,
        "tests/connectors/test_budgets.py",
        ('{"used": pace.used + units, "paid": paid}', '{"paid": paid}'),
    ),
    bug(
        7,
        "polls take what they like",
        "chalicelib/domain/polling.py",
        "tests/connectors/test_budgets.py",
        ("return max(by_rate, by_day)", "return timedelta(0)"),
    ),
    bug(
        7,
        "a push does not look at the clock",
        "chalicelib/flow/telling/accounts.py",
        "tests/connectors/test_slow_systems.py",
        ("    if remaining_ms is None:\n", "    if True:\n"),
    ),
    bug(
        7,
        "a target that fails is never left alone",
        PACING,
        UNIT,
        ("return self.failures >= BREAKS_AT", "return False"),
        ("wait = max(asked, _wait(pace.failures + more - BREAKS_AT))", "wait = asked"),
    ),
    bug(
        7,
        "calls that fail together each make the wait longer",
        PACING,
        UNIT,
        ("more = pace.closed_until <= times.text(now)", "more = True"),
    ),
    bug(
        7,
        "a target that asks for quiet gets it from one contact only",
        PACING,
        UNIT,
        ("if wait and until > pace.closed_until:", "if False:"),
    ),
    bug(
        7,
        "a backfill eats the whole day",
        PACING,
        UNIT,
        ("(daily * (1 - KEPT) if asking.bulk else daily)", "daily"),
    ),
    bug(
        7,
        "being put off is an attempt",
        "chalicelib/domain/deliveries.py",
        UNIT,
        (
            'freed = {"rev": known.rev + 1, "lease": "", "leased_until": ""}',
            'freed = {"rev": known.rev + 1, "lease": "", "leased_until": "", "attempts": 1}',
        ),
    ),
    bug(
        7,
        "a place that the dead held is held for ever",
        PACING,
        UNIT,
        ("if until > times.text(now)}", "}"),
    ),
)
