"""Reading: every version into the same model, with places, and with all that is odd told and kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from demotic.errors import LimitExceeded
from demotic.learning.qti import NotQti, Version, open_document, read
from demotic.learning.qti.model import (
    AssessmentItem,
    BaseValue,
    ChoiceInteraction,
    ContentBody,
    ExtendedTextInteraction,
    Foreign,
    HotspotInteraction,
    Html,
    Mapping,
    ModalFeedback,
    Node,
    PositionObjectInteraction,
    PrintedVariable,
    RandomInteger,
    Ref,
    RubricBlock,
    Stylesheet,
)
from demotic.xml import Comment, Limits, QName, XmlSyntaxFault

NS = {
    Version.V2_0: "http://www.imsglobal.org/xsd/imsqti_v2p0",
    Version.V2_1: "http://www.imsglobal.org/xsd/imsqti_v2p1",
    Version.V2_2: "http://www.imsglobal.org/xsd/imsqti_v2p2",
    Version.V3_0: "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
}


def part(text: str, version: Version = Version.V3_0) -> Any:
    """Return the root of a fragment, read as of a version, which must be without problems."""
    name = text[1:].split()[0].rstrip("/>") if " " in text.split(">")[0] else text[1:].split(">")[0].rstrip("/")
    document = read(text.replace(f"<{name}", f'<{name} xmlns="{NS[version]}"', 1))
    assert document.problems == []
    assert document.version is version
    return document.root


@pytest.mark.feature("F-QTI-02")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            '<choiceInteraction responseIdentifier="R" shuffle="true" maxChoices="1"><prompt>Q</prompt>'
            '<simpleChoice identifier="A" fixed="true" showHide="hide" templateIdentifier="T">a<b>c</b></simpleChoice>'
            "</choiceInteraction>",
            '<qti-choice-interaction response-identifier="R" shuffle="true" max-choices="1"><qti-prompt>Q</qti-prompt>'
            '<qti-simple-choice identifier="A" fixed="true" show-hide="hide" template-identifier="T">a<b>c</b>'
            "</qti-simple-choice></qti-choice-interaction>",
        ),
        (
            '<durationLT><variable identifier="duration"/><baseValue baseType="duration">60</baseValue></durationLT>',
            '<qti-duration-lt><qti-variable identifier="duration"/>'
            '<qti-base-value base-type="duration">60</qti-base-value></qti-duration-lt>',
        ),
        (
            '<feedbackBlock outcomeIdentifier="F" identifier="a" showHide="show"><p>x</p> <p>y</p></feedbackBlock>',
            '<qti-feedback-block outcome-identifier="F" identifier="a" show-hide="show">'
            "<qti-content-body><p>x</p> <p>y</p></qti-content-body></qti-feedback-block>",
        ),
        (
            '<modalFeedback outcomeIdentifier="F" identifier="a" showHide="show">x<b>y</b></modalFeedback>',
            '<qti-modal-feedback outcome-identifier="F" identifier="a" show-hide="show">\n'
            " <qti-content-body>x<b>y</b></qti-content-body></qti-modal-feedback>",
        ),
        (
            '<mapping defaultValue="0"><mapEntry mapKey="A" mappedValue="1.5" caseSensitive="true"/></mapping>',
            '<qti-mapping default-value="0"><qti-map-entry map-key="A" mapped-value="1.5" case-sensitive="true"/>'
            "</qti-mapping>",
        ),
        (
            '<printedVariable identifier="X" format="%i" base="2" powerForm="true"/>',
            '<qti-printed-variable identifier="X" format="%i" base="2" power-form="true"/>',
        ),
    ],
)
def test_old_and_new_names_are_the_same_nodes(old: str, new: str) -> None:
    assert part(old, Version.V2_1) == part(old, Version.V2_2) == part(new, Version.V3_0)


@pytest.mark.feature("F-QTI-03")
def test_what_is_not_given_is_what_the_version_says() -> None:
    choice = '<choiceInteraction responseIdentifier="R" shuffle="false"/>'
    assert part(choice, Version.V2_1).max_choices == 0
    assert part(choice, Version.V2_2).max_choices == 1
    assert part('<qti-choice-interaction response-identifier="R"/>').max_choices == 1
    hotspot: HotspotInteraction = part('<hotspotInteraction responseIdentifier="R"/>', Version.V2_1)
    assert hotspot.max_choices == 0
    entry: Mapping = part('<mapping><mapEntry mapKey="a" mappedValue="1"/></mapping>', Version.V2_1)
    assert entry.entries[0].case_sensitive is True
    assert part('<qti-map-entry map-key="a" mapped-value="1"/>').case_sensitive is False


def test_names_that_only_one_version_has() -> None:
    old: PositionObjectInteraction = part('<positionObjectInteraction centrePoint="3 4"/>', Version.V2_1)
    new: PositionObjectInteraction = part('<positionObjectInteraction centerPoint="3 4"/>', Version.V2_2)
    assert old.center_point == new.center_point == (3, 4)
    text: ExtendedTextInteraction = part('<extendedTextInteraction format="preFormatted"/>', Version.V2_1)
    assert text.format == "preformatted"


def test_places_are_those_of_the_document() -> None:
    root = read('<and>\n  <isNull>\n    <variable identifier="X"/></isNull>\n</and>', version=Version.V2_1).root
    assert [(type(n).__name__, n.line, n.column) for n in root.walk()] == [
        ("And", 1, 1),
        ("IsNull", 2, 3),
        ("Variable", 3, 5),
    ]


def test_space_counts_in_text_only() -> None:
    body = part("<itemBody> <p>a <i>b</i> </p>\n</itemBody>", Version.V2_1)
    assert body.children == [" ", Html("p", "a ", Html("i", "b"), " "), "\n"]
    assert part("<and> <null/>\n</and>", Version.V2_1).children == [part("<null/>", Version.V2_1)]


def test_comments_cdata_and_entities_stay() -> None:
    text = f"""<!DOCTYPE baseValue [<!ENTITY who "you">]>
