"""`demotic inspect`: what a database would be served as, for a person to read, or as a document."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sized

import msgspec

from demotic.cli._errors import OK
from demotic.cli._source import Source
from demotic.model import (
    EntitySet,
    EnumType,
    Facets,
    Model,
    NavigationProperty,
    Property,
    StructuredType,
    write_python,
)
from demotic.model.csdl import write_json, write_xml
from demotic.store import Store


def inspect(source: Source, form: str) -> int:
    """Write the model of a database in a format of `DOCUMENTS`, or as ``text``; return the exit status.

    Raises `DemoticError` if the store cannot be opened.
    """
    with source.open() as store:
        text = "\n".join(describe(store, source.shown)) if form == "text" else DOCUMENTS[form](store.model)
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
    return OK


DOCUMENTS: dict[str, Callable[[Model], str]] = {
    "csdl": lambda model: indented_xml(write_xml(model).decode()),
    "json": lambda model: msgspec.json.format(write_json(model), indent=2).decode(),
    "python": write_python,
}


KEY_HINT = "(--key NAME=COLUMN,COLUMN states the key of a view, or of a table without one)"
_BETWEEN_TAGS = re.compile("(?<=>)(?=<)")


def indented_xml(document: str) -> str:
    """Return a document without mixed content, an element a line.

    No ``>`` directly before a ``<`` is text or an attribute's value, where a ``<`` is always escaped.
    """
    depth, lines = 0, []
    for part in _BETWEEN_TAGS.split(document.replace("?>\n<", "?><", 1)):
        depth -= part.startswith("</")
        lines.append("  " * depth + part)
        depth += part[1] not in "/?!" and not part.endswith("/>") and "</" not in part
    return "\n".join(lines)


def describe(store: Store, name: str) -> Iterator[str]:
    """Yield the lines that describe a store: each set with its properties and navigation, what is left out, notes."""
    container = store.model.container
    sets = list(container.sets.values()) if container is not None else []
    yield f"{name}: {number_of_sets(sets)}"
    for item in sets:
        yield from ("", item.name, *_indented(_members(item)))
    if store.left_out:
        yield from ("", "Left out", *_indented(list(store.left_out)), KEY_HINT)
    if store.notes:
        yield from ("", "Notes", *_indented(list(store.notes)))


def number_of_sets(sets: Sized) -> str:
    """Return how many entity sets there are, in words."""
    return f"{len(sets)} entity {'set' if len(sets) == 1 else 'sets'}"


def _indented(rows: list[tuple[str, str]]) -> Iterator[str]:
    width = max((len(name) for name, _ in rows), default=0)
    return (f"  {name:{width}}  {what}" for name, what in rows)


def _members(item: EntitySet) -> list[tuple[str, str]]:
    key = item.type.key
    properties = [(p.name, _property(p, is_key=p in key)) for p in item.type.all_properties().values()]
    return properties + [(n.name, _navigation(n, item)) for n in item.type.all_navigation().values()]


def _property(item: Property, *, is_key: bool) -> str:
    kind = item.type
    name = kind.qualified_name if isinstance(kind, (EnumType, StructuredType)) else kind.name
    words = [f"{name.removeprefix('Edm.')}{_facets(item.facets)}"]
    words += ["key"] if is_key else []
    words += ["not null"] if not item.nullable and not is_key else []
    return ", ".join(words)


def _facets(facets: Facets) -> str:
    if facets.max_length is not None:
        return "" if facets.max_length < 0 else f"({facets.max_length})"
    if facets.precision is None:
        return ""
    return f"({facets.precision})" if facets.scale is None else f"({facets.precision}, {facets.scale})"


def _navigation(item: NavigationProperty, within: EntitySet) -> str:
    target = within.bindings.get(item.name)
    name = target.name if target is not None else item.target.name
    many = "many" if item.collection else "one or none" if item.nullable else "one"
    pairs = ", ".join(f"{own.name} = {other.name}" for own, other in item.constraints)
    return f"-> {name}, {many}{f' ({pairs})' if pairs else ''}"
