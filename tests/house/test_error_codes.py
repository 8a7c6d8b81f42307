"""Error codes are a promise to clients: each class has one, no two meanings share one, all stand in docs/errors.md."""

from __future__ import annotations

import importlib.util
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import pytest

from demotic.errors import DemoticError

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    """The script that makes the page, which also finds the classes."""
    spec = importlib.util.spec_from_file_location("make_pages", DOCS / "make_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def classes(pages: ModuleType) -> list[type[DemoticError]]:
    """Every error class of the package, each after its base."""
    return pages.error_classes()


def test_each_error_class_says_what_it_means_under_a_code_of_its_own(classes: list[type[DemoticError]]) -> None:
    assert [cls for cls in classes if "code" not in vars(cls) or not cls.code.isidentifier()] == []
    assert [cls for cls in classes if not 400 <= cls.status <= 599] == []
    assert [cls for cls in classes if not cls.__doc__] == []


def test_no_code_has_two_meanings(classes: list[type[DemoticError]]) -> None:
    by_code: dict[str, list[type[DemoticError]]] = defaultdict(list)
    for cls in classes:
        by_code[cls.code].append(cls)
    # The first of a code is the one that the others must refine: a class comes after its base.
    assert [found for found in by_code.values() if not all(issubclass(cls, found[0]) for cls in found)] == []


def test_the_page_of_error_codes_is_up_to_date(pages: ModuleType) -> None:
    assert pages.ERRORS_PAGE.read_text(encoding="utf-8") == pages.errors_page(), "run `make docs`"
