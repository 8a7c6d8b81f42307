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
from demotic.files import FileExists
from demotic.learning.cp import InteractionType, Metadata, QtiMetadata, SolutionAvailable, new_package, open_package
from demotic.learning.lom import General, Keyword, Lom, String
from demotic.learning.qti import Version, read
from demotic.learning.qti.checking import check_bank, open_bank
from demotic.learning.qti.packaging import Converted, add_document, convert_bank


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


MANIFEST = """<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"><metadata><schema>IMS Content</schema>
<lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><title><string>The bank</string></title></general></lom></metadata>
<organizations default="o"><organization identifier="o"><title>All</title>
<item identifier="one" identifierref="r1"><title>A</title><metadata><schema>s</schema></metadata>
<item identifier="two" identifierref="r3" isvisible="false" parameters="?x"/></item>
<item identifier="three" identifierref="gone"><title>G</title></item></organization></organizations><resources>
<resource identifier="r1" type="imsqti_item_xmlv3p0" href="items/a.xml"><file href="items/a.xml"/><file href="notes.txt"/>
<file href="none.css"/><dependency identifierref="r3"/><dependency identifierref="gone"/></resource>
<resource identifier="r3" type="webcontent" href="notes.txt" xml:base="./"><file href="notes.txt"/><v:variant
 xmlns:v="http://www.imsglobal.org/xsd/imscp_extensionv1p2" identifier="v" identifierref="r1"/></resource>
<resource identifier="gone" type="imsqti_item_xmlv3p0" href="broken.xml"><file href="broken.xml"/></resource>
<resource identifier="absent" type="imsqti_item_xmlv3p0" href="absent.xml"/>
<resource identifier="other" type="imsqti_item_xmlv3p0" href="notes.xml"/>
<resource identifier="twin" type="imsqti_item_xmlv3p0" href="items/a.xml"/>
<resource identifier="remote" type="imsqti_item_xmlv3p0" href="https://example.org/a.xml"/></resources></manifest>"""


def losses_of(done: list[Converted], file: str) -> list[tuple[str, str, int]]:
    return [(loss.kind, loss.code, loss.line) for each in done for loss in each.losses if loss.file == file]


@pytest.fixture
def whole(folder: Path) -> Path:
    (folder / "imsmanifest.xml").write_text(MANIFEST)
    (folder / "broken.xml").write_bytes(b"")
    (folder / "notes.xml").write_text("<notes/>")
    return folder


@pytest.mark.feature("F-QTI-24")
@pytest.mark.parametrize("version", [Version.V2_1, Version.V3_0])
def test_organizations_lead_to_what_became_of_their_resources(whole: Path, tmp_path: Path, version: Version) -> None:
    (whole / "broken.xml").unlink()
    target = tmp_path / "new.zip"
    list(convert_bank(whole, target, version))
    with open_package(target) as package:
        assert package.manifest.organizations is not None and package.manifest.organizations.default == "o"
        (organization,) = package.organizations()
        assert organization.title is not None and organization.title.value == "All"
        found = [(i.identifier, i.identifierref, i.isvisible, i.parameters) for i in organization.walk()]
        assert found == [("one", "r1", True, None), ("two", "r3", False, "?x"), ("three", None, True, None)]
        first = organization.items[0]
        assert first.metadata is not None and first.metadata.schema is not None and first.metadata.schema.value == "s"
        assert [inner.identifier for inner in first.items] == ["two"]
        assert package.manifest.metadata is not None and len(package.manifest.metadata.lom) == 1
        old, new = b"http://www.imsglobal.org/xsd/imscp_v1p1", b"http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
        assert (old in package.manifest_bytes(), new in package.manifest_bytes()) == (
            version is Version.V2_1, version is Version.V3_0)  # fmt: skip
        assert {package.path_of(file) for file in package.resource("r1").files} == {"items/a.xml", "a.png", "notes.txt"}
        assert package.resource("r3").href == "notes.txt"
        assert [variant.identifierref for variant in package.resource("r3").variants] == ["r1"]


@pytest.mark.feature("F-QTI-24")
def test_every_resource_that_is_not_carried_over_is_told_with_its_place(whole: Path, tmp_path: Path) -> None:
    target = tmp_path / "new.zip"
    done = list(convert_bank(whole, target, Version.V2_2))
    assert losses_of(done, "imsmanifest.xml") == [
        ("dropped", "resource", 11), ("dropped", "resource", 12), ("dropped", "resource", 13),
        ("changed", "resource", 14), ("dropped", "resource", 15), ("dropped", "file", 8), ("dropped", "dependency", 8),
        ("dropped", "item-reference", 6),
    ]  # fmt: skip
    assert [str(loss) for each in done for loss in each.losses if loss.code == "resource"][1] == (
        "imsmanifest.xml:12:1: dropped: the resource 'absent' is not carried over: absent.xml is not there [resource]"
    )
    with open_package(target) as package:
        assert {r.identifier for r in package.resources()} >= {"r1", "r3"}
        assert [d.identifierref for d in package.resource("r1").dependencies] == ["r3"]
        assert [f.code for f in package.check() if f.severity == "error"] == []


