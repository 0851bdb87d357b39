"""Bugs in what mailing systems are told of consent, and what they tell us of it (law 9)."""

from tests.mutants.bug import bug

MAILCHIMP = "chalicelib/connectors/kinds/mailchimp.py"
MAILCHIMP_POLLS = "chalicelib/connectors/kinds/mailchimp_polls.py"
MAILCHIMP_HOOKS = "chalicelib/connectors/kinds/mailchimp_hooks.py"
SENDGRID = "chalicelib/connectors/kinds/sendgrid.py"
SUPPRESSIONS = "chalicelib/connectors/kinds/sendgrid_suppressions.py"
SENDGRID_POLLS = "chalicelib/connectors/kinds/sendgrid_polls.py"
MAILCHIMP_TESTS = "tests/connectors/test_mailchimp.py"
SENDGRID_TESTS = "tests/connectors/test_sendgrid.py"
TESTS = "tests/connectors/test_mailing.py"

BUGS = (
    bug(
        9,
        "whoever was archived at Mailchimp comes back subscribed",
        MAILCHIMP,
        MAILCHIMP_TESTS,
        ("was = BEGUN if MARK in tags_of(known) else NEITHER", "was = BEGUN"),
    ),
    bug(
        9,
        "an unsubscribed member of Mailchimp is archived",
        MAILCHIMP,
        MAILCHIMP_TESTS,
        ('away = known["status"] in (DEAD, ENDED)', 'away = known["status"] == DEAD'),
        ('**({MARK: True} if known["status"] == BEGUN else {})', "MARK: True"),
    ),
    bug(
        9,
        "a mapped status is written over that of a member of Mailchimp",
        MAILCHIMP,
        MAILCHIMP_TESTS,
        ('if name != "status"}\n        own', "}\n        own"),
    ),
    bug(
        9,
        "the first consent counts and not the latest",
        "chalicelib/domain/mapping/paths.py",
        TESTS,
        (
            "return self._standing(told)",
            "return self._part(next(iter(told), None))",
        ),
    ),
    bug(
        6,
        "a member of Mailchimp that is another contact's is taken",
        MAILCHIMP,
        TESTS,
        (
            'return Result("refused", TAKEN, remote=str(known["contact_id"]))',
            'return self._change(known["contact_id"], op)',
        ),
    ),
    bug(
        6,
        "who waits for an address is not told that it is free",
        "chalicelib/flow/telling/waiting.py",
        "tests/connectors/test_taken_addresses.py",
        ("kick_deliveries(ports, [due for pair in names for due in _again(ports, *pair)])", "pass"),
        ("    names = (", "    _ = ("),
    ),
    bug(
        9,
        "pages of Mailchimp's are counted where members move",
        MAILCHIMP_POLLS,
        MAILCHIMP_TESTS,
        ("if full and since == self.since:", "if full:"),
    ),
    bug(
        9,
        "a hook of Mailchimp needs no proof",
        MAILCHIMP_HOOKS,
        MAILCHIMP_TESTS,
        ("(secret and not tokens[0])", "not tokens[0]"),
    ),
    bug(
        9,
        "a new address at SendGrid leaves the suppressions behind",
        SENDGRID,
        SENDGRID_TESTS,
        ('        self._suppressions.copy(known["email"], address)\n', ""),
    ),
    bug(
        9,
        "only global suppressions follow an address",
        SUPPRESSIONS,
        SENDGRID_TESTS,
        ("places += [self._own] if self._group in left else []", "pass"),
    ),
    bug(
        9,
        "a poll of SendGrid forgets complaints",
        SENDGRID_POLLS,
        SENDGRID_TESTS,
        (
            '_TURNS = ("unsubscribes", "spam_reports", "group")',
            '_TURNS = ("unsubscribes", "group")',
        ),
    ),
    bug(
        6,
        "a contact at SendGrid with another contact's id is taken",
        SENDGRID,
        SENDGRID_TESTS,
        ('if not _is_ours(c.get("external_id", ""))', "if c"),
    ),
    bug(
        6,
        "a creation at SendGrid is done before it can be found",
        SENDGRID,
        SENDGRID_TESTS,
        (
            'return Result("done", remote=there) if remote else self._made(job, ours)',
            'return Result("done", remote=remote)',
        ),
    ),
)
