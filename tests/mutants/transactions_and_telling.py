"""Bugs in transactions, queues and deliveries (laws 3, 4, 6, 7)."""

from tests.mutants.bug import CRASHES, INTERLEAVINGS, LAWS, bug

STORE = "chalicelib/store/contacts.py"
SETTLE = "chalicelib/domain/settle.py"
RECEIVE = "chalicelib/flow/intake/receive.py"
FAN_OUT = "chalicelib/flow/telling/fan_out.py"
DELIVER = "chalicelib/flow/telling/deliver.py"
DELIVERIES = "chalicelib/domain/deliveries.py"
PARCELS = "chalicelib/domain/parcels.py"
BATCHES = "chalicelib/entrypoints/batches.py"
CANARY_TESTS = LAWS + "test_canaries.py"
TELLING_TESTS = LAWS + "test_telling.py"
CALL_TESTS = LAWS + "test_calls.py"

BUGS = (
    bug(
        3,
        "condition on the version instead of rev",
        STORE,
        f"{INTERLEAVINGS}[update and match]",
        ('Equals("rev", rev) if rev', 'Equals("version", step.before.version) if rev'),
    ),
    bug(
        3,
        "head read after members",
        STORE,
        f"{INTERLEAVINGS}[two updates of one record]",
        (
            "    return with_records(items, head) if head else None\n",
            (
                "    found = with_records(items, head) if head else None\n"
                "    fresh = head_of(items, record_id)\n"
                "    return Contact(head=fresh, records=found.records) if found else None\n"
            ),
        ),
    ),
    bug(
        3,
        "different writes one head",
        "chalicelib/flow/reviewing/review.py",
        f"{INTERLEAVINGS}[merge and different]",
        (
            "[w for step in steps for w in contacts.step_writes(step)]",
            "[w for step in steps[:1] for w in contacts.step_writes(step)]",
        ),
    ),
    bug(
        3,
        "idempotency header after the effect",
        RECEIVE,
        CALL_TESTS,
        (
            "    call = None if kept else _header(ports, batch, envelope.batch)\n",
            '    call = None if kept else Call(batch.id, batch.at, "", True, envelope.batch)\n',
        ),
        (
            '    return {"results": take_in(ports, source, call, envelope, remaining_ms)}\n',
            (
                "    results = take_in(ports, source, call, envelope, remaining_ms)\n"
                "    _header(ports, batch, envelope.batch)\n"
                '    return {"results": results}\n'
            ),
        ),
    ),
    bug(
        3,
        "versions sealed without the one before",
        SETTLE,
        LAWS + "test_components.py",
        ("previous=before.seal", 'previous=""'),
    ),
    bug(
        3,
        "two versions of one microsecond",
        SETTLE,
        LAWS + "test_components.py",
        ("times.later(why.now, before.recorded_at)", "times.text(why.now)"),
    ),
    bug(
        4,
        "ack before store",
        FAN_OUT,
        f"{CRASHES}[fan out: new]",
        (
            (
                "    told = tell(ports, change.contact, started)\n"
                "    ports.items.write([Delete(change.key)])\n"
            ),
            (
                "    ports.items.write([Delete(change.key)])\n"
                "    told = tell(ports, change.contact, started)\n"
            ),
        ),
    ),
    bug(
        4,
        "batch failures not reported",
        BATCHES,
        CANARY_TESTS,
        ('[{"itemIdentifier": name} for name in failed]', "[]"),
    ),
    bug(
        4,
        "a fault is logged with its text",
        "chalicelib/entrypoints/problems.py",
        CANARY_TESTS,
        ('"fault": type(error).__name__', '"fault": repr(error)'),
    ),
    bug(
        4,
        "a message that carries the record's source",
        "chalicelib/flow/changes.py",
        CANARY_TESTS,
        (
            'json.dumps({"change": c.key[1:]})',
            'json.dumps({"change": c.key[1:], "of": ports.items.get(keys.record(c.contact))})',
        ),
    ),
    bug(
        4,
        "the sweep forgets what waits to be matched",
        "chalicelib/flow/sweep.py",
        LAWS + "test_looking.py",
        ("        kick(ports, waiting)\n", "        pass\n"),
    ),
    bug(
        6,
        "a first push before the match",
        PARCELS,
        TELLING_TESTS,
        ("not present and (head.unmatched or open_question)", "not present and open_question"),
    ),
    bug(
        6,
        "the matched mark tells no target",
        "chalicelib/flow/matching/match.py",
        TELLING_TESTS,
        ("match=None, fan_out=not left)", "match=None, fan_out=False)"),
    ),
    bug(
        7,
        "stale read before send",
        DELIVER,
        TELLING_TESTS,
        (
            "    held = None if awake is None else _lease(ports, target_id, contact_id, awake)\n",
            (
                "    early = Delivery(target=target_id, contact=contact_id)\n"
                "    read = _latest(ports, early)\n"
                "    leased = _lease(ports, target_id, contact_id, awake or '')\n"
                "    held = None if awake is None else leased\n"
            ),
        ),
        ("head, version = _latest(ports, held)", "head, version = read"),
    ),
    bug(
        7,
        "lease not checked",
        DELIVER,
        TELLING_TESTS,
        (" or known.leased_until > now", ""),
    ),
    bug(
        7,
        "a lost lease is not noticed",
        DELIVER,
        TELLING_TESTS,
        ("news(known) if mine else disturbed(known, ports.now())", "news(known)"),
    ),
    bug(
        7,
        "fan-out passes over what a sender has in hand",
        FAN_OUT,
        f"{INTERLEAVINGS}[a change, all the way, and first push]",
        (' in ("wait", "nothing")) and not known.due', ' in ("wait", "nothing"))'),
    ),
    bug(
        7,
        "no removal of what is merged away",
        PARCELS,
        TELLING_TESTS,
        ('"remove" if present else', '"remove" if present and not head.into else'),
    ),
    bug(
        7,
        "the absorbed contact's change is not told",
        "chalicelib/flow/merging/link.py",
        TELLING_TESTS,
        (
            ("        for step in steps\n        if step.version\n"),
            ("        for step in steps\n        if step.version and not step.after.into\n"),
        ),
    ),
    bug(
        7,
        "counter not raised for a second message at one version",
        DELIVERIES,
        TELLING_TESTS,
        ("known.message_counter + 1 if again", "known.message_counter if again"),
    ),
    bug(
        7,
        "told, whatever was begun since",
        DELIVERIES,
        TELLING_TESTS,
        (
            '            "sent_print": "",\n            "job": known.job if same',
            '            "job": known.job if same',
        ),
    ),
    bug(
        7,
        "what came in meanwhile is forgotten",
        DELIVERIES,
        TELLING_TESTS,
        ("more = known.again or known.wanted > seen", "more = known.again"),
    ),
    bug(
        7,
        "a failed delivery is not due again",
        DELIVERIES,
        TELLING_TESTS,
        ('"due": times.text(again) if again else ""', '"due": ""'),
    ),
)
