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
        f"{LAW}::test_a_source_that_empties_a_field_is_stopped_too_by_what_changes_as_it_comes",
        ("if units > (run.limit or limit):", "if units > (run.limit or limit) + 1:"),
    ),
    bug(
        7,
        "a run is forgotten as changes are",
        DOMAIN,
        f"{LAW}::test_a_run_is_counted_as_one_however_slow_it_is",
        ("place = noted.run or _stretch(guard, now)", "place = _stretch(guard, now)"),
    ),
    bug(
        7,
        "a removal counts as one",
        DOMAIN,
        f"{LAW}::test_removals_count_four_times_but_those_of_merged_contacts",
        ("return REMOVAL if lost else 1", "return 1"),
    ),
    bug(
        7,
        "a push is counted by whoever comes last",
        COUNTING,
        f"{INTERLEAVINGS}[two pushes where one is allowed]",
        ("stored.row(), condition)", "stored.row())"),
    ),
    bug(
        7,
        "what waits is sent before the release has taken it up",
        RELEASE,
        f"{LAW}::test_a_release_is_only_for_what_waits",
        ('return ["waited"]', "return []"),
    ),
    bug(
        7,
        "an activation sends what is right already",
        "chalicelib/domain/rehearsing.py",
        f"{REHEARSING}::test_a_webhook_sees_what_was_foretold",
        ("if found is None or is_told(known, found):", "if found is None:"),
    ),
    bug(
        7,
        "whom the target has is taken for new",
        "chalicelib/flow/rehearsing/there.py",
        f"{REHEARSING}::test_hubspot_sees_what_was_foretold",
        ("remote = op.remote or self._found(connector, op)", "remote = op.remote"),
    ),
    bug(
        7,
        "what has changed since the rehearsal is counted as foretold",
        "chalicelib/flow/rehearsing/carry_out.py",
        f"{REHEARSING}::test_what_has_changed_since_is_done_as_it_is_now_and_counted_apart",
        ('"done" if now == then else "changed"', '"done" if listed else "changed"'),
    ),
)
