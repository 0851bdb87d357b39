"""Adopting: the words by which a contact takes over what a target has in a field. Pure.

Of a list the target's elements come first, in its order, so that it is shown these; what it was
shown and has no more is dropped, and what it cannot show stays.
"""

from collections.abc import Callable, Iterable
from typing import Any

from chalicelib.domain.edits import Words
from chalicelib.domain.fields import FIELDS, identity
from chalicelib.domain.pins import added, dropped, held, pinned, slot_of

ShownAs = Callable[[Any], Any]
"""How the target shows one element of a list; None where it cannot."""


def adopting(name: str, theirs: Any, golden: Any, shown: Any, shown_as: ShownAs) -> Words:
    """What makes a field that is `golden`, and `shown` to the target, what the target has."""
    if name in FIELDS and FIELDS[name].many:
        return _leading(name, theirs or [], golden or [], shown or [], shown_as)
    return {name: pinned(theirs)}


def adopting_for_now(words: Words, said: Iterable[Any]) -> Words:
    """The same until a source says something new: `said` is what they say now."""
    others = list(said)
    return {s: held(w["value"], others) if "value" in w else w for s, w in words.items()}


def _leading(
    name: str, theirs: list[Any], golden: list[Any], shown: list[Any], shown_as: ShownAs
) -> Words:
    forms = [(e, form) for e in golden if (form := shown_as(e)) is not None]
    known = {identity(form): (element, form) for element, form in reversed(forms)}
    kept, seen = ({identity(e) for e in some} for some in (theirs, shown))
    drops = [element for element, form in forms if identity(form) in seen - kept]
    leads = [_whole(element, *known.get(identity(element), ({}, {}))) for element in theirs]
    words = {slot_of(name, e): dropped(e) for e in drops}
    return words | {slot_of(name, e): added(e) | {"place": n} for n, e in enumerate(leads)}


def _whole(theirs: Any, known: Any, form: Any) -> Any:
    """Their element, with what is known of it that the target cannot show."""
    if not isinstance(theirs, dict):
        return theirs
    return {part: value for part, value in known.items() if part not in form} | theirs
