"""Subscribe: a person has a partner call us, or no more; how that stands is shown."""

from collections.abc import Callable
from typing import Any

from chalicelib.domain.errors import ConflictError, FieldError, InvalidError, UnsupportedError
from chalicelib.domain.sources import Source, Target
from chalicelib.domain.subscribing import Subscribed
from chalicelib.flow import registry
from chalicelib.flow.hearing import subscriptions
from chalicelib.flow.hearing.partners import Partner, partner
from chalicelib.flow.hearing.tend import bring_in_line
from chalicelib.flow.ports import Ports

Json = dict[str, Any]
Left = Callable[[], int]


def subscribe(ports: Ports, source_id: str, url: str, remaining_ms: Left) -> Json:
    """Have the partner call this URL, from now on; what fails at first is tried again.

    Raises `NotFoundError`; `ConflictError` where one side of it is not at work or systems of
    its kind cannot do that; `InvalidError` for a URL that is not the source's own.
    """
    known = _partner(ports, source_id, remaining_ms)
    _check_url(ports, source_id, url)
    subscriptions.change(ports, source_id, lambda row: row.asked(url))
    return _shown(source_id, bring_in_line(ports, known))


def unsubscribe(ports: Ports, source_id: str, remaining_ms: Left) -> Json:
    """Have it call no more; what fails at first is tried again. Raises `NotFoundError`."""
    source = registry.registered(ports, Source, source_id)
    row = subscriptions.change(ports, source_id, lambda row: row.given_up() if row.url else row)
    known = partner(ports, source, remaining_ms) if row.url else None
    return _shown(source_id, bring_in_line(ports, known) if known else row)


def shown(ports: Ports, source_id: str) -> Json:
    """How it stands; raises `NotFoundError`."""
    registry.registered(ports, Source, source_id)
    return _shown(source_id, subscriptions.read(ports, source_id))


def _partner(ports: Ports, source_id: str, remaining_ms: Left) -> Partner:
    source = registry.started(ports, Source, source_id)
    known = partner(ports, source, remaining_ms)
    if known is None or not known.connector.caps.subscribes:
        raise UnsupportedError
    registry.started(ports, Target, source_id)
    if not (source.enabled and known.target.enabled):
        raise ConflictError("It is disabled, as source or as target.", kind="disabled")
    return known


def _check_url(ports: Ports, source_id: str, url: str) -> None:
    """What is called must be the source's webhook, under whatever name others find it."""
    if "?" in url or not url.endswith(f"/v1/hooks/{source_id}"):
        detail = "It is not the address of this source's webhook."
        raise InvalidError(detail, [FieldError("/url", "not_its_webhook", detail)])
    ports.sender.check(url)


def _shown(source_id: str, row: Subscribed) -> Json:
    return {
        "source": source_id,
        "state": row.state,
        "url": row.url or None,
        "id": row.id or None,
        "expires": row.expires or None,
        "seen": row.seen or None,
        "error": row.error or None,
        "failed_at": row.failed_at or None,
    }
