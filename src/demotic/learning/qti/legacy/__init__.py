"""QTI 1.2: read with all its mistakes, and converted to 3.0 so that it scores the same."""

from demotic.learning.qti.legacy._front import convert_legacy, is_legacy, read_legacy
from demotic.learning.qti.legacy._items import LegacyObject

__all__ = ["LegacyObject", "convert_legacy", "is_legacy", "read_legacy"]
