"""What paths say by their text, and names by theirs: of POSIX and of Windows, on any platform."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.files import (
    POSIX,
    WINDOWS,
    FilePath,
    OutsideRoot,
    PathRules,
    UnsafePath,
    collision_key,
    memory_files,
    unportable,
    unsafe,
)


@pytest.mark.spec("VFS-001", "VFS-002", "VFS-005", "VFS-008")
@pytest.mark.feature("F-FILES-10")
def test_a_path_is_a_value() -> None:
    files, others = memory_files(), memory_files()
    path = files.path("a", b"b\xc3\xa9", files.path("c"))
    assert (str(path), bytes(path), path.to_bytes()) == ("a/bé/c", b"a/b\xc3\xa9/c", b"a/b\xc3\xa9/c")
    assert files.path(b"\xff").to_bytes() == b"\xff"
    assert path == files.path("a/bé/c") == "a/bé/c"
    assert path != others.path("a/bé/c")
    assert path != b"a/b\xc3\xa9/c"
    assert {path: 1}["a/bé/c"] == {"a/bé/c": 1}[path] == 1
    assert sorted([files.path("b"), files.path("a")]) == ["a", "b"]
    assert files.path("a") < "b"
    with pytest.raises(TypeError):
        assert files.path("a") < others.path("b")
    assert not files.path()
    assert not files.path("")
    assert files.path("a")
    assert files.path("a") / "/b" == files.path("a", "/b", "c").parent == "/b"
    for wrong in (1, None, others.path("a")):
        with pytest.raises(TypeError):
            files.path(wrong)
    with pytest.raises(AttributeError, match="does not change"):
        path.text = "x"
    with pytest.raises(AttributeError, match="does not change"):
        del path.text
    assert copy.copy(path) == path
    assert repr(path) == "FilePath(memory: 'a/bé/c')"
    assert files.path(Path("x/y")) == "x/y"
    with pytest.raises(TypeError):
        FilePath()


@pytest.mark.spec("VFS-009")
@pytest.mark.feature("F-FILES-10")
def test_a_path_is_split() -> None:
    path = memory_files().path("/a/b.tar.gz")
    assert path.split() == ("/a", "b.tar.gz")
    assert path.split_extension() == ("/a/b.tar", ".gz")
    assert (path.parent, path.name, path.stem, path.extension) == ("/a", "b.tar.gz", "b.tar", ".gz")
    assert (path.split_drive(), path.split_unc()) == (("", path), ("", path))
    assert (path / "").name == ""
    assert memory_files().path(".profile").extension == ""


@pytest.mark.spec("VFS-010", "VFS-011")
@pytest.mark.feature("F-FILES-10")
@pytest.mark.parametrize(
    ("text", "unc", "single", "folder", "root", "absolute", "normal"),
    [
        ("", False, True, False, False, False, ""),
        ("a", False, True, False, False, False, "a"),
        ("a/", False, False, True, False, False, "a"),
        ("/", False, False, True, True, True, "/"),
        ("/a//b/../c/.", False, False, False, False, True, "/a/c"),
        ("..", False, True, False, False, False, ".."),
        ("//h/s", False, False, False, False, True, "//h/s"),
        ("C:/a", False, False, False, False, False, "C:/a"),
    ],
)
def test_the_predicates_of_a_path(
    text: str, unc: bool, single: bool, folder: bool, root: bool, absolute: bool, normal: str
) -> None:
    path = memory_files().path(text)
    found = (path.is_unc, path.is_single_name, path.is_folder_like, path.is_root, path.is_absolute)
    assert found == (unc, single, folder, root, absolute)
    assert path.normalized() == normal
    assert path.folded() == text


# text, drive, UNC mount, single name, folder-like, root, absolute, normal
ON_WINDOWS = [
    ("", "", "", True, False, False, False, ""),
    ("a", "", "", True, False, False, False, "a"),
    ("a\\b/c", "", "", False, False, False, False, "a\\b\\c"),
    ("a/", "", "", False, True, False, False, "a"),
    ("\\", "", "", False, True, True, False, "\\"),
    ("\\a", "", "", False, False, False, False, "\\a"),
    ("C:a", "C:", "", False, False, False, False, "C:a"),
    ("C:\\", "C:", "", False, True, True, True, "C:\\"),
    ("C:/a/../b", "C:", "", False, False, False, True, "C:\\b"),
    ("\\\\server\\share", "", "\\\\server\\share", False, False, True, True, "\\\\server\\share"),
    ("\\\\server\\share\\", "", "\\\\server\\share", False, True, True, True, "\\\\server\\share\\"),
    ("\\\\server\\share\\a\\..\\b", "", "\\\\server\\share", False, False, False, True, "\\\\server\\share\\b"),
    ("//server/share/a", "", "//server/share", False, False, False, True, "\\\\server\\share\\a"),
]


@pytest.mark.spec("VFS-004", "VFS-009", "VFS-011", "VFS-018")
@pytest.mark.feature("F-FILES-11")
@pytest.mark.parametrize(("text", "drive", "mount", "single", "folder", "root", "absolute", "normal"), ON_WINDOWS)
def test_the_rules_of_windows(
    text: str, drive: str, mount: str, single: bool, folder: bool, root: bool, absolute: bool, normal: str
) -> None:
    rules = WINDOWS
    assert (rules.split_drive(text)[0], rules.split_unc(text)[0]) == (drive, mount)
    assert "".join(rules.split_drive(text)) == "".join(rules.split_unc(text)) == text
    assert rules.is_unc(text) == bool(mount)
    assert not (drive and mount)
    found = (rules.is_single_name(text), rules.is_folder_like(text), rules.is_root(text), rules.is_absolute(text))
    assert found == (single, folder, root, absolute)
    assert rules.normalized(text) == normal


@pytest.mark.spec("VFS-004", "VFS-008")
def test_what_the_systems_can_do() -> None:
    assert (WINDOWS.is_absolute("C:"), WINDOWS.is_root("C:"), WINDOWS.is_single_name("C:")) == (False, False, False)
    assert (POSIX.has_drives, POSIX.has_unc, POSIX.folds_case, POSIX.separator) == (False, False, False, "/")
    assert (WINDOWS.has_drives, WINDOWS.has_unc, WINDOWS.folds_case, WINDOWS.separator) == (True, True, True, "\\")
    for rules in (POSIX, WINDOWS):
        marks = (rules.current, rules.parent, rules.extension_mark, rules.drive_mark)
        assert (rules.has_unicode_names, rules.encoding, marks) == (True, "utf-8", (".", "..", ".", ":"))
    assert WINDOWS.join("C:\\a", "b", "D:\\c") == "D:\\c"
    assert WINDOWS.join("C:\\a", "\\b") == "C:\\b"
    assert POSIX.join("a", "/b", "c") == "/b/c"
    assert POSIX.join() == ""
    assert WINDOWS.folded("A/B") == "a\\b"
    assert WINDOWS.names("C:\\a/b\\") == WINDOWS.names("\\\\s\\t\\a\\b") == ["a", "b"]


@given(st.text(st.sampled_from("ab./\\:~ \0é"), max_size=12), st.sampled_from([POSIX, WINDOWS]))
def test_parts_make_up_the_text(text: str, rules: PathRules) -> None:
    assert (
        "".join(rules.split_drive(text))
        == "".join(rules.split_unc(text))
        == "".join(rules.split_extension(text))
        == text
    )
    assert not (rules.split_drive(text)[0] and rules.is_unc(text))
    assert all(name and not set(name) & set(rules.separators) for name in rules.names(text))


@given(st.text(st.sampled_from("ab./\\:~ \0é"), max_size=14))
def test_a_path_is_located_below_the_root_or_refused(text: str) -> None:
    whole = memory_files()
    files = whole.rooted(whole.path("/deep/root").make_folders())
    try:
        key = files.locate(files.path(text))
    except UnsafePath:
        return
    assert key == "/deep/root/" or key.startswith("/deep/root/")
    assert not {"..", "."} & set(key.split("/"))
    assert "\\" not in key


@given(st.text(st.sampled_from("ab./"), max_size=12))
def test_dots_are_taken_out_as_normalization_does(text: str) -> None:
    files = memory_files()
    try:
        key = files.locate(files.path(text))
    except OutsideRoot:
        assert POSIX.normalized(f"x/{text.lstrip('/')}").startswith("..") or ".." in text
        return
    assert key.rstrip("/") == POSIX.normalized(f"/{text.lstrip('/')}").rstrip("/")


@pytest.mark.feature("F-FILES-11")
@pytest.mark.parametrize(
    ("name", "on_posix", "on_windows", "everywhere"),
    [
        ("a", True, True, True),
        ("a.b-c d", True, True, True),
        ("", False, False, False),
        (".", False, False, False),
        ("..", False, False, False),
        ("...", True, False, False),
        ("a/b", False, False, False),
        ("a\\b", False, False, False),
        ("a\0", False, False, False),
        ("c:", False, False, False),
        ("cc:d", True, False, False),
        ("CON", True, False, False),
        ("nul.tar.gz", True, False, False),
        ("COM¹", True, False, False),
        ("lpt9:", True, False, False),
        ("prn .x", True, False, False),
        ("conout$", True, False, False),
        ("com0", True, False, False),
        ("contact", True, True, True),
        ("a.", True, False, False),
        ("a ", True, False, False),
        ("a?", True, True, False),
        ("a\t", True, True, False),
        ("é" * 127, True, True, True),
        ("é" * 128, True, True, False),
        ("😀" * 63, True, True, True),
        ("a\ud800", True, True, False),
    ],
)
def test_names_are_what_they_seem_or_not(name: str, on_posix: bool, on_windows: bool, everywhere: bool) -> None:
    assert (unsafe(name, windows=False) is None) == on_posix
    assert (unsafe(name, windows=True) is None) == on_windows
    assert (unportable(name) is None) == everywhere


def test_native_names_on_posix_are_all_but_nul_and_slash() -> None:
    for name in ("a\\b", "C:", "C:x", "con", "a ", "..."):
        assert unsafe(name, windows=False, policy="native") is None
        assert unsafe(name, windows=True, policy="native") is not None
    for name in ("", ".", "..", "a/b", "a\0"):
        assert unsafe(name, windows=False, policy="native") is not None


@given(st.text(max_size=6))
def test_what_collides_once_collides_always(name: str) -> None:
    assert collision_key(collision_key(name)) == collision_key(name) == collision_key(name.casefold())
