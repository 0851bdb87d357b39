"""How Mailchimp words its errors, and how it leaves out of an answer what was not asked for."""

from collections.abc import Mapping
from typing import Any

from ..base import Replied

_TYPE = "https://mailchimp.com/developer/marketing/docs/errors/"
_INSTANCE = "c116af38-54cd-7c91-efff-548d25d48699"


class Denied(Exception):
    """A write that is refused; `errors` names merge fields and why."""

    def __init__(self, title: str, detail: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(title)
        self.title, self.detail, self.errors = title, detail, errors or {}

    @property
    def replied(self) -> Replied:
        """The answer of a call that is about this write only."""
        told = [{"field": name, "message": why} for name, why in self.errors.items()]
        return problem(400, self.title, self.detail, **({"errors": told} if told else {}))


def problem(status: int, title: str, detail: str, **more: Any) -> Replied:
    """A problem document."""
    said = {"type": _TYPE, "title": title, "status": status, "detail": detail}
    headers = {"content-type": "application/problem+json; charset=utf-8"}
    return Replied(status, {**said, "instance": _INSTANCE, **more}, headers)


def missing() -> Replied:
    """Nothing is there."""
    return problem(404, "Resource Not Found", "The requested resource could not be found.")


def narrowed(body: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
    """What `fields` names, or all but what `exclude_fields` does; dots lead into objects."""
    narrow, names = (_kept, "fields") if "fields" in query else (_left, "exclude_fields")
    paths = [each.split(".") for each in query.get(names, "").split(",")]
    return dict(narrow(body, paths))


def _kept(value: Any, paths: list[list[str]]) -> Any:
    if [] in paths:
        return value
    if isinstance(value, list):
        return [_kept(each, paths) for each in value]
    within = {path[0]: [p[1:] for p in paths if p[0] == path[0]] for path in paths}
    return {name: _kept(each, within[name]) for name, each in value.items() if name in within}


def _left(value: Any, paths: list[list[str]]) -> Any:
    if isinstance(value, list):
        return [_left(each, paths) for each in value]
    if not isinstance(value, dict):
        return value
    within = {name: [path[1:] for path in paths if path and path[0] == name] for name in value}
    return {
        name: _left(each, within[name]) for name, each in value.items() if [] not in within[name]
    }
