"""XML documents: a tree with places, and element classes that are declarations, with one reader and one writer."""

from demotic.xml._bound import Bound
from demotic.xml._errors import XmlBindingFault, XmlSyntaxFault
from demotic.xml._fields import attribute, child, children, text, wildcard
from demotic.xml._lexical import Lexical, boolean, decimal, double, integer, names, one_of, string
from demotic.xml._parse import Limits, parse
from demotic.xml._reader import read
from demotic.xml._serialize import serialize
from demotic.xml._tree import (
    XML,
    CData,
    Comment,
    Element,
    Node,
    ProcessingInstruction,
    QName,
    rename_namespaces,
)
from demotic.xml._writer import write

__all__ = [
    "XML",
    "Bound",
    "CData",
    "Comment",
    "Element",
    "Lexical",
    "Limits",
    "Node",
    "ProcessingInstruction",
    "QName",
    "XmlBindingFault",
    "XmlSyntaxFault",
    "attribute",
    "boolean",
    "child",
    "children",
    "decimal",
    "double",
    "integer",
    "names",
    "one_of",
    "parse",
    "read",
    "rename_namespaces",
    "serialize",
    "string",
    "text",
    "wildcard",
    "write",
]
