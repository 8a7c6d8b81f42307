"""Parts of Python source text: names, types, facets and annotations as expressions.

Source text calls the model's room ``m``.
"""

from __future__ import annotations

import keyword
from typing import Final

from demotic.model._annotations import Annotation, Dynamic, EnumValue, PathValue, Record
from demotic.model._schema import Include, IncludeAnnotations, Reference
from demotic.model._schema_children import Facets
from demotic.model._types import PRIMITIVES, PrimitiveType

_CONSTANTS: Final = {
    kind: constant
    for constant, kind in {
        "m.DATE_TIME_OFFSET": PRIMITIVES["DateTimeOffset"],
        "m.TIME_OF_DAY": PRIMITIVES["TimeOfDay"],
        **{f"m.PRIMITIVES[{kind.name!r}]": kind for kind in PRIMITIVES.values() if kind.name.startswith("Geo")},
    }.items()
}


def python_name(name: str, taken: set[str]) -> str:
    result = name
    while keyword.iskeyword(result) or keyword.issoftkeyword(result) or result in taken:
        result += "_"
    return result


def python_type(python: type) -> str:
    return python.__name__ if python.__module__ == "builtins" else f"{python.__module__}.{python.__name__}"


def type_constant(kind: PrimitiveType) -> str:
    return _CONSTANTS.get(kind, f"m.{kind.name.upper()}")


def one_or_more(names: list[str]) -> str:
    return repr(names[0]) if len(names) == 1 else repr(tuple(names))


_MARKERS: Final = (
    ("max_length", "MaxLength"),
    ("precision", "Precision"),
    ("scale", "Scale"),
    ("srid", "Srid"),
)


def facet_markers(facets: Facets) -> list[str]:
    found = [(marker, getattr(facets, field)) for field, marker in _MARKERS]
    markers = [f"m.{marker}({value!r})" for marker, value in found if value is not None]
    return markers if facets.unicode else [*markers, "m.Unicode(False)"]


def facets_text(facets: Facets) -> str:
    stated = [(field, getattr(facets, field)) for field, _ in _MARKERS]
    words = [f"{field}={value!r}" for field, value in stated if value is not None]
    return f"m.Facets({', '.join([*words, *([] if facets.unicode else ['unicode=False'])])})"


def sequence(annotations: list[Annotation]) -> str:
    return f"annotations=[{', '.join(map(value_text, annotations))}], " if annotations else ""


def annotated(annotations: list[Annotation]) -> str:
    return f", {sequence(annotations)}".rstrip(", ") if annotations else ""


_FIELDS: Final[dict[type, tuple[str, ...]]] = {
    Annotation: ("term", "value", "qualifier", "annotations"),
    Record: ("values", "type", "annotations", "value_annotations"),
    Dynamic: ("kind", "operands", "attributes", "annotations"),
    PathValue: ("path", "kind"),
    EnumValue: ("members",),
    Reference: ("uri", "includes", "include_annotations", "annotations"),
    Include: ("namespace", "alias", "annotations"),
    IncludeAnnotations: ("term_namespace", "qualifier", "target_namespace"),
}


def value_text(value: object) -> str:
    """Return an expression that makes an annotation or its value."""
    fields = _FIELDS.get(type(value))
    if fields is not None:
        given = [
            f"{field}={value_text(item)}" for field in fields if (item := getattr(value, field)) or field == "value"
        ]
        return f"m.{type(value).__name__}({', '.join(given)})"
    if isinstance(value, tuple):
        return f"({''.join(f'{value_text(item)}, ' for item in value)})"
    if isinstance(value, list):
        return f"[{', '.join(map(value_text, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name!r}: {value_text(item)}' for name, item in value.items())}}}"
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return f"float({str(value)!r})"
    text = repr(value)
    module = type(value).__module__
    return text if module in ("builtins", "datetime") else f"{module}.{text}"
