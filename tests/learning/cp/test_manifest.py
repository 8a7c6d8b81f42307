"""The manifest as objects: manifests within manifests, metadata, classes of one's own, versions of the namespace."""

from __future__ import annotations

import gc
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from demotic.learning.cp import CP, CP_NAMESPACES, Manifest, Resource, Resources, new_package, open_package
from demotic.learning.lom import Lom
from demotic.xml import Element, QName, attribute, child, children, name_of

NESTED = """<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="OUTER" version="1.0">
  <metadata><schema>IMS Content</schema><schemaversion>1.1.3</schemaversion>
    <lom xmlns="http://www.imsglobal.org/xsd/imsmd_v1p2"><general/></lom>
    <v:note xmlns:v="urn:vendor">kept</v:note></metadata>
  <organizations default="O"><organization identifier="O"><title>Way</title>
    <item identifier="I1" identifierref="R1" isvisible="false" parameters="?a=1"><title>One</title>
      <item identifier="I2" identifierref="INNER"/></item></organization></organizations>
  <resources xml:base="content/"><resource identifier="R1" type="webcontent" href="a.html" xml:base="one/">
    <metadata><schema>x</schema></metadata><file href="a.html"><metadata/></file></resource></resources>
  <manifest identifier="INNER" xml:base="inner/">
    <organizations/>
    <resources><resource identifier="R2" type="webcontent"><file href="b.html"/></resource></resources>
  </manifest>
</manifest>"""


@pytest.mark.spec("CP-035", "CP-036", "CP-037", "CP-038")
@pytest.mark.feature("F-CP-05")
def test_the_manifest_is_a_tree_of_objects(archive: Callable[..., BytesIO]) -> None:
    files = {"content/one/a.html": "A", "inner/b.html": "B"}
    with open_package(archive(NESTED, files)) as package:
        outer = package.manifest
        metadata, organizations = outer.metadata, outer.organizations
        assert metadata is not None and metadata.schema and metadata.schemaversion and organizations is not None
        assert (outer.identifier, outer.version) == ("OUTER", "1.0")
        assert (metadata.schema.value, metadata.schemaversion.value) == ("IMS Content", "1.1.3")
        assert [type(each) for each in metadata.lom] == [Lom]
        assert [each.name for each in metadata.other_elements] == [QName("urn:vendor", "note")]
        assert organizations.default == "O"
        one, two = package.items()
        assert (one.title.value if one.title else None, one.isvisible, one.parameters) == ("One", False, "?a=1")
        assert (two.identifierref, two.isvisible, two.title) == ("INNER", True, None)
        assert [each.identifier for each in package.manifests()] == ["OUTER", "INNER"]
        assert [each.identifier for each in package.resources()] == ["R1", "R2"]
        first = package.resource("R1")
        assert first.metadata is not None
        assert first.files[0].metadata is not None
        assert (list(package.files), package.files.missing) == (["content/one/a.html", "inner/b.html"], [])
        assert [each.severity for each in package.check() if each.severity != "info"] == []


@pytest.mark.spec("CP-035")
def test_bases_count_when_files_are_added(archive: Callable[..., BytesIO]) -> None:
    with open_package(archive(NESTED, {"content/one/a.html": "A", "inner/b.html": "B"})) as package:
        hrefs = {}
        for identifier, path in (("R1", "content/one/x"), ("R1", "x"), ("R2", "inner/deep/x"), ("R2", "content/x")):
            file = package.attach(identifier, path)
            hrefs[identifier, path] = file.href
            assert package.path_of(file) == path
        assert list(hrefs.values()) == ["x", "../../x", "deep/x", "../content/x"]
        inner = list(package.manifests())[1]
        made = package.add_resource(manifest=inner)
        assert made in inner.own_resources()
        added = package.add_file(b"N", "inner/n.html", resource=made)
        assert added is not None
        assert added.href == "n.html"


QTI = "http://www.imsglobal.org/xsd/imsqti_metadata_v2p1"
WITH_QTI = f"""<resource identifier="R" type="imsqti_item_xmlv2p1"><metadata><q:qtiMetadata xmlns:q="{QTI}">
  <q:itemTemplate>true</q:itemTemplate><q:timeDependent>0</q:timeDependent><q:composite>false</q:composite>
  <q:interactionType>choiceInteraction</q:interactionType><q:interactionType>orderInteraction</q:interactionType>
  <q:feedbackType>adaptive</q:feedbackType><q:solutionAvailable>1</q:solutionAvailable>
  <q:toolName>Tool</q:toolName><q:toolVersion>2</q:toolVersion><q:toolVendor>We</q:toolVendor></q:qtiMetadata></metadata>
  <file href="i.xml"/></resource>"""


