"""The command line's own errors, and how any error is shown to a person."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demotic.errors import DemoticError, InvalidInput, SyntaxFault, Unavailable, Unsupported


class UsageFault(InvalidInput):
    """The command line is not one that this program understands."""

    code = "UsageFault"


class AddressNotUsable(Unavailable):
    """The server cannot listen at the address it was given."""

    code = "AddressNotUsable"


class MissingExtra(Unsupported):
    """The libraries for this job are not installed."""

    code = "MissingExtra"


class RequestRefused(DemoticError):
    """A request made in this process was answered with an error; ``answered`` is its status, ``place`` shows where."""

    code = "RequestRefused"

    def __init__(self, message: str, *, answered: int, place: str | None = None) -> None:
        super().__init__(message)
        self.answered = answered
        self.place = place


OK = 0
NOTHING_FOUND = 1
BAD_INPUT = 2
FAULT = 3
INTERRUPTED = 130


def exit_status(error: DemoticError) -> int:
    """Return the exit status that tells scripts whose fault an error is: 1 nothing there, 2 the input, 3 ours.

    Nothing is "there" in what was asked of a database; a database that is not there itself is wrong input.
    """
    if isinstance(error, RequestRefused):
        return NOTHING_FOUND if error.answered == 404 else BAD_INPUT if _is_callers(error.answered) else FAULT
    return BAD_INPUT if _is_callers(error.status) or isinstance(error, AddressNotUsable) else FAULT


def _is_callers(status: int) -> bool:
    # 501 means that it is not offered, so the caller must ask something else.
    return status < 500 or status == 501


@contextmanager
def about(file: str | Path) -> Iterator[None]:
    """Let errors of what is done within say which file they are about."""
    try:
        yield
    except DemoticError as error:
        if str(file) not in error.message:
            error.message = f"{file}: {error.message}"
        raise


def check_target(target: str | Path) -> None:
    """Raise `UsageFault` where no file can be written, before any work is done for it."""
    folder = Path(target).absolute().parent
    if not folder.is_dir():
        raise UsageFault(f"{target} cannot be written: there is no folder {folder}", target=str(target))
    if Path(target).is_dir():
        raise UsageFault(f"{target} is a folder", target=str(target), hint="name a file")


def of_system(error: OSError) -> DemoticError | None:
    """Return the error for what the system says of a file that the caller named; none for what is our fault."""
    if error.filename is None or not error.strerror:
        return None
    return UsageFault(f"{os.fsdecode(error.filename)}: {error.strerror}", target=os.fsdecode(error.filename))


def safe(line: str) -> str:
    """Return a line without what could draw on a terminal: names and texts may come out of anybody's file."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in line)


def show(error: DemoticError) -> None:
    """Print an error for a person: what is wrong, the place where there is one, and what to do instead."""
    print(f"error: {_safe_lines(error.message)}", file=sys.stderr)
    place = error.caret() if isinstance(error, SyntaxFault) else getattr(error, "place", None)
    if place:
        print("\n".join(f"  {safe(line)}" for line in place.splitlines()), file=sys.stderr)
    for detail in error.details:
        print(f"  {_safe_lines(detail.message)}", file=sys.stderr)
    if error.hint:
        print(f"hint: {_safe_lines(error.hint)}", file=sys.stderr)


def _safe_lines(text: str) -> str:
    return "\n".join(safe(line) for line in text.split("\n"))
