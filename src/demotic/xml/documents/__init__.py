"""Documents as wholes: files, addresses, document types."""

from demotic.xml.documents._address import Declaration
from demotic.xml.documents._document import Document
from demotic.xml.documents._types import DocumentTypes

__all__ = [
    "Declaration",
    "Document",
    "DocumentTypes",
]
