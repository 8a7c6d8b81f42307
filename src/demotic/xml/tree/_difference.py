"""Where two documents first differ, for people: the written form, line by line, with what stands around it."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

__all__ = ["difference"]


def difference(one: Any, other: Any, *, before: int = 10, after: int = 5) -> str | None:
    """Return a report of the first line in which two documents or elements differ, or none if they are equal.

    `before` and `after` are the numbers of lines shown around it.
    """
    from demotic.xml.writing._serialize import serialize

    lines = [serialize(each).decode("utf-8").splitlines() for each in (one, other)]
    pairs = enumerate(zip_longest(*lines))
    place = next((number for number, (left, right) in pairs if left != right), None)
    if place is None:
        return None
    common = [f"  {line}" for line in lines[0][max(0, place - before) : place]]
    left = [f"- {line}" for line in lines[0][place : place + 1 + after]] or ["- (the end)"]
    right = [f"+ {line}" for line in lines[1][place : place + 1 + after]] or ["+ (the end)"]
    return "\n".join([f"line {place + 1}", *common, *left, *right])
