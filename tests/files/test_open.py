"""File systems by address: what fsspec reaches, and file URLs; and paths for programs that must not wait."""

from __future__ import annotations

import asyncio
import io
import os
import tarfile
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.tar import TarFileSystem

from demotic.files import (
    AsyncPath,
    NoSuchFile,
    NotAFolder,
    NotOffered,
    OutsideRoot,
    ReadOnlyFiles,
    UnsafePath,
    local_files,
    memory_files,
    open_files,
    path_of_uri,
    path_of_url,
    wrap,
)
from demotic.syntax.uri import NotAPath, file_uri, parse_uri


@pytest.mark.spec("VFS-020")
@pytest.mark.feature("F-FILES-17")
def test_an_address_opens_what_fsspec_reaches(tmp_path: Path) -> None:
    (tmp_path / "a b").mkdir()
    for address in (str(tmp_path / "a b"), (tmp_path / "a b").as_uri()):
        open_files(address).path("/x").write_text("X")
        assert (tmp_path / "a b" / "x").read_text() == "X"
        with pytest.raises(ReadOnlyFiles):
            open_files(address, read_only=True).path("/x").remove()
    shared = open_files("memory://demotic-test/part")
    shared.path("/x").write_text("X")
    try:
        assert fsspec.filesystem("memory").cat_file("/demotic-test/part/x") == b"X"
        assert shared.root.children() == ["/x"]
        assert shared.name == "memory"
        with pytest.raises(OutsideRoot):
            shared.path("../x").exists()
    finally:
        fsspec.filesystem("memory").rm("/demotic-test", recursive=True)
    with pytest.raises(NoSuchFile):
        open_files(str(tmp_path / "none"))
    (tmp_path / "file").write_text("")
    with pytest.raises(NotAFolder):
        open_files(str(tmp_path / "file"))
    with pytest.raises(ValueError, match="nosuch"):
        open_files("nosuch://x")
    with pytest.raises(NotAPath):
        open_files("file://other/x")


