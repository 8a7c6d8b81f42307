"""From bytes to trees and objects."""

from demotic.xml.reading._doctype import Catalog, Doctype, Resolver
from demotic.xml.reading._faults import Report
from demotic.xml.reading._limits import Limits
from demotic.xml.reading._parse import parse, read
from demotic.xml.reading._root import read_root
from demotic.xml.reading._stream import iterate

__all__ = [
    "Catalog",
    "Doctype",
    "Limits",
    "Report",
    "Resolver",
    "iterate",
    "parse",
    "read",
    "read_root",
]
