"""Bugs in the undo of interactions (laws 1, 2, 3)."""

from tests.mutants.bug import CRASHES, INTERLEAVINGS, LAWS, bug

OUTCOME = "chalicelib/flow/undoing/outcome.py"
UNSAY = "chalicelib/flow/undoing/unsay.py"
RECORD = "chalicelib/flow/interacting/record_interaction.py"
TESTS = LAWS + "test_undoing_interactions.py"

BUGS = (
    bug(
        2,
        "an undone order that was corrected since goes too",
        UNSAY,
        TESTS,
        ("    if after.stamp != known.stamp:\n", "    if False:\n"),
    ),
    bug(
        1,
        "a late word on an interaction is forgotten",
        RECORD,
        TESTS + "::test_a_word_that_came_late_stands_once_the_newer_one_is_undone",
        (
            "        heard = _placed_before(ports, source, word, errand, name)\n",
            "        heard = None\n",
        ),
    ),
    bug(
        1,
        "what was taken back on an interaction still counts",
        "chalicelib/domain/hearing.py",
        TESTS + "::test_two_undos_in_any_order_lead_back_to_what_stood",
        (" if not w.retracted_by), None)", "), None)"),
    ),
    bug(
        1,
        "the same word by another call is not kept",
        RECORD,
        TESTS + "::test_what_two_calls_said_alike_stands_until_both_are_undone",
        (
            "    return _note(ports, word, errand, name, known, newer, heard)\n",
            "    return _note(ports, word, errand, name, known, newer, None)\n",
        ),
    ),
    bug(
        3,
        "a word on an interaction is taken on stale ground",
        "chalicelib/store/interactions.py",
        INTERLEAVINGS + "[an undone order and a later word on it]",
        (
            '    condition = Equals("rev", after.rev - 1) if after.rev > 1 else Absent()\n',
            "    condition = None if after.rev > 1 else Absent()\n",
        ),
    ),
    bug(
        3,
        "an undo forgets which word it took back when it is begun again",
        OUTCOME,
        CRASHES + "[unsaying: an order]",
        ("(Undone.of_row(row), ()) if row", '(Undone(state="nothing"), ()) if row'),
    ),
    bug(
        3,
        "a call on interactions goes on after its undo",
        RECORD,
        TESTS + "::test_a_call_of_interactions_that_was_undone_half_way_does_not_go_on",
        (
            "            return Effect.of_kept(done), ()\n",
            "            return Effect.of_row(done), ()\n",
        ),
    ),
    bug(
        2,
        "who was born with an undone order is not born again",
        "chalicelib/flow/interacting/whose.py",
        TESTS + "::test_who_was_born_with_an_interaction_goes_with_it_and_comes_again",
        ("    if contact and not contact.records[name].blank:\n", "    if contact:\n"),
    ),
)
