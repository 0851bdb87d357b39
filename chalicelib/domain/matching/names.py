"""What is known of names: diminutives, common surnames, how a name sounds, its gender form.

The data stands in `names.json`. A name outside it is simply unknown: compared by
spelling and sound, never said to be a different name for certain.
"""

import json
from functools import lru_cache
from pathlib import Path

_DATA = json.loads(Path(__file__).with_name("names.json").read_text(encoding="utf-8"))
_PET_ENDINGS = {"female": (("a", "ka"), ("a", "usia"), ("a", "unia")), "male": (("", "ek"),)}
_SOUNDS = (
    ("sch", "s"), ("sz", "s"), ("sh", "s"), ("cz", "c"), ("tch", "c"), ("kh", "h"), ("ch", "h"),
    ("rz", "z"), ("zh", "z"), ("ck", "k"), ("ph", "f"), ("th", "t"), ("tz", "c"), ("ts", "c"),
    ("ue", "u"), ("oe", "o"), ("ae", "a"), ("w", "v"), ("y", "i"), ("j", "i"), ("q", "k"),
    ("x", "ks"),
)  # fmt: skip
_VOWELS = str.maketrans("", "", "aeiou")
_MASCULINE = {
    "ska": "ski", "cka": "cki", "dzka": "dzki", "owa": "ow", "ova": "ov", "eva": "ev",
    "na": "ny", "la": "ly", "ta": "ty", "ra": "ry",
}  # fmt: skip


def _forms() -> dict[str, frozenset[str]]:
    """Every known form to the names that it may stand for; a name's own form comes first."""
    names = {name for sex in _PET_ENDINGS for name in _DATA[sex]}
    found: dict[str, set[str]] = {name: {name} for name in names}
    for sex, endings in _PET_ENDINGS.items():
        for name, listed in _DATA[sex].items():
            for form in listed:
                found.setdefault(form, set()).add(name)
            for cut, ending in endings:
                form = name.removesuffix(cut) + ending
                if name.endswith(cut) and form not in found:
                    found[form] = {name}
    return {form: frozenset(meant) for form, meant in found.items()}


_MEANINGS = _forms()
_UNKNOWN: frozenset[str] = frozenset()
_COMMON = frozenset(_DATA["common_surnames"])


def meanings(given: str) -> frozenset[str]:
    """The names that one folded given name may stand for; empty when it is unknown."""
    return _MEANINGS.get(given, _UNKNOWN)


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """How a folded word sounds: first letter and consonants, spelling habits levelled."""
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    if not word:
        return word
    tail = word[1:].translate(_VOWELS)
    return word[0] + "".join(
        c for before, c in zip(word[0] + tail, tail, strict=False) if c != before
    )


def masculine(family: str) -> str:
    """A folded surname in its masculine form: `kowalska` and `kowalski` agree in it."""
    for length in (4, 3, 2):
        ending = family[-length:]
        if ending in _MASCULINE and len(family) > length + 1:
            return family[:-length] + _MASCULINE[ending]
    return family


def is_common(family: str) -> bool:
    """Whether a folded surname is borne by so many that it proves little."""
    return masculine(family) in _COMMON
