"""Rendered items in a browser: axe-core finds them accessible, new or solved, and nothing of hostile ones runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.learning.qti.rendering.hostile import cases
from tests.learning.qti.rendering.test_rendering import IMAGE, KINDS, an_item
from tests.learning.qti.test_legacy import legacy_files
from tests.learning.qti.test_reading import qti_files

from demotic.errors import InvalidInput
from demotic.learning.qti import open_document, read
from demotic.learning.qti.legacy import convert_legacy
from demotic.learning.qti.model import AssessmentItem, QtiDocument, View
from demotic.learning.qti.rendering import Options, page
from demotic.learning.qti.runtime import ItemProgram, ProcessingError, begin, prepare, respond, submit

SOLVED = Options(view=View.SCORER, enabled=False, solution=True)

Pages = dict[str, str]
Axe = Callable[[Pages], dict[str, Any]]


@pytest.fixture
def axe(look_at: Callable[[str, Pages], dict[str, Any]]) -> Axe:
    """Return what axe-core says of pages, whose names say where they are from."""
    return lambda pages: look_at("axe.js", pages)


def items(data: Path) -> Iterator[tuple[str, QtiDocument]]:
    """Yield every item of the data, those of QTI 1.2 converted."""
    for file in qti_files(data):
        document = open_document(file, lenient=True)
        if isinstance(document.root, AssessmentItem):
            yield str(file.relative_to(data)), document
    for file in legacy_files(data):
        for made in convert_legacy(file.read_bytes(), file=str(file)):
            if isinstance(made.document.root, AssessmentItem):
                yield f"{file.relative_to(data)}: {made.name}", made.document


def pages_of(name: str, program: ItemProgram) -> Iterator[tuple[str, str]]:
    """Yield an item as candidates find it, and as scorers see it with its solution, when all is over."""
    state = begin(program, seed=1)
    yield name, page(program, state)
    with suppress(InvalidInput):  # without an attribute that it must have, responses to an item cannot be judged
        yield f"{name} (solved)", page(program, submit(program, state, {}), SOLVED)


@pytest.mark.feature("F-QTIRUN-40")
@pytest.mark.spec("QTI2-028")
def test_no_item_of_the_data_has_a_violation(axe: Axe, shared_data: Path) -> None:
    by_page: dict[str, str] = {}  # many files of the data are copies of others
    for name, document in items(shared_data / "learning"):
        try:
            program = prepare(document)
        except ProcessingError:
            continue  # it cannot run, so nobody is shown it
        by_page |= {html: name for name, html in pages_of(name, program)}
    found = axe({name: html for html, name in by_page.items()})
    print(f"axe-core {found['engine']} in Chromium {found['browser']}: {found['pages']} pages")
    assert found["violations"] == []
    assert found["pages"] == len(by_page) > 500


@pytest.mark.feature("F-QTIRUN-40")
def test_no_kind_of_interaction_has_a_violation_whatever_was_answered(axe: Axe) -> None:
    pages: Pages = {}
    for kind, case in KINDS.items():
        program = an_item(case["body"], cardinality=case["cardinality"], base=case["baseType"])
        answered = respond(program, begin(program, seed=1), {"R": case["given"]})
        pages |= dict(pages_of(kind, program))
        pages[f"{kind} (answered)"] = page(program, answered)
        pages[f"{kind} (ended)"] = page(program, submit(program, answered, {}), Options(enabled=False))
    assert axe(pages)["violations"] == []


FAULTS = {
    "image-alt": IMAGE.replace('alt="a map"', ""),
    "label": '<input type="text">',
    "color-contrast": '<p style="color: #999; background: #fff">pale</p>',
    "list": "<ul><p>no member</p></ul>",
    "select-name": "<select><option>a</option></select>",
}


def test_what_is_wrong_would_be_found(axe: Axe) -> None:
    program = an_item("<p>good</p>")
    good = page(program, begin(program, seed=1))
    pages = {rule: good.replace("<p>good</p>", fault) for rule, fault in FAULTS.items()}
    found = axe({"good": good, **pages})
    assert {(each["page"], each["rule"]) for each in found["violations"]} == {(rule, rule) for rule in FAULTS}


PLACES = ("body", "choice", "gap")


@pytest.mark.feature("F-QTIRUN-23")
def test_nothing_of_hostile_items_runs_in_a_browser(look_at: Callable[[str, Pages], dict[str, Any]]) -> None:
    pages: Pages = {}
    for name, source in cases():
        if "markup" in name and not name.startswith(PLACES):
            continue  # they are shown as in these places
        with suppress(InvalidInput):
            program = prepare(read(source.encode(), lenient=True))
            pages[name] = page(program, begin(program, seed=1))
    good = page(an_item("<p>good</p>"), begin(an_item("<p>good</p>"), seed=1))
    bad = {"<script>hit()</script>", '<p onmouseover="hit()">x</p>', '<a href="javascript:hit()">x</a>'}
    controls = {each: good.replace("<p>good</p>", each) for each in bad}
    found = look_at("hostile.js", pages | controls)
    assert set(found["hits"]) == bad, "what runs is found, and nothing else"
    assert found["asked"] == []
    assert found["pages"] == len(pages) + len(bad) > 200
