"""The fields of a message: a collection of them, and their types."""

from demotic.syntax.http.fields._fields import (
    Fields,
)
from demotic.syntax.http.fields._names import (
    canonical_name,
)
from demotic.syntax.http.fields._section import (
    MAX_FIELDS,
    format_field_section,
    parse_field_section,
)
from demotic.syntax.http.fields._type import (
    FieldType,
)

__all__ = ["MAX_FIELDS", "FieldType", "Fields", "canonical_name", "format_field_section", "parse_field_section"]