@pytest.mark.spec("CP-033", "CP-046")
@pytest.mark.feature("F-CP-14")
@pytest.mark.parametrize(
    "namespace", [QTI, QTI.replace("2p1", "2p2"), QTI.replace("2p1", "3p0"), QTI.replace("_metadata", "")]
)
def test_what_qti_says_of_an_item_is_typed(archive: Callable[..., BytesIO], namespace: str) -> None:
    with open_package(archive(WITH_QTI.replace(QTI, namespace), {"i.xml": "<assessmentItem/>"})) as package:
        assert package.faults == ()
        metadata = package.resource("R").metadata
        assert metadata is not None
        (qti,) = metadata.qti
        flags = (qti.item_template, qti.time_dependent, qti.composite, qti.solution_available)
        assert [flag.value for flag in flags if flag] == [True, False, False, True]
        assert [each.value for each in qti.interaction_types] == ["choiceInteraction", "orderInteraction"]
        texts = (qti.feedback_type, qti.tool_name, qti.tool_version, qti.tool_vendor)
        assert [each.value for each in texts if each] == ["adaptive", "Tool", "2", "We"]


@pytest.mark.spec("CP-032")
@pytest.mark.feature("F-CP-05")
@pytest.mark.parametrize("namespace", CP_NAMESPACES)
def test_every_namespace_is_read_and_kept(archive: Callable[..., BytesIO], namespace: str) -> None:
    with open_package(archive(NESTED.replace(CP, namespace))) as package:
        made = package.add_resource("webcontent", identifier="NEW")
        assert (package.faults, name_of(made)) == ((), QName(namespace, "resource"))
        package.save()
        assert b'<resource identifier="NEW" type="webcontent"/>' in package.manifest_bytes()


class MyResource(Resource):
    """A resource with an attribute of our own."""

    colour = attribute(QName("urn:mine", "colour"))


class MyResources(Resources):
    """Resources with that."""

    resources = children(MyResource)


class MyManifest(Manifest):
    """A manifest with those."""

    resources = child(MyResources)


@pytest.mark.spec("CP-009", "CP-034")
@pytest.mark.feature("F-CP-15")
def test_classes_of_ones_own_take_the_place_of_ours(archive: Callable[..., BytesIO], tmp_path: Path) -> None:
    coloured = '<resource identifier="R" type="webcontent" m:colour="red" xmlns:m="urn:mine"/>'
    with open_package(archive(coloured), manifest=MyManifest) as package:
        made = package.add_resource(identifier="S", colour="blue")
        assert isinstance(package.manifest, MyManifest)
        assert [each.colour for each in package.resources() if isinstance(each, MyResource)] == ["red", "blue"]
        assert isinstance(made, MyResource)
        assert b'colour="blue"' in package.manifest_bytes()
    with open_package(tmp_path, create=True, manifest=MyManifest) as package:
        assert type(package.manifest.resources) is MyResources


@pytest.mark.spec("CP-033")
def test_what_no_class_knows_is_kept(archive: Callable[..., BytesIO]) -> None:
    with open_package(archive('<v:any xmlns:v="urn:v" a="1"><v:x/></v:any>')) as package:
        assert package.manifest.resources is not None
        (element,) = package.manifest.resources.other_elements
        assert isinstance(element, Element)
        assert b'<v:any xmlns:v="urn:v" a="1"><v:x/></v:any>' in package.document.serialize()


@pytest.mark.spec("CP-007")
@pytest.mark.feature("F-CP-03")
def test_a_package_that_is_forgotten_leaves_nothing_behind() -> None:
    package = new_package()
    folder = Path(package.folder or "")
    assert folder.is_dir()
    del package
    gc.collect()
    assert not folder.exists()


@pytest.mark.spec("CP-030")
@pytest.mark.feature("F-CP-16")
def test_an_archive_has_the_manifest_first_and_names_in_utf_8() -> None:
    data = BytesIO()
    with new_package() as package:
        package.add_file("Übung".encode(), "英国/ü.txt")
        package.add_file(b"\x89PNG" * 1000, "a.png")
        package.add_file(b"text " * 1000, "b.txt")
        assert package.export(data) == 4
    with zipfile.ZipFile(data) as zipped:
        entries = {entry.filename: entry for entry in zipped.infolist()}
        assert list(entries) == ["imsmanifest.xml", "a.png", "b.txt", "英国/ü.txt"]
        assert entries["英国/ü.txt"].flag_bits & 0x800
        assert {entry.date_time for entry in entries.values()} == {(1980, 1, 1, 0, 0, 0)}
        assert [entries[name].compress_type for name in ("a.png", "b.txt")] == [
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        ]
        assert zipped.read("英国/ü.txt").decode() == "Übung"


@pytest.mark.spec("CP-031")
@pytest.mark.feature("F-CP-16")
def test_large_files_are_never_held_as_a_whole(tmp_path: Path) -> None:
    import tracemalloc

    size = 24_000_000
    place = tmp_path / "big.zip"
    block = bytes(range(256)) * 256
    with zipfile.ZipFile(place, "w", zipfile.ZIP_STORED) as zipped:
        zipped.writestr("imsmanifest.xml", f'<manifest xmlns="{CP}"><resources/></manifest>')
        with zipped.open("big.bin", "w") as file:
            for _ in range(size // len(block)):
                file.write(block)
    with open_package(place) as package:
        package.export(tmp_path / "warm.zip")
    tracemalloc.start()
    try:
        with open_package(place) as package:
            package.check()
            package.add_file(package.at("big.bin"), "copy.bin")
            package.export(tmp_path / "out.zip")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < size // 6
    with zipfile.ZipFile(tmp_path / "out.zip") as zipped:
        assert [entry.file_size for entry in zipped.infolist()][1:] == [size - size % len(block)] * 2
