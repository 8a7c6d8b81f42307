"""Skip tokens: where the next page starts, as text for a URL.

A token holds the values of the order expressions and the key of the last row, each in its type's lexical form, and a
digest of the order they belong to: with another order, or for other entities, it is refused instead of misread. It is
base64url of JSON, so that it needs no further coding in a URL. A token is the service's own; nobody else reads it
(OData Protocol 4.01, section 11.2.6.7).
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Final

import msgspec

from demotic.errors import InternalFault, InvalidInput
from demotic.model import INT64, EnumType, PrimitiveType
from demotic.query._errors import InvalidContinuation
from demotic.query._resolved import (
    After,
    Alike,
    Apply,
    Beyond,
    Case,
    Constant,
    Expression,
    ExpressionType,
    Field,
    In,
    IsOf,
    Listed,
    Many,
    Parameter,
    Quantified,
    Query,
    Related,
    RelatedCount,
    Whole,
)

_LONGEST: Final = 8000
_Token = tuple[str, tuple[str | None, ...]]


class Continuation:
    """Reads and writes the skip tokens of one query; ``slot`` is the first that their values take."""

    __slots__ = ("_digest", "_kinds", "_query", "_slot")

    def __init__(self, query: Query, slot: int) -> None:
        self._query = query
        self._slot = slot
        self._kinds = order_types(query)
        self._digest = "" if any(_has_parameter(item.expression) for item in query.order) else self._compute(())

    def write(self, position: Sequence[object], values: Sequence[object] = ()) -> str:
        """Return the token for the values that a store gave as `Result.after`, ``values`` being those of the query."""
        texts = [
            None if value is None else _lexical(kind).format(value)
            for kind, value in zip(self._kinds, position, strict=True)
        ]
        text = msgspec.json.encode((self._digest or self._compute(values), texts))
        return urlsafe_b64encode(text).decode("ascii").rstrip("=")

    def read(self, token: str, values: Sequence[object] = ()) -> tuple[object, ...]:
        """Return the values, ``None`` where null. Raises `InvalidContinuation` for what is no token of this query."""
        digest, texts = _decode(token)
        if digest != (self._digest or self._compute(values)) or len(texts) != len(self._kinds):
            raise InvalidContinuation(
                "this $skiptoken belongs to another order or another kind of entity",
                target="$skiptoken",
                hint="follow next links as they are, without changing their other options",
            )
        return tuple(
            None if text is None else _parse(kind, text) for kind, text in zip(self._kinds, texts, strict=True)
        )

    def after(self, position: Sequence[object]) -> After:
        """Return the node that makes a query start after ``position``."""
        slots: list[int | None] = []
        slot = self._slot
        for value in position:
            slots.append(None if value is None else slot)
            slot += value is not None
        return After(tuple(slots))

    def _compute(self, values: Sequence[object]) -> str:
        parts = [f"{_describe(item.expression, values)} {item.descending}" for item in self._query.order]
        parts += [self._query.type.qualified_name, *(item.name for item in self._query.type.key)]
        return blake2b("\n".join(parts).encode(), digest_size=6).hexdigest()


def order_types(query: Query) -> tuple[ExpressionType, ...]:
    """Return the types of the order values: those of ``order``, then those of the key."""
    asked = [getattr(item.expression, "type", None) for item in query.order]
    key = [item.type if isinstance(item.type, EnumType) else item.primitive for item in query.type.key]
    return (*asked, *key)


def token_shape(token: str) -> tuple[bool, ...]:
    """Return which values of a token are null, which is part of its query's shape. Raises `InvalidContinuation`."""
    return tuple(text is None for text in _decode(token)[1])


def _decode(token: str) -> _Token:
    try:
        if len(token) > _LONGEST:
            raise ValueError("too long")
        text = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        decoded: _Token = msgspec.json.decode(text, type=_Token)
        return decoded
    except (ValueError, msgspec.DecodeError):
        raise InvalidContinuation(
            "this $skiptoken was not given out by this service",
            target="$skiptoken",
            hint="follow next links as they are",
        ) from None


def _lexical(kind: ExpressionType) -> PrimitiveType:
    return kind if isinstance(kind, PrimitiveType) else INT64


def _parse(kind: ExpressionType, text: str) -> object:
    try:
        return _lexical(kind).parse(text)
    except InvalidInput as fault:
        raise InvalidContinuation(f"this $skiptoken is damaged: {fault.message}", target="$skiptoken") from None


def _has_parameter(expression: Expression) -> bool:
    match expression:
        case Parameter():
            return True
        case Apply(arguments=parts):
            return any(_has_parameter(part) for part in parts)
        case Case(branches=branches):
            return any(_has_parameter(part) for branch in branches for part in branch)
        case In(operand=operand, items=parts):
            return _has_parameter(operand) or any(_has_parameter(part) for part in parts)
        case Listed(items=parts):
            return any(_has_parameter(part) for part in parts)
        case Quantified(predicate=predicate) | RelatedCount(predicate=predicate) | Alike(predicate=predicate):
            return predicate is not None and _has_parameter(predicate)
        case _:
            return False


def _describe(expression: Expression, values: Sequence[Any]) -> str:
    """Return a text that is the same for the same meaning, in every process."""
    match expression:
        case Parameter(slot=slot, type=kind):
            return f"{kind.qualified_name}:{values[slot]!r}"
        case Constant(value=value):
            return repr(value)
        case Field(variable=variable, via=via, path=path):
            return "/".join([str(variable.depth), *(item.name for item in via), *(item.name for item in path)])
        case Related(variable=variable, via=via):
            return "/".join([str(variable.depth), *(item.name for item in via)])
        case IsOf(variable=variable, via=via, of=of):
            return "/".join([str(variable.depth), *(item.name for item in via), f"isof({of.name})"])
        case RelatedCount(variable=variable, via=via, collection=collection, predicate=predicate):
            way = "/".join([str(variable.depth), *(item.name for item in via), *_names(collection), "$count"])
            return way if predicate is None else f"{way}({_describe(predicate, values)})"
        case Quantified(kind=kind, variable=variable, via=via, collection=collection, predicate=predicate):
            way = "/".join([str(variable.depth), *(item.name for item in via), *_names(collection)])
            return f"{way}/{kind}({_describe(predicate, values) if predicate is not None else ''})"
        case Whole(variable=variable, via=via, path=path):
            return "/".join([str(variable.depth), *(item.name for item in via), *(item.name for item in path)])
        case Listed(collection=collection, items=parts):
            return f"{_describe(collection, values)} = {[_describe(part, values) for part in parts]}"
        case Alike(collection=collection, second=second, predicate=predicate):
            ends = (_describe(collection, values), _describe(second, values))
            return f"{ends[0]} = {ends[1]} ({_describe(predicate, values)})"
        case Apply(name=name, arguments=parts):
            return f"{name}({', '.join(_describe(part, values) for part in parts)})"
        case Case(branches=branches):
            return f"case({', '.join(_describe(part, values) for branch in branches for part in branch)})"
        case In(operand=operand, items=parts):
            return f"in({_describe(operand, values)}; {', '.join(_describe(part, values) for part in parts)})"
        case Beyond():
            raise InternalFault("what no store computes has no place in an order")


def _names(collection: Many) -> list[str]:
    return [item.name for item in (collection if isinstance(collection, tuple) else (collection,))]
