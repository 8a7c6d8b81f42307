"""Categories and blocks of a version of the Unicode Character Database (UAX 44).

Categories come from a module that has `category` and `unidata_version`, as the standard library's `unicodedata` does:
so they are those of the running Python, unless another module is given. Blocks, which no such module tells, stand in
`blocks.tsv` beside this one, with the versions that brought and changed them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import groupby
from typing import Final, NamedTuple, Protocol

from demotic.errors import InvalidInput
from demotic.syntax.unicode._class import END, CharacterClass

__all__ = ["RUNNING", "UnicodeDatabase", "UnicodeSource", "block", "category"]

Version = tuple[int, ...]

_LATER: Final = (999,)


class UnicodeSource(Protocol):
    """What a database is made from: `unicodedata`, its `ucd_3_2_0`, or the module of a package such as unicodedata2."""

    @property
    def unidata_version(self) -> str:
        """The version, such as `15.0.0`."""
        ...

    def category(self, char: str, /) -> str:
        """Return the general category of a character, such as `Lu`."""
        ...


class _Block(NamedTuple):
    first: int
    last: int
    since: Version
    until: Version
    name: str


class UnicodeDatabase:
    """The classes of one version: by default that of the running Python.

    >>> UnicodeDatabase().block("Basic Latin")
    CharacterClass(('\\x00', '\\x7f'))
    >>> UnicodeDatabase(unicodedata.ucd_3_2_0).version
    '3.2.0'

    What it returns is shared and frozen. Each table is made when it is first asked for, and kept.
    """

    def __init__(self, source: UnicodeSource = unicodedata) -> None:
        self.version: Final = source.unidata_version
        self._source = source
        self._categories: dict[str, CharacterClass] = {}
        self._blocks: dict[tuple[bool, str], CharacterClass] = {}  # by exact (true) and loose (false) name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.version}>"

    def category(self, name: str) -> CharacterClass:
        """Return the characters of a general category: `Lu`, or `L` for all letters.

        Raises `InvalidInput` for a name that is none.
        """
        if not self._categories:
            self._categories = _read_categories(self._source)
        found = self._categories.get(name)
        if found is None:
            raise InvalidInput(f"{name!r} is no general category of Unicode", hint=f"one of {self._names()}")
        return found

    def block(self, name: str, *, exact: bool = False) -> CharacterClass:
        """Return the characters of a block, which are code points whether assigned or not.

        Case, blanks, hyphens and underscores do not count (UAX 44, 5.9.3), or with `exact` only blanks do not. A name
        of an earlier version that is no longer used (`Greek`) means the block as it was last called so. Raises
        `InvalidInput` for a name that is none in this version.
        """
        if not self._blocks:
            self._blocks = _read_blocks(_version(self.version))
        found = self._blocks.get((exact, name.replace(" ", "") if exact else _loose(name)))
        if found is None:
            raise InvalidInput(f"{name!r} is no block of Unicode {self.version}")
        return found

    def _names(self) -> str:
        return ", ".join(sorted(self._categories))


def _read_categories(source: UnicodeSource) -> dict[str, CharacterClass]:
    """Ask for every code point: about a tenth of a second, once."""
    bounds: dict[str, list[int]] = {}
    point = 0
    for name, run in groupby(map(source.category, map(chr, range(END)))):
        after = point + sum(1 for _ in run)
        bounds.setdefault(name, []).extend((point, after))
        point = after
    bounds.setdefault("Cs", [])
    classes = {name: CharacterClass.from_bounds(found) for name, found in bounds.items()}
    for group in sorted({name[0] for name in classes}):
        classes[group] = CharacterClass(*(found for name, found in classes.items() if name[0] == group))
    return {name: found.freeze() for name, found in classes.items()}


@cache
def _table() -> tuple[_Block, ...]:
    from importlib.resources import files  # it loads a dozen modules, and few programs ask for blocks

    text = files(__package__).joinpath("blocks.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        _Block(int(first, 16), int(last, 16), _version(since), _version(until) if until else _LATER, name)
        for first, last, since, until, name in rows
    )


def _read_blocks(version: Version) -> dict[tuple[bool, str], CharacterClass]:
    """Return the blocks of a version, each under its exact and its loose name; retired names where they are free."""
    known = [row for row in _table() if row.since <= version]
    endings = sorted({row.until for row in known if row.until <= version} | {_LATER}, reverse=True)
    classes: dict[tuple[bool, str], CharacterClass] = {}
    for ending in endings:
        fresh: dict[str, CharacterClass] = {}
        for row in known:
            if row.until == ending or (ending == _LATER and row.until > version):
                fresh.setdefault(row.name, CharacterClass()).add((chr(row.first), chr(row.last)))
        for name, found in fresh.items():
            classes.setdefault((True, name.replace(" ", "")), found.freeze())
            classes.setdefault((False, _loose(name)), found)
    return classes


def _loose(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()


def _version(text: str) -> Version:
    parts = [int(part) for part in text.split(".")]
    return (*parts, *(0,) * (3 - len(parts)))


RUNNING: Final = UnicodeDatabase()
"""The version of the running Python."""


def category(name: str) -> CharacterClass:
    """Return the characters of a general category in the running Python's version: `UnicodeDatabase.category`."""
    return RUNNING.category(name)


def block(name: str) -> CharacterClass:
    """Return the characters of a block in the running Python's version: `UnicodeDatabase.block`."""
    return RUNNING.block(name)
