"""Rules of survivorship: the bundled ones, those that admins stored, and which are in force.

A change to a contact reads them after its head: who puts others in force writes every head
afterwards, so that nothing can be settled by rules that are no more and stay so.
"""

from dataclasses import replace
from typing import Any

from chalicelib.domain.graph import Head
from chalicelib.domain.rules_forms import checked, read, written
from chalicelib.domain.settle import Why
from chalicelib.domain.survivorship import DEFAULTS, Rules
from chalicelib.domain.versions import Cause
from chalicelib.flow.ports import Ports
from chalicelib.flow.ruling.releases import Releases
from chalicelib.flow.ruling.switch import Switch

RULES = Releases("rules", DEFAULTS, written, read)
SWITCH = Switch(RULES, "rehearse_rules", "activate_rules", "deactivate_rules")


def why(ports: Ports, cause: Cause, batch: str) -> Why:
    """The cause of a change with the time and the rules of now: read after the heads."""
    return Why(cause, batch, ports.now(), RULES.active(ports))


def renewing(ports: Ports) -> Why:
    """The cause of settling a contact anew by the rules in force: the batch that put them there."""
    force = RULES.force(ports)
    known = RULES.forced_by(ports, force)
    cause = Cause(type="rules" if force.job == force.batch else "undo", by=f"rules:{known.version}")
    return Why(cause, force.job, ports.now(), known)


def kept(ports: Ports, why: Why, head: Head) -> Why:
    """The same cause, by the rules that the head was settled by: for what changes no values.

    Other rules would make a version of it, which nobody is told of.
    """
    return replace(why, rules=of_head(ports, head.rules))


def store(ports: Ports, version: str, given: dict[str, Any], by: str) -> tuple[Rules, bool]:
    """Store a whole set of rules; returns it, and whether it is new.

    Raises `InvalidError`, and `ConflictError` where the version stands for other rules.
    """
    return RULES.store(ports, checked(version, given), by)


def of_head(ports: Ports, version: str) -> Rules:
    """The rules that a head was settled by."""
    return RULES.named(ports, version) if version else DEFAULTS