def test_an_item_of_the_organization_has_all_that_a_bank_of_1_2_became(tmp_path: Path) -> None:
    bank = tmp_path / "old"
    bank.mkdir()
    one = item(choice(), rule(eq("A")), "<itemmetadata><qmd_topic>Sky, Sea</qmd_topic><qmd_toolvendor>V</qmd_toolvendor>"
               "<qmd_levelofdifficulty>hard</qmd_levelofdifficulty></itemmetadata>")  # fmt: skip
    two = one.replace("<questestinterop>", "").replace('ident="i"', 'ident="j"')
    (bank / "bank.xml").write_text(one.replace("</questestinterop>", "") + two)
    (bank / "imsmanifest.xml").write_text(
        '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"><organizations><organization'
        ' identifier="o"><item identifier="x" identifierref="r"/></organization></organizations><resources><resource'
        ' identifier="r" type="imsqti_xmlv1p2" href="bank.xml"><file href="bank.xml"/></resource></resources></manifest>'
    )
    target = tmp_path / "new.zip"
    done = list(convert_bank(bank, target, Version.V3_0))
    told = [(loss.kind, loss.message) for each in done for loss in each.losses if loss.code == "metadata"]
    assert told[:3] == [
        ("changed", "topic 'Sky, Sea' becomes a keyword of LOM"),
        ("changed", "toolvendor 'V' becomes toolVendor of QTI's metadata"),
        ("changed", "levelofdifficulty 'hard' becomes LOM's difficulty or context"),
    ]
    assert losses_of(done, "imsmanifest.xml") == [("changed", "resource", 1), ("changed", "item-reference", 1)]
    with open_package(target) as package:
        assert package.manifest.identifier == "m"
        (outer,) = next(package.organizations()).items
        assert outer.identifierref is None
        assert [package.resource(i.identifierref or "").href for i in outer.items] == ["i.xml", "j.xml"]
        for resource in package.resources():
            assert resource.metadata is not None
            (lom,), (qti,) = resource.metadata.lom, resource.metadata.qti
            assert lom.general is not None
            assert [keyword.in_language("en") for keyword in lom.general.keywords] == ["Sky", "Sea"]
            assert qti.tool_vendor is not None and qti.tool_vendor.value == "V"
        assert [f.code for f in package.check() if f.severity == "error"] == []


@pytest.mark.feature("F-QTI-25")
@pytest.mark.spec("QTI2-005", "QTI2-179")
def test_a_document_is_added_with_its_metadata_and_media(folder: Path, tmp_path: Path) -> None:
    document = read((folder / "items" / "a.xml").read_bytes().replace(b"../a.png", b"a.png"))
    lom = Lom(general=General(keywords=[Keyword(strings=[String(value="sky")])]))
    with new_package("qti3.0") as package:
        resource = add_document(package, document, "new", lom=lom, beside=folder)
        assert (resource.type, resource.href) == ("imsqti_item_xmlv3p0", "new/i.xml")
        assert package.read("new/a.png") == b"png" and package.files.unreferenced == []
        assert resource.metadata is not None
        qti = QtiMetadata(solution_available=SolutionAvailable(value=True))
        qti.interaction_types.append(InteractionType(value="choiceInteraction"))
        resource.metadata.qti.append(qti)
        before = package.manifest_bytes()
        with pytest.raises(FileExists):
            add_document(package, document, "new")
        assert package.manifest_bytes() == before
        package.save()
        package.export(tmp_path / "p.zip")
    with open_package(tmp_path / "p.zip") as package:
        metadata = package.resource(resource.identifier or "").metadata
        assert isinstance(metadata, Metadata)
        (found,) = metadata.qti
        assert [kind.value for kind in found.interaction_types] == ["choiceInteraction"]
        assert found.solution_available is not None and found.solution_available.value is True
        assert metadata.lom[0].general is not None and len(metadata.lom[0].general.keywords) == 1
        assert [f.code for f in package.check() if f.severity == "error"] == []


IN_BASE = '<p><img src="{}" alt="a"/></p>'


@pytest.mark.feature("F-QTI-19")
@pytest.mark.parametrize(
    ("address", "kept", "made"),
    [
        ("$IMS-CC-FILEBASE$/a.png", "web_resources/a.png", "../web_resources/a.png"),
        ("%24IMS-CC-FILEBASE%24/sub/my%20a.png?canvas_download=1", "web_resources/sub/my a.png", "../web_resources/sub/my%20a.png"),
        ("$IMS-CC-FILEBASE$/a.png", "a.png", "../a.png"),
        ("$IMS-CC-FILEBASE$a.png", "items/a.png", "a.png"),
        ("$IMS-CC-FILEBASE$/a.png", "b.png", None),
        ("$IMS-CC-FILEBASE$/../../../a.png", "a.png", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("legacy", [False, True])
def test_files_of_a_cartridge_are_found(
    tmp_path: Path, address: str, kept: str, made: str | None, legacy: bool
) -> None:
    bank = tmp_path / "cc"
    (bank / kept).parent.mkdir(parents=True)
    (bank / kept).write_bytes(b"png")
    (bank / "items").mkdir(exist_ok=True)
    html = IN_BASE.format(address)
    material = f'<material><mattext texttype="text/html">{html.replace("<", "&lt;")}</mattext></material>'
    text = f'<questestinterop><item ident="a"><presentation>{material}</presentation></item></questestinterop>'
    (bank / "items" / "a.xml").write_text(text if legacy else ITEM.format(html))
    found = [line for line in errors(bank) if "missing-file" in line]
    assert bool(found) == (made is None)
    done = {loss.code: loss for each in convert_bank(bank, tmp_path / "out.zip", Version.V3_0) for loss in each.losses}
    told = done["missing-file" if made is None else "file-base"]
    assert address in told.message and told.kind == ("dropped" if made is None else "changed")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert f'src="{made or address}"' in archive.read(f"items/{'a_2' if legacy else 'a'}.xml").decode()
        assert archive.read(kept) == b"png"
    if made is not None:
        assert not [line for line in errors(tmp_path / "out.zip") if "missing-file" in line]
