"""Conditional requests (RFC 9110, sections 8.8 and 13): validators, preconditions and their evaluation."""

from demotic.syntax.http.conditional._etag import (
    ANY,
    AnyTag,
    EntityTag,
    parse_entity_tag,
    parse_entity_tags,
)
from demotic.syntax.http.conditional._preconditions import (
    CONDITIONAL_FIELDS,
    NOT_MODIFIED_FIELDS,
    Outcome,
    Preconditions,
    evaluate,
    parse_preconditions,
)
from demotic.syntax.http.conditional._validators import (
    NOWHERE,
    Validators,
)

__all__ = [
    "ANY",
    "CONDITIONAL_FIELDS",
    "NOT_MODIFIED_FIELDS",
    "NOWHERE",
    "AnyTag",
    "EntityTag",
    "Outcome",
    "Preconditions",
    "Validators",
    "evaluate",
    "parse_entity_tag",
    "parse_entity_tags",
    "parse_preconditions",
]
