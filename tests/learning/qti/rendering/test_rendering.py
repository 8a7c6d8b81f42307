"""Rendering: every item becomes HTML that can be answered without script, is safe, and does not hold the key."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.learning.qti.test_reading import qti_files

from demotic.learning.qti import open_document, read
from demotic.learning.qti.model import AssessmentItem, BaseType, PrintedVariable, View
from demotic.learning.qti.rendering import Options, page, render, responses_from_form
from demotic.learning.qti.rendering._printed import printed
from demotic.learning.qti.runtime import (
    ItemProgram,
    ProcessingError,
    begin,
    number,
    prepare,
    record,
    respond,
    single,
    submit,
)
from demotic.xml import Element
from demotic.xml.html import parse_html

NAMESPACE = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'


SECRETS = {
    "identifier": "SECRET", "string": "SECRET", "pair": "SECRET X", "directedPair": "SECRET X", "point": "4711 815",
    "integer": "4711",
}  # fmt: skip


def an_item(body: str, *, cardinality: str = "multiple", base: str = "identifier", more: str = "") -> ItemProgram:
    xml = f"""<qti-assessment-item {NAMESPACE} identifier="i" title="T" time-dependent="false" xml:lang="en">
 <qti-response-declaration identifier="R" cardinality="{cardinality}" base-type="{base}">
  <qti-correct-response><qti-value>{SECRETS[base]}</qti-value></qti-correct-response></qti-response-declaration>
 <qti-outcome-declaration identifier="F" cardinality="single" base-type="identifier"/>{more}
 <qti-item-body>{body}</qti-item-body>
 <qti-response-processing><qti-set-outcome-value identifier="F">
  <qti-base-value base-type="identifier">DONE</qti-base-value></qti-set-outcome-value></qti-response-processing>
 <qti-modal-feedback outcome-identifier="F" identifier="DONE" show-hide="show" title="Well"><qti-content-body>
  <p>done</p></qti-content-body></qti-modal-feedback>
