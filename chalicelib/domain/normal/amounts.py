"""Amounts of money and quantities: decimal text, never floating point."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from chalicelib.domain.normal.codec import Context, InvalidValueError
from chalicelib.domain.normal.text import given_text

_VALUE = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,4})?")
_QUANTITY = re.compile(r"[0-9]{1,9}(\.[0-9]{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CENTS = Decimal("0.01")


def money(value: Any, _: Context) -> dict[str, str]:
    """`{"value": "129.9", "currency": "pln"}` -> 129.90 PLN; negative where it is paid back."""
    if not isinstance(value, Mapping) or set(value) != {"value", "currency"}:
        raise InvalidValueError("not_an_amount", "An amount has a value and a currency.")
    currency = given_text(value["currency"]).strip().upper()
    if not _CURRENCY.fullmatch(currency):
        raise InvalidValueError("not_a_currency", "Write the currency in three letters: PLN.")
    return {"value": _cents(_decimal(value["value"], _VALUE)), "currency": currency}


def quantity(value: Any, _: Context) -> str:
    """`2.50` -> `2.5`: how many or how much, at most four decimals, not negative."""
    return f"{_decimal(value, _QUANTITY).normalize():f}"


def _decimal(value: Any, form: re.Pattern[str]) -> Decimal:
    """A whole number or decimal text: a fraction in JSON is not what its sender meant."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    written = str(value) if whole else given_text(value).strip()
    if not form.fullmatch(written):
        raise InvalidValueError("not_a_decimal", "Write it as text, such as 129.90.")
    return Decimal(written)


def _cents(value: Decimal) -> str:
    """At least two decimals, no zeros behind them, and no minus nought."""
    short = (value + 0).normalize()
    exponent = short.as_tuple().exponent
    fine = isinstance(exponent, int) and exponent < -2
    return f"{short if fine else short.quantize(_CENTS):f}"
