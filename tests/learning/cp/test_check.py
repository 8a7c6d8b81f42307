"""What checks find: packages with their findings in files, names that collide, and the documentation of the rules."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from demotic.learning.cp import RULES, open_package

CASES = json.loads((Path(__file__).parent / "cases" / "findings.json").read_text(encoding="utf-8"))
PAGE = Path(__file__).resolve().parents[3] / "docs" / "content-packages.md"


@pytest.mark.spec("CP-042")
@pytest.mark.feature("F-CP-12")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_a_check_finds_just_this(case: dict[str, Any], archive: Callable[..., BytesIO]) -> None:
    with open_package(archive("\n".join(case["manifest"]), case["files"])) as package:
        findings = package.check()
    assert [[each.code, each.line, each.target] for each in findings] == case["findings"]
    assert all(each.message and each.advice and (each.column > 0) == (each.line > 0) for each in findings)
    assert {each.file for each in findings if each.line} <= {"imsmanifest.xml"}


def test_every_rule_is_broken_by_a_case() -> None:
    broken = {code for case in CASES for code, *_ in case["findings"]}
    assert set(RULES) - broken == {
        "name-collision",
        "unportable-name",
        "link",
        "schema",
    }  # see below, and test_mutations


@pytest.mark.feature("F-CP-12")
def test_names_that_are_the_same_elsewhere_and_links_are_found(folder: Callable[..., Path]) -> None:
    names = ["A.txt", "a.txt", "É/x", "E\u0301/y", "con.txt", "a:b"]
    root = folder("", dict.fromkeys(names, "x"))
    (root / "link.txt").symlink_to(root / "a.txt")
    (root / "out").symlink_to("/etc")
    with open_package(root) as package:
        found = {(each.code, each.file) for each in package.check() if each.code in ("name-collision", "link")}
        unportable = {each.file for each in package.check() if each.code == "unportable-name"}
    assert found == {("name-collision", "a.txt"), ("name-collision", "É"), ("link", "link.txt"), ("link", "out")}
    assert unportable == {"con.txt", "a:b"}


def test_the_page_lists_every_rule_as_it_is() -> None:
    listed = dict(re.findall(r"^\| `([a-z-]+)` \| (error|warning|info) \|", PAGE.read_text(encoding="utf-8"), re.M))
    assert listed == {code: rule.severity for code, rule in RULES.items()}


EXPECTED = {
    "instructure-cc-viewer/public/test-cartridges/single-page": [],
    "instructure-cc-viewer/public/test-cartridges/rich-content-cc-file": ["not-encoded", "bad-identifier"],
    "instructure-qti/spec/fixtures/test_qti_2.1_taxonpath": [
        "no-identifier",
        "no-organizations",
        "entry-not-listed",
        "missing-file",
    ],
    "pie-qti/packages/to-pie/tests/fixtures/qti-samples/basic-interactions": [],
    "pyslet/unittests/data_imscpv1p2/package_3": [],
}


@pytest.mark.feature("F-CP-12")
@pytest.mark.parametrize("path", EXPECTED)
def test_packages_of_the_field_have_these_faults(shared_data: Path, path: str) -> None:
    with open_package(shared_data / "learning" / path) as package:
        found = [each.code for each in package.check() if each.severity != "info"]
    assert sorted(found) == sorted(EXPECTED[path])
