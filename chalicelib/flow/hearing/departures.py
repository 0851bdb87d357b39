"""Departures: a partner deleted what we told it of; what that means is the target's setting."""

from typing import Any

from chalicelib.domain.deliveries import Delivery
from chalicelib.flow.editing import retire
from chalicelib.flow.editing.pin import Seen
from chalicelib.flow.hearing import links
from chalicelib.flow.hearing.partners import Partner
from chalicelib.flow.ports import Ports
from chalicelib.flow.reading import read


def left(ports: Ports, partner: Partner, known: Delivery) -> None:
    """`leave`: it is not sent there again; `restore`: it is; `retire`: it goes everywhere."""
    wish = partner.target.deleted_there
    if wish == "retire":
        _retire(ports, partner, known.contact)
    gone: dict[str, Any] = {"remote": "", "etag": "", "has": {}, "sent_print": "", "own": False}
    gone |= {"asked": {}, "flips": {}}
    links.change(ports, known, gone | {"present": False, "left": wish == "leave"})


def _retire(ports: Ports, partner: Partner, contact: str) -> None:
    shown, etag = read.contact(ports, contact)
    if shown["status"] == "active":
        key = f"deleted-{partner.id}-{etag}"
        retire.retire(ports, Seen(shown["id"], etag, f"source:{partner.id}", key))
