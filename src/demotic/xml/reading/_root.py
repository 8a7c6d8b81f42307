"""The root of a document without the rest: enough to tell what a file is."""

from __future__ import annotations

from typing import Final

from demotic.xml._names import from_wire
from demotic.xml.reading._limits import DEFAULT_LIMITS, Limits
from demotic.xml.reading._parse import ExpatReader
from demotic.xml.tree._nodes import Element

__all__ = ["read_root"]

_HINT: Final = "give more of the document, if there is more"


class _Found(Exception):
    """The root has begun."""


def read_root(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Element:
    """Return the root element of a document, with attributes and prefixes and without content.

    `data` need only be the beginning of the document, up to the end of the root's start tag; what comes after is not
    looked at. A document type declaration is passed over. Raises `XmlSyntaxFault` for what is not well formed up to
    there, or ends before, and `LimitExceeded`.
    """
    reader = ExpatReader(data, limits, doctype=True)
    found: list[Element] = []

    def start(raw: str, attributes: dict[str, str]) -> None:
        name, prefix = from_wire(raw)
        parser = reader.parser
        found.append(
            Element(
                name,
                {from_wire(key)[0]: value for key, value in attributes.items()},
                prefix=prefix,
                namespaces=dict(reader.builder.declared),
                line=parser.CurrentLineNumber,
                column=parser.CurrentColumnNumber + 1,
            )
        )
        raise _Found

    reader.parser.StartElementHandler = start
    try:
        reader.feed(reader.source, final=False)
    except _Found:
        return found[0]
    raise reader.fault_here("no element", _HINT)
