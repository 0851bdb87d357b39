"""The lines of a vCard (RFC 2426 and 6350): read, written, and otherwise left as they are.

A line that nobody changes keeps its very bytes, folds and all: a card is full of what other
programs put there.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_FOLD = re.compile(r"\r?\n[ \t]")
_END = re.compile(r"\r?\n(?![ \t])")
_LINE = re.compile(
    r"(?:(?P<group>[\w-]+)\.)?(?P<name>[\w-]+)(?P<params>(?:;(?:\"[^\"]*\"|[^\":;])*)*):(?P<value>.*)",
    re.ASCII | re.DOTALL,
)
_TOKEN = re.compile(r"\\.|[^\\]|\\$", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BYTES = 75  # of a line, before it is folded
VERSIONS = ("3.0", "4.0")


class CardError(ValueError):
    """No single vCard that we can read, or nothing that one can hold; says no more than that."""


@dataclass(frozen=True)
class Line:
    """One property: `name` in capitals, `value` as it is written; `raw` is the whole of it."""

    raw: str
    group: str = ""
    name: str = ""
    params: str = ""
    value: str = ""

    @classmethod
    def of(cls, raw: str) -> "Line":
        """One line as it stands; what cannot be read is kept too."""
        found = _LINE.fullmatch(_FOLD.sub("", raw))
        if found is None:
            return cls(raw)
        group, name, params, value = (found[n] or "" for n in ("group", "name", "params", "value"))
        return cls(raw, group, name.upper(), params, value)

    @classmethod
    def new(cls, name: str, value: str, params: str = "", group: str = "") -> "Line":
        """A line that is to be written; its value is escaped already."""
        whole = f"{group}.{name}{params}:{value}" if group else f"{name}{params}:{value}"
        return cls(_folded(whole), group, name, params, value)

    def saying(self, value: str) -> "Line":
        """The same property of another value."""
        return Line.new(self.name, value, self.params, self.group)

    def has(self, parameter: str) -> bool:
        """Whether it has this parameter, whatever its value."""
        return f";{parameter}=" in self.params.upper()


def read_lines(card: str) -> tuple[str, list[Line]]:
    """A card's version, and what stands between its first line and its last."""
    lines = [Line.of(raw) for raw in _END.split(card.strip()) if raw]
    frame, within = [*lines[:1], *lines[1:][-1:]], lines[1:-1]
    version = next((line.value for line in within if line.name == "VERSION"), "")
    framed = [f"{line.name}:{line.value}".upper().strip() for line in frame]
    if framed != ["BEGIN:VCARD", "END:VCARD"] or version not in VERSIONS:
        raise CardError
    if any(line.name == "BEGIN" for line in within):
        raise CardError
    return version, within


def write_lines(lines: Iterable[Line]) -> str:
    """The card of these lines."""
    return "\r\n".join(["BEGIN:VCARD", *(line.raw for line in lines), "END:VCARD", ""])


def _folded(line: str) -> str:
    """In parts of at most 75 bytes, none of which cuts a character in two."""
    parts, size = [""], 0
    for character in line:
        length = len(character.encode())
        if size + length > _BYTES:
            parts.append(" ")
            size = 1
        parts[-1] += character
        size += length
    return "\r\n".join(parts)


def escaped(text: str) -> str:
    """Text as a value, or a part of one."""
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", "\\n")


def unescaped(value: str) -> str:
    """The text that a value, or a part of one, stands for."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()


def parted(value: str, separator: str) -> list[str]:
    """The parts of a value, still escaped."""
    parts = [""]
    for token in _TOKEN.findall(value):
        if token == separator:
            parts.append("")
        else:
            parts[-1] += token
    return parts


def with_part(value: str, at: int, text: str) -> str:
    """A structured value with another part; the others stay as they are written."""
    parts = parted(value, ";")
    parts += [""] * (at + 1 - len(parts))
    parts[at] = escaped(text)
    return ";".join(parts)


def texts(value: str, separator: str) -> Sequence[str]:
    """The parts of a value as text."""
    return [unescaped(part) for part in parted(value, separator)]
