"""Opening packages from wherever they are, and what is told of those that are none."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from demotic.files import NoSuchFile, UnsafeArchive, memory_files
from demotic.learning.cp import (
    BrokenManifest,
    NoManifest,
    NotAPackage,
    Package,
    PackageStorageFault,
    new_package,
    open_package,
)

RESOURCE = '<resource identifier="R" type="webcontent" href="a.html"><file href="a.html"/></resource>'


def told(package: Package) -> tuple[list[str | None], list[str]]:
    return [resource.identifier for resource in package.resources()], list(package.files)


AS_MADE = (["R"], ["a.html"])


@pytest.mark.spec("CP-002", "CP-003", "CP-005", "CP-008", "CP-010")
@pytest.mark.feature("F-CP-02")
def test_a_folder_opens_by_its_path_or_that_of_its_manifest(folder: Callable[..., Path]) -> None:
    root = folder(RESOURCE, {"a.html": "A"})
    for source in (root, str(root), root / "imsmanifest.xml", f"{root}/", root.as_uri()):
        with open_package(source) as package:
            assert told(package) == AS_MADE
            assert (package.name, package.in_place, package.folder) == ("package", True, str(root))
            assert package.read("a.html") == b"A"


@pytest.mark.spec("CP-004", "CP-005", "CP-008")
@pytest.mark.feature("F-CP-02")
def test_an_archive_opens_by_path_file_or_address(archive: Callable[..., BytesIO], tmp_path: Path) -> None:
    data = archive(RESOURCE, {"a.html": "A"})
    place = tmp_path / "Lesson one.imscc"
    place.write_bytes(data.getvalue())
    files = memory_files()
    files.path("/p.zip").write_bytes(data.getvalue())
    for source, name in (
        (place, "Lesson one"),
        (str(place), "Lesson one"),
        (files.path("/p.zip"), "p"),
        (data, "package"),
        (f"zip::file://{place}".replace(" ", "%20"), "Lesson%20one"),
    ):
        with open_package(source) as package:
            assert told(package) == AS_MADE
            assert (package.name, package.in_place, package.folder) == (name, False, None)
            assert package.read("a.html") == b"A"
    assert not data.closed


@pytest.mark.feature("F-CP-02")
def test_anything_that_fsspec_reaches_opens(archive: Callable[..., BytesIO]) -> None:
    import fsspec

    memory = fsspec.filesystem("memory")
    root = "/demotic-cp-test-open"
    try:
        memory.pipe(f"{root}/p/imsmanifest.xml", _manifest(RESOURCE))
        memory.pipe(f"{root}/p/a.html", b"A")
        memory.pipe(f"{root}/p.zip", archive(RESOURCE, {"a.html": "A"}).getvalue())
        for source in (f"memory:/{root}/p", f"memory:/{root}/p.zip"):
            with open_package(source) as package:
                assert told(package) == AS_MADE
                assert package.name == "p"
    finally:
        memory.rm(root, recursive=True)


def _manifest(resources: str) -> bytes:
    return f'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>{resources}</resources></manifest>'.encode()


@pytest.mark.spec("CP-004")
def test_names_in_an_archive_are_utf_8_whether_or_not_it_says_so() -> None:
    with zipfile.ZipFile(BytesIO(_without_flag())) as zipped:
        assert zipped.namelist()[-1] != "é.txt"
    with open_package(BytesIO(_without_flag())) as package:
        assert (list(package.files), package.files.missing, package.read("é.txt")) == (["é.txt"], [], b"E")


def _without_flag() -> bytes:
    """An archive with a name in UTF-8 that does not carry the flag for it."""
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as zipped:
        zipped.writestr("imsmanifest.xml", _manifest('<resource identifier="R"><file href="%C3%A9.txt"/></resource>'))
        zipped.writestr("XX.txt", "E")
    return data.getvalue().replace(b"XX.txt", "é.txt".encode())


@pytest.mark.spec("CP-006")
@pytest.mark.feature("F-CP-03")
def test_a_manifest_is_made_only_where_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("A")
    with pytest.raises(NoManifest, match=r"has no imsmanifest\.xml"):
        open_package(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]
    with open_package(tmp_path, create=True) as package:
        assert (list(package.resources()), package.files.unreferenced) == ([], ["a.html"])
    with open_package(tmp_path / "imsmanifest.xml") as package:
        assert package.manifest.identifier is not None


def test_a_manifest_that_is_elsewhere_is_pointed_at(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "imsmanifest.xml").write_bytes(_manifest(""))
    with pytest.raises(NoManifest, match=r"one in the folder 'inner' \(open that folder"):
        open_package(tmp_path)
    (tmp_path / "IMSManifest.xml").write_bytes(_manifest(""))
    with pytest.raises(NoManifest, match=r"only 'IMSManifest\.xml' \(rename it"):
        open_package(tmp_path)


REFUSED_MANIFESTS = [
    (b"<manifest", "no well-formed XML: unclosed token at line 1, column 1"),
    (b"", "no well-formed XML: no element found"),
    (b"<html/>", "expected the element {http://www.imsglobal.org/xsd/imscp_v1p1}manifest"),
    (b'<manifest xmlns="urn:x"/>', "expected the element"),
    (b'<!DOCTYPE a [<!ENTITY b "' + b"b" * 2000 + b'">]><manifest>' + b"&b;" * 2000 + b"</manifest>", "cannot be read"),
    (b"<manifest>" * 300 + b"</manifest>" * 300, "more than 256 deep"),
]


@pytest.mark.parametrize(("data", "problem"), REFUSED_MANIFESTS)
def test_a_broken_manifest_is_refused_with_its_place(tmp_path: Path, data: bytes, problem: str) -> None:
    (tmp_path / "imsmanifest.xml").write_bytes(data)
    with pytest.raises(BrokenManifest) as caught:
        open_package(tmp_path)
    assert problem in caught.value.message


def test_what_is_no_package_is_refused(tmp_path: Path) -> None:
    plain = tmp_path / "a.txt"
    plain.write_text("PLAIN")
    with pytest.raises(NotAPackage, match="no zip archive, no folder and no imsmanifest"):
        open_package(plain)
    plain.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(UnsafeArchive, match="no zip archive that can be read"):
        open_package(plain)
    with pytest.raises(NoSuchFile):
        open_package(tmp_path / "nowhere")
    with pytest.raises(NoSuchFile):
        open_package(f"file://{tmp_path}/nowhere")
    with pytest.raises(PackageStorageFault, match="cannot be reached"):
        open_package("nosuchprotocol://host/a.zip")
    with pytest.raises(TypeError, match="neither a path nor a file"):
        open_package(7)  # type: ignore[arg-type]


@pytest.mark.spec("CP-001", "CP-007", "CP-032")
@pytest.mark.feature("F-CP-03")
def test_a_new_package_lives_until_it_is_closed() -> None:
    package = new_package()
    folder = package.folder
    assert folder is not None
    written = (Path(folder) / "imsmanifest.xml").read_text()
    assert 'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"' in written
    assert all(f"xmlns:{prefix}=" in written for prefix in ("xsi", "imsmd", "imsqti"))
    assert "http://www.imsglobal.org/xsd/imscp_v1p1 http://www.imsglobal.org/xsd/imscp_v1p1.xsd" in written
    assert package.manifest.organizations is not None
    assert package.manifest.resources is not None
    assert list(package.resources()) == []
    package.close()
    assert not Path(folder).exists()
    package.close()


@pytest.mark.spec("CP-007")
def test_the_folder_of_a_user_is_never_removed(folder: Callable[..., Path]) -> None:
    root = folder(RESOURCE)
    package = open_package(root)
    package.close()
    package.close()
    assert (root / "imsmanifest.xml").exists()


PROFILES = [
    ("cp1.2", "Content Packaging 1.2"),
    ("qti2.1", "QTI 2.1"),
    ("qti2.2", "QTI 2.2"),
    ("qti3.0", "QTI 3.0"),
    ("cc1.1", "Common Cartridge 1.1"),
    ("cc1.3", "Common Cartridge 1.3"),
]


@pytest.mark.feature("F-CP-04")
@pytest.mark.parametrize(("profile", "told"), PROFILES)
def test_a_new_package_is_of_the_profile_asked_for(profile: str, told: str) -> None:
    with new_package(profile) as package:
        assert str(package.profile) == told
        package.add_resource("webcontent")
        package.save()
        assert b"ns1:" not in package.manifest_bytes()
        assert open_package(package.folder or "").faults == ()
