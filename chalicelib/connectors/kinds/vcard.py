"""A contact's card in the form that the mapping knows, and that form written into a card.

    {"fn", "n": {"given", "family"}, "org", "title", "bday", "nickname": [], "categories": [],
     "email": [], "tel": [], "adr": [{"street", "city", "region", "postal_code", "country"}]}

None is what the card does not say. What is not in a form is left alone, and so is a line
that says already what it should.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.connectors.kinds.vcard_lines import (
    CardError,
    Line,
    escaped,
    read_lines,
    texts,
    unescaped,
    with_part,
    write_lines,
)

_NAMES = {"fn": "FN", "title": "TITLE", "org": "ORG", "bday": "BDAY"} | {
    "nickname": "NICKNAME",
    "categories": "CATEGORIES",
    "email": "EMAIL",
    "tel": "TEL",
    "adr": "ADR",
}
_MANY = ("email", "tel", "adr")
_LISTS = ("nickname", "categories")
_N = {"family": 0, "given": 1}
_ADR = {"street": 2, "city": 3, "region": 4, "postal_code": 5, "country": 6}
_MADE_UP = "X-KARTOTEKA-FN"  # says which name is ours, where a card must have one and there is none
_GROUP = "X-ADDRESSBOOKSERVER-KIND"
_DATE = re.compile(r"(\d{4}|--)-?(\d\d)-?(\d\d)(?:T.*)?", re.DOTALL)
_NO_YEAR = "1604"  # as Apple writes it: vCard 3.0 has no dates without a year
_OMITTED = "X-APPLE-OMIT-YEAR"
_SAME_NUMBER = 7  # digits at the end that make two ways of writing a number the same

Form = Mapping[str, Any]


def new_card(uid: str, form: Form, version: str) -> str:
    """A card of its own; vCard 3.0 demands a name in parts, if only an empty one.

    Raises `CardError` for a form that no card can hold.
    """
    _check(form)
    bare = [Line.new("VERSION", version), Line.new("UID", escaped(uid))]
    return _written(version, [*bare, Line.new("N", ";;;;")], form)


def patched(card: str, form: Form) -> str:
    """A card with what the form says; the very same card if it says that already.

    Raises `CardError` for what is no card, and for a form that none can hold.
    """
    _check(form)
    version, lines = read_lines(card)
    return card if _agrees(lines, form) else _written(version, lines, form)


def uid_of(card: str) -> str:
    """Whose card it is."""
    return next((unescaped(line.value) for line in read_lines(card)[1] if line.name == "UID"), "")


def is_group(card: str) -> bool:
    """Whether it is a list of other cards, as Apple and vCard 4.0 have them."""
    kinds = (line for line in read_lines(card)[1] if line.name in (_GROUP, "KIND"))
    return any(line.value.strip().lower() == "group" for line in kinds)


def form_of(card: str) -> dict[str, Any]:
    """What a card says; raises `CardError`."""
    return _form(read_lines(card)[1])


def _form(lines: Sequence[Line]) -> dict[str, Any]:
    form: dict[str, Any] = {key: _told(_named(lines, key), key) for key in _NAMES}
    form["n"] = _parts(next((line for line in lines if line.name == "N"), Line("")), _N)
    if form["fn"] == next((unescaped(e.value) for e in lines if e.name == _MADE_UP), ""):
        form["fn"] = None
    return form


def _named(lines: Iterable[Line], key: str) -> list[Line]:
    return [line for line in lines if line.name == _NAMES[key]]


def _told(lines: Sequence[Line], key: str) -> Any:
    if key in _LISTS:
        return [text for line in lines for text in texts(line.value, ",") if text] or None
    told = [value for line in lines if (value := _value(line, key))]
    return (told or None) if key in _MANY else next(iter(told), None)


def _value(line: Line, key: str) -> Any:
    if key == "adr":
        parts = _parts(line, _ADR)
        return {name: text for name, text in parts.items() if text}
    if key == "org":
        return texts(line.value, ";")[0]
    if key == "bday":
        return _date(line)
    return unescaped(line.value).removeprefix("tel:" if key == "tel" else "mailto:")


def _parts(line: Line, places: Mapping[str, int]) -> dict[str, str | None]:
    told = texts(line.value, ";")
    return {name: (told[at] if at < len(told) else "") or None for name, at in places.items()}


def _date(line: Line) -> str | None:
    found = _DATE.fullmatch(line.value.strip())
    if found is None:
        return None
    year = "-" if line.has(_OMITTED) or found[1] == "--" else found[1]
    return f"{year}-{found[2]}-{found[3]}"


def _agrees(lines: Sequence[Line], form: Form) -> bool:
    there = _form(lines)
    return all(_same(there[key], value, key) for key, value in form.items())


def _same(there: Any, wanted: Any, key: str) -> bool:
    if key == "n":
        return all(there[name] == (value or None) for name, value in wanted.items())
    if key in _MANY:
        pairs = zip(there or [], wanted or [], strict=False)
        return len(there or []) == len(wanted or []) and all(_alike(a, b, key) for a, b in pairs)
    return bool((there or None) == (wanted or None))


def _alike(one: Any, other: Any, key: str) -> bool:
    """Whether two values are two ways of writing the same."""
    if key == "adr":
        return bool(one == {name: text for name, text in other.items() if text})
    if key == "email":
        return bool(one.casefold() == other.casefold())
    short, long = sorted((re.sub(r"\D", "", n).lstrip("0") for n in (one, other)), key=len)
    return one == other or (len(short) >= _SAME_NUMBER and long.endswith(short))


def _check(form: Form) -> None:
    if not all(_fits(key, value) for key, value in form.items()):
        raise CardError


def _fits(key: str, value: Any) -> bool:
    """Whether a mapping, which may be anybody's, writes what can stand there."""
    if key == "n":
        return isinstance(value, Mapping) and value.keys() <= _N.keys()
    if key == "adr":
        return all(isinstance(e, Mapping) and e.keys() <= _ADR.keys() for e in value or ())
    told = (value or []) if key in (*_MANY, *_LISTS) else [value or ""]
    return key in _NAMES and isinstance(told, list) and all(isinstance(e, str) for e in told)


