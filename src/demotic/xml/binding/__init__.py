"""Element classes: what they declare, and the objects that they make."""

from demotic.xml.binding._binding import child_class
from demotic.xml.binding._bound import Bound, assign
from demotic.xml.binding._fields import attribute, child, children, mixed, text, wildcard
from demotic.xml.binding._lexical import (
    Lexical,
    boolean,
    counted,
    decimal,
    double,
    idref,
    idrefs,
    integer,
    list_of,
    names,
    nillable,
    one_of,
    string,
)

__all__ = [
    "Bound",
    "Lexical",
    "assign",
    "attribute",
    "boolean",
    "child",
    "child_class",
    "children",
    "counted",
    "decimal",
    "double",
    "idref",
    "idrefs",
    "integer",
    "list_of",
    "mixed",
    "names",
    "nillable",
    "one_of",
    "string",
    "text",
    "wildcard",
]
