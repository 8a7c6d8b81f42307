"""What typed elements of versions 1 to 3 share: type references and facets, as elements of version 4 have them.

[MC-CSDL], section 2.2.1.
"""

from __future__ import annotations

from typing import Any, TypeVar

from demotic.model._annotations import Annotation
from demotic.model._types import PRIMITIVES
from demotic.model.csdl._names import join_collection, split_collection
from demotic.model.csdl.v3 import _elements as v3
from demotic.model.v2 import ORIGINS, UNZONED
from demotic.xml import Bound

B = TypeVar("B", bound=Bound)


def made(cls: type[B], source: Bound, **values: Any) -> B:
    """Return an element of version 4 that stands where another stood in the document."""
    result = cls(**{name: value for name, value in values.items() if value is not None})
    result.line, result.column = source.line, source.column
    return result


def qualified_type(name: str) -> str:
    """Return the name of a simple type with its prefix, which documents may leave out; others as they are."""
    return f"Edm.{name}" if name in PRIMITIVES or f"Edm.{name}" in ORIGINS else name


def translated_type(reference: str) -> tuple[str, list[Annotation]]:
    """Return a type reference in version 4, and the annotations that keep what it does not say."""
    name, collection = split_collection(reference.strip())
    name = qualified_type(name)
    said = [Annotation(UNZONED)] if name == "Edm.DateTime" else []
    return join_collection(ORIGINS.get(name, name), collection), said


def facets_of(element: v3.Faceted) -> dict[str, object]:
    """Return the facets that version 4 knows as well."""
    return {name: getattr(element, name) for name in ("MaxLength", "Precision", "Scale", "Unicode", "SRID")}
