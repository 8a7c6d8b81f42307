"""White space as XML means it, which is less than Python does.

Specification: XML 1.0 (fifth edition), sections 2.3 and 3.3.3.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from demotic.xml.characters._classes import is_space

__all__ = ["collapse_space", "has_space", "is_all_space", "normalize_attribute", "strip_leading_space"]

_BLANKS: Final = " \t\r\n"
_RUN: Final = re.compile("[ \t\r\n]+")


def is_all_space(text: str) -> bool:
    """Tell whether a text has nothing but white space, or nothing at all."""
    return not text.strip(_BLANKS)


def has_space(text: str) -> bool:
    """Tell whether a text has white space in it."""
    return _RUN.search(text) is not None


def strip_leading_space(text: str) -> str:
    """Return the text without the white space at its start."""
    return text.lstrip(_BLANKS)


def normalize_attribute(text: str) -> str:
    """Return the value of an attribute that is no CDATA: no blank at either end, one between words; only blanks go."""
    return " ".join(word for word in text.split(" ") if word)


def collapse_space(text: str, *, strip: bool = True, space: Callable[[str], bool] = is_space) -> str:
    """Return the text with every run of white space as one blank.

    With `strip` there is none at the start, if there is anything else. An empty text gives one blank, as does one of
    white space alone. `space` says which characters count.
    """
    words: list[str] = []
    for character in text:
        blank = space(character)
        if not blank:
            words.append(character)
        elif not words or words[-1] != " ":
            words.append(" ")
    result = "".join(words) or " "
    return result[1:] if strip and len(result) > 1 and result[0] == " " else result
