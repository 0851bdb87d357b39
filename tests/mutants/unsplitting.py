"""Bugs in the undo of splits and moves (laws 1, 2, 3)."""

from tests.mutants.bug import CRASHES, INTERLEAVINGS, bug

BATCHES = "chalicelib/flow/batches.py"
OVERTAKE = "chalicelib/flow/merging/overtake.py"
RETIE = "chalicelib/flow/merging/retie.py"
UNTIE = "chalicelib/flow/merging/untie.py"
TAKE_BACK = "chalicelib/flow/undoing/take_back.py"
TESTS = "tests/unit/test_undoing_splits.py"

BUGS = (
    bug(
        2,
        "an undone split leaves its different in force",
        RETIE,
        TESTS,
        ("return [d for d in found.values() if d.batch == split]", "return []"),
    ),
    bug(
        2,
        "an undone split joins what was undone meanwhile",
        UNTIE,
        TESTS,
        ("and is_cut(ports, known):", "and False:"),
    ),
    bug(
        2,
        "what a person undid of the machine's while it was cut is joined again",
        OVERTAKE,
        TESTS,
        ("for d in kept] if speaks else []", "for d in kept[:0]] if speaks else []"),
    ),
    bug(
        2,
        "an undo counts from when it was ordered",
        RETIE,
        TESTS,
        ('job.touched_at if job else ""', '""'),
    ),
    bug(
        2,
        "who undoes what a split has cut is told of the moment of the cut",
        "chalicelib/flow/merging/overtake.py",
        TESTS,
        (" | _apart(ports, edge)", ""),
    ),
    bug(
        2,
        "an undone split glues what the machine joined by what was taken back",
        RETIE,
        TESTS,
        ("_was_at_it(ports, undo) >= cut", "_was_at_it(ports, undo) < cut"),
    ),
    bug(
        2,
        "an undone split asks what was answered",
        RETIE,
        TESTS,
        (
            "    return [*(taken_back(ports, d, undo) for d in own), *answered]",
            "    return [taken_back(ports, d, undo) for d in own]",
        ),
    ),
    bug(
        2,
        "a different outlives its split",
        UNTIE,
        TESTS,
        ("and not d.final]", "]"),
    ),
    bug(
        2,
        "what was moved comes home last",
        BATCHES,
        TESTS,
        ('{MOVED: "1#", PARTED: "2#", HELD: "3#"}', '{MOVED: "4#", PARTED: "2#", HELD: "3#"}'),
    ),
    bug(
        2,
        "what was held together is let go while what it hung on is cut",
        TAKE_BACK,
        TESTS,
        ("HELD: _let_go,", "HELD: _untie,"),
    ),
    bug(
        2,
        "the preview of a split passes over what was said since",
        "chalicelib/domain/rejoining.py",
        TESTS,
        ('        return "judged_different"\n', '        return ""\n'),
    ),
    bug(
        3,
        "a split goes on after its undo",
        BATCHES,
        INTERLEAVINGS + "[a split on its way and its undo]",
        ('LONG: tuple[Kind, ...] = ("split", "merge")', 'LONG: tuple[Kind, ...] = ("merge",)'),
    ),
    bug(
        3,
        "a merge of many goes on after its undo",
        BATCHES,
        INTERLEAVINGS + "[a merge of three on its way and its undo]",
        ('LONG: tuple[Kind, ...] = ("split", "merge")', 'LONG: tuple[Kind, ...] = ("split",)'),
    ),
    bug(
        3,
        "an edge is in force again, and not kept as such",
        RETIE,
        CRASHES + "[unsplitting: what the machine joined]",
        ("for d in (cut.again, *over)]", "for d in over]"),
    ),
    bug(
        3,
        "a cut that its batch has lost is not found by the undo",
        "chalicelib/flow/checking/batched.py",
        "tests/faults/test_fsck_undo.py",
        (
            "    return {split: None if ports.items.get(listed.key) else listed}\n",
            "    return {}\n",
        ),
    ),
)
