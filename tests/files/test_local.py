"""The files of this machine: real folders, real links, and what must not be reached through them."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from demotic.errors import InvalidInput
from demotic.files import (
    NATIVE,
    FileExists,
    FilesExtraMissing,
    FilesFault,
    LocalFiles,
    NoSuchFile,
    NotAFolder,
    NotPermitted,
    OutsideRoot,
    StorageFault,
    UnsafePath,
    local_files,
    memory_files,
    temporary_files,
)
from demotic.files._errors import BY_CLASS, BY_NUMBER, translated

HOSTILE = json.loads((Path(__file__).parent / "cases" / "hostile_paths.json").read_text("utf-8"))["paths"]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A root with a secret beside it, and links of all kinds in it."""
    outside, root = tmp_path / "outside", tmp_path / "root"
    for folder in (outside, root, root / "inner", tmp_path / "root-too"):
        folder.mkdir()
    (outside / "secret").write_text("secret")
    (tmp_path / "root-too" / "secret").write_text("secret")
    (root / "inner" / "file").write_text("inner")
    links = {
        "to-file": "inner/file",
        "to-folder": "inner",
        "to-root": ".",
        "absolute-inside": str(root / "inner"),
        "up-and-back": "../root/inner/file",
        "to-secret": "../outside/secret",
        "to-outside": "../outside",
        "to-sibling": "../root-too",
        "absolute-outside": str(outside),
        "to-slash": "/",
        "by-another": "to-outside",
        "inner/up": "../../outside",
        "broken": "nothing",
        "broken-outside": "../outside/nothing",
        "loop": "loop",
        "loop-2a": "loop-2b",
        "loop-2b": "loop-2a",
    }
    for name, target in links.items():
        (root / name).symlink_to(target)
    return root


OUT = [
    "to-secret",
    "to-outside",
    "to-outside/secret",
    "to-outside/new",
    "to-sibling/secret",
    "absolute-outside/secret",
    "to-slash/etc/passwd",
    "by-another/secret",
    "inner/up/secret",
    "to-folder/up/secret",
    "to-root/to-root/to-secret",
    "broken-outside",
]


@pytest.mark.spec("VFS-018", "VFS-020")
@pytest.mark.feature("F-FILES-12")
@pytest.mark.parametrize("path", OUT)
def test_no_link_leads_out_of_the_root(place: Path, path: str) -> None:
    target = local_files(place).path(path)
    for call in (
        target.read_bytes,
        target.exists,
        target.stat,
        target.children,
        lambda: target.write_text("x"),
        lambda: target.open("ab"),
        lambda: target.open("xb"),
        target.make_folder,
        target.make_folders,
        lambda: list(target.walk()),
        lambda: target.uri,
        lambda: os.fspath(target),
        target.real,
    ):
        with pytest.raises(OutsideRoot):
            call()
    assert (place.parent / "outside" / "secret").read_text() == "secret"
    assert sorted(path.name for path in (place.parent / "outside").iterdir()) == ["secret"]


@pytest.mark.spec("VFS-018")
@pytest.mark.feature("F-FILES-12")
def test_links_within_the_root_are_followed(place: Path) -> None:
    files = local_files(place)
    for path in ("to-file", "to-folder/file", "to-root/to-root/inner/file", "absolute-inside/file", "up-and-back"):
        assert files.path(path).read_text() == "inner"
        assert files.path(path).real() == "/inner/file"
    assert files.path("to-file").stat().is_link
    assert [path.name for path in files.path("to-folder").children()] == ["file", "up"]
    files.path("to-file").write_text("new")
    assert (place / "to-file").is_symlink()
    assert (place / "inner" / "file").read_text() == "new"
    files.path("broken").write_text("made")
    assert (place / "nothing").read_text() == "made"
    with pytest.raises(NoSuchFile):  # `..` is taken by its text, wherever the link before it leads
        files.path("to-outside/../outside/secret").read_bytes()
    for path in ("loop", "loop-2a"):
        with pytest.raises(UnsafePath, match="leads to itself"):
            files.path(path).read_bytes()


