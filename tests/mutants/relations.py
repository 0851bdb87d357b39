"""Bugs in relations (law 2: they follow every merge and undo of both their ends)."""

from tests.mutants.bug import bug

RULES = "chalicelib/domain/relations.py"
POINTING = "chalicelib/flow/relating/pointing.py"
LISTS = "chalicelib/flow/relating/relations.py"
UNIT = "tests/unit/test_relations.py"
GROUP = "tests/unit/test_hierarchy.py"

BUGS = (
    bug(
        2,
        "a relation is found from one record of a contact only",
        RULES,
        UNIT,
        (
            "in sorted(place.contact.origins.items())",
            "in sorted(place.contact.origins.items())[:1]",
        ),
    ),
    bug(
        2,
        "nobody looks which relation a row is of",
        LISTS,
        UNIT,
        (" if (r.kind, r.to) == (kind, end.name))", ")"),
    ),
    bug(
        2,
        "a contact is related to itself",
        LISTS,
        UNIT,
        ("if version.contact != about.contact else None", "if version else None"),
    ),
    bug(
        2,
        "letter case makes no other record",
        "chalicelib/domain/fields.py",
        "tests/unit/test_normalise_relations.py",
        ('_EXACT = frozenset({"external_id"})', "_EXACT = frozenset[str]()"),
    ),
    bug(
        2,
        "a circle of companies is gone round for ever",
        RULES,
        GROUP,
        ("            known.add(further.contact)\n", ""),
    ),
    bug(
        2,
        "a company that was sold is still below",
        RULES,
        GROUP,
        ("<= (self.until or day)", "<= max(self.until or day, day)"),
    ),
    bug(
        2,
        "who works at two places of a group is listed twice",
        POINTING,
        GROUP,
        ("if stands and stands[0].end is end else None", "if stands else None"),
    ),
    bug(
        2,
        "a page forgets where in a record's rows it stopped",
        POINTING,
        UNIT,
        ("            return at, within or None\n", "            return at, None\n"),
    ),
)
