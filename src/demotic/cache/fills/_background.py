"""Refreshes behind the callers' back: in threads of their own, or in tasks of the event loop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from demotic.cache._log import log

if TYPE_CHECKING:
    import asyncio

_MOST_THREADS = 8
_threads: set[threading.Thread] = set()
_tasks: set[asyncio.Task[Any]] = set()
_room = threading.BoundedSemaphore(_MOST_THREADS)


def in_thread(work: Callable[[], object]) -> bool:
    """Run work in a thread of its own, unless enough of them run already; return whether it runs."""
    if not _room.acquire(blocking=False):
        return False

    def run() -> None:
        try:
            work()
        except Exception:
            log().exception("a refresh in the background failed")
        finally:
            _room.release()
            _threads.discard(threading.current_thread())

    thread = threading.Thread(target=run, name="demotic-cache-refresh", daemon=True)
    _threads.add(thread)
    thread.start()
    return True


def in_task(work: Coroutine[Any, Any, object]) -> None:
    """Run work in a task of the running event loop."""
    import asyncio

    task = asyncio.get_running_loop().create_task(work)
    _tasks.add(task)
    task.add_done_callback(_done)


def _done(task: asyncio.Task[Any]) -> None:
    _tasks.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        log().error("a refresh in the background failed", exc_info=error)


def wait_for_refreshes(seconds: float = 60.0) -> bool:
    """Wait until the refreshes in threads have ended; return whether they have."""
    end = time.monotonic() + seconds
    for thread in list(_threads):
        thread.join(max(0.0, end - time.monotonic()))
    return not any(thread.is_alive() for thread in list(_threads))


async def wait_for_refreshes_async() -> None:
    """Wait until the refreshes in tasks of this event loop have ended."""
    import asyncio

    loop = asyncio.get_running_loop()
    mine = [task for task in _tasks if task.get_loop() is loop]
    if mine:
        await asyncio.wait(mine)
