"""`demotic cp` and `demotic qti` with wrong input: a precise error, its exit status, and nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from demotic.cli import main

ITEM = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="t" adaptive="false"
 timeDependent="false"><responseDeclaration identifier="R" cardinality="single" baseType="identifier"/>
 <itemBody><p>x</p></itemBody></assessmentItem>"""
OLD = """<questestinterop><item ident="{}"><itemmetadata><qmd_mood>grey</qmd_mood></itemmetadata><presentation>
<response_lid ident="R"><render_choice><response_label ident="A">a</response_label></render_choice></response_lid>
</presentation></item>{}</questestinterop>"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an item, and with what is none of what the commands want."""
    monkeypatch.chdir(tmp_path)
    for name in ("empty", "course"):
        (tmp_path / name).mkdir()
    (tmp_path / "item.xml").write_text(ITEM)
    (tmp_path / "old.xml").write_text(OLD.format("q", ""))
    (tmp_path / "many.xml").write_text(OLD.format("q", "<item ident='r'/>"))
    (tmp_path / "course" / "index.html").write_text("x")
    (tmp_path / "no.xml").write_text("not xml")
    (tmp_path / "broken.zip").write_bytes(b"PK\3\4garbage")
    (tmp_path / "some.csv").write_text("R\nA\n")
    (tmp_path / "wrong.csv").write_text("nobody\nA\n")
    (tmp_path / "wide.csv").write_text("R\nA,B\n")
    (tmp_path / "none.csv").write_text("")
    (tmp_path / "bytes.csv").write_bytes(b"R\n\xd0\x01\n")
    (tmp_path / "bad.json").write_text("{")
    return tmp_path


MISTAKES = [
    ("cp list empty", "'empty' has no imsmanifest.xml"),
    ("cp list no.xml", "'no.xml' is no zip archive, no folder and no imsmanifest.xml"),
    ("cp list broken.zip", "broken.zip is no zip archive that can be read"),
    ("cp list absent.zip", "'absent.zip' is not there"),
    ("cp list -", "'-' is not there"),
    ("cp make course new.zip", "course is a folder"),
    ("cp make course/index.html absent/new.zip", "absent/new.zip cannot be written: there is no folder"),
    ("cp make course/index.html empty", "empty is a folder"),
    ("cp zip course absent/new.zip", "absent/new.zip cannot be written: there is no folder"),
    ("qti check absent.xml", "there is no absent.xml"),
    ("qti check empty", "there is nothing of QTI in empty"),
    ("qti check item.xml --schema no.xml", "no.xml: syntax error"),
    ("qti info empty", "there is nothing of QTI in empty"),
    ("qti convert empty new.zip", "there is nothing of QTI in empty"),
    ("qti convert no.xml new.xml", "no.xml: no element found"),
    ("qti convert item.xml absent/new.xml", "absent/new.xml cannot be written: there is no folder"),
    ("qti convert item.xml new.zip --losses absent/l.json", "absent/l.json cannot be written: there is no folder"),
    ("qti convert item.xml new.xml --to 9", "QTI 9 is not written"),
    ("qti convert many.xml new.xml", "many.xml becomes 2 documents, beside one another"),
    ("qti score no.xml some.csv", "no.xml: syntax error"),
    ("qti score broken.zip some.csv", "broken.zip is an archive"),
    ("qti score item.xml wrong.csv", "the item has no response variable nobody"),
    ("qti score item.xml wide.csv", "wide.csv, candidate 1: there are more cells than columns"),
    ("qti score item.xml none.csv", "none.csv is empty"),
    ("qti score item.xml bytes.csv", "bytes.csv is no text in UTF-8"),
    ("qti score item.xml bad.json", "bad.json is no JSON"),
    ("qti score item.xml absent.csv", "there is no file absent.csv"),
    ("qti render item.xml -o item.xml", "item.xml is the item itself"),
    ("qti render item.xml -o absent/new.html", "absent/new.html cannot be written: there is no folder"),
]


@pytest.mark.feature("F-QTI-13")
@pytest.mark.parametrize(("command", "message"), MISTAKES)
def test_mistakes_are_told_in_one_line_and_nothing_is_written(
    command: str, message: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    assert main(command.split()) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith(f"error: {message}"), printed.err
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("command", ["cp", "qti"])
def test_a_group_without_a_command_shows_its_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command]) == 2
    assert capsys.readouterr().err.startswith(f"Usage: demotic {command} ")


def test_what_is_there_already_is_named_with_the_option_that_replaces_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cp", "make", "course/index.html", "new.zip"]) == 0
    for command in ("cp add new.zip course/index.html", "cp zip new.zip item.xml", "qti convert item.xml old.xml"):
        assert main(command.split()) == 2
        assert "is there already\nhint: --" in capsys.readouterr().err


def test_errors_do_not_draw_on_the_terminal(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "no.xml").write_text("\x1b[2Jno")
    assert main(["qti", "render", "no.xml"]) == 2
    assert main(["qti", "check", "\x1b[2J"]) == 2
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.feature("F-QTI-23")
def test_one_object_of_1_2_becomes_one_document(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["qti", "convert", "old.xml", "new.xml"]) == 0
    assert b"qti-choice-interaction" in (here / "new.xml").read_bytes()
    assert "dropped: mood: 'grey' [metadata]" in capsys.readouterr().out
