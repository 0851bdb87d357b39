"""Bugs in what people do to contacts: pins, choices, splits, retirements (law 2)."""

from tests.mutants.bug import CRASHES, bug

PINS = "chalicelib/domain/pins.py"
PIN = "chalicelib/flow/editing/pin.py"
PIN_TESTS = "tests/unit/test_pins.py"
EDIT_TESTS = "tests/unit/test_editing.py"
SPLIT_TESTS = "tests/unit/test_splitting.py"

BUGS = (
    bug(
        2,
        "a revert gives way to the same word again",
        PINS,
        PIN_TESTS,
        (
            'return all(_print(c.value) in pin.word["against"] for c in later)',
            "return not [*later]",
        ),
    ),
    bug(
        2,
        "pins of a skipped side are heard",
        PINS,
        PIN_TESTS,
        ("moment(told.stamp) > max(muted_since, ended):", "moment(told.stamp) > ended:"),
    ),
    bug(
        2,
        "a choice leaves older pins in force",
        PINS,
        PIN_TESTS,
        ("max(muted_since, ended)", "muted_since"),
    ),
    bug(
        2,
        "a release is over all that others say",
        PINS,
        PIN_TESTS,
        ("(p.slot, p.record, p.stamp) not in over]", "p.slot not in {o[0] for o in over}]"),
    ),
    bug(
        2,
        "an overwrite does not renew pins",
        PINS,
        PIN_TESTS,
        ('max(pin.stamp, heard.lifted.get(pin.record, ""))', "pin.stamp"),
    ),
    bug(
        2,
        "a word is as old as the clock says",
        PIN,
        EDIT_TESTS,
        ("at = times.later(ports.now(), _last_said(contact))", "at = times.text(ports.now())"),
    ),
    bug(
        2,
        "the matcher does not see a pin",
        "chalicelib/domain/deciding.py",
        EDIT_TESTS,
        ("pinned_values(record)", "record.values()"),
    ),
    bug(
        3,
        "a statement of an edit is not kept",
        PIN,
        f"{CRASHES}[editing: a pin]",
        (
            "        + [contacts.statement_write(r, statement) for r, statement in said.items()]\n",
            "",
        ),
    ),
    bug(
        3,
        "a repeated edit is done again",
        PIN,
        f"{CRASHES}[editing: a pin]",
        ("lambda _: () if batches.find(ports, batch.id) else attempt()", "lambda _: attempt()"),
    ),
    bug(
        2,
        "a split does not hold together what stays",
        "chalicelib/flow/editing/split.py",
        SPLIT_TESTS,
        ('for number, (a, b) in enumerate(spec["held"]):', "for number, (a, b) in enumerate([]):"),
    ),
    bug(
        2,
        "a split leaves no different",
        "chalicelib/flow/editing/split.py",
        SPLIT_TESTS,
        ("job.id, says=by,", 'job.id, says="",'),
    ),
    bug(
        2,
        "restoring one part restores the other",
        "chalicelib/flow/editing/retire.py",
        EDIT_TESTS,
        ("words = [_word(ports, stay, batch)] if stay else []", "words: list[Judgement] = []"),
    ),
)
