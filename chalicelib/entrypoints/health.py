"""Health: whether it runs, and how much is on its way."""

from typing import Any

from chalice import Blueprint

from chalicelib.entrypoints.http import Call, expose
from chalicelib.flow.lists import waiting

health = Blueprint(__name__)


@expose(health, "/v1/health", "GET")
def get_health(call: Call) -> Any:
    """`waiting` counts up to a page of each shard: 0 means that all is done."""
    return {"status": "ok", "waiting": waiting(call.ports)}
