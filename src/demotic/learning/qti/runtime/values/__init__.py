"""The values that variables hold, as Python has them, as text and as JSON."""

from demotic.learning.qti.model import LEAST_INTEGER, MOST_INTEGER, File
from demotic.learning.qti.runtime.values._json import from_json, to_json
from demotic.learning.qti.runtime.values._lexical import (
    format_data,
    format_single,
    parse_data,
    parse_element,
    parse_single,
)
from demotic.learning.qti.runtime.values._value import (
    FALSE,
    TRUE,
    Optional,
    Value,
    boolean,
    container,
    native,
    number,
    record,
    single,
)

__all__ = [
    "FALSE", "LEAST_INTEGER", "MOST_INTEGER", "TRUE", "File", "Optional", "Value", "boolean", "container",
    "format_data", "format_single", "from_json", "native", "number", "parse_data", "parse_element", "parse_single",
    "record", "single", "to_json",
]  # fmt: skip
