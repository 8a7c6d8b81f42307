"""Reading what is broken."""

from demotic.xml.lenient._front import read_leniently
from demotic.xml.lenient._names import PREFIXES
from demotic.xml.lenient._repairs import Repair

__all__ = ["PREFIXES", "Repair", "read_leniently"]
