"""Bugs in subscriptions: that a partner calls us for as long as it shall (law 8: all is heard)."""

from tests.mutants.bug import bug

DOMAIN = "chalicelib/domain/subscribing.py"
TEND = "chalicelib/flow/hearing/tend.py"
ROW = "chalicelib/flow/hearing/subscriptions.py"
CURSORS = "chalicelib/flow/hearing/cursors.py"
SUBSCRIBE = "chalicelib/flow/hearing/subscribe.py"
GRAPH = "chalicelib/connectors/kinds/graph_subscriptions.py"
GRAPH_HOOKS = "chalicelib/connectors/kinds/graph_hooks.py"
MAILCHIMP = "chalicelib/connectors/kinds/mailchimp_subscriptions.py"
MAILCHIMP_HOOKS = "chalicelib/connectors/kinds/mailchimp_hooks.py"
PIPEDRIVE = "chalicelib/connectors/kinds/pipedrive.py"
TESTS = "tests/connectors/test_subscribing.py"
LIFE = "tests/connectors/test_subscription_life.py"
CONTRACT = "tests/connectors/test_subscription_contract.py"
FAULTS = "tests/faults/test_subscribing.py::test_a_single_fault_leaves_what_was_wanted"
ORDERS = "tests/faults/test_subscribing.py::test_every_order_ends_in_what_was_wanted"

