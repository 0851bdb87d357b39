"""Rules of survivorship: read, stored, rehearsed on all contacts, put in force."""

from typing import Any

from chalice import Blueprint

from chalicelib.domain.rules_forms import shown
from chalicelib.entrypoints.http import Call, answered, expose
from chalicelib.entrypoints.models import Rehearsed, check_version
from chalicelib.flow.ruling import rules as known_rules
from chalicelib.flow.ruling import switch_rules

rules = Blueprint(__name__)


@expose(rules, "/v1/rules", "GET")
def get_all_rules(call: Call) -> Any:
    """The known sets of rules, and which is in force."""
    return call.listed("rules", "", known_rules.RULES.listed)


@expose(rules, "/v1/rules/{version}", "GET")
def get_rules(call: Call, version: str) -> Any:
    """One set, whole."""
    return shown(known_rules.RULES.named(call.ports, version))


@expose(rules, "/v1/rules/{version}", "PUT")
def put_rules(call: Call, version: str) -> Any:
    """Store a set under a version of its own, for ever."""
    check_version(version)
    made, is_new = known_rules.store(call.ports, version, call.given(), call.by)
    return answered(shown(made), 201 if is_new else 200)


@expose(rules, "/v1/rules/{version}/rehearse", "POST")
def post_rehearse(call: Call, version: str) -> Any:
    """Try it on all contacts without touching anything, as a job."""
    return answered({"job": switch_rules.rehearse(call.ports, version).id}, 202)


@expose(rules, "/v1/rules/{version}/activate", "POST")
def post_activate(call: Call, version: str) -> Any:
    """Put it in force, and settle every contact by it, as a job."""
    rehearsal = call.form(Rehearsed).rehearsal
    return answered({"job": switch_rules.activate(call.ports, version, rehearsal, call.by).id}, 202)
