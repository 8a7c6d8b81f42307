"""Keys in resource paths: in parentheses, with or without names.

OData URL Conventions 4.01, sections 4.3.1 to 4.3.4. A key property that is reached through others goes by its alias.
"""

from __future__ import annotations

from collections.abc import Container

from demotic.errors import DemoticError
from demotic.model import INT64, EntityType, EnumType, PrimitiveType, Property
from demotic.query._bind_context import Context
from demotic.query._bind_values import convert, fits_range
from demotic.query._errors import KeyMismatch, UnknownResource
from demotic.query._resolved import Parameter
from demotic.query._tree import Alias, KeyPredicate, Literal, LiteralKind


def key_names(type: EntityType) -> list[str]:
    """Return the names that the parts of a key have in URLs."""
    aliases = [alias for _, alias in type.key_paths] or [None] * len(type.key)
    return [alias or item.name for item, alias in zip(type.key, aliases, strict=True)]


def key_parts(type: EntityType, key: KeyPredicate, name: str, known: Container[str] = ()) -> list[Literal | Alias]:
    """Return the key's values in the order of the type's key; those `known` by the way to it may be left out."""
    wanted = key_names(type)
    if known:
        named = {part for part, _ in key.named}
        wanted = [part for part in wanted if part not in known or part in named]
    form = f"({wanted[0]} alone, without a name)" if len(wanted) == 1 else f"({', '.join(f'{n}=...' for n in wanted)})"
    if key.positional is not None:
        if len(wanted) != 1:
            raise KeyMismatch(f"the key of {name} has {len(wanted)} parts", target=name, hint=f"write {form}")
        return [key.positional]
    given = dict(key.named)
    if len(given) != len(key.named):
        raise KeyMismatch(f"the key of {name} names a part twice", target=name)
    if set(given) != set(wanted):
        raise KeyMismatch(
            f"the key of {name} is {', '.join(wanted)}, not {', '.join(given) or 'empty'}",
            target=name,
            hint=f"write {form}" if len(wanted) > 1 else f"write ({wanted[0]}=...) or the value alone",
        )
    return [given[item] for item in wanted]


def key_value(context: Context, item: Property, part: Literal | Alias) -> Parameter:
    if isinstance(part, Alias):
        with context.alias(part.name, part.at) as meant:
            if isinstance(meant, Alias):
                return key_value(context, item, meant)
            if not isinstance(meant, Literal):
                raise KeyMismatch(f"@{part.name}, the value of {item.name}, is no literal", target=context.option)
            return _key_literal(context, item, meant)
    return _key_literal(context, item, part)


def _key_literal(context: Context, item: Property, literal: Literal) -> Parameter:
    kind = item.type if isinstance(item.type, EnumType) else item.primitive
    if literal.kind is LiteralKind.NULL or not isinstance(kind, (PrimitiveType, EnumType)):
        raise KeyMismatch(f"{item.name} is part of a key and cannot be {literal.text}", target=context.option)
    try:
        value = convert(literal, kind)
    except DemoticError as fault:
        raise KeyMismatch(f"{item.name}: {fault.message}", target=context.option, hint=fault.hint) from None

    def check(number: object) -> None:
        if not fits_range(number, kind):
            raise UnknownResource(f"no {item.name} is {number}, which is outside its range", target=context.option)

    check(value)
    # Nothing is left to check where every whole number that can be read at all is in range.
    return context.parameter(literal, kind, None if kind is INT64 else check, value=value)
