"""The fields whose values have a type, one line each: name, parser, value of a missing field, formatter, list or not.

A new typed field is a new line here. Dates that are no dates raise like everything else: those who must pass over them
(conditions, caches) do so where they read them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from demotic.syntax.http._allow import Allow, parse_allow
from demotic.syntax.http._codings import AcceptedCoding, TransferCoding, parse_te, parse_transfer_codings
from demotic.syntax.http._date import format_http_date, parse_http_date
from demotic.syntax.http._digest import Digests, format_content_md5, parse_content_md5, parse_digests
from demotic.syntax.http._disposition import ContentDisposition, parse_content_disposition
from demotic.syntax.http._language import LanguageTag, parse_language_tags
from demotic.syntax.http._media import MediaType, parse_media_type
from demotic.syntax.http._prefer import Preference, parse_prefer
from demotic.syntax.http._products import Products, ProductToken, parse_products, parse_upgrade
from demotic.syntax.http._via import ReceivedBy, WarningValue, parse_via, parse_warnings
from demotic.syntax.http.authentication._challenge import (
    AuthScheme,
    parse_authentication_info,
    parse_challenges,
    parse_credentials,
)
from demotic.syntax.http.caching._cache_control import CacheControl, parse_cache_control
from demotic.syntax.http.caching._seconds import format_seconds, parse_seconds
from demotic.syntax.http.caching._vary import Vary, parse_vary
from demotic.syntax.http.conditional._etag import AnyTag, EntityTag, parse_entity_tag, parse_entity_tags
from demotic.syntax.http.fields._type import FieldType
from demotic.syntax.http.grammar._lists import Parameters, format_list, read_tokens
from demotic.syntax.http.grammar._words import write_word
from demotic.syntax.http.negotiation._accept import MediaRange, parse_accept
from demotic.syntax.http.negotiation._languages import parse_accept_language
from demotic.syntax.http.negotiation._tokens import Weighted, parse_weighted
from demotic.syntax.http.ranges._content_range import ContentRange, parse_content_range
from demotic.syntax.http.ranges._range import AcceptRanges, Range, parse_accept_ranges, parse_range
from demotic.syntax.http.ranges._select import parse_if_range
from demotic.syntax.http.typed._values import (
    format_moment,
    format_tokens,
    parse_host,
    parse_number,
    parse_retry_after,
    parse_set,
)
from demotic.syntax.uri import URI, Authority, parse_uri

Tags = tuple[EntityTag, ...] | AnyTag
EMPTY: Final[frozenset[str]] = frozenset()


def _format_tags(tags: Tags) -> str:
    return "*" if isinstance(tags, AnyTag) else format_list(tags)


def _format_parameters(parameters: Parameters) -> str:
    return format_list(f"{name}={write_word(value)}" for name, value in parameters)


def _format_preferences(preferences: dict[str, Preference]) -> str:
    return format_list(preferences.values())


def _format_if_range(condition: EntityTag | datetime) -> str:
    return format_http_date(condition) if isinstance(condition, datetime) else str(condition)


def _date(name: str) -> FieldType[datetime | None]:
    return FieldType(name, parse_http_date, None, format_http_date)


def _seconds(name: str) -> FieldType[int | None]:
    return FieldType(name, parse_seconds, None, format_seconds)


def _set(name: str) -> FieldType[frozenset[str]]:
    return FieldType(name, parse_set, EMPTY, format_tokens, is_list=True)


def _tokens(name: str) -> FieldType[tuple[str, ...]]:
    return FieldType(name, read_tokens, (), format_tokens, is_list=True)


def _weighted(name: str) -> FieldType[tuple[Weighted, ...] | None]:
    return FieldType(name, parse_weighted, None, format_list, is_list=True)


def _challenges(name: str) -> FieldType[tuple[AuthScheme, ...]]:
    return FieldType(name, parse_challenges, (), format_list, is_list=True)


def _credentials(name: str) -> FieldType[AuthScheme | None]:
    return FieldType(name, parse_credentials, None)


def _authentication_info(name: str) -> FieldType[Parameters]:
    return FieldType(name, parse_authentication_info, (), _format_parameters, is_list=True)


def _tags(name: str) -> FieldType[Tags | None]:
    return FieldType(name, parse_entity_tags, None, _format_tags, is_list=True)


def _digests(name: str) -> FieldType[Digests | None]:
    return FieldType(name, parse_digests, None, is_list=True)


def _prefer(name: str) -> FieldType[dict[str, Preference]]:
    return FieldType(name, parse_prefer, {}, _format_preferences, is_list=True)


def _uri(name: str) -> FieldType[URI | None]:
    return FieldType(name, parse_uri, None)


def _products(name: str) -> FieldType[Products | None]:
    return FieldType(name, parse_products, None)


# What the client wants (RFC 9110, section 12).
ACCEPT: FieldType[tuple[MediaRange, ...] | None] = FieldType("Accept", parse_accept, None, format_list, is_list=True)
ACCEPT_CHARSET = _weighted("Accept-Charset")
ACCEPT_ENCODING = _weighted("Accept-Encoding")
ACCEPT_LANGUAGE: FieldType[tuple[Weighted, ...] | None] = FieldType(
    "Accept-Language", parse_accept_language, None, format_list, is_list=True
)
PREFER = _prefer("Prefer")
PREFERENCE_APPLIED = _prefer("Preference-Applied")

# What the content is (section 8; RFC 6266, RFC 9530).
CONTENT_DIGEST = _digests("Content-Digest")
CONTENT_DISPOSITION: FieldType[ContentDisposition | None] = FieldType(
    "Content-Disposition", parse_content_disposition, None
)
CONTENT_ENCODING = _tokens("Content-Encoding")
CONTENT_LANGUAGE: FieldType[tuple[LanguageTag, ...]] = FieldType(
    "Content-Language", parse_language_tags, (), format_list, is_list=True
)
CONTENT_LOCATION = _uri("Content-Location")
CONTENT_LENGTH: FieldType[int | None] = FieldType("Content-Length", parse_number, None)
CONTENT_MD5: FieldType[bytes | None] = FieldType("Content-MD5", parse_content_md5, None, format_content_md5)
CONTENT_TYPE: FieldType[MediaType | None] = FieldType("Content-Type", parse_media_type, None)
REPR_DIGEST = _digests("Repr-Digest")

# Which state it is in, and on which condition (sections 8.8 and 13).
ETAG: FieldType[EntityTag | None] = FieldType("ETag", parse_entity_tag, None)
IF_MATCH = _tags("If-Match")
IF_MODIFIED_SINCE = _date("If-Modified-Since")
IF_NONE_MATCH = _tags("If-None-Match")
IF_RANGE: FieldType[EntityTag | datetime | None] = FieldType("If-Range", parse_if_range, None, _format_if_range)
IF_UNMODIFIED_SINCE = _date("If-Unmodified-Since")
LAST_MODIFIED = _date("Last-Modified")

# Which part of it (section 14).
ACCEPT_RANGES: FieldType[AcceptRanges | None] = FieldType("Accept-Ranges", parse_accept_ranges, None, is_list=True)
CONTENT_RANGE: FieldType[ContentRange | None] = FieldType("Content-Range", parse_content_range, None)
RANGE: FieldType[Range | None] = FieldType("Range", parse_range, None)

# Who may (section 11).
AUTHENTICATION_INFO = _authentication_info("Authentication-Info")
AUTHORIZATION = _credentials("Authorization")
PROXY_AUTHENTICATE = _challenges("Proxy-Authenticate")
PROXY_AUTHENTICATION_INFO = _authentication_info("Proxy-Authentication-Info")
PROXY_AUTHORIZATION = _credentials("Proxy-Authorization")
WWW_AUTHENTICATE = _challenges("WWW-Authenticate")

# What caches may do (RFC 9111).
AGE = _seconds("Age")
CACHE_CONTROL: FieldType[CacheControl | None] = FieldType("Cache-Control", parse_cache_control, None, is_list=True)
EXPIRES = _date("Expires")
VARY: FieldType[Vary | None] = FieldType("Vary", parse_vary, None, is_list=True)
WARNING: FieldType[tuple[WarningValue, ...]] = FieldType("Warning", parse_warnings, (), format_list, is_list=True)

# The message, its way and those on it (RFC 9110, sections 6, 7 and 10; RFC 9112).
ALLOW: FieldType[Allow | None] = FieldType("Allow", parse_allow, None, is_list=True)
CONNECTION = _set("Connection")
DATE = _date("Date")
EXPECT = _set("Expect")
HOST: FieldType[Authority | None] = FieldType("Host", parse_host, None)
LOCATION = _uri("Location")
MAX_FORWARDS: FieldType[int | None] = FieldType("Max-Forwards", parse_number, None)
REFERER = _uri("Referer")
RETRY_AFTER: FieldType[int | datetime | None] = FieldType("Retry-After", parse_retry_after, None, format_moment)
SERVER = _products("Server")
TE: FieldType[tuple[AcceptedCoding, ...]] = FieldType("TE", parse_te, (), format_list, is_list=True)
TRAILER = _set("Trailer")
TRANSFER_ENCODING: FieldType[tuple[TransferCoding, ...] | None] = FieldType(
    "Transfer-Encoding", parse_transfer_codings, None, format_list, is_list=True
)
UPGRADE: FieldType[tuple[ProductToken, ...]] = FieldType("Upgrade", parse_upgrade, (), format_list, is_list=True)
USER_AGENT = _products("User-Agent")
VIA: FieldType[tuple[ReceivedBy, ...]] = FieldType("Via", parse_via, (), format_list, is_list=True)

FIELD_TYPES: Final[dict[str, FieldType[Any]]] = {
    value.name.lower(): value for value in list(globals().values()) if isinstance(value, FieldType)
}
"""All of them, by name in lower case."""
