"""Folders and packages: every document is checked, and what documents say of each other and of other files."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from demotic.cli import main
from demotic.errors import NotFound
from demotic.learning.qti.checking import check_bank, local_path, open_bank

NS = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
ITEM = (
    f'<qti-assessment-item {NS} identifier="i" title="t" time-dependent="false">'
    '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'
    "<qti-item-body>{}</qti-item-body></qti-assessment-item>"
)
TEST = (
    f'<qti-assessment-test {NS} identifier="t" title="t"><qti-test-part identifier="P" navigation-mode="linear"'
    ' submission-mode="individual"><qti-assessment-section identifier="S" title="s" visible="true">{}'
    "</qti-assessment-section></qti-test-part></qti-assessment-test>"
)


MAPPING = '<qti-variable-mapping source-identifier="SCORE" target-identifier="POINTS"/>'


def ref(href: str, inner: str = "", name: str = "A") -> str:
    return f'<qti-assessment-item-ref identifier="{name}" href="{href}">{inner}</qti-assessment-item-ref>'


def use(name: str) -> str:
    return (
        f'<qti-pre-condition><qti-not><qti-is-null><qti-variable identifier="{name}"/></qti-is-null></qti-not>'
        "</qti-pre-condition>"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "items").mkdir()
    (tmp_path / "items" / "a.xml").write_text(ITEM.format('<p><img src="../a%20b.png?x#y" alt=""/></p>'))
    (tmp_path / "a b.png").write_bytes(b"")
    (tmp_path / "other.xml").write_text("<notes/>")
    return tmp_path


def codes(folder: Path) -> list[tuple[str, str]]:
    with open_bank(folder) as bank:
        return [(f.file, f.code) for checked in check_bank(bank) for f in checked.findings]


@pytest.mark.feature("F-QTI-11")
@pytest.mark.parametrize(
    ("test", "found"),
    [
        (ref("items/a.xml"), []),
        (ref("items/b.xml"), ["missing-file"]),
        (ref("../b.xml"), ["outside-file"]),
        (ref("test.xml"), ["circular-file"]),
        (ref("other.xml"), ["wrong-target"]),
        (ref("https://example.org/a.xml"), ["remote-file"]),
        (ref("items/a.xml", use("A.SCORE") + use("A.duration")), []),
        (ref("items/a.xml", use("A.SCORES")), ["unknown-item-variable"]),
        (
            ref(
                "items/a.xml",
                use("A.POINTS") + '<qti-variable-mapping source-identifier="SCORE" target-identifier="POINTS"/>',
            ),
            [],
        ),
    ],
)
def test_references_lead_to_what_they_should(folder: Path, test: str, found: list[str]) -> None:
    (folder / "test.xml").write_text(TEST.format(test))
    assert codes(folder) == [("test.xml", code) for code in found]


def test_a_single_file_sees_its_neighbours(folder: Path) -> None:
    assert codes(folder / "items" / "a.xml") == []  # its image stands in the folder above
    alone = folder / "tests" / "test.xml"
    alone.parent.mkdir()
    for href, found in (
        ("../items/a.xml", []), ("../items/b.xml", ["missing-file"]), ("../other.xml", ["wrong-target"]),
        ("test.xml", ["circular-file"]),
    ):  # fmt: skip
        alone.write_text(TEST.format(ref(href)))
        assert codes(alone) == [("test.xml", code) for code in found]
    alone.write_text(TEST.format(ref("../items/a.xml", use("A.SCORES"))))
    assert codes(alone) == [("test.xml", "unknown-item-variable")]
    with pytest.raises(NotFound):
        open_bank(folder / "nowhere.xml")


def test_addresses_become_paths() -> None:
    assert local_path("b.png", "a/i.xml") == "a/b.png"
    assert local_path("../b%20c.png?q#f", "a/i.xml") == "b c.png"
    assert local_path("../../b.png", "a/i.xml") == "../b.png"
    assert local_path("//host/b.png", "i.xml") is None


@pytest.fixture
def package(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    manifest = (
        '<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="m">'
        "<organizations/><resources>"
        '<resource identifier="r" type="imsqti_item_xmlv3p0" href="items/a.xml"><file href="items/a.xml"/></resource>'
        "</resources></manifest>"
    )
    target = tmp_path_factory.mktemp("package") / "bank.zip"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("imsmanifest.xml", manifest)
        for path in ("items/a.xml", "a b.png"):
            archive.write(folder / path, path)
    return target


@pytest.mark.feature("F-QTI-12")
def test_a_file_must_be_in_the_resource_that_uses_it(package: Path) -> None:
    assert codes(package) == [("items/a.xml", "not-in-resource")]


@pytest.mark.feature("F-QTI-13")
def test_the_command_line_checks_and_describes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "test.xml").write_text(TEST.format(ref("items/b.xml")))
    assert main(["qti", "check", str(folder)]) == 1
    text = capsys.readouterr().out
    assert "test.xml:1:" in text and "[missing-file]" in text and "2 documents" in text
    assert main(["qti", "check", str(folder), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["faulty"] == 1 and "1 with errors" in text
    assert found["counts"] == {"error": 1, "warning": 0, "info": 0} and found["findings"][0]["code"] == "missing-file"
    assert main(["qti", "info", str(folder), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["documents"] == {"qti-assessment-item": 1, "qti-assessment-test": 1}
    assert main(["qti", "info", str(folder)]) == 0
    assert main(["qti", "check", str(folder / "items")]) == 1
    assert main(["qti", "check", str(folder / "nowhere")]) == 2
    assert main(["qti", "check", str(folder / "other.xml")]) == 2


def test_the_command_line_takes_schemas(folder: Path, shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="t" adaptive="false"' \
          ' timeDependent="false"><itemBody><p><table/></p></itemBody></assessmentItem>'  # fmt: skip
    (folder / "bad.xml").write_text(bad)
    schema = shared_data / "learning/xsd/pie-qti-schemas/imsqti_v2p1.xsd"
    assert main(["qti", "check", str(folder / "bad.xml")]) == 0
    assert main(["qti", "check", str(folder / "bad.xml"), "--schema", str(schema)]) == 1
    assert "[schema]" in capsys.readouterr().out
    assert main(["qti", "check", str(folder / "bad.xml"), "--schema", str(folder / "bad.xml")]) == 2


def test_all_the_data_is_checked_without_a_fault(shared_data: Path) -> None:
    with open_bank(shared_data / "learning" / "instructure-qti") as bank:
        checked = list(check_bank(bank))
    assert len(checked) > 100


@pytest.mark.feature("F-QTI-23")
def test_documents_of_1_2_are_checked_and_described_as_what_they_become(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = (
        '<questestinterop><item ident="i"><presentation><response_lid ident="R"><render_choice>'
        '<response_label ident="A">a'
        "</response_label></render_choice></response_lid></presentation><itemcontrol/></item></questestinterop>"
    )
    (tmp_path / "old.xml").write_text(old)
    found = codes(tmp_path)
    assert ("old.xml", "1.2-itemcontrol") in found
    assert main(["qti", "info", str(tmp_path), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "documents": {"qti-assessment-item": 1},
        "versions": {"1.2": 1},
        "interactions": {"qti-choice-interaction": 1},
        "unreadable": [],
    }
    assert main(["qti", "check", str(tmp_path)]) == 0
