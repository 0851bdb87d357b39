"""Bugs in rules of survivorship and how they are brought to everybody (laws 1 and 3)."""

from tests.mutants.bug import LAWS, bug

RENEW = "chalicelib/flow/ruling/renew.py"
SURVIVORSHIP = "chalicelib/domain/survivorship.py"
RULE_TESTS = LAWS + "test_rules.py"
BATCH_TESTS = LAWS + "test_ruling.py"
CASES = "tests/unit/test_survivorship.py"

BUGS = (
    bug(
        3,
        "the rules are read before the head",
        "chalicelib/flow/intake/ingest.py",
        f"{RULE_TESTS}::test_a_walk_in_the_midst_of_a_write_ends_lawfully",
        (
            "    contact = contacts.load(ports.items, told.record_id)\n",
            (
                "    early = _why(ports, told, source.id)\n"
                "    contact = contacts.load(ports.items, told.record_id)\n"
            ),
        ),
        (
            "contact, before, after, statement, again)\n\n\n",
            "contact, before, after, statement, again, early)\n\n\n",
        ),
        (
            "    again: bool,\n) -> tuple[Effect, Sequence[Change]]:\n",
            "    again: bool,\n    early: Why,\n) -> tuple[Effect, Sequence[Change]]:\n",
        ),
        ("_why(ports, told, after.source), unmatched)", "early, unmatched)"),
    ),
    bug(
        3,
        "the walk passes over heads whose values stay",
        RENEW,
        RULE_TESTS,
        (
            "    told = bool(step.version)\n",
            '    told = bool(step.version)\n    if not told:\n        return "unchanged", ()\n',
        ),
    ),
    bug(
        3,
        "the walk reaches only who is indexed",
        "chalicelib/flow/walk.py",
        BATCH_TESTS,
        ('[("changes", pk) for pk in _WAITING] + [', "["),
    ),
    bug(
        3,
        "a match renews nobody",
        "chalicelib/flow/matching/match.py",
        RULE_TESTS,
        ("    renew(ports, change.contact)  #", "    #"),
    ),
    bug(
        3,
        "a late word brings new rules that nobody is told of",
        "chalicelib/flow/intake/ingest.py",
        RULE_TESTS,
        (
            "why = rules.kept(ports, ",
            "why = (lambda _ports, why, _head: why)(ports, ",
        ),
    ),
    bug(
        3,
        "an undo leaves the rules in force",
        "chalicelib/flow/ruling/switch.py",
        BATCH_TESTS,
        (
            'Force.of_row(activation.spec["before"]).model_copy',
            "force.model_copy",
        ),
    ),
    bug(
        3,
        "what was changed since the rehearsal is shown all the same",
        "chalicelib/domain/rule_findings.py",
        BATCH_TESTS,
        ("contact.head.id != finding.id or shown != (finding.before, finding.after)", "False"),
    ),
    bug(
        1,
        "what bounced may beat what arrives",
        SURVIVORSHIP,
        CASES,
        ("            is_bad(claim.value),\n", "            False,\n"),
    ),
    bug(
        1,
        "the named sources do not come first",
        SURVIVORSHIP,
        CASES,
        ("(known.get(c.record.source, len(known)), -c.record.trust)", "-c.record.trust"),
    ),
    bug(
        1,
        "the rule named is the one that tells apart who says the same",
        SURVIVORSHIP,
        CASES,
        (
            "next((c for c in ranked if c.value != ranked[0].value), ranked[1])",
            "ranked[1]",
        ),
    ),
)
