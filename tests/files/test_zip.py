"""Zip archives: read, written and unpacked, and what a hostile one tries."""

from __future__ import annotations

import io
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demotic.errors import InvalidInput
from demotic.files import (
    ArchiveLimits,
    FileExists,
    FilePath,
    FileSystem,
    NoSuchFile,
    NotAFolder,
    ReadOnlyFiles,
    UnsafeArchive,
    local_files,
    memory_files,
    unzip,
    write_zip,
    zip_files,
)


def archive(*entries: str | zipfile.ZipInfo, content: bytes = b"x") -> io.BytesIO:
    """An archive as foreign programs write it, of entries with one content."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for entry in entries:
            written.writestr(entry, content)
    file.seek(0)
    return file


@pytest.mark.spec("VFS-019", "VFS-020")
@pytest.mark.feature("F-FILES-15")
def test_an_archive_is_written_from_paths_and_read_as_a_file_system(files: FileSystem) -> None:
    files.path("/a").make_folder().joined("ü.txt").write_text("Grüße")
    packed = files.path("/packed.zip")
    assert write_zip(packed, [("a/ü.txt", files.path("/a/ü.txt")), ("b", b"B" * 1000)]) == 2
    with zip_files(packed) as unpacked:
        assert list(unpacked.root.walk()) == [("/", ["/a"], ["/b"]), ("/a", [], ["/a/ü.txt"])]
        assert unpacked.path("a/ü.txt").read_text() == "Grüße"
        assert unpacked.path("/b").stat().size == 1000
        assert unpacked.path("/b").stat().modified == datetime(1980, 1, 1, tzinfo=UTC)
        assert unpacked.path("/a").is_folder()
        assert str(unpacked.path("/a/ü.txt").uri) == "file://zip/a/%C3%BC.txt"
        assert [path.text for path in unpacked.root.glob("**/*.txt")] == ["/a/ü.txt"]
        with pytest.raises(NoSuchFile):
            unpacked.path("/none").read_bytes()
        with pytest.raises(NotAFolder):
            unpacked.path("/b").children()
        with pytest.raises(ReadOnlyFiles):
            unpacked.path("/new").write_text("")
        with pytest.raises(ReadOnlyFiles):
            unpacked.path("/b").remove()
    with zipfile.ZipFile(io.BytesIO(packed.read_bytes())) as foreign:
        assert foreign.testzip() is None
        assert foreign.namelist() == ["a/ü.txt", "b"]


@pytest.mark.spec("VFS-019")
@pytest.mark.feature("F-FILES-15")
def test_nothing_is_held_in_memory_as_a_whole() -> None:
    class Counting(io.RawIOBase):
        """A file of 64 MB that remembers how much was asked of it at once."""

        def __init__(self) -> None:
            self.left, self.most = 64 << 20, 0

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            taken = self.left if size < 0 else min(size, self.left)
            self.left, self.most = self.left - taken, max(self.most, taken)
            return bytes(taken)

    big, source = Counting(), memory_files()
    source.path("/big").write_bytes(b"")

    class BigPath(FilePath):
        __slots__ = ()

        def open(self, *args: object, **named: object) -> Counting:
            return big

    target = io.BytesIO()
    write_zip(target, [("big", BigPath(source, "/big"))])
    assert (big.left, big.most <= 1 << 20) == (0, True)
    with zip_files(target, limits=ArchiveLimits(ratio=2000)) as unpacked:
        assert unpacked.path("big").stat().size == 64 << 20


@pytest.mark.feature("F-FILES-15")
def test_an_archive_that_fails_leaves_the_old_one(files: FileSystem) -> None:
    packed = files.path("/packed.zip")
    packed.write_bytes(b"old")
    with pytest.raises(NoSuchFile):
        write_zip(packed, [("a", files.path("/none"))])
    for names in (["../a"], ["/a"], ["a\\b"], ["con"], ["a", "A"], ["a", "a/b"], [""], ["a", "a"]):
        with pytest.raises(UnsafeArchive):
            write_zip(packed, [(name, b"") for name in names])
    assert packed.read_bytes() == b"old"


def _link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


HOSTILE = {
    "up": ("../a",),
    "further up": ("a/../../b",),
    "dot": ("./a",),
    "root": ("/etc/passwd",),
    "two roots": ("//a",),
    "empty name": ("a//b",),
    "backslash": ("..\\a",),
    "drive": ("C:/a",),
    "drive-relative": ("C:a",),
    "device": ("aux.txt",),
    "stream": ("a:b",),
    "blank at the end": ("a ",),
    "control": ("a\nb",),
    "too long": ("a" * 256,),
    "link": (_link("a"),),
    "case": ("a/B", "A/b"),
    "unicode": ("\u00e9", "e\u0301"),
    "folder in another case": ("A/x", "a"),
    "file as folder": ("a", "a/b"),
    "folder as file": ("a/b", "a"),
}


@pytest.mark.feature("F-FILES-16")
@pytest.mark.parametrize("entries", HOSTILE.values(), ids=HOSTILE)
def test_an_archive_that_is_not_safe_is_refused(entries: tuple[str | zipfile.ZipInfo, ...]) -> None:
    file = archive("good", *entries, "better")
    with pytest.raises(UnsafeArchive, match="is not safe") as caught:
        zip_files(file)
    assert caught.value.details
    target = memory_files()
    with pytest.raises(UnsafeArchive):
        unzip(file, target.root)
    assert target.root.children() == []
    with zip_files(file, unsafe="leave_out") as rest:
        assert {"/good", "/better"} <= set(rest.root.children())
    unzip(file, target.root, unsafe="leave_out")
    assert target.path("/better").read_bytes() == b"x"


@pytest.mark.feature("F-FILES-16")
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_entry_twice_is_refused() -> None:
    with pytest.raises(UnsafeArchive, match="is the same as"):
        zip_files(archive("a", "a"))


@pytest.mark.feature("F-FILES-16")
def test_a_name_with_nul_is_seen_though_it_ends_there_for_python() -> None:
    data = archive("good.txtXexe").getvalue().replace(b"good.txtXexe", b"good.txt\0exe")
    with pytest.raises(UnsafeArchive, match="NUL"):
        zip_files(io.BytesIO(data))


def test_an_encrypted_entry_is_refused() -> None:
    data = bytearray(archive("a").getvalue())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnsafeArchive, match="encrypted"):
        zip_files(io.BytesIO(bytes(data)))


@pytest.mark.feature("F-FILES-16")
def test_an_archive_that_is_too_large_is_refused_before_it_is_unpacked() -> None:
    bomb = archive("a", content=bytes(10 << 20))
    with pytest.raises(UnsafeArchive, match="bytes for each packed one"):
        zip_files(bomb)
    with pytest.raises(UnsafeArchive, match="bytes unpacked"):
        zip_files(bomb, limits=ArchiveLimits(size=1 << 20))
    with pytest.raises(UnsafeArchive, match="3 entries, of which 2"):
        zip_files(archive("a", "b", "c"), limits=ArchiveLimits(entries=2))
    with pytest.raises(UnsafeArchive, match="101 folders in one another, of which 100"):
        zip_files(archive("a/" * 101 + "b"))
    with zip_files(bomb, limits=ArchiveLimits(ratio=2000)) as files:
        assert files.path("a").stat().size == 10 << 20


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    for data in (b"", b"PK", b"no archive", archive("a").getvalue()[:-10], b"PK\x05\x06" + b"\xff" * 18):
        with pytest.raises(UnsafeArchive, match="no zip archive"):
            zip_files(io.BytesIO(data))
    (tmp_path / "x.zip").write_bytes(b"x")
    for source in (tmp_path / "x.zip", str(tmp_path / "x.zip"), local_files(tmp_path).path("x.zip")):
        with pytest.raises(UnsafeArchive, match=r"x\.zip"):
            zip_files(source)
    with pytest.raises(InvalidInput):
        zip_files(archive("a"), unsafe="mend")


def test_a_damaged_entry_is_told_when_it_is_read() -> None:
    data = bytearray(archive("a", content=b"some text that is long enough").getvalue())
    data[data.index(b"PK\x01\x02") - 3] ^= 0xFF
    with pytest.raises(UnsafeArchive, match="damaged"):
        unzip(io.BytesIO(bytes(data)), memory_files().root)


@pytest.mark.feature("F-FILES-16")
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_whatever_is_damaged_in_an_entry_is_told_as_such(method: int) -> None:
    file, content = io.BytesIO(), b"some text that is long enough, some text that is long enough"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("a", content, method)
    whole, told = file.getvalue(), 0
    for at in range(31, whole.index(b"PK\x01\x02")):
        with zip_files(io.BytesIO(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])) as files:
            try:
                with files.path("a").open("r") as text:
                    assert text.read() == content.decode()  # not every byte matters to LZMA
            except UnsafeArchive as fault:
                assert "'a' is damaged in its archive" in str(fault)
                told += 1
    assert told > 20
    named_otherwise = whole.replace(b"a", b"b", 1)
    with zip_files(io.BytesIO(named_otherwise)) as files, pytest.raises(UnsafeArchive, match="differ"):
        files.path("a").read_bytes()


def test_an_archive_without_a_name_is_called_the_archive() -> None:
    with pytest.raises(UnsafeArchive, match="the archive is no zip archive"):
        zip_files(io.BytesIO(b"x"))


@pytest.mark.feature("F-FILES-15")
def test_unpacking_makes_folders_and_replaces_nothing(files: FileSystem) -> None:
    file = archive("a/b/c", "empty/", "d", content=b"x")
    assert unzip(file, files.path("/out/there")) == "/out/there"
    assert [path.text for path in files.path("/out/there").glob("**")] == [
        "/out/there/a", "/out/there/d", "/out/there/empty", "/out/there/a/b", "/out/there/a/b/c"
    ]  # fmt: skip
    with pytest.raises(FileExists):
        unzip(file, files.path("/out/there"))


@pytest.mark.feature("F-FILES-19")
def test_the_same_content_gives_the_same_archive_with_one_time_for_all() -> None:
    files = memory_files()
    made = []
    for _ in range(2):
        files.path("/a.txt").write_text("A" * 100)
        data = io.BytesIO()
        when = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
        entries = [("a.txt", files.path("/a.txt")), ("b.png", b"B" * 100)]
        write_zip(data, entries, modified=when, compression=lambda name: 0 if name.endswith("png") else 8)
        made.append(data.getvalue())
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as written:
        told = [(entry.date_time, entry.compress_type, entry.create_system) for entry in written.infolist()]
    assert told == [((2001, 2, 3, 4, 5, 6), zipfile.ZIP_DEFLATED, 3), ((2001, 2, 3, 4, 5, 6), zipfile.ZIP_STORED, 3)]


@pytest.mark.feature("F-FILES-19")
def test_names_are_utf_8_where_they_can_be_though_the_archive_does_not_say_so() -> None:
    whole = archive("XX.txt", "a/YYY").getvalue()
    as_utf_8 = whole.replace(b"XX.txt", "é.txt".encode()).replace(b"YYY", b"\x82\xffY")
    with zip_files(io.BytesIO(as_utf_8)) as files:
        assert [str(path) for path in files.root.glob("**")] == ["/a", "/é.txt", "/a/é\xa0Y"]
        assert files.path("/é.txt").read_bytes() == b"x"
    climbing = whole.replace(b"a/YYY", b"../\xc3\xa9")
    with pytest.raises(UnsafeArchive, match=r"'\.\./é' has a name that is no name of an entry"):
        zip_files(io.BytesIO(climbing))


@pytest.mark.feature("F-FILES-16")
def test_entries_that_share_their_bytes_are_refused() -> None:
    whole = archive("a", "b", content=bytes(range(256)) * 8)
    with zipfile.ZipFile(whole) as read:
        first, second = read.infolist()
        size = first.compress_size
    data = whole.getvalue()
    start = data.rindex(b"PK\x01\x02")  # the directory entry of b, whose size we make that of all
    lying = data[: start + 20] + (10 * size).to_bytes(4, "little") + data[start + 24 :]
    assert second.compress_size == size
    with pytest.raises(UnsafeArchive, match="has entries that overlap"):
        zip_files(io.BytesIO(lying))
