"""Bugs on the stewards' desk (laws 2, 3, 4)."""

from tests.mutants.bug import CRASHES, INTERLEAVINGS, bug

REVIEW = "chalicelib/flow/reviewing/review.py"
RANK = "chalicelib/flow/reviewing/rank.py"
DECIDE = "chalicelib/flow/reviewing/decide_many.py"
ASSIGN = "chalicelib/flow/reviewing/assign.py"
MANY_TESTS = "tests/unit/test_deciding_many.py"

BUGS = (
    bug(
        3,
        "a question written without its rev",
        "chalicelib/store/contacts.py",
        f"{INTERLEAVINGS}[two stewards take one review]",
        ('Equals("rev", decision.rev) if decision.rev else None', "None"),
    ),
    bug(
        2,
        "an answered question arranged again",
        ASSIGN,
        f"{INTERLEAVINGS}[a review is judged different, and taken]",
        ("    if asked.retracted_at:\n        raise decided()\n", ""),
        ("    asked = question(ports, review_id)\n", "    asked = _long_ago(ports, review_id)\n"),
        (
            "def _refuse_taken(",
            "def _long_ago(ports: Ports, review_id: str) -> Decision:\n"
            "    known = question(ports, review_id)\n"
            '    gone = {"retracted_at": "", "retracted_by": "", "undo": {}}\n'
            "    return known.model_copy(update=gone)\n\n\n"
            "def _refuse_taken(",
        ),
    ),
    bug(
        3,
        "ranked without another look",
        RANK,
        f"{INTERLEAVINGS}[a review that a merge settles and an undo asks again]",
        (
            "        if contacts.latest_of_many(ports.items, records) != homes:\n",
            "        if False:\n",
        ),
    ),
    bug(
        4,
        "what a different settles is not ranked",
        REVIEW,
        f"{CRASHES}[desk: of another that was judged different]",
        ("    others = () if ours.asked else None\n", "    others = None\n"),
    ),
    bug(
        2,
        "an answer in bulk outside its batch",
        REVIEW,
        MANY_TESTS,
        ("        batch=given.batch or edge,\n", "        batch=edge,\n"),
    ),
    bug(
        3,
        "a list in bulk that does not know itself again",
        DECIDE,
        f"{CRASHES}[desk: many are the same]",
        ("next(standing, None) or jobs", "jobs"),
    ),
)