<baseValue baseType="string" xmlns="{NS[Version.V2_1]}">a<!-- c --><![CDATA[<b>]]>&who;</baseValue>"""
    node = read(text).root
    assert isinstance(node, BaseValue)
    assert node.text == "a<b>you" and Comment(" c ") in node.children


def test_other_vocabularies_are_kept_with_names_attributes_and_text() -> None:
    root = part(
        '<itemBody><m:math xmlns:m="http://www.w3.org/1998/Math/MathML" display="block"><m:mi>x</m:mi></m:math>'
        '<v:thing xmlns:v="urn:vendor" v:kind="1">t</v:thing></itemBody>',
        Version.V2_1,
    )
    math, thing = root.elements
    assert isinstance(math, Foreign) and math.is_math and math.get("display") == "block"
    assert isinstance(thing, Foreign) and thing.extra == {QName("urn:vendor", "kind"): "1"} and thing.text == "t"


def test_references_to_variables_stand_where_numbers_may() -> None:
    node: RandomInteger = part('<randomInteger min="LOW" max="{HIGH}" step="2"/>', Version.V2_1)
    assert (node.min, node.max, node.step) == (Ref("LOW"), Ref("HIGH"), 2)
    printed: PrintedVariable = part('<printedVariable identifier="X" index="{I}"/>', Version.V2_1)
    assert printed.index == Ref("I")


@pytest.mark.feature("F-QTI-04")
@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ('<choiceInteraction maxChoices="many"/>', "wrong-value", 1, 1),
        ('<choiceInteraction\n shuffle="TRUE"/>', "wrong-value", 1, 1),
        ("<and>\n <nil/></and>", "unknown-element", 2, 2),
        ("<and>\n  <isnull/></and>", "wrong-case", 2, 3),
        ("<and>x</and>", "stray-text", 1, 1),
        ('<and colour="red"/>', "unknown-attribute", 1, 1),
        ("<itemBody><math><mi>x</mi></math></itemBody>", "wrong-namespace", 1, 11),
    ],
)
def test_what_is_odd_is_told_with_its_place_and_kept(text: str, code: str, line: int, column: int) -> None:
    document = read(text, version=Version.V2_1)
    problem = next(p for p in document.problems if p.code != "unknown-namespace")
    assert (problem.code, problem.line, problem.column) == (code, line, column)
    assert problem.message and problem.hint


def test_wrong_values_are_kept_as_text_but_those_in_wrong_case_are_understood() -> None:
    wrong = read('<choiceInteraction maxChoices="many" shuffle="TRUE"/>').root
    assert isinstance(wrong, ChoiceInteraction)
    assert (wrong.extra, wrong.shuffle, wrong.max_choices) == ({QName("", "maxChoices"): "many"}, True, 0)


def test_aria_and_data_attributes_are_no_mistakes() -> None:
    root = part('<qti-choice-interaction response-identifier="R" data-x="1" aria-label="l"/>')
    assert root.extra == {QName("", "data-x"): "1", QName("", "aria-label"): "l"}


def test_content_outside_of_a_content_body_is_put_into_one_and_told() -> None:
    document = read(f'<qti-rubric-block view="candidate" xmlns="{NS[Version.V3_0]}">'
                    '<qti-stylesheet href="a.css" type="text/css"/><p>x</p></qti-rubric-block>')  # fmt: skip
    assert [p.code for p in document.problems] == ["no-content-body"]
    assert isinstance(document.root, RubricBlock)
    assert [type(n) for n in document.root.children] == [Stylesheet, ContentBody]
    assert document.root.flow == [Html("p", "x")]


def test_a_namespace_that_is_not_known_is_told_and_the_version_guessed() -> None:
    for text, version in [("<assessmentItem/>", Version.V2_1), ("<qti-assessment-item/>", Version.V3_0)]:
        document = read(text)
        assert document.version is version
        assert [p.code for p in document.problems] == ["unknown-namespace"]
    assert read("<assessmentItem/>", version=Version.V2_2).version is Version.V2_2


def test_what_is_no_qti_is_refused() -> None:
    with pytest.raises(NotQti, match="html at line 1, column 1 is no element of QTI"):
        read("<html/>")
    with pytest.raises(XmlSyntaxFault):
        read("<and><or></and>")
    with pytest.raises(LimitExceeded):
        read("<and>" * 20 + "</and>" * 20, limits=Limits(depth=10))


def test_broken_xml_is_read_when_asked_for() -> None:
    document = read('<and><isNull><variable identifier="A"></isNull></and>', lenient=True)
    assert any(p.code == "xml-missing-end-tag" for p in document.problems)
    assert document.root.elements


def qti_files(folder: Path) -> list[Path]:
    """Return every file of the data that looks like QTI 2 or 3 from its first element."""
    marks = (b"<assessmentItem", b"<assessmentTest", b"<qti-", b"<assessmentSection", b"<assessmentStimulus")
    files = (p for p in sorted(folder.rglob("*.xml")) if "xsd" not in p.relative_to(folder).parts)
    return [p for p in files if any(mark in p.read_bytes() for mark in marks)]


@pytest.mark.feature("F-QTI-05")
@pytest.mark.spec("QTI2-001", "QTI2-025", "QTI2-030")
def test_every_file_of_the_data_reads(shared_data: Path) -> None:
    files = qti_files(shared_data / "learning")
    assert len(files) > 400
    kinds: dict[str, int] = {}
    for path in files:
        root: Node = open_document(path, lenient=True).root
        kinds[type(root).__name__] = kinds.get(type(root).__name__, 0) + 1
        assert all(node.line for node in root.walk())
    assert kinds["AssessmentItem"] > 250 and kinds["AssessmentTest"] > 100


def test_a_whole_item(shared_data: Path) -> None:
    folder = shared_data / "learning/pie-qti/packages/item-player/tests/conformance/fixtures/modalFeedback_basic"
    item = open_document(folder / "item.xml").item
    assert isinstance(item, AssessmentItem)
    assert all(isinstance(f, ModalFeedback) and f.flow for f in item.modal_feedbacks)
    assert {d.identifier for d in item.declarations} >= {"RESPONSE"}
