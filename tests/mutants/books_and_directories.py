"""Bugs in what goes to address books and directories (law 7; 2: nothing of theirs is lost)."""

from tests.mutants.bug import bug

KINDS = "chalicelib/connectors/kinds/"
CARDDAV, VCARD = KINDS + "carddav.py", KINDS + "vcard.py"
LDAP, SESSION, ENTRIES = KINDS + "ldap.py", KINDS + "ldap_session.py", KINDS + "ldap_entries.py"
URLS, LINES = "chalicelib/domain/urls.py", "chalicelib/connectors/lines.py"
BOOK, DIRECTORY = "tests/connectors/test_carddav.py", "tests/connectors/test_ldap.py"
CARD, LINE = "tests/unit/connectors/test_vcard.py", "tests/unit/test_lines.py"

BUGS = (
    bug(
        2,
        "a card is written whoever wrote meanwhile",
        CARDDAV,
        BOOK,
        ('{"if-match": etag} if etag else {}', "{}"),
    ),
    bug(
        2,
        "an entry is written whoever wrote meanwhile",
        SESSION,
        DIRECTORY,
        ("controls=asserted)", "controls=None)"),
    ),
    bug(
        7,
        "a second card is made where ours stands",
        CARDDAV,
        BOOK,
        (
            "        if reply.status == 412:\n            return self.upsert",
            "        if False:\n            return self.upsert",
        ),
    ),
    bug(
        7,
        "the end of a long poll forgets what changed meanwhile",
        CARDDAV,
        BOOK,
        ("        onward = onward or synced.token\n", "        onward = synced.token\n"),
    ),
    bug(
        7,
        "a poll of a directory tells its last entry for ever",
        LDAP,
        DIRECTORY,
        ("(!(entryCSN={since}))", ""),
    ),
    bug(
        2,
        "the values beside ours go",
        ENTRIES,
        DIRECTORY,
        ("[1:] if single and told else []", "[:0]"),
    ),
    bug(
        2,
        "a number in another spelling is written anew",
        VCARD,
        CARD,
        ("long.endswith(short))", "long == short + one)"),
    ),
    bug(
        7,
        "a directory may be anywhere",
        URLS,
        LINE,
        ("    _check_host(host)\n\n\ndef check_address", "\n\ndef check_address"),
    ),
    bug(
        7,
        "a directory may be spoken to in the clear",
        URLS,
        LINE,
        (
            'if written != scheme and not (local and f"{written}s" == scheme)',
            'if f"{written}s"[:5] != scheme',
        ),
    ),
    bug(
        7,
        "a line does not ask who answers",
        LINES,
        LINE,
        ("stream.start_tls(tls, host) if", "stream.start_tls(ssl._create_unverified_context()) if"),
    ),
)
