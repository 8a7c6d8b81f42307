"""What the reader does at each element: worked out once from the table of elements, found by the element's name.

A document may spell names as 3.0 does or as 2.x does; both are found, since files in the field mix them, and what does
not belong to the document's version is left for the checks to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from demotic.learning.qti.model import (
    HTML,
    HTML5_22,
    NAMESPACES,
    XINCLUDE,
    ContentHolder,
    Foreign,
    Html,
    Include,
    Node,
    Version,
)
from demotic.learning.qti.model._node import ELEMENTS, EMPTY, MIXED, REQUIRED, STRUCTURE, TEXT
from demotic.learning.qti.model._values import string
from demotic.learning.qti.model._version import XMLNS
from demotic.xml import QName

__all__ = ["Step", "Steps"]

_XHTML: Final = "http://www.w3.org/1999/xhtml"
_QTI: Final = frozenset({*NAMESPACES, HTML5_22, _XHTML, ""})
# The schema of 2.1 misspells it; its information model, and everybody, says targetValue.
_ALIASES: Final = {"target_value": ("targetType",)}
_LOWER: Final = {name.lower(): name for name in [*ELEMENTS, *HTML]}

AttributeMap = dict[QName, tuple[str, Callable[[str], Any] | None]]


def _qname(wire: str) -> QName:
    return QName(XMLNS, wire[4:]) if wire.startswith("xml:") else QName("", wire)


def _attribute_map(cls: type[Node]) -> AttributeMap:
    known: AttributeMap = {}
    for field in cls.attribute_table.values():
        entry = (field.name, None if field.type is string else field.type.parse)
        for wire in (field.wire, field.old, *field.spelled.values(), *_ALIASES.get(field.name, ())):
            known.setdefault(_qname(wire), entry)
    return known


class Step:
    """How to read one element: its class, its attributes, what may stand in it."""

    __slots__ = ("attributes", "cls", "fill", "foreign", "free", "holder", "html", "keep_text", "name", "text_only")

    def __init__(self, name: QName, cls: type[Node], version: Version) -> None:
        self.name = name
        self.cls = cls
        self.html = cls is Html
        self.foreign = cls is Foreign
        self.free = self.html or self.foreign
        self.holder = issubclass(cls, ContentHolder)
        # Where space between elements means nothing, it is not kept.
        self.keep_text = cls.content in (MIXED, TEXT) or self.holder
        self.text_only = cls.content in (STRUCTURE, EMPTY) and not self.holder
        self.attributes: AttributeMap = {} if self.foreign else _attribute_map(cls)
        self.fill: Mapping[str, Any] = {
            field.name: field.older[version]
            for field in cls.attribute_table.values()
            if version in field.older and field.older[version] is not REQUIRED
        }


class Steps:
    """The steps for documents of one version, by the names of elements."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.known: dict[QName, Step] = {}

    def find(self, name: QName) -> tuple[Step, str]:
        """Return the step for an element, and what is wrong with the element's name, if anything."""
        cls, problem = _class_of(name)
        if problem or cls is Foreign:  # names that a document makes up are not remembered beyond it
            return Step(name, cls, self.version), problem
        step = self.known[name] = Step(name, cls, self.version)
        return step, ""


def _class_of(name: QName) -> tuple[type[Node], str]:
    if name.namespace not in _QTI:
        return (Include, "") if name == (XINCLUDE, "include") else (Foreign, "")
    cls = ELEMENTS.get(name.local) or (Html if name.local in HTML else None)
    if cls is not None:
        return cls, ""
    if name.local == "math" or name.local == "include":
        return Foreign if name.local == "math" else Include, "wrong-namespace"
    meant = _LOWER.get(name.local.lower())
    if meant is not None:
        return ELEMENTS.get(meant, Html), f"wrong-case {meant}"
    return Foreign, "unknown-element"
