"""HTTP as values: messages, fields, media types and negotiation, entity tags, preferences. No input or output."""

from demotic.syntax.http._etag import (
    ANY,
    AnyTag,
    EntityTag,
    parse_entity_tag,
    parse_entity_tags,
)
from demotic.syntax.http._media import (
    MediaRange,
    MediaType,
    negotiate,
    parse_accept,
    parse_media_type,
)
from demotic.syntax.http._messages import (
    Body,
    Chunks,
    Handler,
    Request,
    Response,
    reason,
)
from demotic.syntax.http._prefer import (
    Preference,
    parse_prefer,
)

__all__ = [
    "ANY",
    "AnyTag",
    "Body",
    "Chunks",
    "EntityTag",
    "Handler",
    "MediaRange",
    "MediaType",
    "Preference",
    "Request",
    "Response",
    "negotiate",
    "parse_accept",
    "parse_entity_tag",
    "parse_entity_tags",
    "parse_media_type",
    "parse_prefer",
    "reason",
]
