"""Rules of survivorship: the bundled ones, those that admins stored, and which are in force.

A change to a contact reads them after its head: who puts others in force writes every head
afterwards, so that nothing can be settled by rules that are no more and stay so.
"""

from chalicelib.domain.rules_forms import read, written
from chalicelib.domain.settle import Why
from chalicelib.domain.survivorship import DEFAULTS, Rules
from chalicelib.domain.versions import Cause
from chalicelib.flow.ports import Ports
from chalicelib.flow.releases import Releases

RULES = Releases("rules", DEFAULTS, written, read)


def why(ports: Ports, cause: Cause, batch: str) -> Why:
    """The cause of a change with the time and the rules of now: read after the heads."""
    return Why(cause, batch, ports.now(), RULES.active(ports))


def of_head(ports: Ports, version: str) -> Rules:
    """The rules that a head was settled by."""
    return RULES.named(ports, version) if version else DEFAULTS
