"""Bearer tokens (RFC 6750) that are signed JSON Web Tokens (RFC 7519, RFC 7515, RFC 8725).

The key decides on the algorithm, never the token alone: each kind of key verifies exactly one. What a token says about
itself only chooses among the keys at hand. Nothing is fetched from anywhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from demotic.errors import Unauthenticated
from demotic.service.identity._identity import Identity
from demotic.service.identity._keys import TokenKey, split_token
from demotic.syntax.http.authentication import AuthScheme, read_bearer

LONGEST_TOKEN: Final = 16_384
_NUMBERS: Final = ("exp", "nbf", "iat")


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What a token must say. ``issuer`` and ``audience`` are compared as they are; ``None`` asks for none.

    A token for some audience is not taken where no ``audience`` is stated. ``leeway`` is how many seconds clocks may
    differ by. ``name`` and ``roles`` are the claims that an identity's name and roles are in.
    """

    issuer: str | None = None
    audience: str | None = None
    leeway: float = 30.0
    name: str = "sub"
    roles: str = "roles"


class Bearer:
    """Identifies by signed tokens: ``keys`` verify them, see `read_keys`; ``now`` is the clock."""

    scheme = "Bearer"

    def __init__(
        self,
        keys: Sequence[TokenKey],
        rules: TokenRules | None = None,
        *,
        realm: str = "Demotic",
        now: Callable[[], float] = time.time,
    ) -> None:
        self._keys = tuple(keys)
        self._rules = rules or TokenRules()
        self._realm = realm
        self._now = now

    def challenge(self, *, failed: bool) -> AuthScheme:
        """Return what asks for a token (RFC 6750, section 3)."""
        error = (("error", "invalid_token"),) if failed else ()
        return AuthScheme("Bearer", parameters=(("realm", self._realm), *error))

    def identify(self, credentials: AuthScheme) -> Identity:
        """Return whose token it is. Raises Unauthenticated, saying what is wrong with it."""
        token = read_bearer(credentials)
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated(f"the token is longer than {LONGEST_TOKEN} characters")
        header, payload, signed, signature = split_token(token)
        if "crit" in header or header.get("b64", True) is not True:
            raise Unauthenticated("the token asks for what is not understood here", hint="its header has crit or b64")
        if not any(key.verifies(header, signed, signature) for key in self._keys):
            raise Unauthenticated("the token is not signed by a key that is known here")
        return self._identity(self._checked(payload))

    def _checked(self, payload: bytes) -> dict[str, Any]:
        """Return the claims. Raises Unauthenticated for a token that is not for here, or not for now."""
        try:
            claims = msgspec.json.decode(payload, type=dict[str, Any])
        except msgspec.MsgspecError:
            raise Unauthenticated("the token has no claims") from None
        rules, now = self._rules, self._now()
        for name in _NUMBERS:
            value = claims.get(name, 0)
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise Unauthenticated(f"the token's {name} is no time")
        if "exp" not in claims:
            raise Unauthenticated("the token never expires, which is not taken", hint="it needs an exp claim")
        if claims["exp"] + rules.leeway <= now:
            raise Unauthenticated("the token has expired")
        if claims.get("nbf", 0) - rules.leeway > now:
            raise Unauthenticated("the token is not valid yet")
        if rules.issuer is not None and claims.get("iss") != rules.issuer:
            raise Unauthenticated("the token is of another issuer")
        audience = claims.get("aud")
        named = audience if isinstance(audience, list) else [] if audience is None else [audience]
        if (rules.audience is not None or named) and rules.audience not in named:
            raise Unauthenticated("the token is for another audience")
        return claims

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        name = claims.get(self._rules.name)
        if not isinstance(name, str) or not name:
            raise Unauthenticated(f"the token names nobody: it has no {self._rules.name}")
        return Identity(name, frozenset(_texts(claims.get(self._rules.roles))), dict(claims))


def _texts(value: object) -> list[str]:
    """Return roles, which are a list, or words in one text as scopes are (RFC 8693, section 4.2)."""
    if isinstance(value, str):
        return value.split()
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
