"""E-mail addresses as RFC 6531 has them, in small letters, without asking the network."""

from typing import Any

from email_validator import EmailNotValidError, validate_email

from chalicelib.domain.normal.codec import Context, InvalidValueError
from chalicelib.domain.normal.text import clean


def email(value: Any, _: Context) -> str:
    """`Jan@ŻÓŁW.pl` -> `jan@żółw.pl`; the domain in Unicode, at most 254 characters.

    The whole address is put in small letters: no provider in use tells `Jan@` from `jan@`,
    and quoted local parts, where case could matter, are refused. `.test` is accepted, for
    demonstrations; the other reserved domains (`.local`, `.invalid` ...) are not.
    """
    try:
        return validate_email(
            clean(value).lower(), check_deliverability=False, test_environment=True, strict=True
        ).normalized
    except EmailNotValidError:
        # The library's own sentence repeats parts of the address.
        raise InvalidValueError("not_an_email", "This is not an e-mail address.") from None
