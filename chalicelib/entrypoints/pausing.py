"""What rests and what goes on: each source, each target, or all of them at once."""

from typing import Any

from chalice import Blueprint

from chalicelib.domain.sources import Source, Target
from chalicelib.entrypoints.http import Call, answered, expose
from chalicelib.entrypoints.registry import shown as shown_system
from chalicelib.flow.pausing import lifecycle, rest

pausing = Blueprint(__name__)


@expose(pausing, "/v1/sources/{source}/start", "POST")
def start_source(call: Call, source: str) -> Any:
    """Take the calls of a source that was prepared."""
    return shown_system(lifecycle.start(call.ports, Source, source))


@expose(pausing, "/v1/sources/{source}/pause", "POST")
def pause_source(call: Call, source: str) -> Any:
    """Keep its calls, and apply none."""
    return shown_system(lifecycle.pause(call.ports, Source, source))


@expose(pausing, "/v1/sources/{source}/resume", "POST")
def resume_source(call: Call, source: str) -> Any:
    """Apply what was kept, in order, as a job; then calls are applied as they come."""
    return answered({"job": lifecycle.resume(call.ports, Source, source).id}, 202)


@expose(pausing, "/v1/targets/{target}/start", "POST")
def start_target(call: Call, target: str) -> Any:
    """Tell a target that was prepared of all that it should have, then of changes."""
    return shown_system(lifecycle.start(call.ports, Target, target))


@expose(pausing, "/v1/targets/{target}/pause", "POST")
def pause_target(call: Call, target: str) -> Any:
    """Send it nothing."""
    return shown_system(lifecycle.pause(call.ports, Target, target))


@expose(pausing, "/v1/targets/{target}/resume", "POST")
def resume_target(call: Call, target: str) -> Any:
    """Send it the latest state of each contact that changed meanwhile, as a job."""
    return answered({"job": lifecycle.resume(call.ports, Target, target).id}, 202)


@expose(pausing, "/v1/pause", "GET")
def get_pause(call: Call) -> Any:
    """What rests, and how many calls are kept."""
    return rest.shown(call.ports)


@expose(pausing, "/v1/pause", "PUT")
def put_pause(call: Call) -> Any:
    """Pause all sources and targets at once."""
    lifecycle.pause_all(call.ports, call.by)
    return rest.shown(call.ports)


@expose(pausing, "/v1/pause", "DELETE")
def delete_pause(call: Call) -> Any:
    """Let all go on, but those that are paused by themselves."""
    return answered({"job": lifecycle.resume_all(call.ports).id}, 202)
