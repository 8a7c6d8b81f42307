"""The entry point: runs a command, and turns whatever goes wrong into a message and an exit status, never a trace."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

from demotic.cli._errors import BAD_INPUT, FAULT, INTERRUPTED, MissingExtra, UsageFault, exit_status, of_system, show
from demotic.errors import DemoticError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line with ``arguments`` (those of the process if not given) and return the exit status.

    0 means done, 1 that nothing was found, 2 that the input is wrong, 3 that the fault is ours, 130 an interruption.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    # Taken out here, so that it may stand anywhere: it is about all commands, even about reading their arguments.
    debug = "--debug" in given
    try:
        return _run([argument for argument in given if argument != "--debug"])
    except BrokenPipeError:
        # The reader of our output has left (`demotic query … | head`): nothing is wrong, and nobody to tell it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        if debug:
            traceback.print_exc()
        return _tell(error)


def _run(arguments: list[str]) -> int:
    try:
        from demotic.cli._commands import run
    except ModuleNotFoundError as error:
        raise missing_extra(error) from error
    status = run(arguments)
    sys.stdout.flush()
    return status


def missing_extra(error: ModuleNotFoundError) -> DemoticError:
    """Return the error that says which extra brings a module; an error of our own source is passed on."""
    if error.name is None or error.name.partition(".")[0] == "demotic":
        raise error
    return MissingExtra(
        f"the library {error.name} is not installed",
        # No name for an index: what is called so there may be somebody else's.
        hint="install Demotic with its extra 'serve', e.g. pip install '.[serve]' in a clone",
    )


def _tell(error: Exception) -> int:
    if isinstance(error, ModuleNotFoundError) and (error.name or "demotic").partition(".")[0] != "demotic":
        error = missing_extra(error)
    if isinstance(error, OSError):
        error = of_system(error) or error
    if isinstance(error, DemoticError):
        show(error)
        return exit_status(error)
    # The argument parser's errors have no public class of their own in every version: this is what they have in common.
    describe = getattr(error, "format_message", None)
    if describe is not None:
        if type(error).__name__ == "NoArgsIsHelpError":  # a command with nothing to do: its help is the whole message
            print(describe(), file=sys.stderr)
            return BAD_INPUT
        show(UsageFault(describe(), hint=_help_for(error)))
        return BAD_INPUT
    print(f"error: unexpected {type(error).__name__}: {error}", file=sys.stderr)
    print("hint: this is a fault of ours; --debug shows where it happened", file=sys.stderr)
    return FAULT


def _help_for(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "demotic"
    return f"`{command} --help` shows what there is"
