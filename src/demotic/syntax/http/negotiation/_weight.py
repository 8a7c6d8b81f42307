"""Quality values (RFC 9110, section 12.4.2): how much a client wants something, from 0 (not at all) to 1."""

from __future__ import annotations

import re
from typing import Final

from demotic.errors import InvalidInput
from demotic.syntax._scanner import Scanner

__all__ = ["check_quality", "format_quality", "read_quality", "read_weight"]

# A leading zero may be missing: the Java runtime's own client sends "q=.2" (and "*" for "*/*") in every request.
_QUALITY: Final = re.compile(r"0\.[0-9]{0,3}|\.[0-9]{1,3}|1\.0{0,3}|[01]")
_MORE: Final = re.compile(r"[0-9.]")
_WEIGHT: Final = re.compile(r"[ \t]*;[ \t;]*[qQ](?=[= \t,;]|$)")


def check_quality(quality: float) -> float:
    """Return `quality` with three decimals. Raises `InvalidInput` for one outside 0 to 1."""
    if not 0 <= quality <= 1:
        raise InvalidInput(f"{quality} is no quality", hint="give a number from 0 to 1")
    return round(quality, 3)


def read_quality(scanner: Scanner) -> float:
    """Read the number of a weight. Raises `SyntaxFault` unless it is 0 to 1 with at most three decimals."""
    start = scanner.position
    found = scanner.match(_QUALITY)
    if found is None or _MORE.match(scanner.peek()):
        scanner.position = start
        raise scanner.fail("a quality from 0 to 1 with at most three decimals")
    return float(found[0])


def read_weight(scanner: Scanner) -> float:
    """Read `;q=` and a quality, if that comes next; what has no weight weighs 1."""
    if not scanner.match(_WEIGHT):
        return 1.0
    scanner.expect("=")
    return read_quality(scanner)


def format_quality(quality: float) -> str:
    """Return `;q=` and the quality, nothing for 1."""
    return "" if quality == 1 else f";q={quality:.3f}".rstrip("0").rstrip(".")
