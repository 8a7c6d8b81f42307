"""``$search`` as a condition: each word or phrase is looked for in every text of an entity, whatever its case.

What a search means is the service's to say (OData Protocol 4.01, section 11.2.6.6): here, an entity matches a term if
one of its textual properties, or of those of its complex values, contains it. Of ``NOT`` the opposite holds, also where
all texts are null. The terms become parameters, so that all searches of one form are one shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from demotic.model import BOOLEAN, STRING, ComplexType, EntityType, Property, StructuredType
from demotic.query._bind_context import Context
from demotic.query._resolved import Apply, Beyond, Constant, Expression, Field, Start, Variable
from demotic.query._shapes import of_type
from demotic.query._signatures import balanced
from demotic.query._tree import Literal, LiteralKind, Search, SearchTerm

_MOST_NESTED = 3


def bind_search(context: Context, search: Search, start: Start) -> Expression:
    """Return the condition that a search means. Raises `LimitExceeded`."""
    with context.within("$search"):
        if not isinstance(start, Variable):
            context.beyond("$search among such values", "$search")
            _count(context, search)
            return Beyond(BOOLEAN)
        kind = start.type
        paths = _texts(kind.all_properties()) if isinstance(kind, StructuredType) else [()] if kind is STRING else []
        texts = [Field(start, (), path, STRING) for path in paths]
        for heir in context.model.heirs(kind) if isinstance(kind, EntityType) else ():
            via = (of_type(context.model, heir),)
            texts += [Field(start, via, path, STRING) for path in _texts(heir.properties)]
        return _bind(context, search, texts)


def _count(context: Context, search: Search) -> None:
    context.count_node()
    if not isinstance(search, SearchTerm):
        for operand in search.operands:
            _count(context, operand)


def _texts(known: Mapping[str, Property], before: tuple[Property, ...] = ()) -> Iterator[tuple[Property, ...]]:
    for item in known.values():
        if item.collection:
            continue
        if item.primitive is STRING:
            yield (*before, item)
        elif isinstance(item.type, ComplexType) and len(before) < _MOST_NESTED:
            yield from _texts(item.type.all_properties(), (*before, item))


def _bind(context: Context, search: Search, texts: list[Field]) -> Expression:
    if not isinstance(search, SearchTerm):
        context.count_node()
        operands = [_bind(context, item, texts) for item in search.operands]
        return Apply("not", (operands[0],), BOOLEAN) if search.name == "not" else balanced(search.name, operands)
    for _ in texts or (None,):
        context.count_node()
    if not texts:
        return Constant(False, BOOLEAN)
    # No lifted literal has double quotes, so a kept shape never takes one for a term.
    node = Literal(LiteralKind.STRING, f'"{search.text}"', search.text.lower(), search.at)
    term = context.parameter(node, STRING)
    found = [Apply("contains", (Apply("tolower", (text,), STRING), term), BOOLEAN) for text in texts]
    # Two-valued, so that a null is found by nothing and not found by its opposite.
    return balanced("or", [Apply("eq", (item, Constant(True, BOOLEAN)), BOOLEAN) for item in found])
