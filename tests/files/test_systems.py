"""What every file system does the same, whatever lies below."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demotic.errors import DemoticError, InvalidInput
from demotic.files import (
    FileExists,
    FilePath,
    FileSystem,
    FolderNotEmpty,
    IsAFolder,
    NoSuchFile,
    NotAFolder,
    OutsideRoot,
    ReadOnlyFiles,
    UnportableName,
    UnsafePath,
    memory_files,
)

HOSTILE = json.loads((Path(__file__).parent / "cases" / "hostile_paths.json").read_text("utf-8"))["paths"]
OUTCOMES = {"outside": OutsideRoot, "unsafe": UnsafePath, "unportable": UnportableName, "no folder": NoSuchFile}


def _outcome(error: Exception) -> str:
    return next(word for word, fault in OUTCOMES.items() if isinstance(error, fault))


@pytest.mark.spec("VFS-012", "VFS-013", "VFS-020")
@pytest.mark.feature("F-FILES-01")
def test_a_file_is_written_read_and_told_of(files: FileSystem) -> None:
    path = files.path("/note.txt")
    assert (path.exists(), path.is_file(), path.is_folder()) == (False, False, False)
    assert path.write_text("Grüße\r\n") == 9
    assert path.read_bytes() == "Grüße\r\n".encode()
    assert path.read_text() == "Grüße\r\n"
    assert (path.exists(), path.is_file(), path.is_folder()) == (True, True, False)
    info = path.stat()
    assert (info.kind, info.size, info.is_link) == ("file", 9, False)
    assert info.modified is not None
    assert abs(info.modified - datetime.now(UTC)) < timedelta(days=1)
    assert files.root.stat().kind == "folder"


@pytest.mark.spec("VFS-013")
@pytest.mark.feature("F-FILES-01")
def test_a_file_is_opened_as_python_opens_files(files: FileSystem) -> None:
    path = files.path("note.txt")
    with path.open("w", encoding="utf-16", newline="\r\n") as file:
        file.write("ü\n")
    assert path.read_bytes() == "ü\r\n".encode("utf-16")
    with path.open(encoding="utf-16") as file:
        assert list(file) == ["ü\n"]
    with path.open("wb") as file:
        file.write(b"abc")
    with path.open("ab") as file:
        file.write(b"def")
    with path.open("r+b") as file:
        file.seek(1)
        file.write(b"X")
    with path.open("rb") as file, path.open("rb") as other:
        assert (file.read(2), other.read(), file.read()) == (b"aX", b"aXcdef", b"cdef")
    with pytest.raises(FileExists):
        path.open("x")
    with files.path("new").open("xt") as file:
        file.write("new")
    assert files.path("new").read_text() == "new"
    for mode in ("", "q", "rw", "bt", "rbt", "r++", "bb"):
        with pytest.raises(InvalidInput, match="there is no mode"):
            path.open(mode)


def test_what_cannot_be_opened_says_why(files: FileSystem) -> None:
    files.path("/folder").make_folder()
    files.path("/file").write_bytes(b"")
    for path, mode, fault in (
        ("/none", "r", NoSuchFile),
        ("/none", "r+", NoSuchFile),
        ("/folder", "r", IsAFolder),
        ("/folder", "w", IsAFolder),
        ("/file/", "r", IsAFolder),
        ("/none/file", "w", NoSuchFile),
        ("/file/below", "w", NotAFolder),
        ("/", "w", IsAFolder),
    ):
        with pytest.raises(fault) as caught:
            files.path(path).open(mode)
        assert isinstance(caught.value, DemoticError)
        assert repr(path) in caught.value.message
    with pytest.raises(OSError):
        files.path("/none").read_bytes()


@pytest.mark.spec("VFS-020")
@pytest.mark.feature("F-FILES-02")
def test_a_file_is_replaced_as_a_whole_or_not_at_all(files: FileSystem) -> None:
    path = files.path("/a")
    path.write_text("old")
    with path.replacing() as file:
        file.write(b"new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    with pytest.raises(ZeroDivisionError), path.replacing() as file:
        file.write(b"half")
        raise ZeroDivisionError
    assert path.read_text() == "new"
    assert files.root.children() == ["/a"]


@pytest.mark.spec("VFS-015", "VFS-016", "VFS-017")
@pytest.mark.feature("F-FILES-03")
def test_folders_are_made_listed_walked_and_removed(files: FileSystem) -> None:
    files.path("/a/b/c").make_folders()
    for name in ("a/2", "a/1", "a/b/3", "z"):
        files.path(name).write_bytes(b"")
    assert files.path("/a").children() == ["/a/1", "/a/2", "/a/b"]
    assert files.path("a").children() == ["a/1", "a/2", "a/b"]
    walked = list(files.root.walk())
    assert walked == [
        ("/", ["/a"], ["/z"]),
        ("/a", ["/a/b"], ["/a/1", "/a/2"]),
        ("/a/b", ["/a/b/c"], ["/a/b/3"]),
        ("/a/b/c", [], []),
    ]
    assert {type(path) for folder, folders, inner in walked for path in (folder, *folders, *inner)} == {FilePath}
    pruned = []
    for folder, folders, _ in files.root.walk():
        pruned.append(folder)
        folders.clear()
    assert pruned == ["/"]
    files.path("/a").remove_tree()
    assert files.root.children() == ["/z"]
    with pytest.raises(NotAFolder):
        files.path("/z").remove_tree()
    files.path("/z").remove_tree(ignore_errors=True)
    files.path("/none").remove_tree(ignore_errors=True)
    files.path("/x/y").make_folders()
    files.root.remove_tree()
    assert files.root.children() == []


@pytest.mark.spec("VFS-016")
@pytest.mark.feature("F-FILES-03")
def test_a_folder_is_made_once(files: FileSystem) -> None:
    path = files.path("/a/")
    assert path.make_folder() is path
    for there in ("/a", "/a/"):
        with pytest.raises(FileExists) as caught:
            files.path(there).make_folder()
        assert isinstance(caught.value, OSError)
    files.path("/f").write_bytes(b"")
    with pytest.raises(OSError):
        files.path("/f").make_folder()
    with pytest.raises(FileExists):
        files.path("/f").make_folders()
    with pytest.raises((NotAFolder, FileExists)):
        files.path("/f/g").make_folders()
    with pytest.raises(NoSuchFile):
        files.path("/n/m").make_folder()
    assert files.path("/a").make_folders() == "/a"
    with pytest.raises(FileExists):
        files.path("/a").make_folders(exist_ok=False)


def test_only_what_fits_is_removed(files: FileSystem) -> None:
    files.path("/a").make_folder().joined("f").write_bytes(b"")
    for call, fault in (
        (files.path("/a").remove, IsAFolder),
        (files.path("/a").remove_folder, FolderNotEmpty),
        (files.path("/a/f").remove_folder, NotAFolder),
        (files.path("/none").remove, NoSuchFile),
        (files.path("/none").remove_folder, NoSuchFile),
        (files.path("/none").children, NoSuchFile),
        (files.path("/a/f").children, NotAFolder),
        (files.path("/none").stat, NoSuchFile),
    ):
        with pytest.raises(fault):
            call()
    files.path("/a/f").remove()
    files.path("/a").remove_folder()
    with pytest.raises(UnsafePath, match="the root"):
        files.path("/x/..").remove_folder()
    assert files.path("/d" * 400).make_folders().is_folder()
    files.path("/d").remove_tree()
    assert files.root.children() == []


@pytest.mark.spec("VFS-014")
@pytest.mark.feature("F-FILES-04")
def test_files_are_copied_and_moved(files: FileSystem) -> None:
    files.path("/folder").make_folder()
    source = files.path("/a")
    source.write_text("A")
    assert source.copy_to(files.path("/b")) == "/b"
    assert source.copy_to(files.path("/folder")) == "/folder/a"
    with pytest.raises(FileExists, match="replace=True"):
        source.copy_to(files.path("/b"))
    files.path("/b").write_text("B")
    assert source.copy_to(files.path("/b"), replace=True).read_text() == "A"
    with pytest.raises(FileExists, match="onto itself"):
        source.copy_to(files.path("/x/../a"), replace=True)
    with pytest.raises(FileExists):
        source.move_to(files.path("/b"))
    with pytest.raises(IsAFolder):
        files.path("/folder").copy_to(files.path("/c"))
    assert source.move_to(files.path("/c")) == "/c"
    assert files.path("/c").move_to(files.path("/b"), replace=True).read_text() == "A"
    assert files.path("/folder").move_to(files.path("/moved")).children() == ["/moved/a"]
    assert files.root.children() == ["/b", "/moved"]
    with pytest.raises(UnsafePath):
        files.path("/moved").move_to(files.path("/moved/inner"))
    with pytest.raises(NoSuchFile):
        source.copy_to(files.path("/d"))
    with pytest.raises(NoSuchFile):
        source.move_to(files.path("/d"))
    with pytest.raises(NoSuchFile):
        files.path("/b").move_to(files.path("/none/b"))
    assert files.root.children() == ["/b", "/moved"]


@pytest.mark.spec("VFS-014")
@pytest.mark.feature("F-FILES-04")
def test_copies_and_moves_lead_to_other_file_systems(files: FileSystem) -> None:
    files.path("/t/u").make_folders().joined("a").write_text("A")
    other = memory_files(name="other")
    assert files.path("/t/u/a").copy_to(other.path("/a")).read_text() == "A"
    assert [str(path) for path in files.path("t").copy_tree_to(other.path("/t")).glob("**")] == ["/t/u", "/t/u/a"]
    with pytest.raises(FileExists):
        files.path("t").copy_tree_to(other.path("/t"))
    files.path("t").copy_tree_to(other.path("/t"), replace=True)
    with pytest.raises(UnsafePath):
        files.path("t").copy_tree_to(files.path("/t/u/v"))
    assert files.path("/t").move_to(other.path("/moved")) == other.path("/moved")
    assert other.path("/moved/u/a").move_to(files.path("/back")).read_text() == "A"
    assert files.root.children() == ["/back"]
    assert other.path("/moved/u").children() == []


@pytest.mark.spec("VFS-007")
@pytest.mark.feature("F-FILES-05")
def test_a_temporary_folder_is_new_and_the_callers_to_remove(files: FileSystem) -> None:
    one = files.root.make_temporary_folder(prefix="p-", suffix=".d")
    other = files.root.make_temporary_folder(prefix="p-", suffix=".d")
    assert one != other
    assert one.is_folder()
    assert one.name.startswith("p-")
    assert one.extension == ".d"
    with files.root.temporary_folder() as folder:
        (folder / "x").write_bytes(b"x")
    assert not folder.exists()
    assert sorted(files.root.children()) == sorted([one, other])
    with pytest.raises(UnsafePath):
        files.root.make_temporary_folder(prefix="../")


@pytest.mark.spec("VFS-020")
@pytest.mark.feature("F-FILES-06")
@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*", ["/[x]", "/a", "/b.txt"]),
        ("*.txt", ["/b.txt"]),
        ("?", ["/a"]),
        ("[[]x]", ["/[x]"]),
        ("a/*.txt", ["/a/c.txt"]),
        ("*/*", ["/a/c.txt", "/a/d"]),
        ("**/*.txt", ["/b.txt", "/a/c.txt", "/a/d/e.txt"]),
        ("a/**", ["/a/c.txt", "/a/d", "/a/d/e.txt"]),
        ("**/d/*", ["/a/d/e.txt"]),
        ("none", []),
    ],
)
def test_patterns_find_paths(files: FileSystem, pattern: str, found: list[str]) -> None:
    files.path("/a/d").make_folders()
    for name in ("/[x]", "/b.txt", "/a/c.txt", "/a/d/e.txt"):
        files.path(name).write_bytes(b"")
    assert list(files.root.glob(pattern)) == found
    assert [path.text for path in files.path("a").glob("*.txt")] == ["a/c.txt"]
    for wrong in ("", "/a", "../*", "a//b", "."):
        with pytest.raises(UnsafePath):
            list(files.root.glob(wrong))


@pytest.mark.spec("VFS-020")
@pytest.mark.feature("F-FILES-07")
@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: ascii(case["path"]))
def test_no_path_leaves_the_root_or_is_something_else(files: FileSystem, case: dict[str, str]) -> None:
    path = files.path(case["path"])
    with pytest.raises((UnsafePath, NoSuchFile)) as read:
        path.read_bytes()
    assert _outcome(read.value) == ("no folder" if case["read"] == "fine" else case["read"])
    for make in (lambda: path.write_bytes(b""), lambda: path.open("wb").close(), path.make_folder):
        if case["make"] == "fine":
            make()
            (path.remove_folder if path.is_folder() else path.remove)()
        else:
            with pytest.raises(DemoticError) as made:
                make()
            assert _outcome(made.value) == case["make"]
    assert files.root.children() == []


@pytest.mark.spec("VFS-020")
@pytest.mark.feature("F-FILES-08")
@pytest.mark.parametrize(
    ("there", "new"),
    [("Read.me", "README"), ("a.TXT", "A.txt"), ("straße", "STRASSE"), ("\u00e9", "e\u0301"), ("\u212b", "\u00e5")],
)
def test_a_new_name_does_not_collide_with_one_that_is_there(files: FileSystem, there: str, new: str) -> None:
    new = there.upper() if new == "README" else new
    files.path(there).write_text("1")
    for make in (lambda: files.path(new).write_text("2"), files.path(new).make_folder):
        with pytest.raises(UnportableName, match="collides with"):
            make()
    with pytest.raises(UnportableName):
        files.path(there).move_to(files.path(new))
    files.path(there).write_text("3")
    assert files.root.children() == [f"/{there}"]
    files.path(there).remove()
    files.path(new).write_text("4")
    assert files.root.children() == [f"/{new}"]


@pytest.mark.spec("VFS-006", "VFS-010")
def test_relative_paths_begin_in_the_working_folder(files: FileSystem) -> None:
    assert files.working_folder == files.root == "/"
    files.path("/a/b").make_folders()
    moved = files.at("/a").at("b")
    assert moved.working_folder == "/a/b"
    moved.path("c").write_text("C")
    assert files.path("/a/b/c").read_text() == moved.path("../b/c").read_text() == "C"
    assert moved.path("../x/./y").absolute() == "/a/x/y"
    assert moved.path("c") == files.path("c"), "a path is a text and a file system"
    with pytest.raises(OutsideRoot):
        moved.path("../../../x").exists()
    for folder, fault in (("/none", NoSuchFile), ("/a/b/c", NotAFolder), ("..", OutsideRoot)):
        with pytest.raises(fault):
            files.at(folder).root  # noqa: B018


@pytest.mark.spec("VFS-020")
@pytest.mark.feature("F-FILES-09")
def test_a_part_of_a_file_system_is_one_of_its_own(files: FileSystem) -> None:
    files.path("/a/b").make_folders()
    files.path("/secret").write_text("S")
    part = files.rooted("a/b")
    part.path("/x").write_text("X")
    assert files.path("/a/b/x").read_text() == "X"
    for path in ("../../secret", "/../x"):
        with pytest.raises(OutsideRoot):
            part.path(path).read_text()
    assert not part.path("/secret").exists()
    assert part.path("x") != files.path("x")
    with pytest.raises(TypeError, match="another file system"):
        files.path("/").joined(part.path("x"))
    with pytest.raises(NotAFolder):
        files.rooted("/secret")
    with pytest.raises(NoSuchFile):
        files.rooted("/none")


@pytest.mark.spec("VFS-020")
@pytest.mark.feature("F-FILES-09")
def test_a_file_system_for_reading_only_refuses_to_be_changed(files: FileSystem) -> None:
    files.path("/a").make_folder().joined("f").write_text("F")
    reading = files.read_only()
    assert reading.path("/a/f").read_text() == "F"
    path = reading.path("/a/f")
    for change in (
        lambda: path.write_text("x"),
        lambda: path.open("ab"),
        lambda: path.open("r+"),
        lambda: path.replacing().__enter__(),
        path.remove,
        reading.path("/b").make_folder,
        reading.path("/a").remove_folder,
        reading.path("/a").remove_tree,
        lambda: path.move_to(reading.path("/g")),
        lambda: path.copy_to(reading.path("/g")),
        lambda: reading.rooted("/a").path("g").write_text(""),
        lambda: reading.at("/a").path("g").write_text(""),
    ):
        with pytest.raises(ReadOnlyFiles) as caught:
            change()
        assert isinstance(caught.value, PermissionError)
    assert [path.text for path in files.root.glob("**")] == ["/a", "/a/f"]


def test_what_a_foreign_text_names_stays_below_a_folder(files: FileSystem) -> None:
    folder = files.path("/package")
    assert folder.below("item/../q.xml") == "/package/q.xml"
    assert folder.below("") == "/package"
    for text in ("/etc/passwd", "../x", "a/../../x", "..", "a/../..", "//x"):
        with pytest.raises(UnsafePath):
            folder.below(text)
