"""Where the data comes from, as said on the command line: a database's URL or file, and what of it is published."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from demotic.cli._errors import UsageFault

if TYPE_CHECKING:
    from demotic.store import Store

_SECRET = re.compile(r"(?<=://)([^:/@]*):.*(?=@)")


@dataclass(frozen=True, slots=True)
class Source:
    """A database and what of it is published; plain values, so that it travels to worker processes.

    ``include`` and ``exclude`` are patterns of table names; ``view_keys`` names the key columns of views;
    ``time_limit`` is how many seconds a query may take, ``None`` for as long as it wants; ``model`` names what is
    published in place of what reflection finds (see `read_model`).
    """

    url: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    view_keys: tuple[tuple[str, tuple[str, ...]], ...] = ()
    time_limit: float | None = None
    model: str | None = None

    @property
    def shown(self) -> str:
        """The URL without the password in it."""
        return _SECRET.sub(r"\1:…", self.url)

    @property
    def name(self) -> str:
        """A short name: the file's or database's, without folder and suffix."""
        return Path(self.url.partition("?")[0]).stem or self.shown

    def open(self) -> Store:
        """Open the store: a database, or a folder. Raises `DemoticError` if there is none, or nothing to publish."""
        if Path(self.url).is_dir():
            return self._folder()
        from demotic.store.sql import open_store

        keys = {view: list(columns) for view, columns in self.view_keys}
        limit = inf if self.time_limit is None else self.time_limit
        if self.model is None:
            return open_store(self.url, include=self.include, exclude=self.exclude, view_keys=keys, time_limit=limit)
        if self.include or self.exclude or keys:
            raise UsageFault("--model says what is published", hint="leave out --include, --exclude and --key")
        from demotic.cli._definition import read_model

        return open_store(self.url, model=read_model(self.model), time_limit=limit)

    def _folder(self) -> Store:
        from demotic.store.files import folder_store

        if self.include or self.exclude or self.view_keys or self.model:
            raise UsageFault("a folder has no tables", hint="leave out --include, --exclude, --key and --model")
        return folder_store(self.url)


def source(
    url: str, include: Sequence[str], exclude: Sequence[str], keys: Sequence[str], model: str | None = None
) -> Source:
    """Return the source that options describe.

    Raises `UsageFault` if a key is not written ``View=column,column``, or names a column twice, or the view has two.
    """
    pairs = [_view_key(text) for text in keys]
    views = [view for view, _ in pairs]
    for view in views:
        if views.count(view) > 1:
            raise UsageFault(f"--key states the key of {view} twice", hint="name all its columns in one: View=col,col")
    return Source(url, tuple(include), tuple(exclude), tuple(pairs), model=model)


def _view_key(text: str) -> tuple[str, tuple[str, ...]]:
    view, equals, columns = text.partition("=")
    names = tuple(column.strip() for column in columns.split(","))
    if not (view.strip() and equals and all(names)):
        raise UsageFault(
            f"--key {text!r} states no key", hint="write the view, an equals sign and its columns: View=col,col"
        )
    for name in names:
        if names.count(name) > 1:
            raise UsageFault(f"--key {text!r} names {name} twice", hint="name each column once")
    return view.strip(), names
