"""Reading documents of QTI into the model."""

from demotic.learning.qti.reading._front import NotQti, open_document, read, read_tree

__all__ = ["NotQti", "open_document", "read", "read_tree"]
