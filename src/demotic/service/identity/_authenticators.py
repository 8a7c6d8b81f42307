"""From the Authorization field of a request to who is asking. RFC 9110, section 11.

An authenticator knows one scheme. They are asked in their order; the first of the scheme at hand decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from demotic.errors import SyntaxFault, Unauthenticated
from demotic.service.identity._identity import ANONYMOUS, Identity
from demotic.syntax.http.authentication import AuthScheme, parse_credentials


class Authenticator(Protocol):
    """Finds out who is asking, by one scheme."""

    scheme: str
    """Its name, such as ``Basic``."""

    def challenge(self, *, failed: bool) -> AuthScheme:
        """Return what asks for credentials; ``failed`` says that there were some, which did not do."""

    def identify(self, credentials: AuthScheme) -> Identity:
        """Return whose the credentials are. Raises Unauthenticated or SyntaxFault if they are nobody's."""


def identify(field: str | None, authenticators: Sequence[Authenticator], *, anonymous: bool) -> Identity:
    """Return who sent an Authorization field, `ANONYMOUS` for none if that is allowed.

    Raises Unauthenticated, with the challenges of all authenticators.
    """
    if field is None:
        if anonymous:
            return ANONYMOUS
        raise unauthenticated("this service answers only those it knows", authenticators, failed=False)
    try:
        credentials = parse_credentials(field)
        for authenticator in authenticators:
            if credentials.is_scheme(authenticator.scheme):
                return authenticator.identify(credentials)
    except SyntaxFault:
        raise unauthenticated("the Authorization field cannot be read", authenticators, failed=True) from None
    except Unauthenticated as refusal:
        raise unauthenticated(refusal.message, authenticators, failed=True) from None
    raise unauthenticated(f"credentials of the scheme {credentials.scheme} are not taken", authenticators, failed=True)


def unauthenticated(message: str, authenticators: Sequence[Authenticator], *, failed: bool) -> Unauthenticated:
    """Return, for raising, the error that asks for credentials."""
    return Unauthenticated(message, challenges=tuple(str(item.challenge(failed=failed)) for item in authenticators))
