"""Whatever an author writes, nothing of it runs in the page, and nothing of the key is in it for candidates."""

# ruff: noqa: E501  (markup in tables reads better in one line)
from __future__ import annotations

import re
from dataclasses import replace

import pytest
from tests.learning.qti.rendering.hostile import NS, cases
from tests.learning.qti.rendering.test_rendering import KINDS, attribute_of, elements

from demotic.errors import InvalidInput
from demotic.learning.qti import read
from demotic.learning.qti.model import View
from demotic.learning.qti.rendering import Options, page, render
from demotic.learning.qti.runtime import ItemProgram, begin, prepare, respond, submit
from demotic.xml.html import parse_html

SCORER = Options(view=View.SCORER, enabled=False, solution=True, own_classes=True)
NEVER = {"script", "iframe", "object", "embed", "base", "link", "frame", "frameset", "applet", "template", "foreignobject", "annotation-xml", "animate", "set", "use"}  # fmt: skip
LINKS = ("href", "src", "action", "formaction", "data", "srcset", "poster", "background", "xlink:href")


def pages(program: ItemProgram) -> list[str]:
    state = begin(program, seed=1)
    return [page(program, state), page(program, submit(program, state, {}), SCORER)]


def faults(html: str) -> list[str]:
    """Return what in a page could run, or load a document or style sheet."""
    found = []
    for element in elements(parse_html(html).root):
        name = element.name.local.lower()
        found += [name] if name in NEVER else []
        found += [name] if name == "meta" and attribute_of(element, "http-equiv") else []
        found += [name] if name == "style" and "evil" in element.text else []
        for key, value in element.attributes.items():
            local = key.local.lower()
            if local.startswith("on") or local in ("srcdoc", "autofocus", "autoplay"):
                found.append(f"{name} {local}")
            if local in LINKS and re.match(
                r"[\s\x00-\x20]*(javascript|vbscript|data:(?!image/(png|gif|jpeg)))", value, re.I
            ):
                found.append(f"{name} {local}={value}")
            if local == "style" and re.search(r"url|\\|expression|import", value, re.I):
                found.append(f"{name} {local}={value}")
    return found


@pytest.mark.feature("F-QTIRUN-23")
def test_nothing_that_authors_write_can_run() -> None:
    shown, refused = 0, set()
    for name, source in cases():
        try:
            for html in pages(prepare(read(source.encode(), lenient=True))):
                assert faults(html) == [], name
                assert html.count("<form") == html.count("<main") == 1, name
                shown += 1
        except InvalidInput as fault:
            assert "the attribute is required" in str(fault), name  # a wrong identifier is none
            refused.add(name.partition(",")[0])
    print(f"{shown} pages with nothing that runs; no identifiers: {sorted(refused)}")
    assert shown > 1500 and refused <= {"pci", "response", "gap", "match", "drawing", "hotspot", "media"}


@pytest.mark.feature("F-QTIRUN-23")
def test_marks_of_authors_are_no_marks_of_ours() -> None:
    entry = '<p><qti-text-entry-interaction response-identifier="R" placeholder-text=" onmouseover=hit() x="/></p>'
    source = f'<qti-assessment-item {NS} identifier="i" title="t" time-dependent="false"><qti-response-declaration identifier="R" cardinality="single" base-type="string"/><qti-item-body>{entry}<p title="\uf0a70\uf0a8">a&#xf0a7;0&#xf0a8;b</p></qti-item-body></qti-assessment-item>'
    program = prepare(read(source.encode()))
    html = render(program, begin(program, seed=1))
    assert '<p title="0">a0b</p>' in html and html.count("<input") == 1


