"""QTI, the standard of questions and tests: read any version into one model, check it, convert it, write it."""

from demotic.learning.qti.model import QtiDocument, Version
from demotic.learning.qti.reading import NotQti, open_document, read, read_tree

__all__ = ["NotQti", "QtiDocument", "Version", "open_document", "read", "read_tree"]
