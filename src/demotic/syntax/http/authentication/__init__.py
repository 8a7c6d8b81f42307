"""Authentication fields as values (RFC 9110, section 11): challenges, credentials, Basic and Bearer."""

from demotic.syntax.http.authentication._basic import (
    basic_challenge,
    basic_credentials,
    bearer_credentials,
    read_basic,
    read_bearer,
)
from demotic.syntax.http.authentication._challenge import (
    AuthScheme,
    parse_authentication_info,
    parse_challenges,
    parse_credentials,
)

__all__ = [
    "AuthScheme",
    "basic_challenge",
    "basic_credentials",
    "bearer_credentials",
    "parse_authentication_info",
    "parse_challenges",
    "parse_credentials",
    "read_basic",
    "read_bearer",
]