def _written(version: str, lines: Sequence[Line], form: Form) -> str:
    kept = [line for line in lines if line.name != _MADE_UP or not form.get("fn")]
    for key, value in form.items():
        name = "N" if key == "n" else _NAMES[key]
        old = [line for line in kept if line.name == name]
        new = _renewed(old, key, value, version)
        at = kept.index(old[0]) if old else len(kept)
        kept = [*_without(kept[:at], old), *new, *_without(kept[at:], old)]
    return write_lines(_without_orphans(lines, _with_name(kept)))


def _without(lines: Iterable[Line], gone: Iterable[Line]) -> list[Line]:
    names = {line.name for line in gone}
    return [line for line in lines if line.name not in names]


def _renewed(old: list[Line], key: str, value: Any, version: str) -> list[Line]:
    """The lines of one property as they shall be."""
    if key == "n":
        return [_with_parts(next(iter(old), Line.new("N", ";;;;")), value, _N)]
    if key in _MANY:
        return [_line_of(old, key, one) for one in value or ()]
    if _same(_told(old, key), value, key):
        return old
    if not value:
        return []
    if key == "bday":
        return [_birthday(value, version)]
    line = next(iter(old), Line.new(_NAMES[key], ""))
    if key == "org":
        return [line.saying(with_part(line.value, 0, value))]
    return [line.saying(",".join(map(escaped, value)) if key in _LISTS else escaped(value))]


def _line_of(old: Sequence[Line], key: str, wanted: Any) -> Line:
    """The line that says it already, with all that stands beside; else a new one."""
    same = (line for line in old if _value(line, key) and _alike(_value(line, key), wanted, key))
    if found := next(same, None):
        return found
    if key == "adr":
        return _with_parts(Line.new("ADR", ";;;;;;"), wanted, _ADR)
    return Line.new(_NAMES[key], escaped(wanted))


def _with_parts(line: Line, wanted: Form, places: Mapping[str, int]) -> Line:
    there, value = _parts(line, places), line.value
    for name, text in wanted.items():
        if there[name] != (text or None):
            value = with_part(value, places[name], text or "")
    return line if value == line.value else line.saying(value)


def _birthday(value: str, version: str) -> Line:
    whole = not value.startswith("-")
    if version == "4.0":
        return Line.new("BDAY", ("" if whole else "--") + value.replace("-", ""))
    if whole:
        return Line.new("BDAY", value)
    return Line.new("BDAY", f"{_NO_YEAR}{value[1:]}", f";{_OMITTED}={_NO_YEAR}")


def _with_name(lines: list[Line]) -> list[Line]:
    """A card must have a name to be shown by: made up of what else it says, and marked."""
    form = _form(lines)
    if form["fn"]:
        return [line for line in lines if line.name != _MADE_UP]
    parts = " ".join(text for text in (form["n"]["given"], form["n"]["family"]) if text)
    sayings = (parts, form["org"], *(form["email"] or form["tel"] or ()), "?")
    name = escaped(next(filter(None, sayings)))
    bare = [line for line in lines if line.name not in ("FN", _MADE_UP)]
    return [*bare, Line.new("FN", name), Line.new(_MADE_UP, name)]


def _without_orphans(before: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
    """Without the labels (`item1.X-ABLabel`) of lines that went."""
    named = {line.group for line in lines if not line.name.startswith("X-AB")}
    lost = {line.group for line in before if line.group} - named
    return [line for line in lines if line.group not in lost or not line.name.startswith("X-AB")]
