"""The commands about a file of users, their arguments and their help texts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

user_app = typer.Typer(name="user", help="Keep a file of users, for `demotic serve --users`.", rich_markup_mode=None)

UsersFile = Annotated[Path, typer.Argument(metavar="FILE", help="The file of users")]


@user_app.command("add")
def user_add(
    file: UsersFile,
    name: Annotated[str, typer.Argument(help="The user's name")],
    role: Annotated[list[str] | None, typer.Option(help="A role that the user has; repeatable")] = None,
    claim: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="What rules may ask as $user/NAME; repeatable")
    ] = None,
) -> int:
    """Add a user, or give one that is there a new password and these roles.

    The password is typed, or the first line of standard input; the file keeps a hash of it only.

    \b
    Example:
      demotic user add users.json ann --role clerk --claim region=EU
    """
    from demotic.cli._users import add_user

    return add_user(file, name, role or (), claim or ())


@user_app.command("remove")
def user_remove(file: UsersFile, name: Annotated[str, typer.Argument(help="The user's name")]) -> int:
    """Remove a user."""
    from demotic.cli._users import remove_user

    return remove_user(file, name)