@pytest.mark.feature("F-FILES-12")
def test_links_are_listed_and_removed_but_not_walked_into(place: Path) -> None:
    files = local_files(place)
    assert [str(folder) for folder, _, _ in files.root.walk()] == ["/", "/inner"]
    assert "/to-outside" in files.root.children()
    assert [path.text for path in files.root.glob("**/secret")] == []
    copy = memory_files()
    files.root.copy_tree_to(copy.path("/copy"))
    assert [path.text for path in copy.root.glob("**")] == ["/copy", "/copy/inner", "/copy/inner/file"]
    for name in ("to-outside", "to-secret", "loop", "broken", "to-folder"):
        files.path(name).remove()
        assert not (place / name).is_symlink()
    files.root.remove_tree()
    assert list(place.iterdir()) == []
    assert (place.parent / "outside" / "secret").read_text() == "secret"


@pytest.mark.feature("F-FILES-12")
def test_links_may_be_refused_altogether(place: Path) -> None:
    files = local_files(place, links="refuse")
    assert files.path("inner/file").read_text() == "inner"
    for path in ("to-file", "to-folder/file", "to-root", "loop"):
        with pytest.raises(UnsafePath):
            files.path(path).read_bytes()
    assert files.rooted("inner").path("file").read_text() == "inner"
    with pytest.raises(InvalidInput, match="no link policy"):
        local_files(place, links="follow")
    with pytest.raises(InvalidInput, match="no name policy"):
        local_files(place, names="any")


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: ascii(case["path"]))
def test_native_names_leave_no_root_either(place: Path, case: dict[str, str]) -> None:
    path = local_files(place, names="native").path(case["path"])
    fault = {"fine": NoSuchFile, "outside": OutsideRoot, "unsafe": UnsafePath}[case["native"]]
    with pytest.raises(fault):
        path.read_bytes()


@pytest.mark.feature("F-FILES-12")
def test_native_names_are_those_of_the_system(tmp_path: Path) -> None:
    for name in ("a\\b", "C:x", "con", "a:b ", "\udcff"):
        (tmp_path / name).write_text(name.encode("utf-8", "surrogateescape").hex())
    files = local_files(tmp_path, names="native")
    assert sorted(path.name for path in files.root.children()) == sorted(["a\\b", "C:x", "con", "a:b ", "\udcff"])
    for path in files.root.children():
        assert path.read_text() == os.fsencode(path.name).hex()
        path.write_text("new")
    with pytest.raises(UnsafePath, match="backslash"):
        local_files(tmp_path).path("a\\b").read_text()


@pytest.mark.spec("VFS-020")
@pytest.mark.feature("F-FILES-02")
def test_a_file_that_is_replaced_keeps_its_permissions_and_leaves_nothing_behind(tmp_path: Path) -> None:
    files = local_files(tmp_path)
    path = files.path("a")
    path.write_text("1")
    fresh = tmp_path / "b"
    fresh.write_text("x")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == stat.S_IMODE(fresh.stat().st_mode)
    (tmp_path / "a").chmod(0o640)
    before = (tmp_path / "a").stat().st_ino
    with path.open("rb") as old:
        path.write_text("2")
        assert old.read() == b"1", "who reads the old file goes on reading it"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640
    assert (tmp_path / "a").stat().st_ino != before
    with pytest.raises(KeyError), path.replacing() as file:
        file.write(b"3")
        raise KeyError
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a", "b"]
    assert path.read_text() == "2"


def test_pipes_and_devices_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    path = local_files(tmp_path).path("pipe")
    for call in (path.read_bytes, lambda: path.write_bytes(b""), lambda: path.open("ab")):
        with pytest.raises(UnsafePath, match="a pipe"):
            call()
    assert path.stat().kind == "other"


