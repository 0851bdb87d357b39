"""A mapping at work: outward to a system's form, inward from it, and what it can hold.

`projection` is what comes back of a contact that was sent: the measure of whether a system
has what it should, and of what it says that is not our echo. A field that is not mapped is
never sent and never cleared.
"""

from collections.abc import Mapping as Mapped
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from chalicelib.domain.errors import FieldError, InvalidError
from chalicelib.domain.mapping.codecs import CODECS
from chalicelib.domain.mapping.paths import MISSING, Ours, PathError, Theirs, closed, overlapping
from chalicelib.domain.mapping.rules import Mapping, Rule
from chalicelib.domain.model import canonical, digest
from chalicelib.domain.structure import pointer


class Mapper:
    """A mapping, checked and ready; raises `InvalidError` that names the rule at fault."""

    def __init__(self, mapping: Mapping) -> None:
        self.version = mapping.version
        self.print = digest(canonical(mapping.model_dump(mode="json")))
        self._rules = [_checked(n, rule) for n, rule in enumerate(mapping.rules)]
        if overlapping([theirs for _, _, theirs in self._rules]):
            raise _fault("/rules", "twice", "Two rules write the same place.")

    @classmethod
    def of(cls, given: Mapped[str, Any]) -> "Mapper":
        """From the declared form."""
        try:
            return cls(Mapping.model_validate(given))
        except ValidationError as error:
            faults = [
                FieldError(pointer("mapping", *e["loc"]), e["type"], e["msg"])
                for e in error.errors(include_input=False, include_url=False)
            ]
            raise InvalidError("The mapping is not valid.", faults) from None

    @cached_property
    def fields(self) -> frozenset[str]:
        """Our fields that it can tell, in part or whole."""
        return frozenset(ours.name for _, ours, _ in self._rules)

    @cached_property
    def written(self) -> frozenset[str]:
        """Our fields that it is told, in part or whole."""
        return frozenset(ours.name for rule, ours, _ in self._rules if not rule.read_only)

    @cached_property
    def told_only(self) -> frozenset[tuple[str, str]]:
        """(field, part): what it says of the elements of a list that it is told, and is not."""
        parts = {(o.name, o.part): rule.read_only for rule, o, _ in self._rules if o.at is not None}
        return frozenset(p for p, read_only in parts.items() if read_only and p[0] in self.written)

    @cached_property
    def ended(self) -> frozenset[str]:
        """Our fields of which it is told only what was withdrawn, where something stands."""
        return frozenset(ours.name for rule, ours, _ in self._rules if rule.ends)

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Where, in the system's own form, it reads or writes."""
        return tuple(rule.theirs for rule, _, _ in self._rules)

    def outward(self, contact: Mapped[str, Any], cleared: frozenset[str] = frozenset()) -> Any:
        """The system's form of these fields; `cleared` are those that it has and shall not.

        What a contact does not say, or the system cannot hold, is left out, so that nothing
        of theirs is touched, unless it was ours or its field is written in another place.
        """
        body: dict[str, Any] = {}
        touched = cleared | {n for n, v in contact.items() if v not in (None, [])}
        for rule, ours, theirs in self._rules:
            if rule.read_only or ours.name not in touched:
                continue
            value = ours.get(contact)
            turned = None if value is None else CODECS[rule.codec].outward(value, rule)
            if turned is not None:
                theirs.put(body, turned)
            elif rule.clear and (value is None or ours.name in cleared):
                theirs.put(body, rule.empty)
        return body

    def inward(self, body: Mapped[str, Any]) -> dict[str, Any]:
        """Our fields as the system's form says, not yet in normal form; None: it says nothing.

        Only fields of which it tells something, or says that there is nothing, are in it.
        """
        told: dict[str, Any] = {}
        spoken: set[str] = set()
        for rule, ours, theirs in self._rules:
            found = theirs.get(body)
            if found is MISSING:
                continue
            spoken.add(ours.name)
            value = None if found == rule.empty else CODECS[rule.codec].inward(found, rule)
            if value is not None:
                ours.put(told, value)
        return dict.fromkeys(sorted(spoken)) | closed(told)

    def projection(self, contact: Mapped[str, Any]) -> dict[str, Any]:
        """What the system can hold of a contact."""
        kept = self.inward(self.outward(contact))
        return {name: value for name, value in kept.items() if value is not None}


def _checked(number: int, rule: Rule) -> tuple[Rule, Ours, Theirs]:
    place = pointer("mapping", "rules", number)
    try:
        ours, theirs = Ours.read(rule.ours), Theirs.read(rule.theirs)
    except PathError:
        raise _fault(place, "path", "One of its paths leads nowhere.") from None
    if ours.many != CODECS[rule.codec].of_list:
        raise _fault(place, "codec", "Its codec does not fit what stands there.")
    if rule.codec in ("choice", "choices") and not rule.values:
        raise _fault(place, "values", "Its codec needs a table of values.")
    if rule.codec == "objects" and not rule.parts:
        raise _fault(place, "parts", "Its codec needs a table of parts.")
    return rule, ours, theirs


def _fault(place: str, code: str, detail: str) -> InvalidError:
    return InvalidError("The mapping is not valid.", [FieldError(place, code, detail)])
