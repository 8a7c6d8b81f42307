"""Cookies (RFC 6265bis, which replaces RFC 6265): as servers set them, as clients keep them and send them back.

Servers make a `StrictCookie`. A `CookieStore` keeps what clients are given; which domains are public is told by a
`SuffixList`, of which `shipped_suffix_list()` is the real one (extra `cookies`). No input or output.
"""

from demotic.syntax.http.cookies._characters import (
    COOKIE_OCTETS,
    DATE_DELIMITERS,
    NON_DELIMITERS,
    NON_DIGITS,
)
from demotic.syntax.http.cookies._dates import (
    date_pieces,
    parse_cookie_date,
)
from demotic.syntax.http.cookies._domains import (
    domain_matches,
    is_a_label,
    is_ip_address,
    is_ldh_label,
    is_reserved_label,
    is_subdomain,
    split_domain,
)
from demotic.syntax.http.cookies._errors import (
    CookieRefused,
)
from demotic.syntax.http.cookies._kept_text import (
    dump_cookies,
    load_cookies,
)
from demotic.syntax.http.cookies._message import (
    keep_cookies,
    read_cookies,
    read_set_cookies,
    write_cookies,
    write_set_cookies,
)
from demotic.syntax.http.cookies._pairs import (
    format_cookies,
    parse_attribute_text,
    parse_cookies,
    parse_pair,
)
from demotic.syntax.http.cookies._parse import (
    MAX_ATTRIBUTE,
    MAX_PAIR,
    parse_set_cookie,
    parse_strict_set_cookie,
)
from demotic.syntax.http.cookies._set_cookie import (
    LONGEST_LIFE,
    SameSite,
    SetCookie,
    StrictCookie,
)
from demotic.syntax.http.cookies._store import (
    CookieLimits,
    CookieStore,
)
from demotic.syntax.http.cookies._stored import (
    Page,
    Site,
    StoredCookie,
    default_path,
    path_matches,
)
from demotic.syntax.http.cookies._suffix_tests import (
    suffix_mismatches,
)
from demotic.syntax.http.cookies._suffixes import (
    ALL_PUBLIC,
    SuffixList,
    shipped_suffix_list,
)

__all__ = [
    "ALL_PUBLIC",
    "COOKIE_OCTETS",
    "DATE_DELIMITERS",
    "LONGEST_LIFE",
    "MAX_ATTRIBUTE",
    "MAX_PAIR",
    "NON_DELIMITERS",
    "NON_DIGITS",
    "CookieLimits",
    "CookieRefused",
    "CookieStore",
    "Page",
    "SameSite",
    "SetCookie",
    "Site",
    "StoredCookie",
    "StrictCookie",
    "SuffixList",
    "date_pieces",
    "default_path",
    "domain_matches",
    "dump_cookies",
    "format_cookies",
    "is_a_label",
    "is_ip_address",
    "is_ldh_label",
    "is_reserved_label",
    "is_subdomain",
    "keep_cookies",
    "load_cookies",
    "parse_attribute_text",
    "parse_cookie_date",
    "parse_cookies",
    "parse_pair",
    "parse_set_cookie",
    "parse_strict_set_cookie",
    "path_matches",
    "read_cookies",
    "read_set_cookies",
    "shipped_suffix_list",
    "split_domain",
    "suffix_mismatches",
    "write_cookies",
    "write_set_cookies",
]
