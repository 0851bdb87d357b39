"""CardDAV, before a real Radicale."""

from itertools import count
from typing import Any

from chalicelib.connectors.kinds.vcard import form_of
from tests.connectors.real import Real
from tests.connectors.rigs import Body, Rig
from tests.servers.radicale import Radicale
from tests.unit.standins.calling import Clock

_NUMBERS = count()
_BARE = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\n{lines}END:VCARD\r\n"


def carddav(radicale: Radicale) -> Rig:
    """An address book of its own cards, which are vCard 3.0."""
    for uid in radicale.cards():
        radicale.delete(uid)

    def held(remote: str) -> Body | None:
        uid = remote.removesuffix(".vcf")
        if uid not in radicale.cards():
            return None
        card = radicale.read(uid)
        return form_of(card) | dict(line.split(":", 1) for line in card.split("\r\n") if line)

    def make(**lines: str) -> str:
        uid = f"user-{next(_NUMBERS)}"
        written = "".join(f"{name}:{value}\r\n" for name, value in ({"FN": uid} | lines).items())
        radicale.put(uid, _BARE.format(uid=uid, lines=written))
        return f"{uid}.vcf"

    def edit(remote: str, **lines: str) -> None:
        uid = remote.removesuffix(".vcf")
        written = "".join(f"{name}:{value}\r\n" for name, value in lines.items())
        radicale.put(uid, radicale.read(uid).replace("END:", f"{written}END:"))

    return Rig(
        kind="carddav",
        standin=Real(radicale.url),
        clock=Clock(),
        held=held,
        make=make,
        edit=edit,
        delete=lambda remote: radicale.delete(remote.removesuffix(".vcf")),
        foreign={"NOTE": "met at the fair"},
        base=radicale.book,
        access={"user": radicale.user, "password": radicale.password},
    )


def carddav_4(radicale: Radicale) -> Rig:
    """The same, but that its new cards are vCard 4.0."""
    rig: Any = carddav(radicale)
    rig.options = {"version": "4.0"}
    return rig
