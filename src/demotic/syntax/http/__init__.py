"""HTTP as values: messages, fields, media types, dates, preferences. No input or output.

What belongs together has a door of its own:

- `fields`: collections of fields; `typed`: fields whose values have a type
- `negotiation`: what the client wants; `conditional`: on which condition; `ranges`: which parts of it
- `authentication`, `caching`
- `cookies`: set, kept and sent back
- `messages`: HTTP/1.1 on the wire
- `grammar`: what all fields are made of, for fields of one's own
"""

from demotic.syntax.http._allow import (
    Allow,
    parse_allow,
)
from demotic.syntax.http._codings import (
    AcceptedCoding,
    TransferCoding,
    parse_te,
    parse_transfer_codings,
)
from demotic.syntax.http._date import (
    DAY_NAMES,
    MONTH_NAMES,
    DateForm,
    format_http_date,
    full_year,
    parse_http_date,
)
from demotic.syntax.http._digest import (
    DIGEST_ALGORITHMS,
    Digests,
    format_content_md5,
    parse_content_md5,
    parse_digests,
)
from demotic.syntax.http._disposition import (
    ContentDisposition,
    decode_extended,
    encode_extended,
    parse_content_disposition,
)
from demotic.syntax.http._language import (
    LanguageTag,
    parse_language_tag,
    parse_language_tags,
)
from demotic.syntax.http._media import (
    OCTET_STREAM,
    MediaType,
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
from demotic.syntax.http._products import (
    Products,
    ProductToken,
    explode_version,
    parse_products,
    parse_upgrade,
)
from demotic.syntax.http._version import (
    HTTP_1_0,
    HTTP_1_1,
    HttpVersion,
    parse_http_version,
)
from demotic.syntax.http._via import (
    ReceivedBy,
    WarningValue,
    parse_via,
    parse_warnings,
)
from demotic.syntax.http.conditional import (
    ANY,
    AnyTag,
    EntityTag,
    parse_entity_tag,
    parse_entity_tags,
)
from demotic.syntax.http.fields import (
    Fields,
)
from demotic.syntax.http.negotiation import (
    MediaRange,
    negotiate,
    parse_accept,
)

__all__ = [
    "ANY",
    "DAY_NAMES",
    "DIGEST_ALGORITHMS",
    "HTTP_1_0",
    "HTTP_1_1",
    "MONTH_NAMES",
    "OCTET_STREAM",
    "AcceptedCoding",
    "Allow",
    "AnyTag",
    "Body",
    "Chunks",
    "ContentDisposition",
    "DateForm",
    "Digests",
    "EntityTag",
    "Fields",
    "Handler",
    "HttpVersion",
    "LanguageTag",
    "MediaRange",
    "MediaType",
    "Preference",
    "ProductToken",
    "Products",
    "ReceivedBy",
    "Request",
    "Response",
    "TransferCoding",
    "WarningValue",
    "decode_extended",
    "encode_extended",
    "explode_version",
    "format_content_md5",
    "format_http_date",
    "full_year",
    "negotiate",
    "parse_accept",
    "parse_allow",
    "parse_content_disposition",
    "parse_content_md5",
    "parse_digests",
    "parse_entity_tag",
    "parse_entity_tags",
    "parse_http_date",
    "parse_http_version",
    "parse_language_tag",
    "parse_language_tags",
    "parse_media_type",
    "parse_prefer",
    "parse_products",
    "parse_te",
    "parse_transfer_codings",
    "parse_upgrade",
    "parse_via",
    "parse_warnings",
    "reason",
]
