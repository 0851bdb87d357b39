"""Bugs in lists: who is on one, who may be, and what is known to be sent (laws 6, 7 and 9)."""

from tests.mutants.bug import CRASHES, bug

LIVES = "tests/connectors/test_mailing_lists.py"
UNIT = "tests/unit/test_lists.py"
DECIDE = "chalicelib/flow/listing/decide.py"
ENLIST = "chalicelib/flow/listing/enlist.py"
LINKS = "chalicelib/flow/telling/links.py"
MAILCHIMP = "chalicelib/connectors/kinds/mailchimp.py"
SENDGRID_LISTS = "chalicelib/connectors/kinds/sendgrid_lists.py"

BUGS = (
    bug(
        9,
        "whoever does not consent is listed all the same",
        "chalicelib/domain/lists.py",
        f"{LIVES}::test_a_list_holds_who_was_meant_and_consents_and_says_why_not",
        ("    if why:\n", "    if why and had:\n"),
    ),
    bug(
        9,
        "who is let go keeps their tag at Mailchimp",
        MAILCHIMP,
        f"{LIVES}::test_who_withdraws_is_off_all_lists_however_they_are_let_go",
        ("off = {**op.lists, **ours}", "off = ours"),
    ),
    bug(
        9,
        "what is ignored stays on its lists",
        LINKS,
        f"{LIVES}::test_who_withdraws_is_off_all_lists_however_they_are_let_go",
        (
            'ignored = target.removal == "ignore" and not target.lists',
            'ignored = target.removal == "ignore"',
        ),
    ),
    bug(
        9,
        "a mailing system takes lists without a gate",
        "chalicelib/flow/listing/push.py",
        f"{LIVES}::test_without_a_gate_there_are_no_lists",
        ('if caps.lists == "consenting" and target.consent is None:', "if False:"),
    ),
    bug(
        7,
        "a merged contact is on the lists of its first record alone",
        "chalicelib/flow/listing/membership.py",
        f"{LIVES}::test_memberships_survive_a_merge_and_its_undo",
        ("alone = set(head.members) <= {known.contact}", "alone = True"),
    ),
    bug(
        7,
        "a push takes a contact off by its own record alone",
        DECIDE,
        f"{LIVES}::test_a_push_takes_a_merged_contact_off_by_whichever_record_it_is_on",
        ("for row in on[:AT_ONCE] for", "for row in on[:AT_ONCE] if row.contact == found.id for"),
    ),
    bug(
        7,
        "two of one address are both listed",
        "chalicelib/flow/listing/addresses.py",
        f"{LIVES}::test_two_of_one_address_are_one_and_the_first_keeps_the_place",
        ('"" if stands["contact"] in head.members else "same_address"', '""'),
    ),
    bug(
        7,
        "who has the place of an address loses it to whoever comes first",
        ENLIST,
        f"{LIVES}::test_two_of_one_address_are_one_and_the_first_keeps_the_place",
        (
            '[("deliveries", target.id), ("deliveries", pushing.entries)]',
            '[("deliveries", pushing.entries)]',
        ),
    ),
    bug(
        7,
        "a preview puts people on the list",
        DECIDE,
        f"{UNIT}::test_a_preview_says_the_same_and_does_nothing",
        ("if not self.preview:", "if True:"),
    ),
    bug(
        7,
        "what was sent is not on record where the target had it before",
        "chalicelib/domain/lists.py",
        f"{UNIT}::test_what_was_sent_when_is_kept_for_good",
        ("n in known and known[n].on == (n in lists)}", "n in known}"),
    ),
    bug(
        7,
        "who leaves a list of SendGrid's stays there",
        SENDGRID_LISTS,
        f"{LIVES}::test_pushed_again_it_becomes_exactly_the_new_result",
        ("if not on and n in self._ids()]", "if on and n in self._ids()]"),
    ),
    bug(
        7,
        "the finding of a push stands before what it takes off",
        DECIDE,
        f"{CRASHES}[list: of a merged one, worked off]",
        (
            "        self.ports.items.write([finding, *writes])\n",
            "        self.ports.items.write([finding])\n        self.ports.items.write(writes)\n",
        ),
    ),
    bug(
        7,
        "a contact takes the place that another one gets back",
        LINKS,
        f"{LIVES}::test_an_undo_gives_each_its_own_place_back",
        (
            " and not _goes_back(ports, target, remote)",
            "",
        ),
    ),
    bug(
        9,
        "a place stays with a contact that may not have it",
        LINKS,
        f"{LIVES}::test_who_is_merged_with_one_whom_the_target_may_not_have_is_let_go",
        ("    if _why_not(ports, target, own, home):\n        return False\n", ""),
    ),
    bug(
        9,
        "a place that a record brought is forgotten",
        "chalicelib/flow/telling/fan_out.py",
        f"{LIVES}::test_a_withdrawal_after_a_merge_lets_go_of_the_place_that_a_record_brought",
        ("idle = idle and not _is_there(ports, target, known, head)", "idle = bool(idle)"),
    ),
)
