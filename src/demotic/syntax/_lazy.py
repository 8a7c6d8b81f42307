"""Regular expressions that are compiled when they are first used.

Compiling one with large sets of characters takes milliseconds, which whoever imports a package and never comes to it
would pay as well.
"""

from __future__ import annotations

import re
from typing import Any, cast

__all__ = ["lazy_pattern"]

_METHODS = ("finditer", "findall", "fullmatch", "match", "search", "split", "sub", "subn")


class _LazyPattern:
    """Stands for a pattern: its first attribute that is asked for makes it, and its methods become this object's."""

    def __init__(self, text: str, flags: int) -> None:
        self._given = (text, flags)

    def __getattr__(self, name: str) -> Any:
        pattern = re.compile(*self._given)
        for method in _METHODS:
            setattr(self, method, getattr(pattern, method))
        return getattr(pattern, name)


def lazy_pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return a regular expression that is compiled when it is first used; to be used like any other."""
    return cast("re.Pattern[str]", _LazyPattern(text, flags))
