"""Folding: the form in which texts are compared and searched, never shown."""

import re
import unicodedata

from anyascii import anyascii

# An apostrophe joins (O'Brien, Мар'яна), and it is how a soft sign is transliterated.
_APOSTROPHES = re.compile(r"['`´‘’ʼʹ]")
_WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> str:
    """`  Łucja-Юлія O’Hara ` -> `lucja yuliya ohara`.

    Small ASCII letters and digits, words parted by one space: diacritics dropped, Cyrillic
    and other scripts transliterated, apostrophes removed, all other punctuation a space.
    Idempotent; the empty text if nothing of that is left.
    """
    small = unicodedata.normalize("NFC", text).casefold()
    latin = anyascii(_APOSTROPHES.sub("", small)).lower().replace("'", "")
    return " ".join(_WORD.findall(latin))
