"""`demotic serve`: says what is served and where, then runs granian until it is told to stop."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from demotic import __version__
from demotic.cli._address import Address
from demotic.cli._application import FORMER_PATH, SERVICE_PATH, Settings, application, handler_for
from demotic.cli._bodies import MOST_BODIES
from demotic.cli._errors import AddressNotUsable, exit_status, show
from demotic.cli._granian import call_directly
from demotic.cli._inspect import KEY_HINT, number_of_sets
from demotic.cli._samples import telling_query
from demotic.errors import DemoticError
from demotic.store import Store

STOP_WITHIN = 5
"""Seconds that requests under way have to end when the server is told to stop."""


def is_news(record: logging.LogRecord) -> bool:
    """Whether a warning of the server tells what we did not choose: the threads to spare are meant."""
    return "Configuration allows spawning" not in record.getMessage()


_TO_STDERR = {
    "filters": {"news": {"()": lambda: is_news}},
    "handlers": {
        "console": {
            "formatter": "generic",
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stderr",
            "filters": ["news"],
        }
    },
    "loggers": {"_granian": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}


def serve(settings: Settings, address: Address, *, workers: int) -> int:
    """Serve until SIGINT or SIGTERM; return the exit status.

    The store is opened here first: what is wrong with it is told once, by an exception, and not by every worker.
    """
    with settings.source.open() as store:
        handler_for(store, settings)  # what is wrong with users, keys and rules
        print(banner(store, settings, address), flush=True)
    try:
        _run(settings, address, workers)
    except (OSError, RuntimeError) as error:
        reason = str(error).partition("\n")[0]
        raise AddressNotUsable(f"the server cannot listen at {address.url}: {reason}") from error
    return 0


def _run(settings: Settings, address: Address, workers: int) -> None:
    server = Server(
        "demotic",
        address.ip,
        address.port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=settings.threads + _spare(settings, address),
        workers_kill_timeout=STOP_WITHIN,
        log_level=LogLevels.warning,
        log_dictconfig=_TO_STDERR,
    )
    server.serve(target_loader=partial(load, settings), wrap_loader=False)


def _spare(settings: Settings, address: Address) -> int:
    """Return the threads to spare for slow bodies.

    Python's threads get into each other's way: with 16 more of them an entity is read at half the speed. So there are
    none where only this machine can reach the server.
    """
    if settings.body_threads is not None:
        return settings.body_threads
    return 0 if address.is_local and settings.root_url is None else MOST_BODIES


def load(settings: Settings) -> Callable[..., Any]:
    """Return the application, in a worker process; one that cannot be built ends the process with a message."""
    _leave_interrupts_to_the_parent()
    call_directly(settings.body_timeout, max(settings.limits.body_length, settings.limits.media_length))
    try:
        return application(settings)
    except DemoticError as error:
        show(error)
        sys.exit(exit_status(error))


def _leave_interrupts_to_the_parent() -> None:
    """Let the parent alone decide on Ctrl-C, which a terminal sends to all processes of a command.

    A granian worker that is told to stop twice, by the terminal and by its parent, never does.
    """
    # Until the worker sets its own handler, the parent's (inherited) would swallow the order to stop.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def banner(store: Store, settings: Settings, address: Address) -> str:
    """Return what a person wants to know at the start: what is served, what is left out, and what to open."""
    container = store.model.container
    sets = list(container.sets.values()) if container is not None else []
    url = settings.root_url or address.url
    root = url + SERVICE_PATH
    links = [
        (url, "start page"),
        (root, "service document; the address for Excel, Power BI and others"),
        (f"{root}$metadata", "metadata"),
        (f"{root}{telling_query(sets)}", "an example query"),
        (url + FORMER_PATH, "the same in OData 2.0, for SAP UI5 and older tools"),
    ]
    lines = [f"Demotic {__version__} serves {settings.source.shown}, {_purpose(store, settings)}", ""]
    lines += _paragraph(f"{number_of_sets(sets)}: ", (item.name for item in sets))
    lines += [f"  left out: {name}: {reason}" for name, reason in store.left_out]
    lines += [f"  {KEY_HINT}"] if store.left_out else []
    lines += [f"  note: {name}: {text}" for name, text in store.notes]
    lines += ["", "Open", *(f"  {link}\n      {what}" for link, what in links), ""]
    if settings.root_url is not None:
        lines.append(f"It listens at {address.url} on this machine.")
    lines += _who(store, settings, address)
    lines.append("Ctrl-C stops the server.")
    return "\n".join(lines)


def _who(store: Store, settings: Settings, address: Address) -> list[str]:
    """Return who is let in, where that is worth knowing."""
    access, change = settings.access, " and change" * (not settings.read_only and not store.read_only)
    lines = []
    if access.rules is not None:
        lines.append(f"Who may do what stands in {access.rules}.")
    if not access.anonymous:
        lines.append("Only those are let in who say who they are.")
    elif not address.is_local:
        limits = ", as far as the rules let them" * (access.rules is not None)
        lines.append(f"Anyone who can reach this machine can read{change} this data{limits}.")
    if access.knows_people and not address.is_local and not (settings.root_url or "").startswith("https:"):
        lines.append("Passwords and tokens travel unencrypted: put a proxy in front that speaks HTTPS (--root-url).")
    return lines


def _purpose(store: Store, settings: Settings) -> str:
    if store.read_only:
        return "for reading"
    return "for reading" if settings.read_only else "for reading and writing (--read-only keeps it as it is)"


def _paragraph(start: str, names: Iterable[str]) -> list[str]:
    from textwrap import wrap

    width = min(os.get_terminal_size().columns, 120) if sys.stdout.isatty() else 120
    return wrap(start + ", ".join(names), width, initial_indent="  ", subsequent_indent="    ", break_long_words=False)
