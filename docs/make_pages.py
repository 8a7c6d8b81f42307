"""Writes the pages that are made from the source, `errors.md`, and from the tests, `conformance.md`: `make docs`."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

import demotic
from demotic.errors import DemoticError

ERRORS_PAGE = Path(__file__).parent / "errors.md"

INTRODUCTION = """# Error codes

Every error that Demotic raises is a `demotic.errors.DemoticError`. Its `code` is what a service shows to its clients
and what they may rely on: a code is never reused for another meaning. A status of 4xx is the caller's to mend, 5xx is
ours. This page is made from the classes (`make docs`).

| code | status | class | meaning |
|---|---|---|---|
"""


MAY_BE_MISSING = ("MySQLdb",)
"""Libraries that are compiled where that can be done; what needs them has no errors of its own."""


def error_classes() -> list[type[DemoticError]]:
    """Load the whole package and return its error classes, each after its base."""
    for module in pkgutil.walk_packages(demotic.__path__, "demotic."):
        if not module.name.endswith("__main__"):
            try:
                importlib.import_module(module.name)
            except ModuleNotFoundError as missing:
                if missing.name not in MAY_BE_MISSING:
                    raise
    return list(dict.fromkeys(_with_subclasses(DemoticError)))


def _with_subclasses(cls: type[DemoticError]) -> Iterator[type[DemoticError]]:
    if cls.__module__.startswith("demotic."):
        yield cls
    for child in sorted(cls.__subclasses__(), key=lambda child: child.__qualname__):
        yield from _with_subclasses(child)


def errors_page() -> str:
    """Return the text of errors.md."""
    return INTRODUCTION + "".join(sorted(_row(cls) for cls in error_classes()))


def _row(cls: type[DemoticError]) -> str:
    room = ".".join(part for part in cls.__module__.split(".") if not part.startswith("_"))
    meaning = " ".join((inspect.getdoc(cls) or "").split("\n\n")[0].split()).replace("|", "\\|")
    return f"| `{cls.code}` | {cls.status} | `{room}.{cls.__qualname__}` | {meaning} |\n"


def write_conformance() -> None:
    """Write conformance.md, where the requirements are at hand."""
    tests = Path(__file__).parent.parent / "tests" / "acceptance"
    sys.path.insert(0, str(tests))
    page = runpy.run_path(str(tests / "acceptance_support" / "page.py"))
    if page["LEVELS"].is_file():
        page["PAGE"].write_text(page["conformance_page"](page["LEVELS"]), encoding="utf-8")
        print(f"wrote {page['PAGE'].name}")


if __name__ == "__main__":
    ERRORS_PAGE.write_text(errors_page(), encoding="utf-8")
    print(f"wrote {ERRORS_PAGE.name}")
    write_conformance()
