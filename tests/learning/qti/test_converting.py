"""From version to version: valid for the target, nothing lost without being told, and back again the same."""

# ruff: noqa: E501  (markup in tables reads better in one line)
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.learning.qti.test_reading import NS, qti_files

from demotic.errors import Unsupported
from demotic.learning.qti import Version, open_document, read
from demotic.learning.qti.converting import TARGETS, convert, valid_identifier
from demotic.learning.qti.model import AssessmentItem, Foreign, Html, PortableCustomInteraction
from demotic.learning.qti.writing import write
from demotic.xml import Document
from demotic.xml.validation import Schema


def item(version: Version, body: str, more: str = "") -> str:
    if version is Version.V3_0:
        return (
            f'<qti-assessment-item xmlns="{NS[version]}" identifier="i" title="t" time-dependent="false">{more}'
            f"<qti-item-body>{body}</qti-item-body></qti-assessment-item>"
        )
    return (
        f'<assessmentItem xmlns="{NS[version]}" identifier="i" title="t" adaptive="false" timeDependent="false">{more}'
        f"<itemBody>{body}</itemBody></assessmentItem>"
    )


V21, V22, V30 = Version.V2_1, Version.V2_2, Version.V3_0


@pytest.mark.feature("F-QTI-15", "F-QTI-16")
@pytest.mark.spec("QTI2-044")
@pytest.mark.parametrize(
    ("source", "target", "body", "written", "losses"),
    [
        (V21, V30, "<p>x</p>", "<p>x</p>", []),
        (V21, V30, '<choiceInteraction responseIdentifier="R" shuffle="true"><simpleChoice identifier="A">a</simpleChoice></choiceInteraction>',
         'max-choices="0"', []),
        (V22, V21, "<section><p>x</p></section>", '<div class="section"><p>x</p></div>', ["html"]),
        (V22, V30, '<infoControl title="More"><p>x</p></infoControl>', "<details><summary>More</summary><p>x</p></details>", ["info-control"]),
        (V30, V21, '<p data-x="1" aria-label="l">x</p>', "<p>x</p>", ["attribute", "attribute"]),
        (V30, V21, '<p><img src="a.png" alt="" loading="lazy" width="9"/></p>', '<img src="a.png" alt="" width="9"/>', ["attribute"]),
        (V30, V21, '<p><a href="b" target="_top" download="c">x</a></p>', '<a href="b">x</a>', ["attribute", "attribute"]),
        (V30, V22, '<p aria-label="l">x</p>', '<p aria-label="l">x</p>', []),
        (V30, V22, '<video controls="controls"><source src="a.mp4" type="video/mp4"/></video>', "qh5:video", []),
        (V30, V21, '<p><video><source src="a.mp4" type="video/mp4"/></video></p>', '<object data="a.mp4" type="video/mp4"/>', ["html"]),
        (V30, V22, '<p><picture><source srcset="b.png"/><img src="a.png" alt=""/></picture></p>', '<p><img src="a.png" alt=""/></p>', ["html"]),
        (V21, V30, '<rubricBlock view="candidate"><p>x</p></rubricBlock>', 'use="instructions"><qti-content-body><p>x</p>', ["rubric-use"]),
        (V22, V30, '<p xmlns:v="urn:v">a<v:b>c</v:b></p>', "<p>a</p>", ["vocabulary"]),
        (V30, V22, '<qti-portable-custom-interaction response-identifier="R" custom-interaction-type-identifier="urn:x" data-n="1">'
         "<qti-interaction-markup><p>m</p></qti-interaction-markup></qti-portable-custom-interaction>", "pci:portableCustomInteraction", ["portable"]),
    ],
)  # fmt: skip
def test_what_becomes_of_content(source: Version, target: Version, body: str, written: str, losses: list[str]) -> None:
    document = read(item(source, body))
    before = write(document)
    conversion = convert(document, target, file="i.xml")
    assert written in write(conversion.document).decode().replace("\n", "").replace("  ", "")
    assert [loss.code for loss in conversion.losses] == losses, conversion.losses
    assert all(loss.file == "i.xml" and loss.line and str(loss).startswith("i.xml:") for loss in conversion.losses)
    assert write(document) == before, "the source stays as it was"


def test_templates_are_named_as_the_target_does() -> None:
    more = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
    document = read(item(V21, "<p>x</p>").replace("</assessmentItem>", more + "</assessmentItem>"))
    new = convert(document, V30).document
    assert b'template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"' in write(new)
    assert b'template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/match_correct"' in write(
        convert(new, V22).document
    )


