"""The regular expressions of XML Schema (1.1 part 2, appendix G), in full."""

from demotic.syntax.xsd.regex._characters import UnknownBlocks
from demotic.syntax.xsd.regex._pattern import Pattern, compile_pattern, parse_class

__all__ = ["Pattern", "UnknownBlocks", "compile_pattern", "parse_class"]