@pytest.mark.feature("F-FILES-17")
def test_any_file_system_of_the_library_gets_the_same_paths_and_checks(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as packed:
        for name in ("folder/b.txt", "c.txt"):
            entry = tarfile.TarInfo(name)
            entry.size = 3
            packed.addfile(entry, io.BytesIO(b"abc"))
    tar = TarFileSystem(str(tmp_path / "a.tar"))
    try:
        files = wrap(tar, name="tape", read_only=True)
        assert files.root.children() == ["/c.txt", "/folder"]
        assert files.path("folder/b.txt").read_text() == "abc"
        assert [path.text for path in wrap(tar, "folder").root.children()] == ["/b.txt"]
        assert str(files.path("c.txt").uri) == "file://tape/c.txt"
        with pytest.raises(OutsideRoot):
            wrap(tar, "folder").path("../c.txt").read_text()
        with pytest.raises(NotOffered, match="no path of the operating system"):
            os.fspath(files.path("c.txt"))
        with pytest.raises(NotOffered, match="cannot be treated so"):
            wrap(tar).path("new").write_text("x")
    finally:
        tar.fo.close()


@pytest.mark.feature("F-FILES-17")
def test_no_name_is_taken_for_a_pattern_where_the_library_does_so() -> None:
    memory = fsspec.filesystem("memory", skip_instance_cache=True)
    memory.store, memory.pseudo_dirs = {}, [""]
    files = wrap(memory, names="native")
    for name in ("/[ab]/x", "/a/x", "/b/x", "/a*", "/ab"):
        files.path(name).parent.make_folders()
        files.path(name).write_text(name)
    files.path("/[ab]").move_to(files.path("/c"))
    files.path("/a*").move_to(files.path("/d"))
    files.path("/[ab]").make_folder().joined("y").write_text("y")
    files.path("/[ab]").remove_tree()
    found = {path.text: path.read_text() for path in files.root.glob("**/**") if path.is_file()}
    assert found == {"/a/x": "/a/x", "/ab": "/ab", "/b/x": "/b/x", "/c/x": "/[ab]/x", "/d": "/a*"}
    with pytest.raises(NotOffered):
        files.rename(files.path("/d"), files.path("/e"))


@pytest.mark.spec("URI-021", "URI-022", "VFS-003")
@pytest.mark.feature("F-FILES-13")
def test_the_host_of_a_file_url_chooses_the_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup, local = memory_files(name="Backup"), local_files(tmp_path)
    backup.path("/a b").write_text("B")
    local.path("/x").write_text("X")
    systems = {"Backup": backup, "": local}
    assert path_of_uri("file://backup/a%20b", systems).read_text() == "B"
    assert path_of_uri(backup.path("/a b").uri, systems) == backup.path("/a b")
    assert path_of_uri(local.path("/x").uri, systems) == local.path("/x")
    assert path_of_uri(file_uri(str(tmp_path / "x"))).read_text() == "X"
    assert path_of_uri(parse_uri((tmp_path / "x").as_uri()).replace(authority="localhost")).read_text() == "X"
    assert path_of_uri("file:///x", {"": backup}) == backup.path("/x")
    monkeypatch.chdir(tmp_path)
    assert str(local_files().path("x").uri) == (tmp_path / "x").as_uri()
    with pytest.raises(OutsideRoot):
        path_of_uri("file:///etc/passwd", systems)
    with pytest.raises(OutsideRoot):
        path_of_uri((tmp_path / "../secret").as_posix().join(["file://", ""]), systems)
    for wrong in ("http://backup/a", "file://other/a", "file://backup/a%2Fb", "a"):
        with pytest.raises(NotAPath):
            path_of_uri(wrong, systems)
    with pytest.raises(OutsideRoot):
        backup.path("../x").uri  # noqa: B018


@pytest.mark.feature("F-FILES-20")
def test_an_address_leads_to_one_file(tmp_path: Path) -> None:
    place = tmp_path / "a b.txt"
    for address in (str(place), place.as_uri(), f"{place}"):
        path = path_of_url(address)
        path.write_text("X")
        assert (path.text, path.system.root.children()) == ("/a b.txt", ["/a b.txt"])
    with tarfile.open(tmp_path / "t.tar", "w") as packed:
        packed.add(place, "in/a.txt")
    path = path_of_url(f"tar://in/a.txt::file://{tmp_path}/t.tar")
    assert (path.read_text(), path.text) == ("X", "/a.txt")
    assert not path_of_url(str(tmp_path / "none")).exists()


@pytest.mark.spec("VFS-020")
@pytest.mark.feature("F-FILES-18")
def test_paths_for_programs_that_must_not_wait(tmp_path: Path) -> None:
    async def use() -> list[object]:
        files, other = local_files(tmp_path), memory_files()
        folder = await AsyncPath(files.path("/a")).make_folders()
        path = AsyncPath(folder / "b")
        written = [await path.write_text("Ü"), await path.write_bytes(b"BB")]
        read = [await path.read_text(), await path.read_bytes(), (await path.stat()).size, await path.exists()]
        found = [await AsyncPath(folder).children(), await AsyncPath(files.root).glob("**")]
        copied = [await path.copy_to(other.path("/c")), await path.move_to(files.path("/d"))]
        await AsyncPath(files.path("/d")).remove()
        await AsyncPath(folder).remove_tree()
        with pytest.raises(NoSuchFile):
            await path.read_bytes()
        with pytest.raises(UnsafePath):
            await AsyncPath(files.path("../x")).exists()
        walked = await path.run(list, files.root.walk())
        return [*written, *read, *found, *copied, walked]

    assert asyncio.run(use()) == [
        2, 2, "BB", b"BB", 2, True, ["/a/b"], ["/a", "/a/b"], "/c", "/d", [("/", [], [])]
    ]  # fmt: skip
