"""The official tests of the Public Suffix List, for whoever keeps a list of one's own."""

from __future__ import annotations

import re
from typing import Final

from demotic.errors import SyntaxFault
from demotic.syntax.http.cookies._domains import split_domain
from demotic.syntax.http.cookies._suffixes import SuffixList

__all__ = ["suffix_mismatches"]

_CHECK: Final = re.compile(r"checkPublicSuffix\((null|'[^']*'), (null|'[^']*')\);")


def suffix_mismatches(suffixes: SuffixList, tests: str) -> list[str]:
    """Return what a list gets wrong of the tests in the official format (`test_psl.txt`), nothing if all is well.

    A domain is compared by what it stands for, in whatever script it is written. Raises `SyntaxFault` for a text that
    has no tests at all.
    """
    checks = _CHECK.findall(re.sub(r"(?m)^\s*//.*$", "", tests))
    if not checks:
        raise SyntaxFault("a line such as checkPublicSuffix('example.com', 'example.com');", tests, 0)
    mismatches = []
    for given, wanted in checks:
        found = suffixes.registered_domain(_named(given))
        if found != _ascii(_named(wanted)):
            mismatches.append(f"{given}: {wanted} expected, found {found}")
    return mismatches


def _named(text: str) -> str | None:
    return None if text == "null" else text[1:-1]


def _ascii(domain: str | None) -> str | None:
    return None if domain is None else ".".join(split_domain(domain))
