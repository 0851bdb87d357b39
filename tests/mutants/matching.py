"""Bugs in who is taken for whom (law 5: whoever looks is found, and nobody else)."""

from tests.mutants.bug import bug

MATCHING = "chalicelib/domain/matching/"
UNIT = "tests/unit/test_matching_"

BUGS = (
    bug(
        5,
        "a score alone joins",
        MATCHING + "model.py",
        UNIT + "cases.py",
        ('return "same" if self._proved(reasons) else "unsure"', 'return "same"'),
    ),
    bug(
        5,
        "a contradiction does not stop a high score",
        MATCHING + "model.py",
        UNIT + "reasons.py",
        ("if score < self.same or contradicted:", "if score < self.same:"),
    ),
    bug(
        5,
        "nobody counts who shares a phone",
        MATCHING + "looking.py",
        UNIT + "shared.py",
        ('_COUNTED = ("email", "phone", "birth")', "_COUNTED = ()"),
    ),
    bug(
        5,
        "namesakes are not counted",
        MATCHING + "looking.py",
        UNIT + "looking.py",
        ("return shared | {NAMESAKES: len(namesakes)}", "return shared"),
    ),
    bug(
        5,
        "what very many share leads to all of them",
        MATCHING + "looking.py",
        UNIT + "looking.py",
        ("        if len(listed) <= cap_of(key):", "        if listed:"),
    ),
    bug(
        5,
        "two known given names are a near miss",
        MATCHING + "names_compared.py",
        UNIT + "cases.py",
        ('"short" if mean_a & mean_b else "other"', '"short" if mean_a & mean_b else "typo"'),
    ),
)
