"""Bugs in evidence, golden values and the graph (laws 1, 2, 5)."""

from tests.mutants.bug import INTERLEAVINGS, LAWS, bug

EVIDENCE = "chalicelib/domain/evidence.py"
VOICES = "chalicelib/domain/voices.py"
GRAPH = "chalicelib/domain/graph.py"
SETTLE = "chalicelib/domain/settle.py"
LINK = "chalicelib/flow/merging/link.py"
UNTIE = "chalicelib/flow/merging/untie.py"
MATCH = "chalicelib/flow/matching/match.py"
EVIDENCE_TESTS = LAWS + "test_evidence_in_golden_out.py"
COMPONENT_TESTS = LAWS + "test_components.py"
UNDO_TESTS = LAWS + "test_undo.py"
LOOKING_TESTS = LAWS + "test_looking.py"

BUGS = (
    bug(
        1,
        "floor not kept on deletion",
        EVIDENCE,
        EVIDENCE_TESTS,
        ('"floor": statement.stamp, "gone"', '"floor": "" if gone else statement.stamp, "gone"'),
    ),
    bug(
        1,
        "whole upserts mixed per field",
        EVIDENCE,
        EVIDENCE_TESTS,
        ("if t.stamp >= statement.stamp or", "if t.stamp >= time_of(statement.stamp) or"),
    ),
    bug(
        1,
        "a late statement overwrites",
        EVIDENCE,
        EVIDENCE_TESTS,
        ("told is not None and told.stamp > than.stamp", "told is not None"),
    ),
    bug(
        1,
        "the statement itself is not kept",
        "chalicelib/flow/intake/ingest.py",
        EVIDENCE_TESTS + "::test_calls_of_several_records_in_any_order_come_to_the_same_contacts",
        ("        contacts.statement_write(after.id, statement, new=not again),\n", ""),
    ),
    bug(
        1,
        "lift beats mute",
        VOICES,
        EVIDENCE_TESTS + "::test_the_muted_give_no_opinion_and_the_lifted_win",
        (
            "muted = {r: e.at for e in edges for r in e.mutes}",
            "lifted = {r for e in edges for r in e.lifts}\n"
            "    muted = {r: e.at for e in edges for r in e.mutes if r not in lifted}",
        ),
    ),
    bug(
        1,
        "the oldest word on a pair counts",
        VOICES,
        EVIDENCE_TESTS + "::test_the_muted_give_no_opinion_and_the_lifted_win",
        ("key=lambda j: (j.at, j.id))", "key=lambda j: (j.at, j.id), reverse=True)"),
    ),
    bug(
        1,
        "a list begins with who is read first",
        "chalicelib/domain/survivorship.py",
        EVIDENCE_TESTS + "::test_golden_values_do_not_depend_on_the_order_of_records_or_edges",
        ("            claim.record.age,\n        )", "            0,\n        )"),
    ),
    bug(
        1,
        "another order of a list makes no version",
        "chalicelib/domain/versions.py",
        COMPONENT_TESTS,
        (", dict(leaves), dict(winners))", ", dict(leaves))"),
    ),
    bug(
        2,
        "the contact named first gives its id",
        GRAPH,
        COMPONENT_TESTS,
        ("if one.oldest.age < other.oldest.age else", "if one.records else"),
    ),
    bug(
        2,
        "stubs of absorbed members not moved",
        LINK,
        COMPONENT_TESTS,
        (" + contacts.pointer_writes(self.moved, self.winner.id)", ""),
    ),
    bug(
        2,
        "stubs not moved back on undo",
        UNTIE,
        COMPONENT_TESTS,
        ("        + contacts.pointer_writes(moved, steps[-1].after.id)\n", ""),
    ),
    bug(
        2,
        "a different is lost when a contact parts",
        GRAPH,
        COMPONENT_TESTS,
        ("else j.concerns(part))", "else part.issuperset(j.a))"),
    ),
    bug(
        2,
        "undoing the machine leaves no different",
        UNTIE,
        UNDO_TESTS + "::test_undoing_the_machine_is_as_answering_different_when_it_had_asked",
        ("return self.by if edge.machine else NOBODY", "return NOBODY"),
    ),
    bug(
        2,
        "an edge stays with both parts of what it joined",
        UNTIE,
        UNDO_TESTS,
        (
            "settle(head, _of(contact, part), shared_out(judgements, part), why, part)",
            "settle(head, _of(contact, part), judgements, why, part)",
        ),
    ),
    bug(
        2,
        "the machine does not heed a different",
        "chalicelib/domain/deciding.py",
        UNDO_TESTS + "::test_who_was_judged_different_is_never_joined_again_by_the_machine",
        (
            (
                "    if forbids(ours.head, theirs.head):\n"
                '        return "judged_different"\n'
                "    crowded"
            ),
            "    crowded",
        ),
    ),
    bug(
        2,
        "the machine looks for contradictions in the pair alone",
        "chalicelib/domain/matching/clusters.py",
        "tests/unit/test_matching_looking.py",
        ("_against(crossing.values(), ", "_against([pair.comparison], "),
    ),
    bug(
        5,
        "undo does not match again",
        UNTIE,
        UNDO_TESTS,
        ("match=contact.head.members if len(parts) > 1 else ()", "match=()"),
    ),
    bug(
        5,
        "a merge forgets who waits on the other side",
        SETTLE,
        LOOKING_TESTS,
        ('{"unmatched": winner.unmatched | loser.unmatched}', '{"unmatched": winner.unmatched}'),
    ),
    bug(
        5,
        "look before write",
        MATCH,
        f"{INTERLEAVINGS}[two new duplicates]",
        (
            "    contact = insisting(ports, lambda _: _index_record(ports, record_id))\n",
            (
                "    seen = contacts.load(ports.items, record_id)\n"
                "    early = globals().setdefault('early', {})\n"
                "    if seen:\n"
                "        card, own = card_of(seen.records[record_id]), (record_id,)\n"
                "        model = models.active(ports)\n"
                "        early[record_id] = look(StoredShelf(ports), card, own, model)\n"
                "    contact = insisting(ports, lambda _: _index_record(ports, record_id))\n"
            ),
        ),
        ("look(StoredShelf(ports), card, (record_id,), model)", "early[record_id]"),
    ),
    bug(
        5,
        "index rows without the condition",
        "chalicelib/flow/matching/index.py",
        LOOKING_TESTS,
        ("now.kind), item, condition)", "now.kind), item)"),
    ),
    bug(
        5,
        "keys written for a record that changed meanwhile",
        MATCH,
        f"{INTERLEAVINGS}[match keys, and a value that comes and goes]",
        ("            raise Conflict  # it changed while", "            pass  # it changed while"),
    ),
    bug(
        5,
        "marked as matched though it changed since",
        MATCH,
        LOOKING_TESTS,
        ("if waiting.get(r) == since]", "if r in waiting]"),
    ),
)
