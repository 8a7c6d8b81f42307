"""Files for programs that must not wait: `AsyncPath` does in a thread what `FilePath` does."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from demotic.files._info import FileInfo
from demotic.files._path import FilePath

__all__ = ["AsyncPath"]

P = ParamSpec("P")
T = TypeVar("T")


class AsyncPath:
    """The methods of `path` that ask the file system, each to be awaited; `path` itself says the rest.

    >>> import asyncio
    >>> from demotic.files import memory_files
    >>> asyncio.run(AsyncPath(memory_files().path("/a")).write_text("A"))
    1
    """

    __slots__ = ("path",)

    def __init__(self, path: FilePath) -> None:
        self.path = path

    async def run(self, call: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Call anything in a thread: `await p.run(list, p.path.walk())`."""
        from asyncio import to_thread  # not every program that reads files has a loop

        return await to_thread(call, *args, **named)

    async def stat(self) -> FileInfo:
        """See `FilePath.stat`."""
        return await self.run(self.path.stat)

    async def exists(self) -> bool:
        """See `FilePath.exists`."""
        return await self.run(self.path.exists)

    async def children(self) -> list[FilePath]:
        """See `FilePath.children`."""
        return await self.run(self.path.children)

    async def glob(self, pattern: str) -> list[FilePath]:
        """See `FilePath.glob`; all that matches, as a list."""
        return await self.run(lambda: [*self.path.glob(pattern)])

    async def read_bytes(self) -> bytes:
        """See `FilePath.read_bytes`."""
        return await self.run(self.path.read_bytes)

    async def read_text(self, encoding: str = "utf-8") -> str:
        """See `FilePath.read_text`."""
        return await self.run(self.path.read_text, encoding)

    async def write_bytes(self, data: bytes) -> int:
        """See `FilePath.write_bytes`."""
        return await self.run(self.path.write_bytes, data)

    async def write_text(self, text: str, encoding: str = "utf-8") -> int:
        """See `FilePath.write_text`."""
        return await self.run(self.path.write_text, text, encoding)

    async def make_folders(self, *, exist_ok: bool = True) -> FilePath:
        """See `FilePath.make_folders`."""
        return await self.run(lambda: self.path.make_folders(exist_ok=exist_ok))

    async def copy_to(self, target: FilePath, *, replace: bool = False) -> FilePath:
        """See `FilePath.copy_to`."""
        return await self.run(lambda: self.path.copy_to(target, replace=replace))

    async def move_to(self, target: FilePath, *, replace: bool = False) -> FilePath:
        """See `FilePath.move_to`."""
        return await self.run(lambda: self.path.move_to(target, replace=replace))

    async def remove(self) -> None:
        """See `FilePath.remove`."""
        await self.run(self.path.remove)

    async def remove_tree(self, *, ignore_errors: bool = False) -> None:
        """See `FilePath.remove_tree`."""
        await self.run(lambda: self.path.remove_tree(ignore_errors=ignore_errors))
