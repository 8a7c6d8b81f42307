"""The page docs/conformance.md says what the tests prove, no more and no less."""

from __future__ import annotations

from pathlib import Path

import pytest
from acceptance_support import page
from acceptance_support.requirements import REFUSALS, REMARKS, SUMS, TABLES


@pytest.fixture(scope="module")
def levels(shared_data: Path) -> Path:
    return shared_data / "odata" / "conformance" / "levels.json"


def test_the_page_is_what_the_tests_prove(levels: Path) -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.conformance_page(levels), "run `make docs`"


def test_every_requirement_has_a_verdict_and_a_test_unless_it_sums_others_up(levels: Path) -> None:
    rows = page.rows(levels)
    assert [row.name for row in rows if not row.tests and row.name not in SUMS] == []
    assert {row.verdict for row in rows} <= {"met", "partly", "planned", "refused", "does not apply"}
    assert [row.name for row in rows if row.strength == "MUST" and row.verdict == "refused"] == []


def test_what_tests_and_tables_speak_of_are_requirements(levels: Path) -> None:
    names = {f"{item['level']} {item['no']}" for item in page.server_levels(levels)}
    clients = {name for name in page.proofs() if name.startswith("client")}
    assert (page.proofs().keys() | REMARKS.keys() | SUMS.keys()) - names - clients == set()
    assert not REMARKS.keys() & SUMS.keys()


def test_every_table_belongs_to_a_test_that_is_there() -> None:
    tests = {test.partition("::")[2] for found in page.proofs().values() for test in found}
    assert (TABLES.keys() | REFUSALS.keys()) - tests == set()


def test_what_is_refused_is_not_called_met() -> None:
    # Refusing the rest is part of what these two ask for: what is not implemented answers 501.
    refused = {name for names in REFUSALS.values() for name in names} - {"4.0-minimal 7", "4.0-intermediate 2"}
    assert {name for name in refused if REMARKS.get(name, ("met",))[0] == "met"} == set()
