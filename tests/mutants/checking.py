"""Bugs of the check of the whole store and of its mending."""

from tests.mutants.bug import Bug, bug

TORN = "tests/faults/test_torn.py::test_what_is_torn_is_found_and_mended"
JOB = "tests/unit/test_fsck.py"
FOUND = "tests/faults/test_fsck.py"
INTERACTIONS = "tests/faults/test_fsck_interactions.py"
UNIT = "tests/unit/test_whereabouts.py"
WHEREABOUTS = "chalicelib/domain/checking/whereabouts.py"
INTERACTED = "chalicelib/flow/checking/interacted.py"
UNDO = "tests/faults/test_fsck_undo.py"
MENDING = "chalicelib/domain/mending.py"
MEND = "chalicelib/flow/checking/mend.py"
EXAMINE = "chalicelib/flow/checking/examine.py"

BUGS: tuple[Bug, ...] = (
    bug(
        3,
        "a mended contact does not go on from its last version",
        MENDING,
        f"{TORN}[ingest: update]",
        ('named = {"version": last.number,', 'named = {"version": known.version,'),
    ),
    bug(
        2,
        "what was mended is not matched and told again",
        MEND,
        f"{TORN}[merge: two]",
        ("change_writes(changes)", "change_writes([])"),
    ),
    bug(
        2,
        "a contact is left that only its workers forgot",
        MEND,
        f"{TORN}[match: nothing found]",
        ("if any(not f.lost for f in faults):", "if all(f.lost for f in faults):"),
    ),
    bug(
        2,
        "a list that names what does not stand is left",
        MEND,
        f"{TORN}[match: nothing found]",
        ("always=stale", "always=False"),
    ),
    bug(
        4,
        "the older word counts",
        "chalicelib/domain/words.py",
        "tests/unit/test_words.py",
        ("heads)) > (word.at", "heads)) < (word.at"),
    ),
    bug(
        1,
        "a record is left as it is where its statements say otherwise",
        "chalicelib/flow/checking/region.py",
        f"{TORN}[ingest: patch]",
        ("fold(record, contacts.told(items, record.id))", "fold(record, [])"),
    ),
    bug(
        1,
        "a statement that is lost is passed over",
        "chalicelib/domain/checking/records.py",
        FOUND,
        ("if unheard := told_unheard(record, statements):", "if unheard := set[str]():"),
    ),
    bug(
        2,
        "a fault need be seen only once",
        EXAMINE,
        JOB,
        ("[fault for fault in found if fault in again]", "found"),
    ),
    bug(
        2,
        "a fault in the daily sample rings no alarm",
        "chalicelib/flow/checking/fsck.py",
        JOB,
        ("_log.error(", "_log.info("),
    ),
    bug(
        3,
        "a header is not asked for by what was done in its batch",
        "chalicelib/flow/checking/batched.py",
        f"{FOUND}",
        ("if batches.find(ports, name) is None:", "if False:"),
    ),
    bug(
        3,
        "an effect that a batch has lost is not written again",
        "chalicelib/flow/checking/batched.py",
        f"{TORN}[merge: two]",
        ("ports.items.write(list(listed.values()))", "pass"),
    ),
    bug(
        3,
        "a call whose header fsck wrote anew is refused when it comes again",
        "chalicelib/flow/batches.py",
        f"{JOB}",
        ('return self.body in ("", body)', "return self.body == body"),
    ),
    bug(
        1,
        "an interaction is mended to a word that was taken back",
        "chalicelib/domain/hearing.py",
        UNIT,
        (" if not w.retracted_by), None)", "), None)"),
    ),
    bug(
        1,
        "the row of an interaction is lost for good",
        INTERACTED,
        INTERACTIONS,
        ("        *(interactions.placing(place, row) for place, row in placed),\n", ""),
    ),
    bug(
        1,
        "an interaction that was moved or taken back stays where it stood, too",
        INTERACTED,
        INTERACTIONS,
        ("        *(interactions.removing(*spot) for spot in sorted(strays)),\n", ""),
    ),
    bug(
        1,
        "an interaction goes with its lost word though all else speaks for it",
        WHEREABOUTS,
        UNIT,
        ("return untold or not", "return not"),
    ),
    bug(
        2,
        "an interaction is older again once the word that corrected it is lost",
        WHEREABOUTS,
        UNIT,
        ("if any(word.stamp >= self.known.stamp for word in self.words)", "if self.words"),
    ),
    bug(
        1,
        "an interaction that is lost can never be told again",
        WHEREABOUTS,
        UNIT,
        ("not (self.rows or self.known.place)", "not self.rows"),
    ),
    bug(
        2,
        "a word that was answered and is lost is passed over",
        EXAMINE,
        INTERACTIONS,
        ("    told += [keys.heard(*word)] if effect.word else []\n", ""),
    ),
    bug(
        1,
        "a word counts though its undo says that it was taken back",
        "chalicelib/flow/checking/undone.py",
        UNDO,
        ("    if undone.word:\n", "    if undone.word and not batch:\n"),
    ),
    bug(
        2,
        "what became of a statement that came with an interaction is written as the word's",
        "chalicelib/flow/checking/undone.py",
        UNDO,
        ('BORN if of_record and effect.word else ""', '""'),
    ),
    bug(
        1,
        "a record keeps saying what was taken back",
        "chalicelib/domain/checking/records.py",
        UNDO,
        ("if not told_unheard(record, told):", "if not told_unheard(record, known):"),
    ),
    bug(
        1,
        "what was bought is not folded anew",
        "chalicelib/flow/checking/region.py",
        INTERACTIONS,
        ('update={"bought": bought(items, record.id)}', "update={}"),
    ),
    bug(
        1,
        "a statement counts though its undo says that it was taken back",
        "chalicelib/flow/checking/undone.py",
        UNDO,
        ("or batch not in said.tellers:", "or batch in said.tellers:"),
    ),
    bug(
        2,
        "edges stay where the outcome that names them is lost",
        "chalicelib/flow/checking/undone.py",
        UNDO,
        ("edges=_edges(", "edges=() and _edges("),
    ),
    bug(
        3,
        "a bringing back whose effect is lost cannot be undone",
        "chalicelib/flow/checking/batched.py",
        UNDO,
        ('header.kind != "restore"', 'header.kind == "restore"'),
    ),
)
