"""Who is let in and what they may do, as said on the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from demotic.cli._errors import UsageFault
from demotic.errors import DemoticError, TooManyRequests, Unauthenticated
from demotic.service import Service
from demotic.syntax.http import Handler, Request, Response

if TYPE_CHECKING:
    from demotic.service.access import Speaker
    from demotic.service.identity import Authenticator


@dataclass(frozen=True, slots=True)
class Access:
    """Files and settings; plain values, so that they travel to worker processes."""

    users: str | None = None
    jwt_keys: str | None = None
    jwt_issuer: str | None = None
    jwt_audience: str | None = None
    jwt_leeway: float = 30.0
    jwt_name: str = "sub"
    jwt_roles: str = "roles"
    rules: str | None = None
    anonymous: bool = True

    @property
    def is_open(self) -> bool:
        """Whether everybody may do everything."""
        return self.anonymous and self.rules is None and not self.knows_people

    @property
    def knows_people(self) -> bool:
        """Whether there is a way to say who one is."""
        return self.users is not None or self.jwt_keys is not None

    def published(self, service: Service) -> Callable[[Callable[[Service], Speaker]], Handler]:
        """Return what publishes the service in a protocol. Raises `DemoticError` for files that cannot be used."""
        if self.is_open:
            return lambda speak: speak(service)
        from demotic.service.access import AccessControl, Guard, read_rules

        authenticators = self._authenticators(service.title)
        control = AccessControl(service, read_rules(Path(self.rules))) if self.rules is not None else None

        def guarded(speak: Callable[[Service], Speaker]) -> Handler:
            return Guard(speak, service, control=control, authenticators=authenticators, anonymous=self.anonymous)

        return guarded

    def _authenticators(self, realm: str) -> tuple[Authenticator, ...]:
        from demotic.service.identity import Basic, Bearer, TokenRules, read_keys

        found: list[Authenticator] = []
        realm = realm if realm.isascii() and realm.isprintable() else "Demotic"
        if self.users is not None:
            found.append(Basic(Path(self.users), realm=realm))
        if self.jwt_keys is not None:
            rules = TokenRules(self.jwt_issuer, self.jwt_audience, self.jwt_leeway, self.jwt_name, self.jwt_roles)
            found.append(Bearer(read_keys(Path(self.jwt_keys)), rules, realm=realm))
        return tuple(found)


OPEN = Access()
"""Everybody may do everything."""


class Page:
    """A page about a service as a protocol of its own: its errors are lines of text."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def __call__(self, request: Request) -> Response:
        """Answer a request."""
        return self._handler(request)

    def refuse(self, request: Request, error: DemoticError) -> Response:
        """Answer with an error."""
        body = f"{error}\n".encode()
        fields = [("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(body)))]
        if isinstance(error, Unauthenticated):
            fields += [("www-authenticate", challenge) for challenge in error.challenges]
        if isinstance(error, TooManyRequests):
            fields.append(("retry-after", str(error.wait)))
        return Response(error.status, fields, b"" if request.method == "HEAD" else body)


def ensure_meant(access: Access, *, allowed: bool | None, reachable: bool) -> None:
    """Raise `UsageFault` where a service is for anybody who reaches it, others can reach it, and nobody said so."""
    if access.jwt_keys is None and (access.jwt_issuer or access.jwt_audience):
        raise UsageFault("--jwt-issuer and --jwt-audience are about tokens", hint="give --jwt-keys too")
    if reachable and access.anonymous and allowed is None:
        raise UsageFault(
            "others can reach this address, and nothing says who may come in",
            hint="give --users or --jwt-keys, or say --allow-anonymous if the data is for everybody",
        )
