"""Bugs in Google's and Outlook's connectors (law 7: what is told is told once, and whole)."""

from tests.mutants.bug import bug

KINDS = "chalicelib/connectors/kinds/"
GOOGLE, PEOPLE = KINDS + "google.py", KINDS + "google_people.py"
GRAPH, HOOKS = KINDS + "graph.py", KINDS + "graph_hooks.py"
ANSWERS = KINDS + "graph_answers.py"
PATCHING = "chalicelib/connectors/patching.py"
CATALOGUE = "chalicelib/connectors/catalogue.py"
ALL, SUITE = "tests/connectors", "tests/connectors/test_contract.py"
OF_GOOGLE, OF_GRAPH = "tests/connectors/test_google.py", "tests/connectors/test_graph.py"

BUGS = (
    bug(
        7,
        "Google Contacts are searched only, which is late",
        GOOGLE,
        SUITE,
        ("[*self._latest(), *self._searched(queries(op))]", "self._searched(queries(op))"),
    ),
    bug(
        7,
        "only the latest Google Contacts are looked through",
        GOOGLE,
        OF_GOOGLE,
        ("[*self._latest(), *self._searched(queries(op))]", "self._latest()"),
    ),
    bug(
        7,
        "a stale Google contact is not read again",
        GOOGLE,
        OF_GOOGLE,
        ('if result.status == "conflict" else result', "if False else result"),
    ),
    bug(
        7,
        "an old name stands beside a new one at Google",
        PEOPLE,
        OF_GOOGLE,
        ('{"displayName", "unstructuredName"}', '{"displayName"}'),
    ),
    bug(
        7,
        "another program's data at Google is overwritten",
        PEOPLE,
        OF_GOOGLE,
        ("{OWN: others + (", "{OWN: ("),
    ),
    bug(
        7,
        "a dead sync token of Google's is asked for ever",
        GOOGLE,
        OF_GOOGLE,
        ("bool(cursor) and reply.status == 400", "False"),
    ),
    bug(
        7,
        "what Google leaves out is not told as empty",
        PEOPLE,
        OF_GOOGLE,
        ("return whole(fields, known)", "return fields"),
    ),
    bug(
        7,
        "an element of a list loses what users said of it",
        PATCHING,
        ALL,
        ("{**_same(had, e), **e}", "{**e}"),
    ),
    bug(
        7,
        "an apostrophe ends a text of OData",
        GRAPH,
        OF_GRAPH,
        ('.replace("\'", "\'\'")', ""),
    ),
    bug(
        7,
        "a contact of Outlook's is written whatever it is by now",
        GRAPH,
        OF_GRAPH,
        ('{"if-match": str(there.get("@odata.etag", "*"))}', "{}"),
    ),
    bug(
        7,
        "a mailbox that is not there takes its contacts for gone",
        ANSWERS,
        OF_GRAPH,
        (' and code == "ErrorItemNotFound"', ""),
    ),
    bug(
        7,
        "one notice with our state vouches for all",
        HOOKS,
        OF_GRAPH,
        ("not all(_is_known", "not any(_is_known"),
    ),
    bug(
        7,
        "changed credentials wait for the old token's end",
        CATALOGUE,
        "tests/connectors/test_connections.py",
        ("if known is None or known.account != account:", "if known is None:"),
    ),
)
