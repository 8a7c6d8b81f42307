"""Packages that were changed at random: manifests are saved as they were, damaged archives are refused or read."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from tests.learning.cp.test_corpus import canonical, packages

from demotic.errors import DemoticError
from demotic.learning.cp import open_package

Mutation = Callable[[random.Random, Any], None]
OTHER = "urn:other"


def chosen(draw: random.Random, root: Any) -> Any:
    return draw.choice([each for each in root.iter() if isinstance(each.tag, str)])


def _attribute(draw: random.Random, root: Any) -> None:
    node = chosen(draw, root)
    node.set(
        draw.choice(["x", f"{{{OTHER}}}y", "{http://www.w3.org/XML/1998/namespace}lang"]),
        draw.choice(["", "a & b", "<\t>", "é\n"]),
    )


def _text(draw: random.Random, root: Any) -> None:
    node = chosen(draw, root)
    node.text = (node.text or "") + draw.choice([" ", "\n\t", "]]>", "&amp;", "\U0001f600"])


def _element(draw: random.Random, root: Any) -> None:
    made = etree.Element(f"{{{OTHER}}}thing", nsmap={draw.choice([None, "o"]): OTHER})
    etree.SubElement(made, draw.choice(["plain", f"{{{OTHER}}}inner"])).text = "x"
    chosen(draw, root).insert(0, made)


def _aside(draw: random.Random, root: Any) -> None:
    chosen(draw, root).append(draw.choice([etree.Comment(" c "), etree.ProcessingInstruction("p", "i")]))


def _twice(draw: random.Random, root: Any) -> None:
    node = chosen(draw, root)
    if node.getparent() is not None:
        node.addnext(deepcopy(node))


def _gone(draw: random.Random, root: Any) -> None:
    node = chosen(draw, root)
    if node.getparent() is not None:
        node.getparent().remove(node)


def _elsewhere(draw: random.Random, root: Any) -> None:
    node, target = chosen(draw, root), chosen(draw, root)
    if node is not root and all(each is not node for each in (target, *target.iterancestors())):
        target.append(node)


def _lost(draw: random.Random, root: Any) -> None:
    node = chosen(draw, root)
    if node.attrib:
        del node.attrib[draw.choice(list(node.attrib))]


MUTATIONS: list[Mutation] = [_attribute, _text, _element, _aside, _twice, _gone, _elsewhere, _lost]


@pytest.mark.feature("F-CP-05")
@pytest.mark.spec("CP-029", "CP-033")
def test_changed_manifests_are_saved_as_they_are(shared_data: Path, tmp_path: Path) -> None:
    draw, tried = random.Random(4), 0
    for number, source in enumerate(packages(shared_data)):
        with open_package(source) as package:
            before = package.read("imsmanifest.xml")
        for attempt in range(4):
            root = etree.fromstring(before)
            for _ in range(draw.randint(1, 5)):
                draw.choice(MUTATIONS)(draw, root)
            folder = tmp_path / f"{number}-{attempt}"
            folder.mkdir()
            changed: bytes = etree.tostring(root, encoding=draw.choice(["UTF-8", "UTF-16", "ISO-8859-1"]))
            (folder / "imsmanifest.xml").write_bytes(changed)
            with open_package(folder) as package:
                package.check()
                assert canonical(package.document.serialize()) == canonical(changed), (source, changed)
                package.save()
                assert (folder / "imsmanifest.xml").read_bytes() == changed, source
                for resource in list(package.resources())[:1] if _is_named(package) else ():
                    name = resource.identifier or ""
                    package.rename_resource(resource, "renamed-for-a-moment")
                    package.save()
                    assert (folder / "imsmanifest.xml").read_bytes() != changed
                    package.rename_resource(resource, name)
                package.save()
            assert canonical((folder / "imsmanifest.xml").read_bytes()) == canonical(changed), source
            tried += 1
    print(f"{tried} changed manifests are saved as they were")
    assert tried > 160


def _is_named(package: Any) -> bool:
    """Tell whether identifiers are told apart, so that a name given and taken back is the name there was."""
    names = [node.identifier for node in (*package.resources(), *package.items(), *package.manifests())]
    return None not in names and len(set(names)) == len(names)


def small_archive() -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("imsmanifest.xml", (
            '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M"><organizations/><resources>'
            '<resource identifier="R" type="webcontent" href="d/a.txt"><file href="d/a.txt"/></resource>'
            "</resources></manifest>"
        ))  # fmt: skip
        zipped.writestr("d/a.txt", "some text " * 20)
        zipped.writestr("d/b.bin", bytes(range(256)), compress_type=zipfile.ZIP_STORED)
        zipped.comment = b"a comment"
    return data.getvalue()


def damaged(draw: random.Random, whole: bytes) -> bytes:
    data = bytearray(whole)
    for _ in range(draw.randint(1, 6)):
        place = draw.randrange(len(data))
        match draw.randrange(5):
            case 0:
                data[place] = draw.randrange(256)
            case 1:
                data[place] ^= 1 << draw.randrange(8)
            case 2:
                del data[place : place + draw.randint(1, 30)]
            case 3:
                data[place:place] = draw.randbytes(draw.randint(1, 30))
            case _:  # numbers of headers: sizes, offsets, counts
                data[place : place + 4] = draw.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\x80", b"\1\0\0\0"])
    return bytes(data)


@pytest.mark.feature("F-CP-13")
def test_damaged_archives_are_read_or_refused(tmp_path: Path) -> None:
    whole, draw = small_archive(), random.Random(9)
    read, refused = 0, 0
    for _ in range(1500):
        try:
            with open_package(BytesIO(damaged(draw, whole))) as package:
                package.check()
                for path in list(package.files.infos):
                    package.read(path)
            read += 1
        except DemoticError:
            refused += 1
    print(f"{read} are read, {refused} refused")
    assert read > 20 and refused > 500


XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified"
 targetNamespace="http://www.imsglobal.org/xsd/imscp_v1p1"><xs:element name="manifest"><xs:complexType><xs:sequence>
 <xs:element name="organizations"><xs:complexType><xs:sequence><xs:element name="organization" minOccurs="0">
 <xs:complexType><xs:sequence><xs:element name="title" type="xs:string"/><xs:element name="item" maxOccurs="unbounded">
 <xs:complexType><xs:attribute name="identifier" type="xs:ID"/><xs:attribute name="isvisible" type="xs:boolean"/>
 </xs:complexType></xs:element></xs:sequence><xs:attribute name="identifier" type="xs:ID"/></xs:complexType>
 </xs:element></xs:sequence></xs:complexType></xs:element><xs:element name="resources"/></xs:sequence>
 <xs:attribute name="identifier" type="xs:ID"/></xs:complexType></xs:element></xs:schema>"""
