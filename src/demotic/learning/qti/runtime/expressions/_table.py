"""From expressions to functions: each class of expression has a maker, and each maker checks what it gets.

A maker takes the expression and the functions of its operands, and returns the function that computes it in a `Scope`.
What depends on the document alone is done once, when it is made. An expression that cannot be made (a wrong attribute,
a missing operand) raises its error whenever it is computed, so that the rest of the item still works.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NoReturn, TypeAlias, TypeVar

from demotic.errors import InvalidInput
from demotic.learning.qti.model import BaseType, Cardinality, Expression, Node, Ref
from demotic.learning.qti.runtime._errors import ProcessingError
from demotic.learning.qti.runtime._scope import Scope
from demotic.learning.qti.runtime.values import Optional, Value

__all__ = ["MAKERS", "Evaluator", "compile_expression", "fault", "makes", "referred", "same_type", "wrong"]

Evaluator: TypeAlias = Callable[[Scope], Optional]
Maker: TypeAlias = Callable[[Any, Sequence[Evaluator]], Evaluator]
M = TypeVar("M", bound=Callable[..., Evaluator])

MAKERS: Final[dict[type[Expression], Maker]] = {}
_MOST_DEEP: Final = 200


def makes(*kinds: type[Expression]) -> Callable[[M], M]:
    """Register the maker of some classes of expressions."""

    def register(maker: M) -> M:
        MAKERS.update(dict.fromkeys(kinds, maker))
        return maker

    return register


def compile_expression(node: Expression, depth: int = 0) -> Evaluator:
    """Return the function that computes an expression; it raises `ProcessingError` where it cannot."""
    try:
        if depth > _MOST_DEEP:
            raise fault(node, f"expressions are nested more than {_MOST_DEEP} deep")
        maker = MAKERS.get(type(node))
        if maker is None:
            raise fault(node, "nothing computes this expression")
        operands = node.arguments
        _count(node, len(operands))
        return maker(node, [compile_expression(operand, depth + 1) for operand in operands])
    except InvalidInput as error:
        return _failing(error if isinstance(error, ProcessingError) else fault(node, error.message, error.hint))


def _failing(error: ProcessingError) -> Evaluator:
    def fail(scope: Scope) -> NoReturn:
        raise ProcessingError(error.message, target=error.target, hint=error.hint)

    return fail


def _count(node: Expression, count: int) -> None:
    wanted = type(node).child_table.get("operands")
    least, most = (wanted.least, wanted.most) if wanted is not None else (0, 0)
    if count < least or (most is not None and count > most):
        bounds = f"{least}" if least == most else f"{least} or more" if most is None else f"{least} to {most}"
        raise fault(node, f"it has {count} operands", f"it takes {bounds}")


def fault(node: Node, message: str, hint: str | None = None) -> ProcessingError:
    """Return the error that an element cannot be carried out, with its place."""
    place = f" at line {node.line}, column {node.column}" if node.line else ""
    return ProcessingError(f"{node.tag}{place}: {message}", target=node.tag, hint=hint)


def wrong(node: Node, value: Value, wanted: str) -> ProcessingError:
    """Return the error that an operand has a wrong type or cardinality."""
    kind = "a record" if value.base_type is None else f"{value.cardinality.value} {value.base_type.value}"
    return fault(node, f"an operand is {kind}", f"it takes {wanted}")


def same_type(node: Node, one: Value, other: Value) -> None:
    """Raise the error that two operands have different base types, if they do."""
    if one.base_type is not other.base_type:
        names = " and ".join(v.base_type.value if v.base_type else "record" for v in (one, other))
        raise fault(node, f"the operands have different types, {names}", "make them one type")


def referred(node: Node, given: Any, kinds: tuple[BaseType, ...]) -> Callable[[Scope], Any]:
    """Return the function that gives an attribute's number or text: as written, or a variable's (NULL: None)."""
    if not isinstance(given, Ref):
        return lambda scope: given
    name = str(given)

    def look(scope: Scope) -> Any:
        value = scope.value(name)
        if value is None:
            return None
        if value.cardinality is not Cardinality.SINGLE or value.base_type not in kinds:
            raise wrong(node, value, f"the name of a single {' or '.join(kind.value for kind in kinds)}")
        return value.data

    return look
