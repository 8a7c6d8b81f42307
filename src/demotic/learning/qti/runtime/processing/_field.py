"""Elements that no version of QTI has, but items of the field do, as the standard would say the same.

Checking tells each of them as an unknown element. Those whose meaning is plain are run all the same; all others do
nothing (docs/qti-rulings.md, R-29).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar, cast

from demotic.learning.qti.model import (
    NAMESPACES,
    AnyN,
    Default,
    Equal,
    Expression,
    Foreign,
    IsNull,
    Item,
    Node,
    Not,
    ResponseRule,
    SetDefaultValue,
    SetValue,
    walk,
)
from demotic.learning.qti.model._node import camel

__all__ = ["SetResponse", "understood"]


N = TypeVar("N", bound=Node)


class SetResponse(SetValue, ResponseRule):
    """Give a response variable a value; in QTI, candidates alone do."""


def _expressions(node: Foreign) -> Iterator[Any]:
    return (child for child in node.children if isinstance(child, Expression))


def _all_n(node: Foreign) -> Node:
    most = node.get("max") or ""
    return AnyN(*_expressions(node), min=0, max=int(most)) if most.isdecimal() else node


_MEANT: Final[dict[str, Callable[[Foreign], Node]]] = {
    "isNotNull": lambda node: Not(IsNull(*_expressions(node))),
    "notEqual": lambda node: Not(Equal(*_expressions(node))),
    "allN": _all_n,
    "setResponseValue": lambda node: SetResponse(*_expressions(node), identifier=node.get("identifier") or ""),
}


def understood(processing: N) -> N:
    """Return rules with what is meant in the places of the elements that QTI has not; those without any as they are."""
    if not any(type(node) is Foreign for node in walk(processing)):
        return processing
    return cast(N, _understood(processing))


def _understood(node: Node) -> Node:
    result = copy.copy(node)
    children: list[Item] = [_understood(child) if isinstance(child, Node) else child for child in node.children]
    result.children = children
    if isinstance(result, SetDefaultValue) and not any(isinstance(child, Expression) for child in children):
        return SetResponse(Default(identifier=result.identifier), identifier=result.identifier)
    if not isinstance(result, Foreign) or result.name.namespace not in ("", *NAMESPACES):
        return result
    meant = _MEANT.get(camel(result.name.local.removeprefix("qti-")))
    if meant is None:
        return result
    found = meant(result)
    found.line, found.column = node.line, node.column
    return found