ORGANIZED = """<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M"><organizations>
<organization identifier="O"><title>T</title><item identifier="I"/>
<item identifier="J" isvisible="perhaps"/></organization></organizations>
<resources/></manifest>"""


@pytest.mark.feature("F-CP-12")
def test_a_schema_is_applied_to_the_manifest_with_its_organizations(
    folder: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from demotic.cli import main
    from demotic.xml.validation import Schema

    (tmp_path / "cp.xsd").write_text(XSD)
    root = folder(ORGANIZED)
    with open_package(root) as package:
        found = [each for each in package.check(schema=Schema(tmp_path / "cp.xsd")) if each.code == "schema"]
        assert {(each.severity, each.line) for each in found} == {("error", 3)}
        assert any("perhaps" in each.message for each in found)
        assert not [each for each in package.check() if each.code == "schema"]
    assert main(["cp", "check", str(root), "--schema", str(tmp_path / "cp.xsd"), "--severity", "error"]) == 1
    assert "[schema]" in capsys.readouterr().out
    assert main(["cp", "check", str(root), "--schema", str(tmp_path / "absent.xsd")]) == 2
    assert main(["cp", "check", str(root), "--schema", str(root / "imsmanifest.xml")]) == 2
    assert "is not a schema document" in capsys.readouterr().err