BUGS = (
    bug(
        8,
        "a subscription is renewed at its very end",
        DOMAIN,
        LIFE,
        ("(held.expires_at - now) / 2", "(held.expires_at - now)"),
    ),
    bug(
        8,
        "a subscription that stands is never looked for again",
        DOMAIN,
        f"{TESTS}::test_one_that_is_gone_is_made_anew_within_a_day",
        ('renew_at or "~", times.text(now + LOOK)', 'renew_at or "~", "~"'),
    ),
    bug(
        8,
        "what was missed while a subscription was gone is not read",
        TEND,
        f"{TESTS}::test_what_was_missed_while_it_was_gone_is_read",
        ("        cursors.begin_anew(ports, partner.id)\n", "        pass\n"),
    ),
    bug(
        8,
        "who is gone is not looked for when calls were lost",
        CURSORS,
        f"{TESTS}::test_what_was_missed_while_it_was_gone_is_read",
        ('"cursor": None, "missed": "", "next_at"', '"cursor": None, "next_at"'),
    ),
    bug(
        8,
        "a subscription whose answer was lost is doubled",
        TEND,
        f"{TESTS}::test_one_whose_answer_was_lost_is_found_and_not_doubled",
        ("if each.url == url]", "if each.id == row.id]"),
    ),
    bug(
        8,
        "a subscription outlives the secret that proves its calls",
        DOMAIN,
        f"{TESTS}::test_another_secret_takes_the_place_of_the_old_one",
        ("(self.secret != source.secret or self.look_at <= at)", "self.look_at <= at"),
    ),
    bug(
        8,
        "all secrets have one URL",
        DOMAIN,
        f"{TESTS}::test_another_secret_takes_the_place_of_the_old_one",
        ('return f"{self.url}?number={number}"', 'return f"{self.url}?number=1"'),
    ),
    bug(
        8,
        "the subscriptions of others are ended with ours",
        TEND,
        f"{TESTS}::test_those_of_others_stay",
        ("connector.subscriptions() if row.is_ours(each)]", "connector.subscriptions()]"),
    ),
    bug(
        8,
        "a URL of before is forgotten once its subscription was ended",
        DOMAIN,
        f"{ORDERS}[another url, the schedule looks]",
        (
            '            settled="on" if held else "off",\n',
            '            settled="on" if held else "off",\n            past=(),\n',
        ),
    ),
    bug(
        8,
        "of two who see to a subscription the later overrules the other",
        ROW,
        ORDERS,
        (
            "Put(keys.subscription(partner), stored.row(), condition)",
            "Put(keys.subscription(partner), stored.row())",
        ),
    ),
    bug(
        8,
        "a disabled source is called on",
        DOMAIN,
        f"{TESTS}::test_a_disabled_source_is_not_called_and_an_enabled_one_is_again",
        ("return self.wanted and source.enabled", "return self.wanted"),
    ),
    bug(
        8,
        "what a person gave up is made anew",
        DOMAIN,
        f"{TESTS}::test_who_wants_no_calls_gets_none",
        ("return self.wanted and source.enabled", "return source.enabled"),
    ),
    bug(
        8,
        "a system that fails is asked each minute",
        DOMAIN,
        f"{TESTS}::test_a_system_that_fails_is_asked_again_ever_later",
        ("        if self.failures:\n            return self.look_at <= at\n", ""),
    ),
    bug(
        8,
        "a failure is told for ever",
        DOMAIN,
        f"{TESTS}::test_a_system_that_fails_is_asked_again_ever_later",
        ('            error="",\n            failed_at="",\n', ""),
    ),
    bug(
        8,
        "a removed subscription waits for the daily look",
        DOMAIN,
        f"{LIFE}::test_one_that_graph_removed_is_made_anew_at_the_next_run",
        ('        if fate.kind == "gone":\n', '        if fate.kind == "lost":\n'),
    ),
    bug(
        8,
        "one that is to be authorised again is not renewed",
        GRAPH_HOOKS,
        f"{LIFE}::test_one_that_is_to_be_authorised_again_is_renewed_at_the_next_run",
        ('    "reauthorizationRequired": "renew",\n', ""),
    ),
    bug(
        8,
        "a late word on one that is not ours any more has everybody read again",
        ROW,
        f"{LIFE}::test_what_becomes_of_one_that_is_not_ours_any_more_is_nothing_to_us",
        (' if fate.kind == "missed" and fate.subscription == row.id:', ' if fate.kind != "renew":'),
    ),
    bug(
        8,
        "a late word on who was merged there makes it a deletion",
        "chalicelib/flow/hearing/notices.py",
        "tests/connectors/test_partners.py",
        ('f"{remote} into {into}" if into else remote', "remote"),
    ),
    bug(
        8,
        "one that cannot be read holds up all",
        "chalicelib/flow/hearing/notice.py",
        "tests/connectors/test_notices.py",
        ('if error.result.status != "refused":', "if True:"),
    ),
    bug(
        8,
        "lost calls are passed over",
        ROW,
        f"{LIFE}::test_when_calls_were_lost_everybody_is_read_again",
        ('if fate.kind == "missed" and', 'if fate.kind == "gone" and'),
    ),
    bug(
        8,
        "the end of an old subscription ends the new one",
        DOMAIN,
        f"{LIFE}::test_what_becomes_of_one_that_is_not_ours_any_more_is_nothing_to_us",
        ("if fate.subscription != self.id or not self.id:", "if not self.id:"),
    ),
    bug(
        8,
        "any address may be called",
        SUBSCRIBE,
        f"{TESTS}::test_only_its_own_webhook_may_be_called",
        ("    _check_url(ports, source_id, url)\n", ""),
    ),
    bug(
        8,
        "Graph tells nothing of what befalls a subscription",
        GRAPH,
        f"{LIFE}::test_one_that_graph_removed_is_made_anew_at_the_next_run",
        ('        "lifecycleNotificationUrl": url,\n', ""),
    ),
    bug(
        8,
        "only the first page of Graph's subscriptions is read",
        GRAPH,
        "tests/connectors/test_graph.py::test_all_pages_of_subscriptions_are_read",
        ('told.get("@odata.nextLink", "")', '""'),
    ),
    bug(
        8,
        "Mailchimp is asked for a second hook with another token",
        MAILCHIMP,
        f"{TESTS}::test_another_secret_takes_the_place_of_the_old_one",
        ('("PATCH", f"{HOOKS}/{found[0].id}") if found else ("POST", HOOKS)', '("POST", HOOKS)'),
    ),
    bug(
        8,
        "Mailchimp calls us about our own writes",
        MAILCHIMP,
        "tests/connectors/test_mailchimp.py::test_a_hook_that_we_made_has_a_token_of_its_own",
        ('"api": False', '"api": True'),
    ),
    bug(
        8,
        "the secret itself stands in Mailchimp's URL",
        MAILCHIMP_HOOKS,
        "tests/connectors/test_mailchimp.py::test_a_hook_that_we_made_has_a_token_of_its_own",
        (
            'return hmac.new(secret.encode(), b"mailchimp hook", sha256).hexdigest()',
            "return secret",
        ),
    ),
    bug(
        8,
        "a webhook that Pipedrive gave up counts as one that stands",
        PIPEDRIVE,
        "tests/connectors/test_pipedrive.py::test_a_subscription_that_was_given_up_stands_no_more",
        (' for each in told if each["is_active"]]', " for each in told]"),
    ),
)
