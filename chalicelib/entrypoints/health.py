"""Health: whether it runs, and how much is on its way."""

from typing import Any

from chalice import Blueprint

from chalicelib.entrypoints.http import Call, expose
from chalicelib.flow.changes import unpark
from chalicelib.flow.pausing.rest import shown
from chalicelib.flow.reading.lists import parked, waiting

health = Blueprint(__name__)


@expose(health, "/v1/health", "GET")
def get_health(call: Call) -> Any:
    """`waiting` counts up to a page of each shard: 0 means that all is done but what is paused."""
    on_its_way = {"waiting": waiting(call.ports), "parked": parked(call.ports)}
    return {"status": "ok", **on_its_way, "paused": shown(call.ports)}


@expose(health, "/v1/changes/retry", "POST")
def post_retry(call: Call) -> Any:
    """Put the changes that failed too often back to work, once the cause is mended."""
    return {"retried": unpark(call.ports)}