def test_a_portable_interaction_of_2_2_becomes_one_of_3_0() -> None:
    body = (
        '<customInteraction responseIdentifier="R"><pci:portableCustomInteraction'
        ' xmlns:pci="http://www.imsglobal.org/xsd/portableCustomInteraction" customInteractionTypeIdentifier="urn:x">'
        '<pci:properties><pci:entry key="maxItems">3</pci:entry></pci:properties><pci:markup><pci:p>m</pci:p></pci:markup>'
        "</pci:portableCustomInteraction></customInteraction>"
    )
    conversion = convert(read(item(V22, body)), V30)
    (made,) = conversion.document.item.interactions
    assert isinstance(made, PortableCustomInteraction)
    assert made.custom_interaction_type_identifier == "urn:x" and made.markup is not None
    assert made.markup.children == [Html("p", "m")]
    assert [loss.kind for loss in conversion.losses] == ["approximated"]
    assert not list(conversion.root.find(Foreign))


@pytest.mark.feature("F-QTI-17")
def test_everything_in_the_data_converts_to_valid_documents(
    shared_data: Path, schema_of: Callable[[Version], Schema]
) -> None:
    """What was valid is valid in the other versions; the exceptions are told as losses, and named here."""
    told = {"data-attributes.xml", "media_coords.xml"}  # data-* that the schema of 3.0 does not take on gap choices
    wrong = []
    for number, path in enumerate(qti_files(shared_data / "learning")[::8]):
        document = open_document(path, lenient=True)
        for target in TARGETS:
            conversion = convert(document, target)
            if number % 3 == 0 and path.name not in told and not document.problems:
                gap_texts = any(loss.code == "gap-text" for loss in conversion.losses)
                before = schema_of(document.version).problems(Document.parse(path.read_bytes()))
                if (
                    not before
                    and not gap_texts
                    and schema_of(target).problems(Document.parse(write(conversion.document)))
                ):
                    wrong.append((path.name, str(target)))
    assert wrong == []


@pytest.mark.feature("F-QTI-18")
def test_there_and_back_is_the_same_where_nothing_is_lost(shared_data: Path) -> None:
    tried = 0
    for path in qti_files(shared_data / "learning")[::6]:
        document = open_document(path, lenient=True)
        if document.version not in (V21, V22):
            continue
        there = convert(document, V30)
        back = convert(there.document, document.version)
        if there.losses or back.losses:
            continue
        expected = write(convert(document, document.version).document)
        assert write(back.document) == expected, path
        tried += 1
    assert tried > 30


def test_versions_that_are_not_written_are_refused() -> None:
    with pytest.raises(Unsupported, match=r"writing QTI 2\.0"):
        convert(read(item(V21, "<p>x</p>")), Version.V2_0)


@pytest.mark.spec("QTI1-023", "QTI2-007")
@pytest.mark.parametrize(
    ("name", "made"),
    [("a", "a"), ("1a", "_1a"), ("a b", "a_b"), ("a:b", "a-b"), ("", "_"), ("-a", "_-a"), ("ä.x", "ä.x")],
)
def test_names_become_identifiers(name: str, made: str) -> None:
    assert valid_identifier(name) == made


def test_an_item_stays_an_item() -> None:
    for target in TARGETS:
        assert isinstance(convert(read(item(V21, "<p>x</p>")), target).root, AssessmentItem)


GAPS = {
    "gapMatchInteraction": '<gapText identifier="A" matchMax="1">a</gapText><p><gap identifier="G"/></p>',
    "graphicGapMatchInteraction": '<object data="a.png" type="image/png"/><gapImg identifier="A" matchMax="1">'
    '<object data="b.png" type="image/png"/></gapImg><associableHotspot identifier="H" shape="rect" coords="0,0,1,1" matchMax="1"/>',
}


@pytest.mark.feature("F-QTI-15")
@pytest.mark.parametrize("name", GAPS)
def test_what_an_older_version_implies_is_no_loss_and_what_it_does_not_is_one(name: str) -> None:
    there = convert(read(item(V21, f'<{name} responseIdentifier="R">{GAPS[name]}</{name}>')), V30).document
    assert b'max-associations="0"' in write(there)
    back = convert(there, V21)
    assert [loss for loss in back.losses if loss.code == "attribute"] == []
    limited = read(write(there).replace(b'max-associations="0"', b'max-associations="1"'))
    (loss,) = (loss for loss in convert(limited, V21).losses if loss.code == "attribute")
    assert loss.kind == "dropped" and "max-associations='1'" in loss.message
