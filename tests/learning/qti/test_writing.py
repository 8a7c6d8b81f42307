"""Writing: what was read is written as its version spells it, and reads as the same again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.learning.qti.test_reading import qti_files

from demotic.learning.qti import Version, open_document, read
from demotic.learning.qti.model import (
    ChoiceInteraction,
    ContentBody,
    FeedbackBlock,
    Foreign,
    Html,
    Index,
    ItemBody,
    Ordered,
    QtiDocument,
    Ref,
    ShowHide,
    SimpleChoice,
)
from demotic.learning.qti.writing import write
from demotic.xml import QName
from demotic.xml.validation import Schema

V21 = Version.V2_1


@pytest.mark.feature("F-QTI-14")
def test_every_file_of_the_data_is_written_and_reads_the_same(
    shared_data: Path, schema_of: Callable[[Version], Schema]
) -> None:
    became_invalid = []
    for number, path in enumerate(qti_files(shared_data / "learning")):
        document = open_document(path, lenient=True)
        written = write(document)
        assert read(written).root == document.root, path
        schema = schema_of(V21) if number % 4 == 0 and document.version is V21 else None
        if schema is not None and not schema.problems(_parsed(path)) and schema.problems(_parsed(written)):
            became_invalid.append(path.name)
    assert became_invalid == []


def _parsed(source: Path | bytes) -> object:
    from demotic.xml import read_leniently

    return read_leniently(source.read_bytes() if isinstance(source, Path) else source)


BODY = ItemBody(
    FeedbackBlock(
        ContentBody(Html("p", "a", Html("b", "c"), " d")),
        outcome_identifier="F", identifier="x", show_hide=ShowHide.SHOW,
    ),
    ChoiceInteraction(SimpleChoice("A", identifier="A"), response_identifier="R"),
    Html("section", Foreign(QName("http://www.w3.org/1998/Math/MathML", "math"))),
)  # fmt: skip


@pytest.mark.parametrize(
    ("version", "pieces"),
    [
        (
            Version.V2_1,
            ["<feedbackBlock ", 'outcomeIdentifier="F"', "<p>a<b>c</b> d</p></feedbackBlock>", 'maxChoices="1"'],
        ),
        (Version.V2_2, ["<qh5:section", "<m:math"]),
        (
            Version.V3_0,
            [
                "<qti-content-body><p>a<b>c</b> d</p></qti-content-body>",
                '<qti-choice-interaction response-identifier="R">',
            ],
        ),
    ],
)
def test_each_version_has_its_own_spelling(version: Version, pieces: list[str]) -> None:
    written = write(QtiDocument(BODY, version)).decode()
    assert [piece for piece in pieces if piece not in written] == [], written


def test_names_of_variables_are_bare_where_the_schemas_want_them_so() -> None:
    assert b'n="I"' in write(QtiDocument(Index(Ordered(), n=Ref("I")), Version.V2_1))


def test_the_same_document_gives_the_same_bytes() -> None:
    assert write(QtiDocument(BODY, Version.V3_0)) == write(QtiDocument(BODY, Version.V3_0))


@pytest.mark.spec("QTI2-051")
def test_space_is_put_in_where_there_is_no_content_alone() -> None:
    body = "<div><p>a <b>b</b></p><p><i/></p></div>"
    item = (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="t" adaptive="false"'
        ' timeDependent="false"><responseDeclaration identifier="R" cardinality="single" baseType="float">'
        f"<correctResponse><value>1</value></correctResponse></responseDeclaration><itemBody>{body}</itemBody></assessmentItem>"
    )
    written = write(read(item)).decode()
    assert f"  <itemBody>{body}</itemBody>\n" in written
    assert "    <correctResponse>\n      <value>1</value>\n    </correctResponse>\n" in written
