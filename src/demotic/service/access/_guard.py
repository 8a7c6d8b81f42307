"""The guard before a protocol: finds out who is asking, and answers with the service as they may see it.

It knows no protocol. What it refuses itself, the protocol says in its own form. Whoever is anonymous and may not do
something is asked who they are instead.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Final, Protocol

from demotic.errors import DemoticError
from demotic.service._service import Service
from demotic.service.access._control import MOST_SIGHTS, AccessControl
from demotic.service.identity import Authenticator, Identity, act_as, act_as_before, identify, unauthenticated
from demotic.syntax.http import Request, Response

_REMEMBERED: Final = 256
_VARY: Final = ("vary", "Authorization")


class Speaker(Protocol):
    """A protocol over one service."""

    def __call__(self, request: Request) -> Response:
        """Answer a request."""

    def refuse(self, request: Request, error: DemoticError) -> Response:
        """Answer with an error that was found before the request came to the protocol."""


class Guard:
    """A handler that lets in whom ``authenticators`` know, and with ``anonymous`` anybody.

    ``speak`` makes a protocol of a service. ``control`` holds access rules; without them everybody who is let in sees
    all of ``service``.
    """

    def __init__(
        self,
        speak: Callable[[Service], Speaker],
        service: Service,
        *,
        control: AccessControl | None = None,
        authenticators: Sequence[Authenticator] = (),
        anonymous: bool = True,
    ) -> None:
        self._speak = speak
        self._service = service
        self._control = control
        self._authenticators = tuple(authenticators)
        self._anonymous = anonymous
        self._refusing = speak(service)
        self._speakers: OrderedDict[int, tuple[Service, Speaker]] = OrderedDict()
        # By the identity that is kept with it, so that its id means the same as long.
        self._known: dict[int, tuple[Identity, Speaker]] = {}
        self._lock = Lock()

    def __call__(self, request: Request) -> Response:
        """Answer a request, for whom it comes from."""
        field = request.fields.get("authorization") if self._authenticators else None
        try:
            identity = identify(field, self._authenticators, anonymous=self._anonymous)
            known = self._known.get(id(identity))
            speaker = known[1] if known is not None else self._met(identity)
            token = act_as(identity)
            try:
                response = speaker(request)
            finally:
                act_as_before(token)
            if response.status == 403 and self._authenticators and not identity.is_known:
                raise unauthenticated("this takes somebody who is known", self._authenticators, failed=False)
        except DemoticError as error:
            response = self._refusing.refuse(request, error)
        if self._authenticators:
            response.fields.append(_VARY)
        return response

    def _met(self, identity: Identity) -> Speaker:
        """Return the protocol for somebody, and remember it as long as there are not too many to remember."""
        speaker = self._speaker(self._seen_by(identity))
        with self._lock:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[id(identity)] = (identity, speaker)
        return speaker

    def _seen_by(self, identity: Identity) -> Service:
        return self._service if self._control is None else self._control.service_for(identity)

    def _speaker(self, service: Service) -> Speaker:
        """Return the protocol over a service, which is kept with it, so that its id means the same as long."""
        with self._lock:
            found = self._speakers.get(id(service))
            if found is not None:
                self._speakers.move_to_end(id(service))
                return found[1]
        speaker = self._speak(service)
        with self._lock:
            self._speakers[id(service)] = (service, speaker)
            if len(self._speakers) > MOST_SIGHTS:
                self._speakers.popitem(last=False)
        return speaker
