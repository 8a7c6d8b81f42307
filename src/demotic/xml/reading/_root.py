"""The root of a document without the rest: enough to tell what a file is."""

from __future__ import annotations

from typing import Final

from demotic.errors import DemoticError
from demotic.xml.reading._limits import DEFAULT_LIMITS, Limits
from demotic.xml.reading._parse import ExpatReader
from demotic.xml.tree._nodes import Element

__all__ = ["read_root"]

_PIECE: Final = 1 << 8  # a start tag takes about that
_HINT: Final = "give more of the document, if there is more"


def read_root(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Element:
    """Return the root element of a document, with attributes and prefixes and without content.

    `data` need only be the beginning of the document, up to the end of the root's start tag; what is wrong after it
    does not matter. A document type declaration is passed over. Raises `XmlSyntaxFault` for what is not well formed up
    to there, or ends before, and `LimitExceeded`.
    """
    reader = ExpatReader(data, limits, doctype=True)
    builder = reader.builder
    wrong: DemoticError | None = None
    root: Element | None = None
    for begin in range(0, len(reader.source), _PIECE):
        try:
            reader.feed(reader.source[begin : begin + _PIECE], final=False)
        except DemoticError as fault:
            wrong = fault
        # Until it is closed, the root is the last of the nodes that stand before it.
        root = builder.root or next((node for node in builder.before if isinstance(node, Element)), None)
        if root is not None or wrong is not None:
            break
    if root is None:
        raise wrong or reader.fault_here("no element", _HINT)
    return Element(
        root.name,
        root.attributes,
        prefix=root.prefix,
        namespaces=dict(root.namespaces),
        line=root.line,
        column=root.column,
    )
