"""Relations: who works for whom, and which company belongs to which."""

from typing import Any

from chalice import Blueprint

from chalicelib.domain.errors import InvalidError
from chalicelib.entrypoints.http import Call, expose
from chalicelib.flow.relating import relations as related

relations = Blueprint(__name__)
_YES_OR_NO = {"": False, "false": False, "true": True}


@expose(relations, "/v1/contacts/{contact}/relations", "GET")
def get_relations(call: Call, contact: str) -> Any:
    """What it says of its relations, then who says to be related to it."""
    return call.listed("relations", contact, related.relations)


@expose(relations, "/v1/contacts/{contact}/hierarchy", "GET")
def get_hierarchy(call: Call, contact: str) -> Any:
    """What a company belongs to, up to the root, and what belongs to it directly."""
    return call.listed("hierarchy", contact, related.hierarchy)


@expose(relations, "/v1/contacts/{contact}/people", "GET")
def get_people(call: Call, contact: str) -> Any:
    """Who works for a company or, with `deep`, for any company below it."""
    asked = call.named("deep")
    if asked not in _YES_OR_NO:
        raise InvalidError("deep is true or false.", status=400)
    deep = _YES_OR_NO[asked]
    return call.listed(
        f"people {deep}",
        contact,
        lambda ports, of, after, n: related.people(ports, of, after, n, deep=deep),
    )
