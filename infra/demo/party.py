"""A person or a company as they are in truth, and which systems know them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Party:
    """One person (with a given name) or company (without). Empty text: there is none.

    `key` names them in the demo alone; no system knows it. `called` is what friends say for
    the given name; `phone` is a Polish number of nine digits.
    """

    key: str
    told_by: Sequence[str]
    roles: Sequence[str]
    given: str = ""
    called: str = ""
    family: str = ""
    organization: str = ""
    job_title: str = ""
    email: str = ""
    phone: str = ""
    street: str = ""
    town: str = ""
    postal_code: str = ""
    born: str = ""
    nip: str = ""
