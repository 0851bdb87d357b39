"""How Salesforce words its answers."""

from typing import Any

from ..base import Replied
from ..common.vendor import Refused
from .store import Denied


def error(status: int, code: str, message: str, fields: list[str] | None = None) -> Replied:
    """A list with one error."""
    named = {"fields": fields} if fields else {}
    return Replied(status, [{"message": message, "errorCode": code, **named}])


def denied(why: Denied) -> Refused:
    """The single write that fails."""
    return Refused(error(400, why.code, why.message, why.fields))


def item(id: str, **more: Any) -> dict[str, Any]:
    """An item of a collection that went well."""
    return {"id": id, "success": True, "errors": [], **more}


def item_error(why: Denied) -> dict[str, Any]:
    """An item that did not."""
    fault = {"statusCode": why.code, "message": why.message, "fields": why.fields}
    return {"success": False, "errors": [fault]}


ROLLED_BACK = Denied(
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using AllOrNone",
)
MISSING = error(404, "NOT_FOUND", "The requested resource does not exist")
