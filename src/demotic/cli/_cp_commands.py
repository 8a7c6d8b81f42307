"""`demotic cp list | check | add | rm | make | zip`: the arguments and help texts; what they do stands in `_cp`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

cp_app = typer.Typer(
    name="cp", help="Look into, check, change and pack content packages (IMS CP, QTI, Common Cartridge).",
    no_args_is_help=True,
)  # fmt: skip


class ListFormat(StrEnum):
    """What `demotic cp list` writes."""

    TEXT = "text"
    JSON = "json"


class Least(StrEnum):
    """The least severity that `demotic cp check` shows."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


Package = Annotated[
    str, typer.Argument(metavar="PACKAGE", help="A folder, a zip archive, an imsmanifest.xml, or a URL of one")
]
Names = list[str]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is already there")]


@cp_app.command("list")
def list_(
    package: Package,
    form: Annotated[ListFormat, typer.Option("--format", "-f", help="What to write")] = ListFormat.TEXT,
) -> int:
    """Show what is in a package: organizations, resources, files, what is missing and what nothing names.

    \b
    Examples:
      demotic cp list course.imscc
      demotic cp list course/ --format json
    """
    from demotic.cli._cp import show

    return show(package, form.value)


@cp_app.command()
def check(
    packages: Annotated[Names, typer.Argument(metavar="PACKAGE...", help="Folders, archives or manifests")],
    form: Annotated[ListFormat, typer.Option("--format", "-f", help="What to write")] = ListFormat.TEXT,
    severity: Annotated[Least, typer.Option("--severity", help="Leave out what is less severe")] = Least.INFO,
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as errors in the exit status")] = False,
    schema: Annotated[
        Path | None, typer.Option("--schema", metavar="XSD", help="Hold manifests against this XML Schema as well")
    ] = None,
) -> int:
    """Check packages: references, identifiers, names, types, structure, and whether an archive is safe.

    \b
    Examples:
      demotic cp check course.imscc
      demotic cp check bank/*.zip --severity error --format json
      demotic cp check course/ --schema imscp_v1p1.xsd

    Exit status: 0 no errors, 1 errors were found, 2 there is no such package.
    """
    from demotic.cli._cp import check as run

    return run(packages, form.value, severity.value, strict=strict, schema=schema)


@cp_app.command()
def add(
    package: Package,
    files: Annotated[Names, typer.Argument(metavar="FILE...", help="Files to copy in, or folders with all they hold")],
    to: Annotated[str, typer.Option("--to", metavar="FOLDER", help="The folder in the package")] = "",
    resource: Annotated[
        str | None, typer.Option("--resource", metavar="ID", help="Name them in this resource [default: a new one]")
    ] = None,
    kind: Annotated[str, typer.Option("--type", help="The type of a new resource")] = "webcontent",
    replace: Annotated[bool, typer.Option("--replace", help="Replace files that are there already")] = False,
) -> int:
    """Copy files into a package, and name them in its manifest.

    \b
    Examples:
      demotic cp add course/ picture.png --resource R1 --to images
      demotic cp add bank.zip item.xml --type imsqti_item_xmlv2p1
    """
    from demotic.cli._cp import add as run

    return run(package, files, to=to, resource=resource, kind=kind, replace=replace)


@cp_app.command()
def rm(
    package: Package,
    paths: Annotated[Names | None, typer.Argument(metavar="[PATH]...", help="Files, by their paths in it")] = None,
    resource: Annotated[
        Names | None, typer.Option("--resource", metavar="ID", help="A resource, with files of its own; repeatable")
    ] = None,
    keep_files: Annotated[bool, typer.Option("--keep-files", help="Leave the files of the resources there")] = False,
) -> int:
    """Remove files and resources from a package, with all that refers to them in the manifest.

    \b
    Examples:
      demotic cp rm course/ images/old.png
      demotic cp rm bank.zip --resource ITEM-7
    """
    from demotic.cli._cp import remove

    return remove(package, paths or [], resource or [], keep_files=keep_files)


@cp_app.command()
def make(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file to begin with, such as an HTML page")],
    target: Annotated[str, typer.Argument(metavar="TARGET", help="The zip archive to write")],
    force: Force = False,
) -> int:
    """Make a package of a file and of all that lies beside and below it, as one resource.

    If the archive is there already, you are asked.

    \b
    Example:
      demotic cp make lesson/index.html lesson.zip
    """
    from demotic.cli._cp import make as run

    return run(file, target, replace=force)


@cp_app.command("zip")
def zip_(
    package: Package,
    target: Annotated[str, typer.Argument(metavar="TARGET", help="The zip archive to write")],
    force: Force = False,
) -> int:
    """Pack a package: the manifest first, all files in order; the same package gives the same bytes.

    \b
    Example:
      demotic cp zip course/ course.zip
    """
    from demotic.cli._cp import pack

    return pack(package, target, replace=force)
