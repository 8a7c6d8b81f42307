"""What a function is: overloads, their types, how numbers are promoted to them, and what a null argument does.

OData URL Conventions 4.01, section 5.1.1.16 (numeric promotion). Integers of every width compute as Int64, Single as
Double. The functions themselves are in `_functions`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from demotic.model import BOOLEAN, DECIMAL, DOUBLE, INT64, SINGLE, EnumType, PrimitiveType
from demotic.query._resolved import Apply, Expression, ExpressionType


class Nulls(Enum):
    """What a null argument does."""

    PROPAGATE = "the result is null"
    EQUALITY = "null equals null and nothing else; the result is never null"
    FALSE = "the result is false"
    LOGIC = "null is unknown: three-valued logic"


@dataclass(frozen=True, slots=True)
class Signature:
    """One overload: the types it takes, the type it gives, and what it computes from arguments that are not null."""

    parameters: tuple[PrimitiveType, ...]
    result: PrimitiveType
    python: Callable[..., Any]

    def __str__(self) -> str:
        taken = ", ".join(kind.qualified_name for kind in self.parameters)
        return f"({taken}) -> {self.result.qualified_name}"


@dataclass(frozen=True, slots=True)
class Function:
    """An operator or function: its overloads, tried in order, and what null arguments do.

    Enumerations compare with their like in any case; with ``takes_enums`` they are taken as the numbers they are.
    """

    name: str
    signatures: tuple[Signature, ...]
    nulls: Nulls = Nulls.PROPAGATE
    operator: bool = False
    takes_enums: bool = False

    def resolve(self, types: Sequence[ExpressionType]) -> Signature | None:
        """Return the overload for arguments of these types, ``None`` standing for null, which fits any type.

        Where several fit, that which promotes least. Returns ``None`` if none fits.
        """
        enums = {id(kind) for kind in types if isinstance(kind, EnumType)}
        comparison = self.nulls in (Nulls.EQUALITY, Nulls.FALSE)
        if enums and not (self.takes_enums or (comparison and not _mixes(types, enums))):
            return None
        if self.nulls is Nulls.EQUALITY and None in types:
            return self.signatures[0]  # everything compares with null, also what has no other comparison
        fitting = [(cost, s) for s in self.signatures if (cost := _cost(s.parameters, types)) is not None]
        return min(fitting, key=lambda pair: pair[0])[1] if fitting else None


def _mixes(types: Sequence[ExpressionType], enums: set[int]) -> bool:
    return len(enums) > 1 or any(isinstance(kind, PrimitiveType) for kind in types)


def _cost(parameters: Sequence[PrimitiveType], types: Sequence[ExpressionType]) -> int | None:
    if len(parameters) != len(types):
        return None
    steps = [promotion(kind, wanted) for kind, wanted in zip(types, parameters, strict=True)]
    return None if None in steps else sum(step for step in steps if step is not None)


def type_of(bound: Expression) -> ExpressionType:
    """Return the type of a bound expression's value."""
    return getattr(bound, "type", BOOLEAN)


_WIDTHS: Final = {INT64: 0, DECIMAL: 1, DOUBLE: 2}


def widened(kind: ExpressionType) -> PrimitiveType | None:
    """Return the type that values of ``kind`` compute as: Int64 for integers and enums, Double for Single."""
    if kind is None or isinstance(kind, EnumType):
        return INT64 if kind is not None else None
    if kind is SINGLE:
        return DOUBLE
    return INT64 if 0 < kind.numeric_rank <= INT64.numeric_rank else kind


def promotion(kind: ExpressionType, wanted: PrimitiveType) -> int | None:
    """Return how many steps of promotion take ``kind`` to ``wanted``, ``None`` if none do."""
    given = widened(kind)
    if given is None or given is wanted:
        return 0
    if given not in _WIDTHS or wanted not in _WIDTHS:
        return None
    steps = _WIDTHS[wanted] - _WIDTHS[given]
    return steps if steps >= 0 else None


def balanced(name: str, operands: Sequence[Expression]) -> Expression:
    """Return operands joined by ``and`` or ``or``, which associate either way, as a tree no taller than need be."""
    if len(operands) == 1:
        return operands[0]
    half = (len(operands) + 1) // 2
    return Apply(name, (balanced(name, operands[:half]), balanced(name, operands[half:])), BOOLEAN)
