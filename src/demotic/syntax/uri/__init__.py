"""URIs: immutable values that keep their text; resolution and its inverse, normal forms, percent-coding."""

from demotic.syntax.uri._authority import Authority, split_authority
from demotic.syntax.uri._errors import InvalidURI, NoReference, NotAPath, URIFault
from demotic.syntax.uri._iri import IRI, host_to_ascii, host_to_unicode, parse_iri, uri_to_iri
from demotic.syntax.uri._normal import Level
from demotic.syntax.uri._paths import join_path, normalize_segments, remove_dot_segments, split_path
from demotic.syntax.uri._percent import (
    PATH_SEGMENT,
    QUERY_NAME,
    QUERY_VALUE,
    UNRESERVED,
    encode_illegal,
    encode_non_ascii,
    percent_decode,
    percent_decode_bytes,
    percent_encode,
    percent_normalize,
)
from demotic.syntax.uri._profiles import RFC1738, RFC2396, RFC2732, RFC3986, Profile
from demotic.syntax.uri._query import format_query, parse_query
from demotic.syntax.uri._scan import find_uris, uri_length
from demotic.syntax.uri._uri import URI, parse_uri, register_scheme
from demotic.syntax.uri.schemes import (
    URN,
    DataURI,
    FileURI,
    HttpURI,
    ServerURI,
    data_uri,
    file_uri,
    http_uri,
    make_urn,
)

__all__ = [
    "IRI",
    "PATH_SEGMENT",
    "QUERY_NAME",
    "QUERY_VALUE",
    "RFC1738",
    "RFC2396",
    "RFC2732",
    "RFC3986",
    "UNRESERVED",
    "URI",
    "URN",
    "Authority",
    "DataURI",
    "FileURI",
    "HttpURI",
    "InvalidURI",
    "Level",
    "NoReference",
    "NotAPath",
    "Profile",
    "ServerURI",
    "URIFault",
    "data_uri",
    "encode_illegal",
    "encode_non_ascii",
    "file_uri",
    "find_uris",
    "format_query",
    "host_to_ascii",
    "host_to_unicode",
    "http_uri",
    "join_path",
    "make_urn",
    "normalize_segments",
    "parse_iri",
    "parse_query",
    "parse_uri",
    "percent_decode",
    "percent_decode_bytes",
    "percent_encode",
    "percent_normalize",
    "register_scheme",
    "remove_dot_segments",
    "split_authority",
    "split_path",
    "uri_length",
    "uri_to_iri",
]
