"""Keys as segments of a path (OData URL Conventions 4.01, section 4.3.6): ``Products/1`` for ``Products(1)``.

Paths are brought into the form with parentheses before anything else is done with them, so that both forms are one
question. A segment that names a type of the model is a cast, one with a dollar sign what it always is; where a key
belongs, all others are keys.
"""

from __future__ import annotations

from demotic.model import EntityType, EnumType, Model, Property
from demotic.syntax.uri import percent_decode


def with_key_predicates(path: str, model: Model) -> str:
    """Return a percent-encoded path below the service root with its keys in parentheses.

    What is no path of the model stays as it is, for whoever reads it to say so. Raises Forbidden for a closed set.
    """
    first, *rest = path.split("/")
    container = model.container
    entity_set = container.sets.get(_name(first)) if container is not None else None
    if entity_set is None:
        return path
    done, kind, keyed = [first], entity_set.type, "(" in first
    while rest:
        width = len(kind.key)
        if not keyed and _is_key(rest[0], model) and len(rest) >= width:
            done[-1] += _predicate(kind, rest[:width])
            rest, keyed = rest[width:], True
            continue
        segment = rest.pop(0)
        done.append(segment)
        way = kind.all_navigation().get(_name(segment))
        if way is None:
            break
        kind, keyed = way.target, not way.collection or "(" in segment
    return "/".join([*done, *rest])


def _name(segment: str) -> str:
    return percent_decode(segment.partition("(")[0])


def _is_key(segment: str, model: Model) -> bool:
    if not segment or segment.startswith(("$", "%24")):
        return False
    namespace, _, name = _name(segment).rpartition(".")
    return not (namespace in model.schemas and name in model.schemas[namespace].types)


def _predicate(kind: EntityType, segments: list[str]) -> str:
    values = [_literal(item, segment) for item, segment in zip(kind.key, segments, strict=True)]
    if len(values) > 1:
        values = [f"{item.name}={value}" for item, value in zip(kind.key, values, strict=True)]
    return f"({','.join(values)})"


def _literal(item: Property, segment: str) -> str:
    """Return a key value as a literal; segments have text without its quotes."""
    quoted = isinstance(item.type, EnumType) or (item.primitive is not None and item.primitive.quoted)
    if not quoted:
        return segment
    prefix = "" if isinstance(item.type, EnumType) or item.primitive is None else item.primitive.prefix
    text = segment.replace("%27", "'").replace("'", "''").replace("(", "%28").replace(")", "%29")
    return f"{prefix}'{text}'"
