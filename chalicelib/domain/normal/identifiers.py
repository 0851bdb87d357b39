"""Numbers that authorities give to people and companies, by python-stdnum where it knows them."""

from typing import Any

from stdnum import iban, lei
from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.pl import nip, pesel, regon

from chalicelib.domain.normal.codec import Context, InvalidValueError
from chalicelib.domain.normal.text import line

_CHECKED = {
    "eu_vat": vat.validate,
    "iban": iban.validate,
    "lei": lei.validate,
    "nip": nip.validate,
    "pesel": pesel.validate,
    "regon": regon.validate,
}
_short = line(100)


def identifier(value: Any, context: Context) -> str:
    """The value of an identifier, by the `kind` beside it: compact, its check digits right.

    A KRS number has no check digit: ten digits, leading zeros restored. Of any other kind
    we know nothing, so its value is text.
    """
    kind = context.beside["kind"]
    text = str(_short(value, context))
    if kind == "krs":
        return _krs(text)
    if kind not in _CHECKED:
        return text
    try:
        number = str(_CHECKED[kind](text))
    except ValidationError:
        raise InvalidValueError("bad_identifier", f"This is not a valid {kind}.") from None
    return _meant(number)


def _krs(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise InvalidValueError("bad_identifier", "A krs has ten digits.")
    return _meant(text.zfill(10))


def _meant(number: str) -> str:
    """Refuse 0000000000 and the like, which have right check digits but no owner."""
    if len(set(number)) == 1:
        raise InvalidValueError("placeholder", "This number stands for a missing one.")
    return number
