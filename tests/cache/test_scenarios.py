"""The three scenarios of caching, as the examples play them, and the same program with and without a cache."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demotic.cache import Memory, caching

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def lines_of(example: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    runpy.run_path(str(EXAMPLES / example), run_name="__main__")
    return capsys.readouterr().out.splitlines()


@pytest.mark.spec("CACHE-001", "CACHE-009", "CACHE-010", "CACHE-013", "CACHE-014")
@pytest.mark.feature("F-CACHE-01")
def test_the_storage_is_cached(memory: Memory, capsys: pytest.CaptureFixture[str]) -> None:
    assert lines_of("cached_storage.py", capsys) == [
        "reading bob from the storage",
        "bob@example.com",
        "bob@example.com",
        "bob@example.org",
        "a call that nobody made has no key: None",
        "reading ann from the storage",
        "ann@example.com",
    ]


@pytest.mark.spec("CACHE-011", "CACHE-013", "CACHE-014", "CACHE-015")
@pytest.mark.feature("F-CACHE-17")
def test_the_response_is_cached_the_not_found_page_too(memory: Memory, capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of("cached_pages.py", capsys)
    assert [line for line in lines if line.startswith("rendering")] == [
        *["rendering the page of bob"] * 2,
        *["rendering the page of ann"] * 2,
    ]
    assert lines[-3:] == [
        "(404, '<p>There is no ann.</p>')",
        "rendering the page of ann",
        "(200, '<p>ann: ann@example.org</p>')",
    ]


@pytest.mark.spec("CACHE-021")
@pytest.mark.feature("F-CACHE-27")
def test_without_a_server_everything_works(memory: Memory, capsys: pytest.CaptureFixture[str]) -> None:
    assert "[1, 4, 9, 1, 4, 9]" in lines_of("cache_is_down.py", capsys)


@pytest.mark.spec("CACHE-021")
@pytest.mark.feature("F-CACHE-09")
def test_the_same_program_runs_with_caching_off(memory: Memory) -> None:
    program: dict[str, Any] = runpy.run_path(str(EXAMPLES / "cached_pages.py"))
    page: Callable[[str], tuple[int, str]] = program["page"]
    with caching(False):
        assert page("bob") == page("bob") == (200, "<p>bob: bob@example.com</p>")
        program["post"]("bob", "new")
        assert page("bob") == (200, "<p>bob: new</p>")
