"""The tests' own machinery: claims reach the report, wrong ones stop the run, and nothing skips where all must run."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import SimpleNamespace

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
SETTINGS = "[pytest]\nmarkers =\n  spec: rows\n  feature: rows\n"


def _run(folder: Path, text: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(CONFTEST, folder / "conftest.py")
    (folder / "pytest.ini").write_text(SETTINGS)
    (folder / "test_it.py").write_text(f"import pytest\n{text}")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junitxml=report.xml", *options]
    clean = {name: value for name, value in os.environ.items() if name != "DEMOTIC_REQUIRE_SERVICES"}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=clean | environment)


def test_claims_become_properties_of_the_report(tmp_path: Path) -> None:
    text = """
@pytest.mark.spec("OD-001", "QTI2-002")
@pytest.mark.feature("F-SAMPLE-01")
def test_a(): pass
@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.spec("OD-003")), 2])
def test_b(x): pass
"""
    assert _run(tmp_path, text).returncode == 0
    report = {
        case.get("name"): [(p.get("name"), p.get("value")) for p in case.iter("property")]
        for case in ET.parse(tmp_path / "report.xml").iter("testcase")
    }
    assert report == {
        "test_a": [("spec", "OD-001"), ("spec", "QTI2-002"), ("feature", "F-SAMPLE-01")],
        "test_b[1]": [("spec", "OD-003")],
        "test_b[2]": [],
    }


def test_a_wrong_claim_stops_the_run(tmp_path: Path) -> None:
    result = _run(tmp_path, "@pytest.mark.spec('OD-1')\ndef test_a(): pass\n")
    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    assert "test_it.py::test_a: 'OD-1' is no id for @pytest.mark.spec" in result.stderr


@pytest.mark.parametrize(
    ("mark", "complaint"),
    [
        (pytest.mark.spec("od-001"), "'od-001' is no id"),
        (pytest.mark.spec("OD-001 "), "'OD-001 ' is no id"),
        (pytest.mark.spec(7), "7 is no id"),
        (pytest.mark.spec(), "claims no id"),
        (pytest.mark.spec("OD-001", "OD-002", "OD-003", "OD-004", "OD-005", "OD-006"), "claims 6 ids"),
        (pytest.mark.feature("SERVE-01"), "'SERVE-01' is no id"),
    ],
)
def test_a_wrong_claim_is_told_apart(mark: pytest.MarkDecorator, complaint: str) -> None:
    conftest = runpy.run_path(str(CONFTEST))
    item = SimpleNamespace(nodeid="test_it.py::test_a", iter_markers=lambda name: [mark.mark] * (name == mark.name))
    with pytest.raises(pytest.UsageError, match=complaint):
        conftest["claims"](item, mark.name)


SKIPS = """
def test_in_a_test(): pytest.skip("no such service")
@pytest.mark.skip(reason="no such service")
def test_by_a_mark(): pass
@pytest.fixture
def f(): pytest.skip("no such service")
def test_in_a_fixture(f): pass
"""


def test_a_skip_is_a_failure_where_nothing_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "test_module.py").write_text("import pytest\npytest.skip('no such service', allow_module_level=True)\n")
    assert "4 skipped" in _run(tmp_path, SKIPS).stdout
    strict = _run(tmp_path, SKIPS, "--continue-on-collection-errors", DEMOTIC_REQUIRE_SERVICES="1")
    assert "1 failed, 3 errors" in strict.stdout
    complaints = [bad.text or "" for case in ET.parse(tmp_path / "report.xml").iter("testcase") for bad in case]
    assert ["this would be skipped: Skipped: no such service" in text for text in complaints] == [True] * 4


def test_an_expected_failure_stays_one(tmp_path: Path) -> None:
    text = "@pytest.mark.xfail(reason='known')\ndef test_a(): assert False\n"
    assert "1 xfailed" in _run(tmp_path, text, DEMOTIC_REQUIRE_SERVICES="1").stdout
