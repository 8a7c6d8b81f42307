"""Products and their versions (RFC 9110, sections 7.8, 10.1.5 and 10.2.4): `User-Agent`, `Server`, `Upgrade`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from demotic.errors import InvalidInput
from demotic.syntax._scanner import Scanner
from demotic.syntax.http.grammar._lists import read_list
from demotic.syntax.http.grammar._order import SortsByKey
from demotic.syntax.http.grammar._words import check_token, read_comment, read_token

__all__ = ["ProductToken", "Products", "explode_version", "parse_products", "parse_upgrade"]

_RUNS: Final = re.compile(r"[0-9]+|[^0-9]+")
_BLANKS: Final = re.compile(r"[ \t]+")
# How far along a release is; words that are not here come after these, among themselves by the alphabet.
_STAGES: Final = {"dev": 0, "a": 1, "alpha": 1, "b": 2, "beta": 2, "c": 3, "pre": 3, "rc": 3}
_MOST_DIGITS: Final = 18


def explode_version(version: str) -> tuple[tuple[int | str, ...], ...]:
    """Return the parts of a version between dots, each as numbers and words in turn, a number first.

    >>> explode_version("2.17b3")
    ((2,), (17, 'b', 3))

    A part that begins with no number begins with -1; more digits of a number than eighteen do not count.
    """
    parts = []
    for text in version.split("."):
        runs = [int(run[:_MOST_DIGITS]) if run.isdigit() else run for run in _RUNS.findall(text)]
        parts.append(tuple(runs if runs and isinstance(runs[0], int) else [-1, *runs]))
    return tuple(parts)


@lru_cache(maxsize=256)
def _version_key(version: str | None) -> tuple[tuple[tuple[int, ...] | tuple[int, str], ...], ...]:
    """Return what versions sort by: an end comes after every word (1.0a before 1.0), but before more parts."""
    if version is None:
        return ()
    return tuple((*map(_run_key, part), (9,)) for part in explode_version(version))


def _run_key(run: int | str) -> tuple[int, ...] | tuple[int, str]:
    if isinstance(run, int):
        return (5, run)
    word = run.lower()
    return (_STAGES.get(word.strip("-_+~"), 4), word)


@dataclass(frozen=True, slots=True)
class ProductToken(SortsByKey):
    """A product's name and its version, if there is one, such as `demotic/1.0`.

    Products sort by name, then by version as people read it: 1.0a, 1.0, 1.0.3a3, 1.0.3a20, 1.0.3b1, 1.0.3, 1.0.10.
    Raises `SyntaxFault` for parts that are no tokens.
    """

    name: str
    version: str | None = None

    def __post_init__(self) -> None:
        check_token(self.name, "a product name")
        if self.version is not None:
            check_token(self.version, "a version")

    @property
    def sort_key(self) -> tuple[object, ...]:
        """The name in lower case, the version by its parts, then both as they are written."""
        return self.name.lower(), _version_key(self.version), self.name, self.version or ""

    def __str__(self) -> str:
        return self.name if self.version is None else f"{self.name}/{self.version}"


@dataclass(frozen=True, slots=True)
class Products:
    """Products and comments (with their parentheses), the most significant first; empty if there are none."""

    items: tuple[ProductToken | str, ...] = ()

    def __post_init__(self) -> None:
        for item in self.items:
            if isinstance(item, str):
                scanner = Scanner(item)
                if read_comment(scanner) is None:
                    raise scanner.fail("a comment in parentheses")
                scanner.expect_end()
        if self.items and isinstance(self.items[0], str):
            raise InvalidInput("a product comes before the comments on it")

    @property
    def products(self) -> tuple[ProductToken, ...]:
        """The products without the comments."""
        return tuple(item for item in self.items if isinstance(item, ProductToken))

    def __str__(self) -> str:
        return " ".join(map(str, self.items))


def parse_products(text: str) -> Products:
    """Read a `User-Agent` or `Server` field, products and comments parted by blanks. Raises `SyntaxFault`."""
    scanner = Scanner(text)
    items: list[ProductToken | str] = []
    scanner.match(_BLANKS)
    while not scanner.at_end:
        comment = read_comment(scanner) if items else None
        items.append(_read_product(scanner) if comment is None else comment)
        if not scanner.match(_BLANKS) and not scanner.at_end and scanner.peek() != "(":
            raise scanner.fail("a blank")
    return Products(tuple(items))


def _read_product(scanner: Scanner) -> ProductToken:
    name = read_token(scanner, "a product name")
    return ProductToken(name, read_token(scanner, "a version") if scanner.accept("/") else None)


def parse_upgrade(text: str) -> tuple[ProductToken, ...]:
    """Read an `Upgrade` field, protocols parted by commas. Raises `SyntaxFault`."""
    return read_list(text, _read_product)
