"""What a conversation with a cache asks for, and the two that answer: one for threads, one for tasks.

Whatever takes more than one step (a fill with its lease, an invalidation, a look at several versions) is written once,
as a generator that yields these requests and receives the answers. `drive` runs it in a thread, `drive_async` in a
task; an adapter for another world (Twisted's Deferreds) is a third such function.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from demotic.cache.backends._interface import Backend
    from demotic.cache.fills._flight import Flight

T = TypeVar("T")


class Ask(NamedTuple):
    """Ask the backend: the name of a verb and its arguments. `CacheUnreachable` is thrown in if it does not answer."""

    verb: str
    args: tuple[Any, ...] = ()


class Run(NamedTuple):
    """Run the function; its result is the answer, its exception is thrown in."""

    call: Callable[[], Any]


class Wait(NamedTuple):
    """Wait until a flight has landed, or ``seconds`` have passed; the answer says whether it has."""

    flight: Flight
    seconds: float


class Pause(NamedTuple):
    """Wait for so many seconds."""

    seconds: float


class Spawn(NamedTuple):
    """Run another conversation in the background; the answer comes at once."""

    conversation: Callable[[], Conversation[Any]]


Request = Ask | Run | Wait | Pause | Spawn
Conversation = Generator[Request, Any, T]


def drive(conversation: Conversation[T], backend: Backend) -> T:
    """Run a conversation in this thread."""
    answer: Any = None
    error: BaseException | None = None
    try:
        while True:
            request = conversation.throw(error) if error is not None else conversation.send(answer)
            answer, error = None, None
            try:
                answer = _answer(request, backend)
            except BaseException as raised:
                error = raised
    except StopIteration as stop:
        result: T = stop.value
        return result


def _answer(request: Request, backend: Backend) -> Any:
    match request:
        case Ask(verb, args):
            return backend.ask(verb, *args)
        case Run(call):
            return call()
        case Wait(flight, seconds):
            return flight.wait(seconds)
        case Pause(seconds):
            return time.sleep(seconds)
        case Spawn(conversation):
            from demotic.cache.fills._background import in_thread

            return in_thread(lambda: drive(conversation(), backend))


async def drive_async(conversation: Conversation[T], backend: Backend) -> T:
    """Run a conversation in this task."""
    answer: Any = None
    error: BaseException | None = None
    try:
        while True:
            request = conversation.throw(error) if error is not None else conversation.send(answer)
            answer, error = None, None
            try:
                answer = await _answer_async(request, backend)
            except BaseException as raised:
                error = raised
    except StopIteration as stop:
        result: T = stop.value
        return result


async def _answer_async(request: Request, backend: Backend) -> Any:
    match request:
        case Ask(verb, args):
            return await backend.ask_async(verb, *args)
        case Run(call):
            result = call()
            return await result if isinstance(result, Awaitable) else result
        case Wait(flight, seconds):
            return await flight.wait_async(seconds)
        case Pause(seconds):
            from asyncio import sleep

            return await sleep(seconds)
        case Spawn(conversation):
            from demotic.cache.fills._background import in_task

            return in_task(drive_async(conversation(), backend))
