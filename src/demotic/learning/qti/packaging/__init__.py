"""Banks of QTI converted as a whole, with their media, into content packages; documents put into packages."""

from demotic.learning.qti.packaging._banks import Converted, convert_bank
from demotic.learning.qti.packaging._documents import add_document, mended_bases, resource_type

__all__ = ["Converted", "add_document", "convert_bank", "mended_bases", "resource_type"]
