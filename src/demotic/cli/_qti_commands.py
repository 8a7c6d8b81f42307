"""`demotic qti check | info | convert`: the arguments and help texts; what they do stands in `_qti`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

qti_app = typer.Typer(
    name="qti", help="Check, describe and convert items and tests of QTI, in files, folders and packages.",
    no_args_is_help=True,
)  # fmt: skip


class QtiFormat(StrEnum):
    """What the commands write."""

    TEXT = "text"
    JSON = "json"


class LeastSeverity(StrEnum):
    """The least severity that `demotic qti check` shows."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


Bank = Annotated[str, typer.Argument(metavar="BANK", help="A document, a folder, a package (folder or archive)")]
Form = Annotated[QtiFormat, typer.Option("--format", "-f", help="What to write")]


@qti_app.command()
def check(
    bank: Bank,
    form: Form = QtiFormat.TEXT,
    severity: Annotated[LeastSeverity, typer.Option("--severity", help="Leave out what is less severe")] = (
        LeastSeverity.WARNING
    ),
    schema: Annotated[
        list[Path] | None, typer.Option("--schema", help="An XML Schema to check by as well, for the version it is of")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as errors in the exit status")] = False,
) -> int:
    """Check items and tests: form, variables, expressions, interactions, feedback, branches, files.

    \b
    Examples:
      demotic qti check item.xml
      demotic qti check bank/ --severity error
      demotic qti check exam.zip --format json --schema imsqti_v2p2.xsd

    Exit status: 0 no errors, 1 errors were found, 2 there is no such bank.
    """
    from demotic.cli._qti import check as run

    return run(bank, form.value, severity.value, schema or [], strict=strict)


@qti_app.command()
def info(bank: Bank, form: Form = QtiFormat.TEXT) -> int:
    """Show what a bank holds: documents, versions, interactions of each kind.

    \b
    Example:
      demotic qti info bank/
    """
    from demotic.cli._qti import info as run

    return run(bank, form.value)


@qti_app.command()
def convert(
    bank: Bank,
    target: Annotated[
        Path, typer.Argument(metavar="TARGET", help="A package to write (a zip), or an .xml for one document")
    ],
    to: Annotated[str, typer.Option("--to", help="The version to write: 2.1, 2.2 or 3.0")] = "3.0",
    losses: Annotated[
        Path | None, typer.Option("--losses", help="Write the report of losses as JSON to this file")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is already there")] = False,
) -> int:
    """Convert QTI 1.2, 2.x or 3.0 to another version, with media and metadata; all that is not as it was is told.

    \b
    Examples:
      demotic qti convert old-bank.zip new-bank.zip --to 3.0
      demotic qti convert item.xml item21.xml --to 2.1
      demotic qti convert bank/ bank.zip --to 2.2 --losses report.json

    Exit status: 0 converted, 1 some files could not be read, 2 nothing was converted.
    """
    from demotic.cli._qti import convert as run

    return run(bank, target, to, losses, force=force)
