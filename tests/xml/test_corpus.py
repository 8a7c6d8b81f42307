"""Every XML file of the public test material: it reads, comes back, and means the same to another implementation.

Those that are not well formed are refused at the place listed beside, and are readable leniently.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree

from demotic.xml import (
    Document,
    XmlSyntaxFault,
    canonicalize,
    find,
    parse,
    read_leniently,
    serialize,
)

BROKEN: dict[str, dict[str, object]] = json.loads(
    (Path(__file__).parent / "cases" / "broken_files.json").read_text("utf-8")
)
SUFFIXES = {".xml", ".xsd", ".wsdl", ".qti", ".svg", ".dtd"} - {".dtd"}


def _files(shared_data: Path) -> list[Path]:
    return sorted(file for file in shared_data.rglob("*") if file.suffix in SUFFIXES)


def _by_lxml(data: bytes) -> bytes:
    parser = etree.XMLParser(
        no_network=True, load_dtd=False, attribute_defaults=False, resolve_entities=False, huge_tree=True
    )
    tree = etree.fromstring(data, parser).getroottree()
    result: bytes = etree.tostring(tree, method="c14n", with_comments=True)
    return result


@pytest.mark.feature("F-XML-01")
def test_every_odata_document_comes_back_equal(shared_data: Path) -> None:
    files = sorted((shared_data / "odata").rglob("*.xml"))
    assert len(files) > 100
    for file in files:
        tree = parse(file.read_bytes())
        written = serialize(tree)
        assert parse(written) == tree, file
        assert serialize(parse(written)) == written, file


@pytest.mark.feature("F-XML-16")
@pytest.mark.spec("XML-009", "XML-072")
def test_every_document_is_the_same_in_canonical_form_or_refused_at_its_place(shared_data: Path) -> None:
    files = _files(shared_data)
    assert len(files) > 1900
    compared, refused = 0, {}
    for file in files:
        data = file.read_bytes()
        try:
            document = Document.parse(data)
        except XmlSyntaxFault as fault:
            refused[file.relative_to(shared_data).as_posix()] = [fault.problem.split(":")[0], fault.line, fault.column]
            continue
        if document.doctype is not None and document.doctype.system is not None:
            # Canonical XML needs the whole document type, which the peer is not allowed to fetch either.
            assert serialize(Document.parse(serialize(document))) == serialize(document), file
            continue
        written = serialize(document)
        if any(uri and ":" not in uri for node in find(document, object) for uri in node.namespaces.values()):
            assert serialize(Document.parse(written)) == written, file  # the peer refuses relative namespaces
            continue
        assert _by_lxml(written) == _by_lxml(data), file
        compared += 1
    assert compared > 1900
    assert refused == {name: case["refused"] for name, case in BROKEN.items()}


@pytest.mark.feature("F-XML-14")
@pytest.mark.spec("XML-076")
def test_every_broken_file_is_readable_leniently(shared_data: Path) -> None:
    for name, case in BROKEN.items():
        document = read_leniently((shared_data / name).read_bytes())
        assert sorted({repair.code for repair in document.repairs}) == case["repairs"], name
        assert canonicalize(serialize(document)) == canonicalize(document), name
