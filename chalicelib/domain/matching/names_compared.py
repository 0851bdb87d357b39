"""How near two persons' names are, given and family, as levels of the model.

Two given names that are both known and mean different names are `other`: not a near
miss, however alike their spelling (Jan, Janina). Swapped fields are tried as well.
"""

from itertools import product
from typing import Literal

from rapidfuzz.distance import OSA

from chalicelib.domain.matching.features import Features
from chalicelib.domain.matching.names import is_common, is_one_surname, masculine, meanings, sound

Words = tuple[str, ...]
GivenLevel = Literal[
    "", "same_rare", "same", "short", "typo", "initial", "absent", "unlike", "other"
]
FamilyLevel = Literal[
    "", "same", "same_common", "typo", "part", "gender", "mailbox", "no_mailbox", "different"
]
Standing = Literal[
    "both", "mailbox", "initial", "family", "other_given", "other_family", "given", "neither"
]

_GIVEN_RANK = ("same_rare", "same", "short", "typo", "initial", "unlike", "other")
_GOOD_GIVEN = frozenset({"same_rare", "same", "short", "typo"})
_WITHOUT_FAMILY: dict[str, Standing] = {"mailbox": "mailbox", "different": "other_family"}
_WITHOUT_GIVEN: dict[str, Standing] = {
    "initial": "initial",
    "unlike": "other_given",
    "other": "other_given",
}
_GOOD_FAMILY = frozenset({"same", "same_common", "typo", "part", "gender"})


def name_levels(a: Features, b: Features) -> tuple[GivenLevel, FamilyLevel]:
    """The levels of given and family name; empty where either side has none."""
    if not a.family or not b.family:
        return given_level(a.given, b.given), _guessed(a, b)
    straight = given_level(a.given, b.given), family_level(a.family, b.family)
    if straight[0] in _GOOD_GIVEN or straight[1] in _GOOD_FAMILY:
        return straight
    crossed = [pair for pair in (_crossed(a, b), _crossed(b, a)) if pair]
    return min(crossed, key=lambda pair: (_GIVEN_RANK.index(pair[0]), pair[1]), default=straight)


def standing(given: GivenLevel, family: FamilyLevel) -> Standing:
    """How two persons' names stand to each other: what else they share weighs accordingly."""
    if given in _GOOD_GIVEN:
        if family in _GOOD_FAMILY:
            return "both"
        return _WITHOUT_FAMILY.get(family, "given")
    if family in _GOOD_FAMILY:
        return _WITHOUT_GIVEN.get(given, "family")
    return "neither"


def _crossed(a: Features, b: Features) -> tuple[GivenLevel, FamilyLevel] | None:
    """The levels when the second side's fields are swapped, if both names then agree."""
    levels = given_level(a.given, b.family), family_level(a.family, b.given)
    return levels if levels[0] in _GOOD_GIVEN and levels[1] in _GOOD_FAMILY else None


def _guessed(a: Features, b: Features) -> FamilyLevel:
    """Whether the surname that a mailbox suggests is the other's surname, or its mailbox's."""
    ours, theirs = a.family or a.guesses, b.family or b.guesses
    if not ours or not theirs:
        return ""
    near = any(masculine(x) == masculine(y) or is_near(x, y) for x, y in product(ours, theirs))
    return "mailbox" if near else "no_mailbox"


def given_level(a: Words, b: Words) -> GivenLevel:
    """The best level between any two given names; `absent` when only one side has any."""
    if not a or not b:
        return "absent" if a or b else ""
    return min((_given_pair(x, y) for x, y in product(a, b)), key=_GIVEN_RANK.index)


def _given_pair(a: str, b: str) -> GivenLevel:
    if a == b:
        return "initial" if len(a) == 1 else "same" if meanings(a) else "same_rare"
    mean_a, mean_b = meanings(a), meanings(b)
    if mean_a and mean_b:
        return "short" if mean_a & mean_b else "other"
    if len(a) == 1 or len(b) == 1:
        return "initial" if _initials(a, mean_a) & _initials(b, mean_b) else "unlike"
    if a[:3] == b[:3] and (a.startswith(b) or b.startswith(a)):
        return "short"
    return "typo" if is_near(a, b) else "unlike"


def _initials(word: str, meant: frozenset[str]) -> set[str]:
    return {word[0], *(name[0] for name in meant)}


def family_level(a: Words, b: Words) -> FamilyLevel:
    """The level between two surnames, each a tuple of the parts of a double-barrelled one."""
    if not a or not b:
        return ""
    if a == b or set(a) == set(b):
        return "same_common" if all(map(is_common, a)) else "same"
    if set(a) & set(b):
        return "part"
    joined_a, joined_b = "".join(a), "".join(b)
    if is_one_surname(joined_a, joined_b):
        return "gender"
    if is_near(joined_a, joined_b):
        return "typo"
    return "part" if any(is_near(x, y) for x, y in product(a, b)) else "different"


def is_near(a: str, b: str) -> bool:
    """Whether two words differ by a slip: one edit from four letters, two from eight, or sound."""
    shorter = min(len(a), len(b))
    if shorter < 3:
        return False
    allowed = 2 if shorter >= 8 else 1
    if OSA.distance(a, b, score_cutoff=allowed) <= allowed and shorter >= 4:
        return True
    return sound(a) == sound(b) and len(sound(a)) > 2
