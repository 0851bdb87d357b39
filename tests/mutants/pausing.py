"""Bugs in pausing (law 7: a pause loses nothing; and doubles and reorders nothing)."""

from tests.mutants.bug import CRASHES, INTERLEAVINGS, LAWS, bug

LINE = "chalicelib/flow/pausing/line.py"
DRAIN = "chalicelib/flow/pausing/drain.py"
LAW = LAWS + "test_pausing.py"
UNIT = "tests/unit/test_pausing.py"

_BODY = "    body = _body(ports, waiting)\n"
_READ = "envelope.records[position], "

BUGS = (
    bug(
        7,
        "a call passes those that wait",
        LINE,
        f"{INTERLEAVINGS}[a call, and its source goes on]",
        ("    if not (resting or queue.waiting):\n", "    if not resting:\n"),
    ),
    bug(
        7,
        "an empty line is left as it is by who resumes",
        DRAIN,
        f"{INTERLEAVINGS}[a call, and its source goes on with nothing kept]",
        ("        ports.items.write([line_write(queue, queue.moved())])\n", ""),
    ),
    bug(
        7,
        "a call is out of its line before it is applied",
        DRAIN,
        f"{CRASHES}[pausing: applied]",
        (_BODY, _BODY + "    insisting(ports, lambda _: _pass(ports, waiting))\n"),
    ),
    bug(
        7,
        "a call that died half-way is not kept",
        LINE,
        UNIT,
        ("or _ended(ports, known, records)):", "or known):"),
    ),
    bug(
        7,
        "the sources' lines are worked off one after the other",
        DRAIN,
        UNIT,
        ("(waiting.at, waiting.source)", "waiting.source"),
    ),
    bug(
        7,
        "what was kept is read by the clock of its application",
        "chalicelib/flow/intake/receive.py",
        UNIT,
        (
            "envelope.records[position], times.moment(call.at)",
            "envelope.records[position], ports.now()",
        ),
    ),
    bug(
        7,
        "a paused target is sent to",
        "chalicelib/flow/pausing/rest.py",
        LAW,
        ('pause.state != "active" or row.get("state") in ("paused", "held")', "False"),
    ),
    bug(
        7,
        "the targets go on before what was kept is applied",
        "chalicelib/flow/pausing/rest.py",
        UNIT,
        ('if pause.state != "active" or', 'if pause.state == "paused" or'),
    ),
    bug(
        7,
        "the days of a pause are days of patience",
        "chalicelib/domain/deliveries.py",
        LAW,
        ("max(known.first_failed, awake) if known.first_failed", "known.first_failed if awake"),
    ),
    bug(
        7,
        "a target that is prepared is thought of",
        "chalicelib/flow/telling/fan_out.py",
        UNIT,
        ("if target.started]", "]"),
    ),
    bug(
        7,
        "an old job ends the pause that came after it",
        "chalicelib/flow/pausing/lifecycle.py",
        UNIT,
        ('known.state == "resuming" and known.job == job_id', 'known.state != "active"'),
    ),
)
