"""Bugs in conflicts with partners (law 8: systems agree in the end, and nobody is overrun)."""

from tests.mutants.bug import CRASHES, INTERLEAVINGS, bug

ANSWER = "chalicelib/flow/conflicting/answer.py"
AGREE = "chalicelib/flow/conflicting/agree.py"
OWNING = "chalicelib/flow/conflicting/owning.py"
ROWS = "chalicelib/flow/conflicting/rows.py"
WEIGH = "chalicelib/domain/conflicts.py"
UNIT = "tests/unit/test_conflicts.py"
FLOW = "tests/connectors/test_conflicts.py"
OWNERS = "tests/connectors/test_owners.py"

BUGS = (
    bug(
        8,
        "what only a partner changed is asked about",
        WEIGH,
        UNIT,
        ('not in (has.get(n, ""), theirs.get(n, ""))', '!= theirs.get(n, "")'),
    ),
    bug(
        8,
        "what a partner and we changed alike is asked about",
        WEIGH,
        UNIT,
        ('not in (has.get(n, ""), theirs.get(n, ""))', '!= has.get(n, "")'),
    ),
    bug(
        8,
        "a field that is asked about is sent",
        "chalicelib/domain/parcels.py",
        UNIT,
        ("        if not fields or self", "        if True or self"),
    ),
    bug(
        8,
        "a field that is asked about is cleared there",
        "chalicelib/flow/telling/ops.py",
        FLOW + "::test_the_other_fields_go_on_as_usual",
        (" - link.row.asked.keys()\n", "\n"),
    ),
    bug(
        8,
        "a user's change of mind is taken for a flip",
        WEIGH,
        UNIT,
        ("(*(turns[:-1] if alone else turns), turn)", "(*turns, turn)"),
    ),
    bug(
        8,
        "a field may flip for ever",
        WEIGH,
        OWNERS + "::test_what_goes_there_and_back_is_left_alone_and_asked",
        ("len(flips[n]) > FLIPS_CAP", "len(flips[n]) > 99"),
    ),
    bug(
        8,
        "a field that was answered flips on",
        WEIGH,
        UNIT,
        (
            "    flips = {n: turns for n, turns in known.flips.items() if n not in fields}\n",
            "    flips = known.flips\n",
        ),
    ),
    bug(
        8,
        "sides that agree stay asked",
        AGREE,
        FLOW + "::test_sides_that_agree_close_it",
        ("    if not same:\n", "    if True:\n"),
    ),
    bug(
        8,
        "an answer for an unseen value counts",
        ANSWER,
        f"{INTERLEAVINGS}[a conflict is answered as the partner says another thing]",
        ("if given.etag != current:", "if False:"),
    ),
    bug(
        8,
        "the second answer counts",
        ROWS,
        f"{INTERLEAVINGS}[two answers to one conflict]",
        ("    condition = Equals", "    condition = None and Equals"),
    ),
    bug(
        8,
        "theirs is noted in a transaction of its own",
        ANSWER,
        f"{CRASHES}[conflicts: answered with theirs]",
        (
            "{bearer: words}, batch, also)\n",
            "{bearer: words}, batch)\n        ports.items.write(also)\n",
        ),
    ),
    bug(
        8,
        "a rule overrules a person",
        OWNING,
        OWNERS + "::test_no_owner_overrules_a_person",
        ("if not ours.is_fixed(n)]", "]"),
    ),
    bug(
        8,
        "a rule answers against a person",
        OWNING,
        OWNERS + "::test_no_owner_overrules_a_person",
        ("    if ours.is_fixed(asked.field):\n", "    if False:\n"),
    ),
    bug(
        8,
        "the newest is for ever",
        ANSWER,
        OWNERS + "::test_the_newest_wins",
        ('ours.adopt_for_now if owner == "newest" else ours.adopt', "ours.adopt"),
    ),
    bug(
        8,
        "the older word wins",
        OWNING,
        OWNERS + "::test_the_newest_wins",
        ("asked.theirs_at > ours", "asked.theirs_at < ours"),
    ),
    bug(
        8,
        "an answer is no rule",
        ANSWER,
        OWNERS + "::test_an_answer_becomes_a_rule",
        ("if not given.remember or", "if True or"),
    ),
    bug(
        8,
        "their element comes last",
        "chalicelib/domain/golden.py",
        UNIT + "::test_a_place_comes_before_all_others_and_the_newer_of_two_first",
        ("places.get(identity(share[1]), behind)", "behind"),
    ),
    bug(
        8,
        "what a system cannot show is dropped with the rest",
        "chalicelib/domain/adopting.py",
        UNIT + "::test_of_a_list_what_it_cannot_show_stays",
        ("in seen - kept]", "not in kept]"),
    ),
    bug(
        8,
        "a question outlives its link",
        ROWS,
        FLOW + "::test_who_is_deleted_there_is_asked_about_no_more",
        ("if field not in after.asked]", "if not name]"),
    ),
    bug(
        8,
        "newer words are not heard of what is asked",
        "chalicelib/flow/conflicting/weigh.py",
        FLOW + "::test_newer_words_of_either_side_are_in_the_question",
        ('if asked and asked.state == "open":', "if False:"),
    ),
)
