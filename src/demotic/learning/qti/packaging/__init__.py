"""Banks of QTI converted as a whole, with their media, into content packages."""

from demotic.learning.qti.packaging._banks import Converted, convert_bank, resource_type

__all__ = ["Converted", "convert_bank", "resource_type"]
