"""The file systems that the tests of behaviour run on: each obeys the same ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from demotic.files import FileSystem, local_files, memory_files


def _local(folder: Path) -> FileSystem:
    (folder / "root").mkdir()
    return local_files(folder / "root")


def _part_of_memory(folder: Path) -> FileSystem:
    whole = memory_files()
    whole.path("/part/of/it").make_folders()
    return whole.rooted("/part/of/it")


def _part_of_all(folder: Path) -> FileSystem:
    return local_files().rooted(str(folder))


SYSTEMS: dict[str, Callable[[Path], FileSystem]] = {
    "local": _local,
    "memory": lambda folder: memory_files(),
    "part of memory": _part_of_memory,
    "part of all local files": _part_of_all,
}


@pytest.fixture(params=SYSTEMS)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FileSystem]:
    """An empty file system of each kind."""
    with SYSTEMS[request.param](tmp_path) as system:
        yield system
