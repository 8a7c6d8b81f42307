"""What can be wrong with a cookie.

CookieRefused          400  the cookie is well formed, but this page may not set it, or not so
"""

from __future__ import annotations

from demotic.errors import InvalidInput

__all__ = ["CookieRefused"]


class CookieRefused(InvalidInput):
    """A page may not set this cookie: for another domain, for a public one, or without what its name promises."""

    code = "CookieRefused"
