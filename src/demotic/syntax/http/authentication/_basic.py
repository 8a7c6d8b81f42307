"""The schemes whose credentials are one token: Basic (RFC 7617) and Bearer (RFC 6750)."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from typing import Final

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http.authentication._challenge import AuthScheme

__all__ = ["basic_challenge", "basic_credentials", "bearer_credentials", "read_basic", "read_bearer"]

_UNUSABLE: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def basic_challenge(realm: str) -> AuthScheme:
    """Return the challenge that asks for a user's name and password, in UTF-8."""
    return AuthScheme("Basic", parameters=(("realm", realm), ("charset", "UTF-8")))


def basic_credentials(user: str, password: str) -> AuthScheme:
    """Return the credentials for a name and a password.

    Raises `InvalidInput` for a name with a colon, and for control characters (RFC 7617, section 2).
    """
    if ":" in user:
        raise InvalidInput("the name of a user in Basic credentials has no colon")
    if _UNUSABLE.search(user + password):
        raise InvalidInput("Basic credentials have no control characters, and no halves of surrogate pairs")
    return AuthScheme("Basic", b64encode(f"{user}:{password}".encode()).decode())


def read_basic(credentials: AuthScheme) -> tuple[str, str]:
    """Return name and password; bytes that are no UTF-8 are taken for Latin-1.

    Raises `SyntaxFault` for credentials of another scheme, or that are not name and password in base64.
    """
    text = credentials.token or ""
    try:
        raw = b64decode(text, validate=True)
    except binascii.Error:
        raw = b""
    user, colon, password = _decoded(raw).partition(":")
    if not credentials.is_scheme("Basic") or not colon:
        raise SyntaxFault("Basic credentials: a name, a colon and a password in base64", credentials.scheme, 0)
    return user, password


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def bearer_credentials(token: str) -> AuthScheme:
    """Return the credentials that are a token. Raises `InvalidInput` for characters that no token has."""
    return AuthScheme("Bearer", token)


def read_bearer(credentials: AuthScheme) -> str:
    """Return the token. Raises `SyntaxFault` for credentials of another scheme or form."""
    if not credentials.is_scheme("Bearer") or credentials.token is None:
        raise SyntaxFault("Bearer credentials: a token", credentials.scheme, 0)
    return credentials.token
