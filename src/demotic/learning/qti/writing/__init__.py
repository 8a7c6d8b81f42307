"""Writing documents of QTI."""

from demotic.learning.qti.writing._writer import tree, write

__all__ = ["tree", "write"]
