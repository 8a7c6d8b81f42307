"""`demotic cp`: packages looked into, checked, changed and packed from the command line."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from demotic.cli import main
from demotic.learning.cp import open_package

MANIFEST = """<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M">
  <metadata><schema>IMS Content</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations><organization identifier="O"><title>Course</title>
    <item identifier="I" identifierref="A"><title>Lesson</title><item identifier="J"/></item>
  </organization></organizations>
  <resources>
    <resource identifier="A" type="webcontent" href="a.html"><file href="a.html"/><file href="gone.png"/>
      <dependency identifierref="B"/></resource>
    <resource identifier="B" type="webcontent"><file href="b.txt"/></resource>
  </resources>
</manifest>"""
FILES = {"imsmanifest.xml": MANIFEST, "a.html": "A" * 2500, "b.txt": "B", "spare.txt": "S"}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a function that runs a command in a folder of its own, and returns its status and what it wrote."""
    monkeypatch.chdir(tmp_path)

    def ran(*arguments: str) -> tuple[int, str, str]:
        status = main(["cp", *arguments])
        written = capsys.readouterr()
        return status, written.out, written.err

    return ran


@pytest.fixture(params=["course", "course.zip"])
def course(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A package, as a folder and as an archive."""
    if request.param == "course":
        for path, content in FILES.items():
            (tmp_path / "course").mkdir(exist_ok=True)
            (tmp_path / "course" / path).write_text(content)
    else:
        with zipfile.ZipFile(tmp_path / "course.zip", "w") as zipped:
            for path, content in FILES.items():
                zipped.writestr(path, content)
    return str(request.param)


LISTED = """course: Content Packaging 1.2, 3 files, 2.5 kB

Organization O  Course
  I  Lesson  → A
    J

Resources
  A  webcontent  a.html
    a.html  2.5 kB
    gone.png  missing
    → B
  B  webcontent
    b.txt  1 B

Files that nothing names
  spare.txt  1 B
"""


@pytest.mark.feature("F-CLI-60")
def test_list_shows_organizations_resources_and_files(run: Run, course: str) -> None:
    assert run("list", course) == (0, LISTED, "")
    status, out, _ = run("list", course, "--format", "json")
    told = json.loads(out)
    assert (status, told["profile"], told["missing"], told["unreferenced"]) == (
        0, "Content Packaging 1.2", ["gone.png"], ["spare.txt"],
    )  # fmt: skip
    assert told["organizations"][0]["items"] == [
        {"identifier": "I", "title": "Lesson", "resource": "A", "items": [
            {"identifier": "J", "title": None, "resource": None, "items": []}]}
    ]  # fmt: skip
    assert [each["files"] for each in told["resources"]] == [["a.html", "gone.png"], ["b.txt"]]


@pytest.mark.feature("F-CLI-61")
def test_check_tells_findings_with_places_and_a_status(run: Run, course: str) -> None:
    assert run("check", course) == (
        1,
        f"""{course}/imsmanifest.xml:7:83: error: the file 'gone.png' is not in the package [missing-file]
    put the file in, correct href, or take the reference out
{course}/spare.txt: info: nothing in the manifest names the file 'spare.txt' [unreferenced-file]
    name it in a resource, unless it is there for other files (a schema, say)
{course}: Content Packaging 1.2: 1 error, 1 note
""",
        "",
    )
    status, out, _ = run("check", course, "--format", "json", "--severity", "error")
    (told,) = json.loads(out)["packages"]
    assert (status, told["package"], told["summary"]) == (1, course, {"error": 1, "warning": 0, "info": 1})
    assert [(each["code"], each["file"], each["line"]) for each in told["findings"]] == [
        ("missing-file", "imsmanifest.xml", 7)
    ]


def test_warnings_count_only_when_they_should(run: Run, tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "a b.txt").write_text("")
    manifest = MANIFEST.replace('<file href="gone.png"/>', "").replace("a.html", "a b.txt").replace("b.txt", "a b.txt")
    (tmp_path / "w" / "imsmanifest.xml").write_text(manifest.replace("a a b", "a b"))
    status, out, _ = run("check", "w")
    assert (status, "[not-encoded]" in out) == (0, True)
    assert run("check", "w", "--strict")[0] == 1


@pytest.mark.feature("F-CLI-61")
def test_what_cannot_be_opened_is_a_finding_among_others(run: Run, course: str, tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("plain")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "imsmanifest.xml").write_text("<manifest\n  <")
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as zipped:
        for name in ("../a", "/b"):
            zipped.writestr(name, "")
    status, out, err = run("check", "plain.txt", "broken", "evil.zip", course, "--severity", "error")
    assert (status, err) == (1, "")
    assert [line.split(" [")[-1] for line in out.splitlines() if ": error: " in line] == [
        "NotAPackage]", "BrokenManifest]", "UnsafeArchive]", "UnsafeArchive]", "missing-file]",
    ]  # fmt: skip
    assert "broken/imsmanifest.xml:2:3: error: " in out
    assert run("check", "nowhere")[0] == 2


@pytest.mark.feature("F-CLI-62")
def test_add_copies_files_in_and_names_them(run: Run, course: str, tmp_path: Path) -> None:
    (tmp_path / "new.png").write_bytes(b"P")
    (tmp_path / "more" / "deep").mkdir(parents=True)
    (tmp_path / "more" / "deep" / "x.css").write_text("X")
    assert run("add", course, "new.png", "more", "--resource", "A", "--to", "media/") == (
        0, "media/new.png is in A\nmedia/more/deep/x.css is in A\n", "",
    )  # fmt: skip
    assert run("add", course, "new.png", "--type", "css3") == (0, "new.png is in RES-1\n", "")
    with open_package(tmp_path / course) as package:
        assert [file.href for file in package.resource("A").files][2:] == ["media/new.png", "media/more/deep/x.css"]
        assert (package.resource("RES-1").href, package.resource("RES-1").type) == ("new.png", "css3")
        assert package.read("media/more/deep/x.css") == b"X"


def test_add_changes_nothing_if_one_file_is_refused(run: Run, course: str, tmp_path: Path) -> None:
    (tmp_path / "new.png").write_bytes(b"P")
    (tmp_path / "b.txt").write_bytes(b"other")
    status, out, err = run("add", course, "new.png", "b.txt")
    assert (status, out) == (2, "")
    assert err.startswith("error: 'b.txt' is there already\n")
    for arguments in (("new.png", "--resource", "none"), ("absent.png",), ("new.png", "--to", "../up")):
        status, out, err = run("add", course, *arguments)
        assert (status, out, err.startswith("error: ")) == (2, "", True)
    with open_package(tmp_path / course) as package:
        assert (package.files.present, package.read("b.txt")) == (["a.html", "b.txt", "spare.txt"], b"B")
    assert run("add", course, "b.txt", "--resource", "B", "--replace")[0] == 0


@pytest.mark.feature("F-CLI-63")
def test_rm_removes_files_and_resources(run: Run, course: str, tmp_path: Path) -> None:
    assert run("rm", course, "spare.txt", "gone.png", "--resource", "B") == (0, "", "")
    with open_package(tmp_path / course) as package:
        assert list(package.files) == ["a.html"]
        assert [each.identifier for each in package.resources()] == ["A"]
    assert run("rm", course)[0] == 2
    assert run("rm", course, "spare.txt")[0] == 2


@pytest.mark.spec("CP-045")
@pytest.mark.feature("F-CLI-64")
def test_make_packs_a_file_and_what_lies_beside_it(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = tmp_path / "lesson"
    for path in ("index.html", "img/a.png", ".git/config", ".hidden", "B.css"):
        (lesson / path).parent.mkdir(parents=True, exist_ok=True)
        (lesson / path).write_text(path)
    status, out, _ = run("make", "lesson/index.html", "lesson/out.zip")
    assert status == 0
    assert out.splitlines()[:-1] == [
        "Skipping .git", "Skipping .hidden", "Copying B.css", "Copying index.html", "Copying img/a.png",
    ]  # fmt: skip
    assert out.splitlines()[-1].startswith("lesson/out.zip: 4 files, ")
    with open_package(lesson / "out.zip") as package:
        (resource,) = package.resources()
        assert (resource.type, resource.href) == ("webcontent", "index.html")
        assert (list(package.files), package.check()) == (["B.css", "img/a.png", "index.html"], [])
    before = (lesson / "out.zip").read_bytes()
    status, out, err = run("make", "lesson/index.html", "lesson/out.zip")
    assert (status, out, "--force" in err) == (2, "", True)
    for answer, status, changed in (("n", 1, False), ("", 1, False), ("y", 0, True)):
        (lesson / "B.css").write_text("changed")
        monkeypatch.setattr("sys.stdin", _Terminal(f"{answer}\n"))
        assert run("make", "lesson/index.html", "lesson/out.zip")[0] == status
        assert ((lesson / "out.zip").read_bytes() != before) == changed
    status, _, err = run("make", "lesson", "x.zip")
    assert (status, err.splitlines()[0]) == (2, "error: lesson is a folder")
    assert run("make", "lesson/index.html")[0] == 2
    status, _, err = run("make", "lesson/index.html", "lesson/index.html", "--force")
    assert (status, "is the file to begin with" in err, (lesson / "index.html").read_text()) == (2, True, "index.html")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.feature("F-CLI-65")
def test_zip_packs_the_same_package_to_the_same_bytes(run: Run, course: str, tmp_path: Path) -> None:
    assert run("zip", course, "one.zip")[0] == 0
    status, out, err = run("zip", course, "one.zip")
    assert (status, out, err.splitlines()) == (
        2, "", ["error: 'one.zip' is there already", "hint: --force writes over it"],
    )  # fmt: skip
    one = (tmp_path / "one.zip").read_bytes()
    assert run("zip", course, "one.zip", "--force")[0] == 0
    assert run("zip", "one.zip", "two.zip")[0] == 0
    assert one == (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "two.zip") as zipped:
        assert zipped.namelist() == ["imsmanifest.xml", "a.html", "b.txt", "spare.txt"]


def test_names_cannot_draw_on_the_terminal(run: Run, tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "imsmanifest.xml").write_text(MANIFEST.replace("Course", "\u202ecod").replace("gone", "&#9;x"))
    assert "\u202e" not in run("list", "p")[1] + run("check", "p")[1]
