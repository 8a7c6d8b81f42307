"""How a parameter takes the value of another literal in its place.

The rule is the binder's (`demotic.query.Slot.fill`). The table holds short cuts to the same result for the literals
that nearly all requests consist of; a slot for which there is none goes the long way, over the version's own reader.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from demotic.model import DECIMAL, DOUBLE, INT32, INT64, STRING, EnumType, PrimitiveType
from demotic.protocols.odata.common._kept import Fill
from demotic.protocols.odata.common._shapes import SHORT_INTEGER, decoded
from demotic.query import Integer, Literal, LiteralKind, Slot


def _unquoted(text: str) -> str:
    return decoded(text)[1:-1].replace("''", "'")


def _searched(text: str) -> str:
    """Return a term of ``$search``, which is looked for whatever its case."""
    return text[1:-1].lower()


SHORT_CUTS: dict[tuple[LiteralKind, PrimitiveType | EnumType], Callable[[str], object]] = {
    (LiteralKind.INTEGER, INT32): int,
    (LiteralKind.INTEGER, INT64): int,
    (LiteralKind.INTEGER, DECIMAL): Decimal,
    (LiteralKind.INTEGER, DOUBLE): float,
    (LiteralKind.DECIMAL, DECIMAL): Decimal,
    (LiteralKind.DECIMAL, DOUBLE): float,
    (LiteralKind.STRING, STRING): _unquoted,
}


def refill(slot: Slot, read: Callable[[str, Slot], Literal]) -> Fill:
    """Return how a parameter is filled from the lifted text of another literal of the same shape.

    ``read`` reads a decoded literal as one of the slot's kind. The function returned raises a DemoticError or
    ValueError for a text that must be bound anew.
    """
    node = slot.node
    # Shapes tell short integers from long ones, which may be of another type or out of range.
    if node.text.lstrip("-").isdigit() and len(node.text.lstrip("-")) > SHORT_INTEGER:
        return _long_way(slot, read)
    short = int if isinstance(node, Integer) else SHORT_CUTS.get((node.kind, slot.type))
    if node.text[:1] == '"':
        short = _searched
    if short is None:
        return _long_way(slot, read)
    check = slot.check
    if check is None:
        return short

    def fill(text: str) -> object:
        value = short(text)
        check(value)
        return value

    return fill


def _long_way(slot: Slot, read: Callable[[str, Slot], Literal]) -> Fill:
    if isinstance(slot.node, Integer):
        return lambda text: slot.fill(Integer(int(text), text, 0))
    return lambda text: slot.fill(read(decoded(text), slot))