</qti-assessment-item>"""
    return prepare(read(xml.encode()))


def fields(html: str) -> dict[str, list[str]]:
    """Return what a browser would send for the form as it stands."""
    found: dict[str, list[str]] = {}
    for element in elements(parse_html(html).root):
        values = {name.local: text for name, text in element.attributes.items()}
        name, kind = values.get("name"), element.name.local
        if name is None:
            continue
        if kind == "select":
            chosen = [each for each in elements(element) if "selected" in {key.local for key in each.attributes}]
            found.setdefault(name, []).append(attribute_of(chosen[0], "value") if chosen else "")
        elif kind == "textarea":
            found.setdefault(name, []).append(element.text or "")
        elif values.get("type") in ("checkbox", "radio"):
            if "checked" in values:
                found.setdefault(name, []).append(values["value"])
        elif kind == "input" and values.get("type") != "file":
            found.setdefault(name, []).append(values.get("value", ""))
    return found


def attribute_of(element: Element, name: str) -> str:
    return next((text for key, text in element.attributes.items() if key.local == name), "")


def elements(root: Element) -> list[Element]:
    found = [root]
    for child in root.children:
        if isinstance(child, Element):
            found += elements(child)
    return found


KINDS = {case["kind"]: case for case in json.loads((Path(__file__).parent / "cases" / "kinds.json").read_text())}
IMAGE = '<img src="i.png" alt="a map" width="100" height="50"/>'


@pytest.mark.feature("F-QTIRUN-21")
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_shown_is_what_a_form_sends(kind: str) -> None:
    case = KINDS[kind]
    program = an_item(case["body"], cardinality=case["cardinality"], base=case["baseType"])
    state = respond(program, begin(program, seed=1), {"R": case["given"]})
    assert state.responses["R"] is not None and not state.invalid, state.invalid
    html = page(program, state)
    sent = responses_from_form(program, fields(html))
    assert respond(program, begin(program, seed=1), sent).responses["R"] == state.responses["R"]
    prefixed = render(program, state, Options(prefix="q1-"))
    assert responses_from_form(program, fields(prefixed), prefix="q1-") == sent
    assert "SECRET" not in html and "4711" not in html
    assert "data-qti-interaction" in html or kind in ("inline choice", "text entry")
    empty = page(program, begin(program, seed=1))
    if kind != "slider":  # a slider always stands somewhere
        sent = responses_from_form(program, fields(empty))
        assert not respond(program, begin(program, seed=1), sent).responses["R"]


@pytest.mark.spec("QTI2-028")
@pytest.mark.feature("F-QTIRUN-22")
def test_every_item_of_the_data_is_rendered_without_its_key(shared_data: Path) -> None:
    count = 0
    for file in qti_files(shared_data / "learning"):
        document = open_document(file, lenient=True)
        if not isinstance(document.root, AssessmentItem):
            continue
        try:
            program = prepare(document)
        except ProcessingError:
            continue
        html = page(program, begin(program, seed=1))
        root = parse_html(html).root
        names = {element.name.local for element in elements(root)}
        assert not names & {"script", "iframe", "object", "embed"}, file
        markup = " ".join(re.findall(r"<[^>]*>", html))
        assert not re.search(r"mapped-?value|correct-?response|set-?outcome", markup, re.IGNORECASE), file
        ids = [attribute_of(element, "id") for element in elements(root) if attribute_of(element, "id")]
        assert len(ids) == len(set(ids)), file
        count += 1
    print(f"{count} items are rendered")
    assert count > 150


HOSTILE = """<p onclick="x()">a<a href="javascript:x()">b</a></p><script>x()</script>
 <p><object data="javascript:x()" type="text/html">c</object> \uf0a70\uf0a8</p>
 <qti-choice-interaction response-identifier="R"><qti-simple-choice identifier="A"><b onload="x()">d</b>
 <svg><script>x()</script></svg></qti-simple-choice></qti-choice-interaction>"""


@pytest.mark.feature("F-QTIRUN-23")
def test_what_authors_write_is_made_safe() -> None:
    program = an_item(HOSTILE)
    html = render(program, begin(program, seed=1))
    assert "x()" not in html
    assert html.count("<fieldset") == 1


SEEN = """<p>1</p>
 <qti-rubric-block view="scorer"><qti-content-body><p>for scorers</p></qti-content-body></qti-rubric-block>
 <qti-feedback-block outcome-identifier="F" identifier="DONE" show-hide="show"><qti-content-body><p>shown</p>
 </qti-content-body></qti-feedback-block>
 <p><qti-feedback-inline outcome-identifier="F" identifier="DONE" show-hide="hide">gone</qti-feedback-inline></p>"""


@pytest.mark.feature("F-QTIRUN-24")
def test_everybody_sees_what_is_for_them_and_for_now() -> None:
    program = an_item(SEEN)
    before = begin(program, seed=1)
    after = submit(program, before, {})

    def words(options: Options, state: Any) -> set[str]:
        html = render(program, state, options)
        return {word for word in ("for scorers", "shown", "gone", "done", "Well") if word in html}

    assert words(Options(), before) == {"gone"}
    assert words(Options(), after) == {"shown", "done", "Well"}
    assert words(Options(feedback=False), after) == set()
    assert words(Options(view=View.SCORER), before) == {"for scorers", "gone"}


@pytest.mark.feature("F-QTIRUN-24")
def test_a_solution_is_shown_only_when_asked_for() -> None:
    program = an_item(KINDS["one choice"]["body"].replace('"B"', '"SECRET"'), cardinality="single")
    state = respond(program, begin(program, seed=1), {"R": "A"})
    shown = Options(solution=True, enabled=False)
    assert fields(render(program, state)) == {"R": ["A"]}
    assert fields(render(program, state, shown)) == {"R": ["SECRET"]}
    assert "<fieldset" in render(program, state, shown) and "disabled" in render(program, state, shown)
    assert "disabled" not in render(program, state, replace(shown, enabled=True))


def test_images_are_where_the_page_can_load_them() -> None:
    program = an_item(f"<p>{IMAGE}<object data='o.png' type='image/png'>an image</object></p>")
    html = render(program, begin(program, seed=1), Options(locate=lambda address: f"/media/{address}"))
    assert "/media/i.png" in html and "/media/o.png" in html and 'alt="an image"' in html


PRINTED = [
    ({}, single(BaseType.INTEGER, 7), "7"),
    ({"format": "%04d"}, single(BaseType.INTEGER, 7), "0007"),
    ({"format": "%.2f kg"}, number(1.005), "1.00 kg"),
    ({"format": "%i"}, number(2.6), "3"),
    ({"number_base": 16}, single(BaseType.INTEGER, -255), "-ff"),
    ({"power_form": True, "format": "%.1e"}, number(123456.0), "1.2 × 10<sup>5</sup>"),
    ({}, number(3.0), "3"),
    ({}, single(BaseType.STRING, "<b>"), "&lt;b&gt;"),
    ({"mapping_indicator": ":"}, record({"a": number(1), "b": number(2)}), "a:1;b:2"),
    ({"field": "b"}, record({"a": number(1), "b": number(2)}), "2"),
    ({}, None, ""),
]


@pytest.mark.feature("F-QTIRUN-25")
@pytest.mark.parametrize(("options", "value", "text"), PRINTED)
def test_variables_are_printed(options: dict[str, Any], value: Any, text: str) -> None:
    program = an_item("")
    state = begin(program, seed=1)
    state = state.changed(values={**state.values, "V": value})
    assert printed(PrintedVariable(identifier="V", **options), state) == text
