"""Operands: values in SQL with the way they are kept, and what brings two of them to a form in which they compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from demotic.errors import InternalFault
from demotic.model import BOOLEAN, EnumType, PrimitiveType
from demotic.query import FUNCTIONS, Constant, Expression, ExpressionType
from demotic.store.sql.storage._storage import Sql, Storage, Unfit


@dataclass(frozen=True, slots=True)
class Operand:
    """A value in SQL and the way it is kept."""

    sql: Any
    storage: Storage
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Pair:
    """Two operands brought to a common form, and what must hold for them to be values at all."""

    left: Any
    right: Any
    guards: tuple[Sql, ...]
    equality_guards: tuple[Sql, ...]
    both_nullable: bool


def type_of(node: Expression) -> ExpressionType:
    """Return the type of an expression's value."""
    return getattr(node, "type", BOOLEAN)


def primitive(kind: ExpressionType) -> PrimitiveType | None:
    """Return the primitive type that values of a type are kept as."""
    return kind.underlying if isinstance(kind, EnumType) else kind


def two_valued(sql: Sql) -> Sql:
    """Return a condition with false for null."""
    return sa.func.coalesce(sql, sa.false())


def is_not_true(sql: Sql) -> Sql:
    """Return SQL that is true where a condition is false or null."""
    return sa.not_(two_valued(sql))


def after_prefix(text: str) -> str:
    """Return the least text above all that start with the given one. Raises `Unfit` if there is none."""
    for index in range(len(text) - 1, -1, -1):
        code = ord(text[index])
        if code < 0x10FFFF:
            return text[:index] + chr(0xE000 if code == 0xD7FF else code + 1)
    raise Unfit


def common_type(a: Expression, b: Expression) -> PrimitiveType:
    signature = FUNCTIONS["eq"].resolve([type_of(a), type_of(b)])
    if signature is None:
        raise InternalFault("a comparison of types that do not compare")
    return signature.parameters[0]


def guards(operand: Operand) -> tuple[Sql, ...]:
    return (operand.storage.guard(operand.sql),) if operand.storage.guard is not None else ()


def equality_guards(operand: Operand) -> tuple[Sql, ...]:
    return guards(operand) if operand.storage.guard_equality else ()


def is_null_literal(node: Expression) -> bool:
    return isinstance(node, Constant) and node.value is None
