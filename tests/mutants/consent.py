"""Bugs by which a withdrawn consent could be turned on again, and a system never be content."""

from tests.mutants.bug import LAWS, bug

LAW = LAWS + "test_consent.py::test_a_withdrawal_stands"
TOLD = LAWS + "test_consent.py::test_who_"
FACTS = LAWS + "test_facts.py"
RING = LAWS + "test_mixed_partners.py"
VOICES = "chalicelib/domain/voices.py"
GOLDEN = "chalicelib/domain/golden.py"
LINKS = "chalicelib/flow/hearing/links.py"
PARCELS = "chalicelib/domain/parcels.py"
NOTICE = "chalicelib/flow/hearing/notice.py"
MAILCHIMP = "chalicelib/connectors/kinds/mailchimp.py"

BUGS = (
    bug(
        10,
        "a record that is gone takes its withdrawal with it",
        GOLDEN,
        FACTS,
        ("(heard.silent if name in FACTS else ())", "()"),
    ),
    bug(
        10,
        "who is put away takes its pinned withdrawal with it",
        VOICES,
        FACTS,
        ("tuple((r, muted_since(r)) for r in known)", "tuple((r, muted_since(r)) for r in alive)"),
    ),
    bug(
        10,
        "a merge that skips silences a withdrawal by hand",
        "chalicelib/domain/pins.py",
        FACTS,
        ("if fact or moment(told.stamp)", "if moment(told.stamp)"),
    ),
    bug(
        10,
        "two hundred later words drive a withdrawal out",
        "chalicelib/domain/evidence.py",
        FACTS,
        ("{*told[-FACTS_CAP:], *last.values()}", "{*told[-FACTS_CAP:]}"),
    ),
    bug(
        9,
        "a consent is let go like a pin",
        "chalicelib/domain/edits.py",
        LAWS + "test_consent.py::test_a_consent_is_not_let_go_like_a_pin",
        ("    if name in FACTS:\n        raise", "    if False:\n        raise"),
    ),
    bug(
        9,
        "a mere grant turns a withdrawal on",
        "chalicelib/domain/consents.py",
        LAW,
        (' and f.get("proof")', ""),
    ),
    bug(
        9,
        "a target is told of whoever withdrew by another channel of truth",
        "chalicelib/domain/routing.py",
        LAW,
        ('return "" if allowed else "no_consent"', 'return ""'),
    ),
    bug(
        9,
        "a mailing system's own contact never hears that they withdrew here",
        "chalicelib/flow/telling/deliver.py",
        TOLD + "signed_up_there_and_withdraws_here_gets_no_more_letters",
        ("return parting(target, version, held.has)  #", "return None  #"),
    ),
    bug(
        9,
        "who came back there by themselves stays though they withdrew here",
        LINKS,
        LAW,
        ("row.present or spoken.there", "row.present"),
    ),
    bug(
        9,
        "an unsubscribe like one that we once sent is an echo for ever",
        LINKS,
        TOLD + "leaves_again_after_we_ended_it_once_is_heard",
        ("if n not in FACTS}", "}"),
    ),
    bug(
        9,
        "of a call only whom it names is kept",
        NOTICE,
        LAW,
        ("        if told.changed:\n", "        if False:\n"),
    ),
    bug(
        9,
        "a copy that was merged away stays with whoever withdrew",
        "chalicelib/flow/telling/links.py",
        LAW,
        ("    if _why_not(ports, target, own, home):\n        return False", "    pass"),
    ),
    bug(
        9,
        "who was left in the audience is not heard any more",
        MAILCHIMP,
        TOLD + "leaves_as_we_let_them_go_is_heard",
        ('return Result("done", remote=op.remote)', 'return Result("done")'),
    ),
    bug(
        8,
        "a grant that Mailchimp does not take is sent again and again",
        PARCELS,
        TOLD + "left_there_and_opts_in_here_causes_no_more_calls",
        ("if has and not _ended(data.get(n, ()))}", "if False}"),
    ),
    bug(
        8,
        "what is only read is sent back for ever",
        PARCELS,
        LAWS + "test_consent.py::test_an_address_that_bounced_is_known_and_then_there_is_silence",
        ("kept = stands | (has.keys() - mapper.written - {LISTED})", "kept = stands"),
    ),
    bug(
        9,
        "whose address bounced is moved to another one",
        MAILCHIMP,
        TOLD + "bounced_is_not_given_another_address_there",
        ('known is not None and known["status"] == DEAD and', "False and"),
    ),
    bug(
        9,
        "where our word on consent is to count no unsubscribe is heard",
        "chalicelib/domain/sources.py",
        TOLD + "owns_consents_here_still_hears_who_left_there",
        ('"rules" if field in FACTS else ', ""),
    ),
    bug(
        8,
        "a system is sent all that it has each time",
        "chalicelib/domain/deliveries.py",
        RING,
        ("return known.sent_print == parcel.print", "return False"),
    ),
)
