"""The standard response processing templates, built in: they are the same in 2.0 to 3.0, whatever their address.

Specification: QTI 3.0 ASI information model, section 2.8 ("Standard response processing templates").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from demotic.learning.qti.model import (
    BaseType,
    BaseValue,
    Correct,
    Expression,
    IsNull,
    MapResponse,
    MapResponsePoint,
    Match,
    ResponseCondition,
    ResponseElse,
    ResponseIf,
    Rule,
    SetOutcomeValue,
    Variable,
)

__all__ = ["standard_template"]

_NAME: Final = re.compile(r"(?:^|[/_\\-])(match_correct|map_response|map_response_point)(?:\.xml)?/?$", re.IGNORECASE)


def _set(expression: Expression) -> SetOutcomeValue:
    return SetOutcomeValue(expression, identifier="SCORE")


def _number(text: str) -> BaseValue:
    return BaseValue(text, base_type=BaseType.FLOAT)


def _match_correct() -> list[Rule]:
    matches = Match(Variable(identifier="RESPONSE"), Correct(identifier="RESPONSE"))
    return [ResponseCondition(ResponseIf(matches, _set(_number("1"))), ResponseElse(_set(_number("0"))))]


def _map(expression: Expression) -> list[Rule]:
    unanswered = ResponseIf(IsNull(Variable(identifier="RESPONSE")), _set(_number("0")))
    return [ResponseCondition(unanswered, ResponseElse(_set(expression)))]


_TEMPLATES: Final[dict[str, Callable[[], list[Rule]]]] = {
    "match_correct": _match_correct,
    "map_response": lambda: _map(MapResponse(identifier="RESPONSE")),
    "map_response_point": lambda: _map(MapResponsePoint(identifier="RESPONSE")),
}


def standard_template(address: str) -> list[Rule] | None:
    """Return the rules of the standard template that an address names, or None."""
    found = _NAME.search(address.strip())
    return _TEMPLATES[found[1].lower()]() if found else None
