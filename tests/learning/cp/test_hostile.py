"""Archives that mean harm: all are refused, with what is wrong, before anything of them is read."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from demotic.files import ArchiveLimits, OutsideRoot, UnsafeArchive
from demotic.learning.cp import NotAPackage, PackagePathFault, open_package

MANIFEST = '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M"><resources/></manifest>'


def archive(*entries: str | zipfile.ZipInfo, content: bytes = b"x") -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("imsmanifest.xml", MANIFEST)
        for entry in entries:
            zipped.writestr(entry, content)
    return data.getvalue()


def link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("etc")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def encrypted() -> bytes:
    data = bytearray(archive("secret.txt"))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.rindex(signature)
        data[place + offset] |= 1
    return bytes(data)


def lying_about_size() -> bytes:
    """An entry that says it is small, and is not."""
    data = bytearray(archive("big.txt", content=b"0" * 100_000))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(data)


HOSTILE = [
    ("traversal", archive("../../etc/passwd"), "'../../etc/passwd' has a name that is no name of an entry"),
    ("traversal within", archive("a/../../b"), "'a/../../b' has a name"),
    ("absolute", archive("/etc/passwd"), "begins at a root"),
    ("drive", archive("C:/autoexec.bat"), "a drive of Windows"),
    ("backslashes", archive("..\\..\\x"), "holds a backslash"),
    ("device", archive("aux.xml"), "is a device on Windows"),
    ("stream", archive("a.txt:hidden"), "names a stream of a file on Windows"),
    ("ending in a dot", archive("a./x"), "ends in a blank or dot"),
    ("control character", archive("a\x1bb"), "holds a control character"),
    ("link", archive(link()), "'etc' is a link"),
    ("encrypted", encrypted(), "'secret.txt' is encrypted"),
    ("same in another case", archive("a.txt", "A.TXT"), "'A.TXT' is the same as 'a.txt' on some systems"),
    ("same in another form", archive("é", "e\u0301"), "is the same as 'é' on some systems"),
    ("file and folder", archive("a", "a/b"), "is the same as 'a' on some systems"),
    ("bomb", archive("zeros", content=bytes(30_000_000)), "bytes for each packed one"),
    ("deep", archive("/".join("a" * 200)), "folders in one another"),
    ("cut off", archive("a")[:-10], "no zip archive that can be read"),
    ("nothing but a signature", b"PK\x05\x06", "no zip archive that can be read"),
]


@pytest.mark.feature("F-CP-13")
@pytest.mark.parametrize(("data", "problem"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_a_hostile_archive_is_refused_with_what_is_wrong(data: bytes, problem: str, tmp_path: Path) -> None:
    place = tmp_path / "hostile.zip"
    place.write_bytes(data)
    for source in (place, BytesIO(data), place.as_uri()):
        with pytest.raises(UnsafeArchive) as caught:
            open_package(source)
        assert problem in caught.value.message
    assert [path.name for path in tmp_path.iterdir()] == ["hostile.zip"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_refused() -> None:
    with pytest.raises(UnsafeArchive, match="is the same as"):
        open_package(BytesIO(archive("a.txt", "a.txt")))


def test_all_that_is_wrong_is_told() -> None:
    with pytest.raises(UnsafeArchive) as caught:
        open_package(BytesIO(archive("../a", "/b", "c", "C")))
    assert len(caught.value.details) == 3


def test_limits_are_the_callers() -> None:
    data = archive("a", "b")
    with pytest.raises(UnsafeArchive, match="has 3 entries, of which 2 are allowed"):
        open_package(BytesIO(data), limits=ArchiveLimits(entries=2))
    assert len(open_package(BytesIO(data), limits=ArchiveLimits(entries=3)).files) == 2


def test_an_entry_that_lies_about_its_size_ends_there() -> None:
    with open_package(BytesIO(lying_about_size())) as package, pytest.raises(UnsafeArchive, match="damaged"):
        package.read("big.txt")


def test_a_damaged_entry_is_told_when_it_is_read() -> None:
    data = archive("a.txt", content=b"something that is packed, packed, packed")
    packed = zlib.compress(b"something that is packed, packed, packed", -1)[2:8]
    assert packed[:3] in data
    broken = data.replace(packed[:3], b"\xff\xff\xff", 1)
    with open_package(BytesIO(broken)) as package, pytest.raises(UnsafeArchive, match=r"'/a\.txt' is damaged"):
        package.read("a.txt")


def test_a_link_in_a_folder_leads_nowhere(folder: Callable[..., Path]) -> None:
    root = folder("")
    (root / "etc").symlink_to("/etc")
    (root / "passwd").symlink_to("/etc/passwd")
    with open_package(root) as package:
        assert list(package.files) == ["etc", "passwd"]
        for path in ("passwd", "etc/passwd"):
            with pytest.raises(OutsideRoot, match="leads out of the root"):
                package.read(path)
        with pytest.raises(PackagePathFault):
            package.read("../package/imsmanifest.xml")


def test_a_manifest_that_is_a_folder_or_a_link_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "imsmanifest.xml").mkdir()
    with pytest.raises(NotAPackage):
        open_package(tmp_path)
