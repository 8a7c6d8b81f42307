"""Unicode: sets of characters, categories and blocks, the names of XML, and which encoding bytes are in."""

from demotic.syntax.unicode._class import CharacterClass, CharacterPart
from demotic.syntax.unicode._database import RUNNING, UnicodeDatabase, UnicodeSource, block, category
from demotic.syntax.unicode._encoding import DetectedEncoding, EncodingSource, detect_encoding, guess_encoding
from demotic.syntax.unicode._names import (
    NAME_CHAR,
    NAME_START_CHAR,
    WHITE_SPACE,
    XML_CHAR,
    is_name,
    is_nc_name,
    is_nmtoken,
)

__all__ = [
    "NAME_CHAR",
    "NAME_START_CHAR",
    "RUNNING",
    "WHITE_SPACE",
    "XML_CHAR",
    "CharacterClass",
    "CharacterPart",
    "DetectedEncoding",
    "EncodingSource",
    "UnicodeDatabase",
    "UnicodeSource",
    "block",
    "category",
    "detect_encoding",
    "guess_encoding",
    "is_name",
    "is_nc_name",
    "is_nmtoken",
]
