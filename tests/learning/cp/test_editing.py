"""Changes to packages: files and resources, with the manifest in step, in folders and in archives alike."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from demotic.errors import DemoticError
from demotic.files import FileExists, NoSuchFile
from demotic.learning.cp import (
    Dependency,
    File,
    IdentifierTaken,
    Ignored,
    NotInManifest,
    Package,
    PackageFileFault,
    PackagePathFault,
    PackageStorageFault,
    new_package,
    open_package,
)

RESOURCES = """
    <resource identifier="A" type="webcontent" href="a/index.html?x=1">
      <file href="a/index.html"/><file href="a/both.png"/><dependency identifierref="B"/></resource>
    <resource identifier="B" type="webcontent" xml:base="b/" href="one.html">
      <file href="one.html"/><file href="../a/both.png"/></resource>
  """
FILES = {"a/index.html": "A", "a/both.png": "P", "b/one.html": "B", "spare.txt": "S"}


@pytest.fixture(params=["folder", "archive"])
def package(
    request: pytest.FixtureRequest, folder: Callable[..., Path], archive: Callable[..., BytesIO]
) -> Iterator[Package]:
    """The same package, in a folder and in an archive."""
    source = folder(RESOURCES, FILES) if request.param == "folder" else archive(RESOURCES, FILES)
    with open_package(source) as opened:
        yield opened


def again(package: Package) -> Package:
    """Return the package as it is after export."""
    data = BytesIO()
    package.export(data)
    return open_package(data)


def hrefs(package: Package) -> dict[str | None, list[str | None]]:
    return {each.identifier: [each.href, *(file.href for file in each.files)] for each in package.resources()}


BEFORE = {
    "A": ["a/index.html?x=1", "a/index.html", "a/both.png"],
    "B": ["one.html", "one.html", "../a/both.png"],
}


@pytest.mark.spec("CP-012", "CP-013", "CP-014", "CP-028", "CP-039")
@pytest.mark.feature("F-CP-06")
def test_the_table_says_what_names_each_file(package: Package) -> None:
    assert hrefs(package) == BEFORE
    assert {path: len(files) for path, files in package.files.items()} == {
        "a/both.png": 2, "a/index.html": 1, "b/one.html": 1, "spare.txt": 0,
    }  # fmt: skip
    assert (package.files.unreferenced, package.files.missing) == (["spare.txt"], [])
    package.attach("A", "a/absent.css")
    assert (package.files.missing, len(package.files["a/absent.css"])) == (["a/absent.css"], 1)
    one = package.resource("B").files[0]
    assert (package.path_of(one), package.path_of(File(href="http://example.org/x"))) == ("b/one.html", None)


@pytest.mark.spec("CP-017", "CP-026")
@pytest.mark.feature("F-CP-07")
def test_a_file_is_copied_in_and_named(package: Package, tmp_path: Path) -> None:
    source = tmp_path / "New Page.html"
    source.write_text("N")
    made = package.add_file(source, resource="B")
    assert made is not None
    assert (made.href, package.path_of(made), package.files["b/new page.html"]) == (
        "new%20page.html",
        "b/new page.html",
        [made],
    )
    second = package.add_file(source, resource="B")
    assert second is not None
    assert second.href == "new%20page-1.html"
    assert package.add_file(b"bytes", "b/raw.bin") is None
    assert package.files.unreferenced == ["b/raw.bin", "spare.txt"]
    after = again(package)
    assert [after.read(path) for path in ("b/new page.html", "b/new page-1.html", "b/raw.bin")] == [
        b"N",
        b"N",
        b"bytes",
    ]
    assert after.files.missing == []


def test_a_file_that_is_there_is_replaced_only_when_told_so(package: Package) -> None:
    with pytest.raises(FileExists, match="is there already"):
        package.add_file(b"X", "a/index.html", resource="A")
    assert (package.read("a/index.html"), hrefs(package)) == (b"A", BEFORE)
    package.add_file(b"X", "a/index.html", resource="A", replace=True)
    assert (package.read("a/index.html"), hrefs(package)) == (b"X", BEFORE)
    assert again(package).read("a/index.html") == b"X"


def test_what_comes_from_anywhere_is_copied(package: Package, archive: Callable[..., BytesIO], tmp_path: Path) -> None:
    place = tmp_path / "other.zip"
    place.write_bytes(archive("", {"in/deep.txt": "D"}).getvalue())
    with open_package(place) as other:
        package.add_file(other.at("in/deep.txt"))
    package.add_file(f"zip://in/deep.txt::file://{place}", "z.txt")
    package.add_file(BytesIO(b"F"), "f.txt")
    assert [package.read(name) for name in ("deep.txt", "z.txt", "f.txt")] == [b"D", b"D", b"F"]
    with pytest.raises(PackageFileFault, match="no file that is there"):
        package.add_file(tmp_path / "absent", resource="A")
    with pytest.raises(TypeError):
        package.add_file(3, "x")


@pytest.mark.spec("CP-022", "CP-023")
@pytest.mark.feature("F-CP-08")
def test_a_free_path_is_lower_case_and_like_no_other(package: Package) -> None:
    package.attach("A", "named/only.txt")
    for suggested, free in (
        ("New.TXT", "new.txt"),
        ("spare.txt", "spare-1.txt"),
        ("SPARE.txt", "spare-1.txt"),
        ("named/only.txt", "named/only-1.txt"),
        ("a/./../A/both.png", "a/both-1.png"),
        ("noextension", "noextension"),
        ("a", "a-1"),
    ):
        assert package.free_path(suggested) == free
    package.add_file(b"", "caf\u00e9.txt")
    assert package.free_path("cafe\u0301.txt") == "cafe\u0301-1.txt"
    if package.folder is not None:
        assert package.free_path(os.path.join(package.folder, "a", "Upper.txt")) == "a/Upper.txt"  # noqa: PTH118
    with pytest.raises(PackagePathFault):
        package.free_path("/etc/passwd")
    with pytest.raises(PackageFileFault, match="cannot be below 'spare"):
        package.free_path("spare.txt/x")
    package.add_file(b"", "Media/One/a.png")
    assert package.free_path("media/ONE/B.png") == "Media/One/b.png"
    with pytest.raises(PackageFileFault, match="cannot be a file beside 'Media'"):
        package.add_file(b"", "media/b.png")


REFUSED_PATHS = [
    ("../x", "leads out of the package"),
    ("a/../../x", "leads out of the package"),
    ("/x", "no path within a package|is not in the package"),
    ("C:\\x", "no path within a package"),
    ("a\\x", "no path within a package"),
    ("imsmanifest.xml", "the manifest is no file of a resource"),
    ("IMSManifest.xml", "the manifest is no file of a resource"),
    (".hidden", "is ignored"),
    ("a/.git/x", "is ignored"),
    ("", "the package itself"),
    ("a/..", "the package itself"),
]


@pytest.mark.spec("CP-024", "CP-025", "CP-027", "CP-044")
@pytest.mark.feature("F-CP-08")
@pytest.mark.parametrize(("path", "problem"), REFUSED_PATHS)
def test_a_path_that_is_no_place_for_a_file_is_refused(package: Package, path: str, problem: str) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: package.attach("A", path),
        lambda: package.add_file(b"X", path, resource="A"),
        lambda: package.remove_file(path),
        lambda: package.rename_file("spare.txt", path),
        lambda: package.rename_file(path, "fine.txt"),
    ]
    before = (hrefs(package), list(package.files))
    for attempt in attempts:
        with pytest.raises(DemoticError, match=problem) as caught:
            attempt()
        assert isinstance(caught.value, PackagePathFault)
    assert (hrefs(package), list(package.files)) == before


UNPORTABLE = ["con.txt", "a/x.", "a:b.txt", "what?.txt", "x" * 300, "tab\tbed"]


@pytest.mark.parametrize("path", UNPORTABLE)
def test_a_new_name_is_one_that_every_system_can_hold(package: Package, path: str) -> None:
    with pytest.raises(PackagePathFault):
        package.add_file(b"X", path)
    with pytest.raises(PackagePathFault, match=r"is the same as 'spare\.txt' on some systems"):
        package.add_file(b"X", "Spare.txt")


@pytest.mark.spec("CP-024")
@pytest.mark.feature("F-CP-07")
def test_what_is_elsewhere_is_named_by_its_address(package: Package) -> None:
    file = package.attach("B", "https://example.org/x.css")
    assert (file.href, package.path_of(file), package.files.missing) == ("https://example.org/x.css", None, [])
    with pytest.raises(PackageStorageFault, match="is not in the package"):
        package.remove_file("https://example.org/x.css")


@pytest.mark.feature("F-CP-09")
def test_a_file_is_renamed_in_all_that_names_it(package: Package) -> None:
    package.rename_file("a/both.png", "b/both of us.png")
    package.rename_file("a/index.html", "start.html")
    assert hrefs(package) == {
        "A": ["start.html?x=1", "start.html", "b/both%20of%20us.png"],
        "B": ["one.html", "one.html", "both%20of%20us.png"],
    }
    after = again(package)
    assert (after.files.missing, after.read("start.html")) == ([], b"A")
    assert list(after.files) == ["b/both of us.png", "b/one.html", "spare.txt", "start.html"]


def test_a_file_is_renamed_to_the_same_name_in_another_case(package: Package) -> None:
    package.rename_file("spare.txt", "Spare.txt")
    assert next(iter(again(package).files)) == "Spare.txt"
    with pytest.raises(FileExists):
        package.rename_file("Spare.txt", "Spare.txt")


def test_nothing_is_renamed_onto_another_or_from_nowhere(package: Package) -> None:
    for target in ("a/both.png", "a/BOTH.png"):
        with pytest.raises((FileExists, PackagePathFault)):
            package.rename_file("spare.txt", target)
    with pytest.raises(NoSuchFile):
        package.rename_file("absent.txt", "x.txt")
    assert hrefs(package) == BEFORE


@pytest.mark.spec("CP-017", "CP-027")
@pytest.mark.feature("F-CP-09")
def test_a_file_is_removed_with_all_that_names_it(package: Package) -> None:
    package.remove_file("a/both.png")
    package.remove_file("b/one.html")
    assert hrefs(package) == {"A": ["a/index.html?x=1", "a/index.html"], "B": [None]}
    assert list(package.files) == ["a/index.html", "spare.txt"]
    assert list(again(package).files) == ["a/index.html", "spare.txt"]


@pytest.mark.spec("CP-027")
def test_a_file_that_is_only_named_is_removed_from_the_manifest(package: Package) -> None:
    package.attach("A", "absent.css")
    package.remove_file("absent.css")
    assert hrefs(package) == BEFORE
    with pytest.raises(NoSuchFile):
        package.remove_file("absent.css")
    with pytest.raises(PackageFileFault, match="is a folder"):
        package.remove_file("a")


@pytest.mark.feature("F-CP-09")
def test_a_resource_goes_with_what_is_its_own(package: Package) -> None:
    package.remove_resource("B")
    assert hrefs(package) == {"A": ["a/index.html?x=1", "a/index.html", "a/both.png"]}
    assert package.resource("A").dependencies == []
    assert list(package.files) == ["a/both.png", "a/index.html", "spare.txt"]
    with pytest.raises(NotInManifest):
        package.remove_resource("B")


def test_its_files_may_stay(package: Package) -> None:
    package.remove_resource("A", keep_files=True)
    assert package.files.unreferenced == ["a/index.html", "spare.txt"]


ORGANIZED = """<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M"><organizations><organization
  identifier="O"><item identifier="I1" identifierref="R"><item identifier="I2" identifierref="R"/></item></organization>
  </organizations><resources><resource identifier="R" type="webcontent"><file href="r.txt"/></resource></resources>
  </manifest>"""


@pytest.mark.spec("CP-038")
def test_items_lose_their_resource_and_stay_if_they_hold_others(archive: Callable[..., BytesIO]) -> None:
    with open_package(archive(ORGANIZED, {"r.txt": "R"})) as package:
        package.rename_resource("R", "R2")
        assert [item.identifierref for item in package.items()] == ["R2", "R2"]
        with pytest.raises(IdentifierTaken):
            package.rename_resource("R2", "O")
        package.remove_resource("R2")
        assert [(item.identifier, item.identifierref) for item in package.items()] == [("I1", None)]


@pytest.mark.spec("CP-034", "CP-039", "CP-040", "CP-041")
@pytest.mark.feature("F-CP-07")
def test_resources_are_added_under_identifiers_of_their_own(package: Package) -> None:
    made = package.add_resource("imsqti_item_xmlv2p1", href="i.xml")
    assert (made.identifier, made.type, made.href, list(package.files)[-2:]) == (
        "RES-1", "imsqti_item_xmlv2p1", "i.xml", ["i.xml", "spare.txt"],
    )  # fmt: skip
    assert package.add_resource(identifier="C").identifier == "C"
    with pytest.raises(IdentifierTaken):
        package.add_resource(identifier="A")
    with pytest.raises(TypeError, match="no field colour"):
        package.add_resource(colour="red")


@pytest.mark.feature("F-CP-06")
def test_dependencies_are_followed_however_far() -> None:
    with new_package() as package:
        for name, needs in (("A", "BC"), ("B", "CD"), ("C", "A"), ("D", "X")):
            package.add_resource(identifier=name, dependencies=[Dependency(identifierref=each) for each in needs])
        assert [each.identifier for each in package.dependencies(package.resource("A"))] == ["B", "C", "D"]


@pytest.mark.spec("CP-018", "CP-019", "CP-020", "CP-021")
@pytest.mark.feature("F-CP-10")
def test_ignored_names_are_no_part_of_the_package(folder: Callable[..., Path]) -> None:
    root = folder("", {".DS_Store": "x", ".svn/entries": "x", "a/.b/c.txt": "x", "a/~tmp": "x", "__MACOSX/._a": "x"})
    with open_package(root) as package:
        assert list(package.files) == ["a/~tmp"]
        assert list(again(package).files) == ["a/~tmp"]
    with open_package(root, ignore="~.*") as package:
        assert list(package.files) == [".DS_Store", ".svn/entries", "__MACOSX/._a", "a/.b/c.txt"]
    rule = Ignored()
    assert [rule.name(name) for name in (".x", "x.", "x", "..x")] == [True, False, False, True]
    assert [rule.path(path) for path in ("a/.b/c", "../a/./b", "a/b.c", "./.x")] == [True, False, False, True]


@pytest.mark.spec("CP-015", "CP-016", "CP-043")
@pytest.mark.feature("F-CP-11")
def test_paths_lead_from_the_system_to_the_package(folder: Callable[..., Path]) -> None:
    from demotic.learning.cp import joined, relative_path

    root = folder(RESOURCES, FILES)
    with open_package(root) as package:
        for path, found in (
            (root / "a" / "index.html", "a/index.html"),
            (root, ""),
            (root.parent, None),
            (f"{root}x/a", None),
            ("a/../b", "b"),
            ("/etc/passwd", None),
        ):
            assert package.path_in_package(path) == found
        assert package.files[joined("a", "./index.html")]
    assert [relative_path(*pair) for pair in (("a/b", "a"), ("a", "a"), ("ab", "a"), ("a/./b/../c", "a/b/.."))] == [
        "b", "", None, "c",
    ]  # fmt: skip


@pytest.mark.spec("CP-017")
def test_changes_made_elsewhere_are_seen_after_a_rescan(folder: Callable[..., Path]) -> None:
    root = folder(RESOURCES, FILES)
    with open_package(root) as package:
        assert package.files.missing == []
        (root / "spare.txt").unlink()
        package.resource("A").files.append(File(href="new.txt"))
        assert list(package.rescan()) == ["a/both.png", "a/index.html", "b/one.html", "new.txt"]


def test_an_archive_stays_as_it_is_until_it_is_exported(archive: Callable[..., BytesIO], tmp_path: Path) -> None:
    place = tmp_path / "p.zip"
    place.write_bytes(archive(RESOURCES, FILES).getvalue())
    before = place.read_bytes()
    with open_package(place) as package:
        package.add_file(b"N", "n.txt", resource="A")
        package.remove_file("spare.txt")
        package.save()
        assert place.read_bytes() == before
        with pytest.raises(FileExists):
            package.export(place)
        package.export(place, replace=True)
        assert package.read("a/index.html") == b"A"
    with open_package(place) as package:
        assert list(package.files) == ["a/both.png", "a/index.html", "b/one.html", "n.txt"]


def test_an_archive_is_not_written_into_the_package_itself(folder: Callable[..., Path]) -> None:
    root = folder(RESOURCES, FILES)
    with open_package(root) as package:
        for target in (root / "a" / "self.zip", package.root.path("/self.zip")):
            with pytest.raises(PackagePathFault, match="so it would hold itself"):
                package.export(target)
        assert package.export(root.parent / "beside.zip") == 5
    assert not list(root.rglob("*.zip"))


def test_a_file_cannot_be_below_another(package: Package) -> None:
    with pytest.raises(DemoticError):
        package.add_file(b"X", "spare.txt/x.txt")
    assert package.read("spare.txt") == b"S"


@pytest.mark.spec("CP-028")
def test_percent_codes_blanks_and_backslashes_are_read_as_they_are_met(archive: Callable[..., BytesIO]) -> None:
    met = [
        ("a%20b.txt", "a b.txt"), ("a b.txt", "a b.txt"), ("c\\d.txt", "c/d.txt"), ("100%.txt", "100%.txt"),
        ("%C3%A9.txt", "é.txt"), ("é.txt", "é.txt"), ("x%2541.txt", "x%41.txt"), ("y%41.txt", "y%41.txt"),
        ("[1].txt", "[1].txt"), ("./c/../c/d.txt#top", "c/d.txt"), ("q#1.txt", "q#1.txt"),
    ]  # fmt: skip
    resources = f'<resource identifier="R">{"".join(f"<file href={href!r}/>" for href, _ in met)}</resource>'
    with open_package(archive(resources, dict.fromkeys((path for _, path in met), "x"))) as package:
        assert [package.path_of(file) for file in package.resource("R").files] == [path for _, path in met]
        assert package.files.missing == []