@pytest.mark.spec("VFS-003", "VFS-005")
@pytest.mark.feature("F-FILES-13")
def test_a_local_path_is_one_of_the_operating_system(tmp_path: Path) -> None:
    files = local_files(tmp_path)
    path = files.path("a b")
    path.write_text("x")
    assert files.name == ""
    assert os.fspath(path) == str(tmp_path.resolve() / "a b")
    assert Path(path).read_text() == "x"
    assert str(path.uri) == (tmp_path.resolve() / "a b").as_uri()


@pytest.mark.spec("VFS-006", "VFS-010", "VFS-018")
@pytest.mark.feature("F-FILES-13")
def test_all_local_files_have_the_paths_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = local_files()
    assert isinstance(files, LocalFiles)
    assert files.rules is NATIVE
    assert files.working_folder == str(Path.cwd())
    assert files.root == os.sep
    path = files.path("x")
    path.write_text("X")
    assert (path.absolute(), path.real()) == (str(tmp_path / "x"), os.path.realpath("x"))
    assert files.path(str(tmp_path)).joined("..", tmp_path.name, "x").read_text() == "X"
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "link").symlink_to("../x")
    inner = files.at("inner")
    assert inner.working_folder == str(tmp_path / "inner")
    assert inner.path("link").read_text() == "X"
    assert inner.path("link").real() == os.path.realpath("x")
    assert inner.path("../x") == files.path("../x")
    with pytest.raises(UnsafePath, match="NUL"):
        files.path("a\0").exists()
    with pytest.raises(OutsideRoot):
        files.rooted("inner").path("link").read_text()


@pytest.mark.spec("VFS-007")
@pytest.mark.feature("F-FILES-05")
def test_temporary_files_go_when_they_are_closed() -> None:
    with temporary_files(prefix="x-") as files:
        native = Path(files.root)
        files.path("/a").make_folder().joined("b").write_text("B")
        assert native.is_dir()
        assert files.rooted("/a").path("b").read_text() == "B"
    assert not native.exists()
    files.close()


def test_a_root_must_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NoSuchFile, match="the root"):
        local_files(tmp_path / "none")
    with pytest.raises(NotAFolder, match="the root"):
        local_files(tmp_path / "file")


def test_every_error_of_the_system_has_one_of_ours() -> None:
    for number, (fault, _) in BY_NUMBER.items():
        with pytest.raises(fault) as caught, translated("/x"):
            raise OSError(number, "words")
        assert caught.value.path == caught.value.target == "/x"
    for theirs, (fault, _) in BY_CLASS.items():
        with pytest.raises(fault) as caught, translated("/x"):
            raise theirs("words")
        assert isinstance(caught.value, theirs) or theirs is NotImplementedError
    with pytest.raises(StorageFault, match="No space"), translated("/x"):
        raise OSError(28, "No space left on device")
    with pytest.raises(FileExists), translated("/x"):
        raise FileExists("ours")
    assert issubclass(NotPermitted, PermissionError)
    assert FilesFault("x").target is None


def test_a_name_too_long_for_the_system_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnsafePath, match="too long"):
        local_files(tmp_path, names="native").path("x" * 5000).write_text("")


@pytest.mark.feature("F-FILES-14")
def test_without_the_library_a_message_names_the_extra() -> None:
    program = (
        "import sys; sys.modules['fsspec'] = None\n"
        "from demotic.files import FilesExtraMissing, memory_files, unsafe\n"
        "assert unsafe('a', windows=True) is None\n"
        "try: memory_files()\n"
        "except FilesExtraMissing as error: print(error.code, error.hint)\n"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == f"{FilesExtraMissing.code} pip install 'demotic[files]'\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has names of half characters")
@pytest.mark.feature("F-FILES-07")
def test_a_name_that_the_system_cannot_write_is_refused(tmp_path: Path) -> None:
    path = local_files(tmp_path, names="native").path("a\ud800")
    for act in (path.read_bytes, path.stat, path.exists, path.children, path.remove, path.make_folder):
        with pytest.raises(UnsafePath, match="half a character"):
            act()
