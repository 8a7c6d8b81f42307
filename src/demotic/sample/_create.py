"""Writes the sample shop into a new SQLite file. What is in it stands in `schema.sql` and `_rows`."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from importlib import resources
from pathlib import Path

from demotic.errors import InvalidInput
from demotic.sample._rows import tables


class SampleNotWritten(InvalidInput):
    """The sample database cannot be written where it was asked for."""

    code = "SampleNotWritten"


def create(path: str | os.PathLike[str], *, replace: bool = False) -> Path:
    """Write the sample shop, a SQLite database with the same rows every time, and return its path.

    A file that is already there is left alone unless `replace` is true. The file appears whole or not at all, so that
    a server on the old one never sees half a shop.

    Raises `SampleNotWritten` if there is such a file, or a folder of that name, or no such folder around it, or that
    folder cannot be written.
    """
    target = Path(path)
    if target.is_dir():
        raise SampleNotWritten(
            f"{target} is a folder", target=str(target), hint=f"name a file, such as {target / 'shop.db'}"
        )
    if target.exists() and not replace:
        raise SampleNotWritten(f"{target} already exists", target=str(target), hint="delete it or ask to replace it")
    unfinished = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        _write(unfinished)
        unfinished.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise SampleNotWritten(f"{target} cannot be written: {error}", target=str(target)) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return target


def _write(path: Path) -> None:
    schema = resources.files("demotic.sample").joinpath("schema.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(path)) as db:
        db.executescript(f"PRAGMA foreign_keys = ON; BEGIN; {schema}")
        for table, rows in tables():
            slots = ", ".join("?" * len(rows[0]))
            db.executemany(f'INSERT INTO "{table}" VALUES ({slots})', rows)
        db.execute("ANALYZE")
        db.commit()
