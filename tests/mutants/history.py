"""Bugs in what a contact was, and in who is found as of a time (law 3)."""

from tests.mutants.bug import CRASHES, INTERLEAVINGS, LAWS, bug

MOMENTS = "chalicelib/flow/reading/moments.py"
SEARCH = "chalicelib/flow/reading/search.py"
SEARCH_INDEX = "chalicelib/flow/reading/search_index.py"
SEARCH_KEYS = "chalicelib/domain/search_keys.py"
CHAINS = "chalicelib/domain/chains.py"
DIFFERENCES = "chalicelib/domain/differences.py"
LAW = LAWS + "test_history.py"
UNIT = "tests/unit/test_history.py"
KEEP = "    index.keep(ports, gone_rows(rows))\n"
UPDATE = (
    '    index.update(ports, listed, dict.fromkeys(rows[-1], ""), card=str(versions[-1].number))\n'
)

BUGS = (
    bug(
        3,
        "an overtaken version is not indexed",
        SEARCH_INDEX,
        LAW,
        ("for version in versions]", "for version in (versions[0], versions[-1])]"),
    ),
    bug(
        3,
        "the card says so before what went is kept",
        SEARCH_INDEX,
        f"{CRASHES}[history: versions that are overtaken]",
        (KEEP + UPDATE, UPDATE + KEEP),
    ),
    bug(
        3,
        "the last version that was indexed is forgotten",
        SEARCH_INDEX,
        LAW,
        ("max(seen - 1, 0)", "seen if seen < 2 else seen - 1"),
    ),
    bug(
        3,
        "what a retired contact was is found no more",
        SEARCH_KEYS,
        LAW,
        ("for pk, sk in before - after)", "for pk, sk in before - after if after)"),
    ),
    bug(
        3,
        "current rows forget their twin",
        SEARCH,
        LAW,
        ("(part.partition, twin(part.partition)) if as_of", "(part.partition,) if as_of"),
    ),
    bug(
        3,
        "the twin is read first",
        SEARCH,
        f"{INTERLEAVINGS}[an indexer, and a search as of before the value went]",
        ("(part.partition, twin(part.partition))", "(twin(part.partition), part.partition)"),
    ),
    bug(
        3,
        "one who stands in both partitions is met twice",
        SEARCH,
        LAW,
        (
            'sorted({row["sk"] for page in pages for row in page.items})',
            'sorted(row["sk"] for page in pages for row in page.items)',
        ),
    ),
    bug(
        3,
        "a page goes on behind what it did not read",
        SEARCH,
        UNIT,
        ("following = min(read_upto, default=None)", "following = max(read_upto, default=None)"),
    ),
    bug(
        3,
        "rows of other times count as of a time",
        SEARCH,
        LAW,
        ('default="" if as_of else sk', "default=sk"),
    ),
    bug(
        3,
        "hits are judged as they are now",
        SEARCH,
        LAW,
        ("versions_at(ports.items, ids, as_of) if as_of else ", ""),
    ),
    bug(
        3,
        "a moment is before the version of that moment",
        MOMENTS,
        UNIT,
        ("if read[c].recorded_at <= at", "if read[c].recorded_at < at"),
    ),
    bug(
        3,
        "the moment of the last version is before it",
        MOMENTS,
        UNIT,
        ("if head.recorded_at <= at", "if head.recorded_at < at"),
    ),
    bug(
        3,
        "who was taken along is sought where it was absorbed",
        MOMENTS,
        LAW + "::test_every_id_leads_where_it_led",
        ("home = None if record_id in found.members else", "home = None if found.members else"),
    ),
    bug(
        3,
        "a seal is not compared with what it seals",
        CHAINS,
        "tests/unit/test_chains.py",
        (" or version.seal != seal_of(version)", ""),
    ),
    bug(
        3,
        "a gap between two parts of a chain",
        "chalicelib/flow/reading/history.py",
        UNIT,
        ("chain_faults(contact_id, last, page)", "chain_faults(contact_id, Link(), page)"),
    ),
    bug(
        3,
        "no and nought are the same",
        DIFFERENCES,
        "tests/unit/test_differences.py",
        ("if canonical(pair[1]) != canonical(pair[2])", "if pair[1] != pair[2]"),
    ),
)
