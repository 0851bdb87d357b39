"""Bugs in interactions and purchases (laws 1 and 2: each on its record, in any order)."""

from tests.mutants.bug import LAWS, bug

RECORD = "chalicelib/flow/interacting/record_interaction.py"
MOVE = "chalicelib/flow/interacting/move.py"
UNIT = "tests/unit/test_timeline.py"
INTERACTIONS = "tests/unit/test_interactions.py"
LAW = LAWS + "test_timeline.py"
_SURVIVOR = "return Home(contact, contact.head.id, how)\n    return None"

BUGS = (
    bug(
        1,
        "a late word on an interaction counts",
        "chalicelib/domain/interactions.py",
        LAW,
        ("    return word.stamp <= known.stamp\n", "    return word.stamp == known.stamp\n"),
    ),
    bug(
        1,
        "the same word again forgets that it is newer",
        RECORD,
        INTERACTIONS,
        ('    newer = known.model_copy(update={"stamp": word.stamp})\n', "    newer = known\n"),
    ),
    bug(
        1,
        "an order that was moved still counts where it stood",
        MOVE,
        LAW,
        ("        orders.pop(move.before.place, None)\n", "        pass\n"),
    ),
    bug(
        1,
        "what was moved stays where it stood, too",
        MOVE,
        LAW,
        (
            "        writes.append(interactions.removing(before.record, before.place))\n",
            "        pass\n",
        ),
    ),
    bug(
        2,
        "an interaction by hand goes to the survivor's own record",
        "chalicelib/flow/interacting/whose.py",
        UNIT,
        ("return Home(contact, name, how)\n    return None", _SURVIVOR),
    ),
    bug(
        1,
        "a page of the timeline begins with the last entry again",
        "chalicelib/flow/interacting/timeline.py",
        UNIT,
        ("_version_key(v) >= mark.key", "_version_key(v) > mark.key"),
        ("entry.number or mark.number", "entry.number + 1 if entry.number else mark.number"),
    ),
    bug(
        1,
        "the window of a filter is not moved by the clock",
        "chalicelib/flow/reading/search.py",
        UNIT,
        (
            "compile_filter(wanted.q, then.date())",
            "compile_filter(wanted.q, __import__('datetime').date(2026, 11, 21))",
        ),
    ),
)
