"""Conversations with a cache answered by Deferreds: the third driver, beside those for threads and tasks.

All of it runs in the reactor's thread. A cache in memory answers at once; a backend with a client of its own for
Twisted answers by Deferreds; any other is asked in a thread of the reactor's pool.
"""

from __future__ import annotations

import logging
from collections.abc import Generator
from typing import Any

from twisted.internet.defer import Deferred, inlineCallbacks, maybeDeferred, succeed
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread

from demotic.cache._conversation import Ask, Conversation, Pause, Request, Run, Spawn, Wait
from demotic.cache.backends import Backend
from demotic.cache.fills._flight import Flight
from demotic.cache.twisted._reactor import the_reactor

__all__ = ["drive"]

_log = logging.getLogger("demotic.cache")


@inlineCallbacks
def drive(conversation: Conversation[Any], backend: Backend) -> Generator[Any, Any, Any]:
    """Run a conversation; the Deferred brings its result."""
    answer: Any = None
    error: BaseException | None = None
    try:
        while True:
            request = conversation.throw(error) if error is not None else conversation.send(answer)
            answer, error = None, None
            try:
                answer = yield _answer(request, backend)
            except BaseException as raised:
                error = raised
    except StopIteration as stop:
        return stop.value


def _answer(request: Request, backend: Backend) -> Deferred[Any]:
    match request:
        case Ask(verb, args):
            return _ask(backend, verb, args)
        case Run(call):
            return maybeDeferred(call)
        case Wait(flight, seconds):
            return _landed(flight, seconds)
        case Pause(seconds):
            return deferLater(the_reactor(), seconds, lambda: None)
        case Spawn(again):
            drive(again(), backend).addErrback(_tell)
            return succeed(None)


def _ask(backend: Backend, verb: str, args: tuple[Any, ...]) -> Deferred[Any]:
    own = getattr(backend, "ask_deferred", None)
    if own is not None:
        return maybeDeferred(own, verb, *args)
    ask = maybeDeferred if not backend.shared else deferToThread
    return ask(backend.ask, verb, *args)


def _landed(flight: Flight, seconds: float) -> Deferred[bool]:
    """Return a Deferred that tells whether a flight has landed within so many seconds."""
    reactor = the_reactor()
    done: Deferred[bool] = Deferred()
    timeout = reactor.callLater(seconds, lambda: done.callback(False))

    def land() -> None:
        if not done.called:
            timeout.cancel()
            done.callback(True)

    # Whoever leads may be a thread, of a function that is cached for threads.
    flight.when_landed(lambda: reactor.callFromThread(land))
    return done


def _tell(failure: Any) -> None:
    _log.error("a refresh in the background failed: %s", failure.getErrorMessage())
