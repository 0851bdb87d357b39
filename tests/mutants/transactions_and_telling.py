"""Bugs in transactions, queues and deliveries (laws 3, 4, 6, 7)."""

from tests.mutants.bug import CRASHES, INTERLEAVINGS, LAWS, LIFE, Bug

STORE = "chalicelib/store/contacts.py"
SETTLE = "chalicelib/domain/settle.py"
RECEIVE = "chalicelib/flow/receive.py"
FAN_OUT = "chalicelib/flow/fan_out.py"
DELIVER = "chalicelib/flow/deliver.py"
DELIVERIES = "chalicelib/domain/deliveries.py"
BATCHES = "chalicelib/entrypoints/batches.py"
CANARY_TESTS = LAWS + "test_canaries.py"
TELLING_TESTS = LAWS + "test_telling.py"
CALL_TESTS = LAWS + "test_calls.py"

BUGS = (
    Bug(
        3,
        "condition on the version instead of rev",
        STORE,
        (('Equals("rev", rev) if rev', 'Equals("version", step.before.version) if rev'),),
        f"{INTERLEAVINGS}[update and match]",
    ),
    Bug(
        3,
        "head read after members",
        STORE,
        (
            (
                "    return with_records(items, head) if head else None\n",
                "    found = with_records(items, head) if head else None\n"
                "    fresh = head_of(items, record_id)\n"
                "    return Contact(head=fresh, records=found.records) if found and fresh else None\n",
            ),
        ),
        f"{INTERLEAVINGS}[two updates of one record]",
    ),
    Bug(
        3,
        "different writes one head",
        "chalicelib/flow/review.py",
        (
            (
                "[_with(c, [word], [question.id], why) for c in (ours, theirs)]",
                "[_with(c, [word], [question.id], why) for c in (ours,)]",
            ),
        ),
        f"{INTERLEAVINGS}[merge and different]",
    ),
    Bug(
        3,
        "idempotency header after the effect",
        RECEIVE,
        (
            (
                "    call = _header(ports, source, signed, body)\n",
                '    call = Call(digest("call", source.id, signed.id), "", repeated=True)\n',
            ),
            (
                '    return {"results": results}\n',
                '    _header(ports, source, signed, body)\n    return {"results": results}\n',
            ),
        ),
        CALL_TESTS,
    ),
    Bug(
        3,
        "versions sealed without the one before",
        SETTLE,
        (("previous=before.seal", 'previous=""'),),
        LAWS + "test_components.py",
    ),
    Bug(
        3,
        "two versions of one microsecond",
        SETTLE,
        (("times.later(why.now, before.recorded_at)", "times.text(why.now)"),),
        LAWS + "test_components.py",
    ),
    Bug(
        4,
        "ack before store",
        FAN_OUT,
        (
            (
                "    told = tell(ports, change.contact, registry.listed(ports, Target))\n"
                "    ports.items.write([Delete(change.key)])\n",
                "    ports.items.write([Delete(change.key)])\n"
                "    told = tell(ports, change.contact, registry.listed(ports, Target))\n",
            ),
        ),
        f"{CRASHES}[fan out: new]",
    ),
    Bug(
        4,
        "batch failures not reported",
        BATCHES,
        (('[{"itemIdentifier": name} for name in failed]', "[]"),),
        CANARY_TESTS,
    ),
    Bug(
        4,
        "a fault is logged with its text",
        "chalicelib/entrypoints/problems.py",
        (('"fault": type(error).__name__', '"fault": repr(error)'),),
        CANARY_TESTS,
    ),
    Bug(
        4,
        "a message that carries the record's source",
        "chalicelib/flow/changes.py",
        (
            (
                'json.dumps({"change": c.key[1:]})',
                'json.dumps({"change": c.key[1:], "why": str(ports.items.get(keys.record(c.contact)))})',
            ),
        ),
        CANARY_TESTS,
    ),
    Bug(
        4,
        "the sweep forgets what waits to be matched",
        "chalicelib/flow/sweep.py",
        (("    kick(ports, waiting)\n", ""),),
        LAWS + "test_looking.py",
    ),
    Bug(
        6,
        "a first push before the match",
        DELIVERIES,
        (("not present and (head.unmatched or open_question)", "not present and open_question"),),
        TELLING_TESTS,
    ),
    Bug(
        6,
        "the matched mark tells no target",
        "chalicelib/flow/match.py",
        (("match=None, fan_out=not left)", "match=None, fan_out=False)"),),
        TELLING_TESTS,
    ),
    Bug(
        7,
        "stale read before send",
        DELIVER,
        (
            (
                "    held = _lease(ports, target_id, contact_id)\n",
                "    read = _latest(ports, contact_id)\n"
                "    held = _lease(ports, target_id, contact_id)\n",
            ),
            ("head, version = _latest(ports, contact_id)", "head, version = read"),
        ),
        f"{INTERLEAVINGS}[a change, all the way, and first push]",
    ),
    Bug(
        7,
        "lease not checked",
        DELIVER,
        ((" or known.leased_until > now", ""),),
        TELLING_TESTS,
    ),
    Bug(
        7,
        "a lost lease is not noticed",
        DELIVER,
        (("news(known) if mine else disturbed(known, ports.now())", "news(known)"),),
        f"{INTERLEAVINGS}[a slow sender, and a change that another sends]",
    ),
    Bug(
        7,
        "fan-out passes over what a sender has in hand",
        FAN_OUT,
        ((' in ("wait", "nothing") and not known.due', ' in ("wait", "nothing")'),),
        f"{INTERLEAVINGS}[fan-out and first push]",
    ),
    Bug(
        7,
        "no removal of what is merged away",
        DELIVERIES,
        (('"remove" if present else', '"remove" if present and not head.into else'),),
        TELLING_TESTS,
    ),
    Bug(
        7,
        "the absorbed contact's change is not told",
        "chalicelib/flow/tie.py",
        (
            (
                "        for step in steps\n        if step.version\n",
                "        for step in steps\n        if step.version and not step.after.into\n",
            ),
        ),
        TELLING_TESTS,
    ),
    Bug(
        7,
        "counter not raised for a second message at one version",
        DELIVERIES,
        (("known.message_counter + 1 if again", "known.message_counter if again"),),
        TELLING_TESTS,
    ),
    Bug(
        7,
        "told, whatever was begun since",
        DELIVERIES,
        (
            (
                "known.sent_print == parcel.print == known.message_print",
                "known.sent_print == parcel.print",
            ),
        ),
        TELLING_TESTS,
    ),
    Bug(
        7,
        "what came in meanwhile is forgotten",
        DELIVERIES,
        (("more = known.again or known.wanted > seen", "more = known.again"),),
        TELLING_TESTS,
    ),
    Bug(
        7,
        "a failed delivery is not due again",
        DELIVERIES,
        (('"due": times.text(again) if again else ""', '"due": ""'),),
        LIFE,
    ),
)
