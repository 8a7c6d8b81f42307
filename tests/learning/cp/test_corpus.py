"""Every package of the shared material: read, recognised, saved as it was."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import pytest
from lxml import etree

from demotic.learning.cp import open_package

PROFILES = {
    "instructure-cc-viewer/public/test-cartridges/course-1": "Common Cartridge 1.3",
    "instructure-cc-viewer/public/test-cartridges/latex.imscc": "Common Cartridge 1.1",
    "instructure-qti/spec/fixtures/test_qti_1.2": "QTI 1.2",
    "instructure-qti/spec/fixtures/test_qti_1.2.zip": "QTI 1.1",
    "instructure-qti/spec/fixtures/test_qti_2.1": "QTI 2.1",
    "instructure-qti/spec/fixtures/test_qti_2.2.zip": "QTI 2.2",
    "pie-qti/packages/to-pie/tests/fixtures/qti-samples/with-passages": "QTI 2.2",
    "pyslet/unittests/data_imscc_profilev1p0/sample_1": "Common Cartridge 1.0",
    "pyslet/unittests/data_imscc_profilev1p1/sample_1": "Common Cartridge 1.1",
    "pyslet/unittests/data_imscpv1p2/package_1": "Content Packaging",
}


# Tools put names of one binding of metadata into the other: what a check tells, and what is kept all the same.
MIXED_UP = re.compile(r"/lom/(lifeCycle|metaMetadata/metadataschema|rights/copyright\w+|general/identifier/langstring)")


def packages(shared_data: Path) -> list[Path]:
    learning = shared_data / "learning"
    folders = [path.parent for path in learning.rglob("imsmanifest.xml")]
    return sorted([*folders, *learning.rglob("*.zip"), *learning.rglob("*.imscc")])


def canonical(manifest: bytes) -> bytes:
    return etree.tostring(etree.fromstring(manifest), method="c14n")


@pytest.mark.spec("CP-011", "CP-029", "CP-033")
@pytest.mark.feature("F-CP-05")
def test_every_package_is_saved_with_the_same_canonical_manifest(shared_data: Path, tmp_path: Path) -> None:
    found = packages(shared_data)
    assert len(found) > 40
    for number, source in enumerate(found):
        with open_package(source) as package:
            before = package.read("imsmanifest.xml")
            assert [fault for fault in package.faults if not MIXED_UP.search(str(fault.target))] == [], source
            assert canonical(package.document.serialize()) == canonical(before), source
        if source.is_dir():
            copy = tmp_path / str(number)
            shutil.copytree(source, copy)
            with open_package(copy) as package:
                package.save()
            assert (copy / "imsmanifest.xml").read_bytes() == before


@pytest.mark.spec("CP-030", "CP-031")
def test_every_package_is_exported_and_opens_with_the_same_files(shared_data: Path) -> None:
    for source in packages(shared_data):
        first, second = io.BytesIO(), io.BytesIO()
        with open_package(source) as package:
            package.export(first)
            expected = {path: package.read(path) for path in package.files.present}
        with open_package(first) as package:
            assert {path: package.read(path) for path in package.files.present} == expected, source
            package.export(second)
        assert first.getvalue() == second.getvalue(), source


@pytest.mark.feature("F-CP-04")
def test_packages_are_recognised(shared_data: Path) -> None:
    told = {}
    for path in PROFILES:
        with open_package(shared_data / "learning" / path) as package:
            told[path] = str(package.profile)
    assert told == PROFILES
