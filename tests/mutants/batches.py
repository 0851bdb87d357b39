"""Bugs in batches and their undo (laws 1, 2, 3)."""

from tests.mutants.bug import CRASHES, INTERLEAVINGS, LAWS, bug

OUTCOME = "chalicelib/flow/undoing/outcome.py"
RETRACT = "chalicelib/flow/undoing/retract.py"
UNDO = "chalicelib/flow/undoing/undo_batches.py"
UNDOING = "chalicelib/domain/undoing.py"
UNDOING_TESTS = LAWS + "test_undoing.py"

BUGS = (
    bug(
        1,
        "a retracted statement still counts",
        "chalicelib/domain/evidence.py",
        UNDOING_TESTS,
        ("standing = [s for s in statements if not s.retracted_by]", "standing = list(statements)"),
    ),
    bug(
        1,
        "what another call said too is retracted",
        UNDOING,
        UNDOING_TESTS + "::test_what_another_call_said_too_stands_until_that_is_undone",
        ("    if not left:\n", "    if True:\n"),
    ),
    bug(
        2,
        "an undone row leaves what it bridged glued",
        RETRACT,
        UNDOING_TESTS + "::test_a_row_that_bridged_two_contacts_leaves_them_apart",
        (" if matter else (),\n    )", " if not matter else (),\n    )"),
    ),
    bug(
        2,
        "the matcher goes by what a record has said",
        "chalicelib/flow/matching/match.py",
        CRASHES + "[batch: what the machine joined by it]",
        ("if (a, b) != (pair.record, pair.candidate):", "if not (a and b):"),
    ),
    bug(
        3,
        "a call goes on after its undo",
        UNDO,
        INTERLEAVINGS + "[a call on its way and its undo]",
        ("    insisting(ports, lambda _: _bar(ports, batch.id))\n", ""),
    ),
    bug(
        3,
        "an undo forgets what it retracted when it is begun again",
        OUTCOME,
        CRASHES + "[batch: what the machine joined by it]",
        ("(Undone.of_row(row), ()) if row", '(Undone(state="nothing"), ()) if row'),
    ),
    bug(
        2,
        "a sitting takes back its own undo",
        "chalicelib/flow/editing/retire.py",
        UNDOING_TESTS + "::test_a_sitting_is_undone_whole_and_undos_are_left",
        ('    if batch.kind == "undo":\n        return []\n', ""),
    ),
    bug(
        2,
        "an import's policy is forgotten",
        "chalicelib/domain/deciding.py",
        UNDOING_TESTS + "::test_an_import_says_what_its_records_do_with_duplicates",
        ("    return younger.duplicates or (", "    return ("),
    ),
    bug(
        1,
        "what was edited since is not said",
        UNDOING,
        UNDOING_TESTS + "::test_an_import_comes_back_exactly_but_for_what_was_edited_since",
        ("        kept=_kept(told, taken),", "        kept=(),"),
    ),
)
