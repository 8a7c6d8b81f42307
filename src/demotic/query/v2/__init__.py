"""What is asked in OData 2: its resource paths, query options, functions and literals, read into the one syntax tree.

What the tree means is the binder's (`demotic.query.bind_request`). OData 2.0, "URI Conventions"; [MS-ODATA], sections
2.2.2 (literals) and 2.2.3.6 (query options).
"""

from demotic.query.v2._expressions import FORMER_FUNCTIONS
from demotic.query.v2._literals import (
    format_time,
    parse_date_time,
    parse_time,
    read_as,
    read_literal,
    write_literal,
)
from demotic.query.v2._options import read_expand, read_filter, read_options, read_orderby, read_select
from demotic.query.v2._paths import FormerPath, read_path

__all__ = [
    "FORMER_FUNCTIONS",
    "FormerPath",
    "format_time",
    "parse_date_time",
    "parse_time",
    "read_as",
    "read_expand",
    "read_filter",
    "read_literal",
    "read_options",
    "read_orderby",
    "read_path",
    "read_select",
    "write_literal",
]
