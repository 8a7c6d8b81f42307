"""The command line's own errors, and how any error is shown to a person."""

from __future__ import annotations

import sys

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


def show(error: DemoticError) -> None:
    """Print an error for a person: what is wrong, the place where there is one, and what to do instead."""
    print(f"error: {error.message}", file=sys.stderr)
    place = error.caret() if isinstance(error, SyntaxFault) else getattr(error, "place", None)
    if place:
        print("\n".join(f"  {line}" for line in place.splitlines()), file=sys.stderr)
    for detail in error.details:
        print(f"  {detail.message}", file=sys.stderr)
    if error.hint:
        print(f"hint: {error.hint}", file=sys.stderr)
