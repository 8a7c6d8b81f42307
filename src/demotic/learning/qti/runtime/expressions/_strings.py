"""Operators on strings.

Specification: QTI 3.0 ASI information model, section 2.7 (operators); regular expressions are those of XML Schema,
which match whole strings.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from demotic.errors import InvalidInput
from demotic.learning.qti.model import BaseType, Cardinality, Expression, PatternMatch, Ref, StringMatch, Substring
from demotic.learning.qti.runtime._errors import UnknownVariable
from demotic.learning.qti.runtime._scope import Scope
from demotic.learning.qti.runtime.expressions._table import Evaluator, fault, makes, wrong
from demotic.learning.qti.runtime.values import Optional, boolean
from demotic.syntax.xsd import Pattern, compile_pattern


def _text(node: Expression, value: Optional) -> str | None:
    if value is None:
        return None
    if value.cardinality is not Cardinality.SINGLE or value.base_type is not BaseType.STRING:
        raise wrong(node, value, "single strings")
    return str(value.data)


@makes(StringMatch, Substring)
def _compare(node: StringMatch | Substring, operands: Sequence[Evaluator]) -> Evaluator:
    first, second = operands
    exact = node.case_sensitive
    within = isinstance(node, Substring) or node.substring
    swapped = isinstance(node, Substring)  # there the first is looked for in the second

    def compare(scope: Scope) -> Optional:
        one, other = _text(node, first(scope)), _text(node, second(scope))
        if one is None or other is None:
            return None
        if not exact:
            one, other = one.casefold(), other.casefold()
        if not within:
            return boolean(one == other)
        return boolean(one in other if swapped else other in one)

    return compare


@makes(PatternMatch)
def _pattern_match(node: PatternMatch, operands: Sequence[Evaluator]) -> Evaluator:
    (operand,) = operands
    given = node.pattern
    fixed = None if isinstance(given, Ref) else _pattern(node, given)

    def match(scope: Scope) -> Optional:
        text = _text(node, operand(scope))
        if fixed is not None:
            return None if text is None else boolean(fixed.matches(text))
        try:
            pattern = _text(node, scope.value(str(given)))
        except UnknownVariable:  # then the braces were meant as text
            pattern = f"{{{given}}}"
        return None if text is None or pattern is None else boolean(_pattern(node, pattern).matches(text))

    return match


def _pattern(node: PatternMatch, source: str) -> Pattern:
    try:
        return _compiled(source)
    except InvalidInput as error:
        raise fault(node, f"the pattern {source!r} is no regular expression: {error.message}", error.hint) from None


@lru_cache(maxsize=500)
def _compiled(source: str) -> Pattern:
    return compile_pattern(source)
