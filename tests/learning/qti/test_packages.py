"""Banks converted as a whole: documents, media, metadata, resources; into a package that is right."""

# ruff: noqa: E501  (markup in tables reads better in one line)
from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from tests.learning.qti.test_banks import ITEM, TEST, ref
from tests.learning.qti.test_legacy import choice, eq, item, rule

from demotic.cli import main
from demotic.errors import InvalidInput
from demotic.learning.cp import open_package
from demotic.learning.qti import Version
from demotic.learning.qti.checking import check_bank, open_bank
from demotic.learning.qti.packaging import convert_bank


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bank" / "items").mkdir(parents=True)
    bank = tmp_path / "bank"
    (bank / "items" / "a.xml").write_text(ITEM.format('<p><img src="../a.png" alt=""/></p>'))
    (bank / "a.png").write_bytes(b"png")
    (bank / "notes.txt").write_text("notes")
    (bank / "test.xml").write_text(TEST.format(ref("items/a.xml")))
    return bank


def errors(path: Path) -> list[str]:
    with open_bank(path) as bank:
        return [f"{f}" for checked in check_bank(bank) for f in checked.findings if f.severity != "info"]


@pytest.mark.feature("F-QTI-19")
@pytest.mark.spec("QTI2-002", "QTI2-003", "QTI2-004")
def test_a_folder_becomes_a_package_with_its_media(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "new.zip"
    done = list(convert_bank(folder, target, Version.V2_2))
    assert [(c.source, c.written, c.losses) for c in done] == [
        ("items/a.xml", ("items/a.xml",), ()),
        ("test.xml", ("test.xml",), ()),
    ]
    with open_package(target) as package:
        assert {r.type: r.href for r in package.resources() if (r.type or "").startswith("imsqti")} == {
            "imsqti_item_xmlv2p2": "items/a.xml",
            "imsqti_test_xmlv2p2": "test.xml",
        }
        assert package.read("a.png") == b"png" and package.read("notes.txt") == b"notes"
        assert b"imsqti_v2p2" in package.read("items/a.xml")
        assert "missing" not in str(package.files.missing)
    assert errors(target) == []


def test_a_package_keeps_identifiers_metadata_and_dependencies(folder: Path, tmp_path: Path) -> None:
    manifest = (
        '<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="m"><organizations/><resources>'
        '<resource identifier="r1" type="imsqti_item_xmlv3p0" href="items/a.xml"><metadata><x xmlns="urn:x">kept</x></metadata>'
        '<file href="items/a.xml"/><file href="a.png"/></resource>'
        '<resource identifier="r2" type="imsqti_test_xmlv3p0" href="test.xml"><file href="test.xml"/>'
        '<dependency identifierref="r1"/></resource>'
        '<resource identifier="r3" type="webcontent" href="notes.txt"><file href="notes.txt"/></resource></resources></manifest>'
    )
    (folder / "imsmanifest.xml").write_text(manifest)
    target = tmp_path / "new.zip"
    list(convert_bank(folder, target, Version.V2_1))
    with open_package(target) as package:
        assert package.resource("r1").type == "imsqti_item_xmlv2p1" and package.resource("r1").metadata is not None
        assert b"kept" in package.manifest_bytes()
        assert [r.identifier for r in package.dependencies(package.resource("r2"))] == ["r1"]
        assert package.resource("r3").href == "notes.txt"
    assert errors(target) == []


@pytest.mark.spec("QTI1-068", "QTI1-070")
def test_a_bank_of_1_2_becomes_items_with_their_media(tmp_path: Path) -> None:
    bank = tmp_path / "old"
    bank.mkdir()
    (bank / "a.png").write_bytes(b"png")
    image = '<material><matimage uri="a.png"/></material>'
    inner = item(image + choice(), rule(eq("A")))
    two = inner.replace("</questestinterop>", "") + inner.replace("<questestinterop>", "").replace(
        'ident="i"', 'ident="j"'
    )
    (bank / "bank.xml").write_text(two)
    target = tmp_path / "new.zip"
    (done,) = convert_bank(bank, target, Version.V3_0)
    assert done.written == ("i.xml", "j.xml")
    with zipfile.ZipFile(target) as archive:
        assert sorted(archive.namelist()) == ["a.png", "i.xml", "imsmanifest.xml", "j.xml"]
    assert errors(target) == []


def test_what_is_there_is_not_replaced(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "new.zip"
    target.write_bytes(b"mine")
    with pytest.raises(InvalidInput, match="is there already"):
        list(convert_bank(folder, target, Version.V3_0))
    assert target.read_bytes() == b"mine"
    list(convert_bank(folder, target, Version.V3_0, replace=True))
    assert zipfile.is_zipfile(target)


def test_the_command_line_converts(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target, report = tmp_path / "new.zip", tmp_path / "losses.json"
    (folder / "items" / "b.xml").write_text(ITEM.format("<section>x</section>"))
    assert main(["qti", "convert", str(folder), str(target), "--to", "2.1", "--losses", str(report)]) == 0
    out = capsys.readouterr().out
    assert "items/b.xml:1:" in out and "section becomes div" in out and "3 documents" in out
    assert json.loads(report.read_text())["losses"][0]["code"] == "html"
    assert main(["qti", "convert", str(folder), str(target)]) == 2
    one = tmp_path / "b.xml"
    assert main(["qti", "convert", str(folder / "items" / "b.xml"), str(one), "--to", "2.2"]) == 0
    assert b"imsqti_v2p2" in one.read_bytes()
    assert main(["qti", "convert", str(folder / "items" / "b.xml"), str(one), "--to", "2.0"]) == 2
