"""What files mean whose conditions, taken by the letter, could never give the score that they declare.

By the letter all tests of a condition are to hold, and a condition that holds ends the processing unless it says
`continue="Yes"` (ASI binding 1.2.1, conditionvar and respcondition). Canvas writes the right answers to a short
question one beside the other, so that none would score, and the pairs of a matching question as conditions that each
add a part, so that only one would count. Both are taken as meant only where nothing else can be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from demotic.learning.qti.legacy._responses import Response
from demotic.learning.qti.legacy._rules import NUMBER
from demotic.learning.qti.legacy._source import attr, kids, name_of, text_in
from demotic.learning.qti.legacy._values import choice_of, yes
from demotic.learning.qti.model import BaseType, Cardinality
from demotic.xml import Element

__all__ = ["alternatives", "are_parts"]

_CLOSE = 0.01  # of the whole: three parts of 33.33 are meant to be 100


def alternatives(tests: Sequence[Element], responses: Mapping[str, Response]) -> list[list[Element]]:
    """Return the tests of one condition that want one single response to equal several values, by responses."""
    equal: dict[str, list[Element]] = {}
    for test in tests:
        ident = attr(test, "respident") or ""
        response = responses.get(ident)
        single = response is not None and response.cardinality is Cardinality.SINGLE and len(response.names) == 1
        if single and name_of(test) == "varequal":
            equal.setdefault(ident, []).append(test)
    return [found for ident, found in equal.items() if len({_wanted(test, responses[ident]) for test in found}) > 1]


def _wanted(test: Element, response: Response) -> object:
    """Return the value of a `varequal`, the same for all that are equal."""
    text = text_in(test).strip()
    if response.base_type in (BaseType.INTEGER, BaseType.FLOAT) and NUMBER.fullmatch(text):
        return float(text)
    return text if response.base_type is not BaseType.STRING or yes(attr(test, "case"), False) else text.lower()


def are_parts(conditions: Sequence[Element], most: Mapping[str, float | None]) -> bool:
    """Tell whether conditions must all count, since only all they add makes the most that an outcome can be.

    They do not say whether the processing goes on, and each is about a response of its own. `most` are the bounds of
    the outcomes.
    """
    if len(conditions) < 2 or any(attr(condition, "continue") is not None for condition in conditions):
        return False
    added: dict[str, float] = {}
    asked: set[str] = set()
    for condition in conditions:
        idents = {attr(test, "respident") or "" for test in condition.walk() if name_of(test).startswith("var")}
        settings = list(kids(condition, "setvar"))
        if not idents or idents & asked or len(settings) != 1:
            return False
        asked |= idents
        (setting,) = settings
        text = text_in(setting).strip()
        if choice_of(attr(setting, "action"), "set") != "add" or not NUMBER.fullmatch(text) or float(text) <= 0:
            return False
        name = (attr(setting, "varname") or "SCORE").strip() or "SCORE"
        added[name] = added.get(name, 0.0) + float(text)
    ((name, total), *others) = added.items()
    bound = most.get(name)
    return not others and bool(bound) and abs(total - (bound or 0.0)) <= _CLOSE * (bound or 0.0)
