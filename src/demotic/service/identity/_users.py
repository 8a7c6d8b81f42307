"""A file of users: JSON, ``{"users": {"ann": {"password": "$scrypt$…", "roles": ["clerk"], "claims": {…}}}}``.

It is written whole, beside and then in place of the old one, and readable by its owner alone.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import msgspec

from demotic.errors import InvalidInput, NotFound
from demotic.service.identity._passwords import PasswordHash, read_hash


class UsersFault(InvalidInput):
    """A file of users cannot be used as it is."""

    code = "UsersFault"


class User(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A user as the file has it: the hash of a password, roles, and further claims."""

    password: str
    roles: tuple[str, ...] = ()
    claims: dict[str, str | int | bool | tuple[str, ...]] = {}

    @property
    def hash(self) -> PasswordHash:
        """The password's hash."""
        return read_hash(self.password)


class Users(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All users, by name."""

    users: dict[str, User] = {}


def read_users(path: Path) -> Users:
    """Read a file of users. Raises NotFound, or `UsersFault` with the place of what is wrong."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Users)
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", target=str(path), hint="`demotic user add` makes one") from None
    except OSError as error:
        raise UsersFault(f"{path} cannot be read: {error.strerror}", target=str(path)) from None
    except msgspec.MsgspecError as error:
        raise UsersFault(f"{path}: {error}", target=str(path), hint="`demotic user add` writes it rightly") from None
    for name, user in found.users.items():
        check_name(name)
        try:
            read_hash(user.password)
        except InvalidInput as fault:
            raise UsersFault(f"{path}: the password of {name}: {fault.message}", hint=fault.hint) from None
    return found


def write_users(path: Path, users: Users) -> None:
    """Write a file of users, for its owner alone to read."""
    text = msgspec.json.format(msgspec.json.encode(users), indent=2) + b"\n"
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise UsersFault(f"{path} cannot be written: {error.strerror}", target=str(path)) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError as error:
        with suppress(OSError):
            Path(name).unlink()
        raise UsersFault(f"{path} cannot be written: {error.strerror}", target=str(path)) from None


def check_name(name: str) -> None:
    """Raise `UsersFault` for a name that Basic credentials cannot carry (RFC 7617, section 2)."""
    if not name or ":" in name or not name.isprintable():
        raise UsersFault(f"{name!r} cannot be the name of a user", hint="it has no colon and no control characters")
