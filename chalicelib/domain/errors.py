"""What can go wrong, as one small tree; `entrypoints/problems.py` maps it to HTTP once.

    KartotekaError
    ├── InvalidError          the caller's input is wrong (422, or the status it carries)
    ├── UnauthorizedError     no, unknown or expired key or signature (401)
    ├── NotFoundError         nothing stands under that id (404)
    ├── StaleError            it was asked of a contact that is another by now (412)
    ├── ConflictError         what is asked contradicts what stands (409)
    │   └── TooLargeError     it would grow past what one contact may be
    └── BusyError             too many writers at once, or no time left: try again (503)

`Conflict` (store/ports.py) is not here: it is the store's word for a lost race and
never leaves `flow`, which reads again or raises `BusyError`.

No message holds a value that a person sent: only field names, ids and codes.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """One fault in the input: where (`pointer`, RFC 6901), a stable `code`, and a sentence."""

    pointer: str
    code: str
    detail: str


class KartotekaError(Exception):
    """The root of all errors that the product raises on purpose."""

    status = 500
    title = "Something went wrong"

    def __init__(self, detail: str = "", *, kind: str | None = None, **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.kind = kind or type(self).__name__.removesuffix("Error").lower()
        self.extra = extra


class InvalidError(KartotekaError):
    """The input is wrong; `errors` name the fields. Nothing was stored."""

    status = 422
    title = "The request is not valid"

    def __init__(
        self,
        detail: str,
        errors: list[FieldError] | None = None,
        *,
        status: int = 422,
        kind: str | None = None,
    ) -> None:
        super().__init__(detail, kind=kind)
        self.status = status
        self.errors = errors or []


class UnauthorizedError(KartotekaError):
    """No key, an unknown key, or a signature that does not verify; never says which."""

    status = 401
    title = "Not authorised"


class NotFoundError(KartotekaError):
    """Nothing stands under that id."""

    status = 404
    title = "Not found"


class StaleError(KartotekaError):
    """The contact is another one than the caller has seen: read it again."""

    status = 412
    title = "Changed meanwhile"


class ConflictError(KartotekaError):
    """What is asked contradicts what stands."""

    status = 409
    title = "Conflict"


class TooLargeError(ConflictError):
    """It would grow past what one contact may be; a shared value is the usual cause."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, kind="too_large")


class BusyError(KartotekaError):
    """Too many writers at once, or no time left; the same request may be sent again."""

    status = 503
    title = "Busy, try again"


class UnsupportedError(ConflictError):
    """The system of that kind cannot do this."""

    def __init__(self) -> None:
        super().__init__("A system of this kind cannot do that.", kind="unsupported")
