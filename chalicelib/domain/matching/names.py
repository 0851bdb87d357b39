"""What is known of names: diminutives, common surnames, how a name sounds, its gender form.

The data stands in `names.json`. A name outside it is simply unknown: compared by
spelling and sound, never said to be a different name for certain.
"""

import json
from functools import lru_cache
from pathlib import Path

_DATA = json.loads(Path(__file__).with_name("names.json").read_text(encoding="utf-8"))
_PET_ENDINGS = {"female": (("a", "ka"), ("a", "usia"), ("a", "unia")), "male": (("", "ek"),)}
_SOUNDS = (  # Polish ch and cz, English kh and ch: one sound here, since we know no language
    ("tsch", "h"), ("sch", "s"), ("tch", "h"), ("kh", "h"), ("ch", "h"), ("cz", "h"),
    ("sz", "s"), ("sh", "s"), ("rz", "z"), ("zh", "z"), ("ck", "k"), ("ph", "f"), ("th", "t"),
    ("tz", "c"), ("ts", "c"), ("ue", "u"), ("oe", "o"), ("ae", "a"), ("w", "v"), ("y", "i"),
    ("j", "i"), ("q", "k"), ("x", "ks"),
)  # fmt: skip
_SPELLINGS = (
    ("kh", "h"), ("ch", "h"), ("ks", "x"), ("ph", "f"), ("j", "i"), ("y", "i"), ("w", "v"),
    ("ii", "i"),
)  # fmt: skip
_VOWELS = str.maketrans("", "", "aeiou")
_MASCULINE = {
    "ska": "ski", "cka": "cki", "dzka": "dzki", "owa": "ow", "ova": "ov", "eva": "ev",
    "na": "ny", "la": "ly", "ta": "ty", "ra": "ry",
}  # fmt: skip
_CZECH = "ova"


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


def levelled(given: str) -> str:
    """A folded given name without the habits of transliteration."""
    for written, heard in _SPELLINGS:
        given = given.replace(written, heard)
    return given


_MEANINGS = _forms()
_LEVELLED = {levelled(form): meant for form, meant in _MEANINGS.items()}
_UNKNOWN: frozenset[str] = frozenset()
_COMMON = frozenset(_DATA["common_surnames"])


@lru_cache(maxsize=65536)
def meanings(given: str) -> frozenset[str]:
    """The names that one folded given name may stand for; empty when it is unknown.

    The scripts' ways into Latin count as one: Mariia, Marija and Maria.
    """
    return _MEANINGS.get(given) or _LEVELLED.get(levelled(given), _UNKNOWN)


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


def is_one_surname(a: str, b: str) -> bool:
    """Whether two folded surnames are one but for the gender: also `novakova` and `novak`,
    `svobodova` and `svoboda`, where the masculine form cannot be told from the feminine.
    """
    if masculine(a) == masculine(b):
        return True
    woman, man = (a, b) if a.endswith(_CZECH) else (b, a)
    return woman.endswith(_CZECH) and man.removesuffix("a") == woman.removesuffix(_CZECH)


def is_common(family: str) -> bool:
    """Whether a folded surname is borne by so many that it proves little."""
    return masculine(family) in _COMMON
