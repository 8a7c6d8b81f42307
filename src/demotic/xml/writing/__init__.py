"""From trees and objects to bytes."""

from demotic.xml.writing._canonical import canonicalize
from demotic.xml.writing._escape import cdata, escape
from demotic.xml.writing._indent import indent
from demotic.xml.writing._serialize import pieces, serialize
from demotic.xml.writing._write import write

__all__ = [
    "canonicalize",
    "cdata",
    "escape",
    "indent",
    "pieces",
    "serialize",
    "write",
]
