"""Bugs in guards and rehearsals (law 7: the latest state, to those that a person meant)."""

from tests.mutants.bug import INTERLEAVINGS, LAWS, bug

LAW = LAWS + "test_guarding.py"
REHEARSING = LAWS + "test_rehearsing_targets.py"
DOMAIN = "chalicelib/domain/guarding.py"
COUNTING = "chalicelib/flow/guarding/counting.py"
RELEASE = "chalicelib/flow/guarding/release.py"

BUGS = (
    bug(
        7,
        "the guard lets one push more through",
        DOMAIN,
        LAW,
        ("if units > (run.limit or limit):", "if units > (run.limit or limit) + 1:"),
    ),
    bug(
        7,
        "a run is forgotten as changes are",
        DOMAIN,
        LAW,
        ("place = noted.run or _stretch(guard, now)", "place = _stretch(guard, now)"),
    ),
    bug(7, "a removal counts as one", DOMAIN, LAW, ("return REMOVAL if lost else 1", "return 1")),
    bug(
        7,
        "a push is counted by whoever comes last",
        COUNTING,
        f"{INTERLEAVINGS}[two pushes where one is allowed]",
        ("condition = Equals", "condition = None and Equals"),
    ),
    bug(
        7,
        "a release is for all that comes",
        RELEASE,
        LAW,
        ('update={"lately": {}}', 'update={"lately": {}, "has": 10**9}'),
    ),
    bug(
        7,
        "what waits is sent before the release has taken it up",
        RELEASE,
        LAW,
        ('return ["waited"]', "return []"),
    ),
    bug(
        7,
        "an activation sends what is right already",
        "chalicelib/domain/rehearsing.py",
        REHEARSING,
        ("if kept or is_told(known, found):", "if kept:"),
    ),
    bug(
        7,
        "whom the target has is taken for new",
        "chalicelib/flow/rehearsing/there.py",
        REHEARSING,
        ("remote = op.remote or self._found(connector, op)", "remote = op.remote"),
    ),
    bug(
        7,
        "what has changed since the rehearsal is counted as foretold",
        "chalicelib/flow/rehearsing/carry_out.py",
        REHEARSING,
        ('"done" if now == then else "changed"', '"done" if listed else "changed"'),
    ),
)
