"""Types and facets as versions 1 to 3 write them ([MC-CSDL], section 2.2.1)."""

from __future__ import annotations

from demotic.model._schema_children import Facets, Parameter, Property, ReturnType, Term
from demotic.model.csdl._names import join_collection
from demotic.model.csdl.v3 import _elements as v3
from demotic.model.v2 import type_name


def type_reference(item: Property | Parameter | ReturnType | Term, version: str) -> str:
    """Return the type of what a projection has, as a document says it."""
    return join_collection(str(type_name(item, version)), item.collection)


def write_facets(element: v3.Faceted, facets: Facets) -> None:
    """Set the facets that are stated; a scale that is no number cannot be."""
    if facets.max_length is not None:
        element.MaxLength = facets.max_length
    if facets.precision is not None:
        element.Precision = facets.precision
    if facets.scale is not None and not isinstance(facets.scale, str):
        element.Scale = facets.scale
    if not facets.unicode:
        element.Unicode = False
    if facets.srid is not None:
        element.SRID = facets.srid
