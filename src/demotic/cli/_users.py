"""`demotic user`: who is in a file of users. Passwords are typed unseen, or come on standard input."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence
from pathlib import Path

from demotic.cli._errors import UsageFault
from demotic.errors import NotFound
from demotic.service.identity import User, Users, check_name, hash_password, read_users, write_users


def add_user(path: Path, name: str, roles: Sequence[str], claims: Sequence[str]) -> int:
    """Add a user to a file, which is made if it is not there, or give one that is there a new password."""
    check_name(name)
    given: dict[str, str | int | bool | tuple[str, ...]] = dict(map(_claim, claims))
    users = read_users(path) if path.exists() else Users()
    user = User(str(hash_password(_password())), tuple(dict.fromkeys(roles)), given)
    known = name in users.users
    write_users(path, Users({**users.users, name: user}))
    print(f"{'changed' if known else 'added'} {name} in {path}")
    return 0


def remove_user(path: Path, name: str) -> int:
    """Remove a user from a file."""
    users = read_users(path)
    if name not in users.users:
        raise NotFound(f"there is no user {name} in {path}", target=name)
    write_users(path, Users({who: user for who, user in users.users.items() if who != name}))
    print(f"removed {name} from {path}")
    return 0


def _claim(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise UsageFault(f"--claim {text!r} is no claim", hint="write NAME=VALUE, such as region=EU")
    return name, value


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != first:
        raise UsageFault("the two passwords are not the same", hint="nothing was changed; try again")
    return first
