"""Characters, white space and names as XML has them, for those who take texts apart themselves."""

from demotic.syntax.unicode import is_name, is_nc_name, is_nmtoken
from demotic.xml._names import is_reserved
from demotic.xml.characters._classes import (
    fourth_edition,
    is_char,
    is_discouraged,
    is_name_char,
    is_name_start_char,
    is_pubid_char,
    is_space,
)
from demotic.xml.characters._space import (
    collapse_space,
    has_space,
    is_all_space,
    normalize_attribute,
    strip_leading_space,
)

__all__ = [
    "collapse_space",
    "fourth_edition",
    "has_space",
    "is_all_space",
    "is_char",
    "is_discouraged",
    "is_name",
    "is_name_char",
    "is_name_start_char",
    "is_nc_name",
    "is_nmtoken",
    "is_pubid_char",
    "is_reserved",
    "is_space",
    "normalize_attribute",
    "strip_leading_space",
]