SECRET = "SEKRET"
HIDING = f"""<qti-response-declaration identifier="R" cardinality="{{cardinality}}" base-type="{{base}}">
  <qti-correct-response interpretation="{SECRET}"><qti-value>{{value}}</qti-value></qti-correct-response>
  {{mapping}}</qti-response-declaration>
 <qti-outcome-declaration identifier="F" cardinality="single" base-type="identifier" interpretation="{SECRET}"/>
 <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"><qti-match-table default-value="0"><qti-match-table-entry source-value="1" target-value="2"/></qti-match-table></qti-outcome-declaration>
 <qti-template-declaration identifier="T" cardinality="single" base-type="identifier"><qti-default-value><qti-value>{SECRET}</qti-value></qti-default-value></qti-template-declaration>
 <qti-template-processing><qti-set-template-value identifier="T"><qti-base-value base-type="identifier">{SECRET}</qti-base-value></qti-set-template-value></qti-template-processing>
 <qti-companion-materials-info><qti-digital-material label="{SECRET}"><qti-file-href mime-type="text/plain">{SECRET}.txt</qti-file-href></qti-digital-material></qti-companion-materials-info>
 <qti-item-body class="{SECRET}"><!-- {SECRET} --><?key {SECRET}?>
  <div class="{SECRET}" data-key="{SECRET}" data-catalog-idref="{SECRET}">seen</div>
  <qti-rubric-block view="scorer author"><qti-content-body><p>{SECRET}</p></qti-content-body></qti-rubric-block>
  <qti-feedback-block outcome-identifier="F" identifier="{SECRET}" show-hide="show"><qti-content-body><p>{SECRET}</p></qti-content-body></qti-feedback-block>
  <p><qti-feedback-inline outcome-identifier="F" identifier="{SECRET}" show-hide="show">{SECRET}</qti-feedback-inline></p>
  <qti-template-block template-identifier="T" identifier="other" show-hide="show"><qti-content-body><p>{SECRET}</p></qti-content-body></qti-template-block>
  <p><qti-template-inline template-identifier="T" identifier="{SECRET}" show-hide="hide">{SECRET}</qti-template-inline></p>
  {{body}}</qti-item-body>
 <qti-catalog-info><qti-catalog id="{SECRET}"><qti-card support="spoken"><qti-html-content>{SECRET}</qti-html-content></qti-card></qti-catalog></qti-catalog-info>
 <qti-response-processing><qti-set-outcome-value identifier="F"><qti-base-value base-type="identifier">NONE{SECRET}</qti-base-value></qti-set-outcome-value></qti-response-processing>
 <qti-modal-feedback outcome-identifier="F" identifier="{SECRET}" show-hide="show" title="{SECRET}"><qti-content-body><p>{SECRET}</p></qti-content-body></qti-modal-feedback>"""
VALUES = {"identifier": SECRET, "string": SECRET, "pair": f"{SECRET} X", "directedPair": f"{SECRET} X", "point": "4711 815", "integer": "4711"}  # fmt: skip
MAPPED = ("identifier", "string", "pair", "directedPair")
# An interaction's own attributes: none of them is for candidates.
OWN = f' class="{SECRET}" data-key="{SECRET}" label="{SECRET}" '


@pytest.mark.feature("F-QTIRUN-22", "F-QTIRUN-24")
@pytest.mark.parametrize("kind", KINDS)
def test_no_key_is_in_the_page_wherever_it_stands(kind: str) -> None:
    case = KINDS[kind]
    base = case["baseType"]
    mapping = (
        f'<qti-mapping default-value="0"><qti-map-entry map-key="{VALUES[base]}" mapped-value="1"/></qti-mapping>'
        if base in MAPPED
        else ""
    )
    body = case["body"].replace(' response-identifier="R"', f' response-identifier="R"{OWN}')
    body = re.sub(
        r"<(qti-simple-choice|qti-gap-text|qti-inline-choice|qti-hottext|qti-hotspot-choice|qti-simple-associable-choice) ",
        rf'<\1 class="{SECRET}" data-key="{SECRET}" ',
        body,
    )
    inside = HIDING.format(cardinality=case["cardinality"], base=base, value=VALUES[base], mapping=mapping, body=body)
    source = f'<qti-assessment-item {NS} identifier="{SECRET}" title="T" label="{SECRET}" time-dependent="false" xml:lang="en">{inside}</qti-assessment-item>'
    program = prepare(read(source.encode(), lenient=True))
    new = begin(program, seed=1)
    answered = respond(program, new, {"R": case["given"]})
    for state in (new, answered, submit(program, answered, {})):
        for options in (Options(), Options(enabled=False), Options(prefix="q1-"), Options(feedback=False)):
            html = page(program, state, options)
            assert SECRET not in html and "4711" not in html, kind
    assert SECRET in page(program, new, replace(Options(), view=View.SCORER)), "rubrics are for scorers"
