"""The model: nodes are made in a program, typed, compared by content, and told apart from what they are not."""

from __future__ import annotations

import pytest

from demotic.errors import InvalidInput
from demotic.learning.qti.model import (
    And,
    AssessmentItem,
    AssessmentStimulus,
    BaseType,
    BaseValue,
    Cardinality,
    ChoiceInteraction,
    Foreign,
    Html,
    ItemBody,
    Match,
    Prompt,
    QtiDocument,
    Ref,
    ResponseDeclaration,
    SimpleChoice,
    Variable,
    Version,
)
from demotic.learning.qti.model._values import coordinates, integer_or_ref, numbers_or_refs, ref_or_string, views
from demotic.xml import QName


def make_item() -> AssessmentItem:
    choices = [SimpleChoice(name, identifier=name) for name in "AB"]
    return AssessmentItem(
        ResponseDeclaration(identifier="R", cardinality=Cardinality.SINGLE, base_type=BaseType.IDENTIFIER),
        ItemBody(Html("div", ChoiceInteraction(Prompt("Which?"), *choices, response_identifier="R"))),
        identifier="i",
        title="t",
        time_dependent=False,
    )


@pytest.mark.feature("F-QTI-01")
def test_children_are_found_by_what_they_are() -> None:
    item = make_item()
    assert [d.identifier for d in item.declarations] == ["R"]
    (interaction,) = item.interactions
    assert isinstance(interaction, ChoiceInteraction)
    assert [c.identifier for c in interaction.choices] == ["A", "B"]
    assert interaction.prompt is not None and interaction.prompt.text == "Which?"
    assert item.response_processing is None and item.modal_feedbacks == []


def test_what_is_not_given_reads_as_the_default_of_3_0() -> None:
    (interaction,) = make_item().interactions
    assert isinstance(interaction, ChoiceInteraction)
    assert (interaction.max_choices, interaction.min_choices, interaction.shuffle) == (1, 0, False)
    assert "max_choices" not in interaction.attributes


def test_what_is_required_and_missing_is_told_when_it_is_asked_for() -> None:
    with pytest.raises(InvalidInput, match="qti-variable at line 3, column 7 has no identifier"):
        _ = Variable(line=3, column=7).identifier
    with pytest.raises(InvalidInput, match="qti-assessment-stimulus at line 0, column 0 lacks qti-stimulus-body"):
        _ = AssessmentStimulus(identifier="s", title="s").body


def test_a_node_takes_no_misspelt_attribute_or_field() -> None:
    with pytest.raises(TypeError, match="no attribute maxChoices"):
        ChoiceInteraction(maxChoices=1)
    with pytest.raises(AttributeError):
        make_item().titel = "x"  # type: ignore[attr-defined]


def test_nodes_are_equal_by_content_not_by_place() -> None:
    assert make_item() == make_item()
    assert Variable(identifier="A", line=1) == Variable(identifier="A", line=9)
    assert Variable(identifier="A") != Variable(identifier="B")
    assert Html("p", "x") != Html("div", "x")
    assert Foreign(QName("u", "a")) != Foreign(QName("v", "a"))
    assert And(Match()) != Match(And())


def test_a_document_says_what_it_is_instead() -> None:
    document = QtiDocument(make_item(), base="folder/item.xml")
    assert document.item.title == "t"
    with pytest.raises(InvalidInput, match=r"folder/item.xml is qti-assessment-item, not a test"):
        _ = document.test


def test_walking_deep_trees_takes_no_recursion() -> None:
    node = BaseValue("1", base_type=BaseType.INTEGER)
    deep: And | BaseValue = node
    for _ in range(5000):
        deep = And(deep)
    assert sum(1 for _ in deep.walk()) == 5001
    assert list(deep.find(BaseValue)) == [node]


@pytest.mark.parametrize(
    ("type", "text", "value", "again"),
    [
        (integer_or_ref, "7", 7, "7"),
        (integer_or_ref, "N", Ref("N"), "{N}"),
        (integer_or_ref, "{N}", Ref("N"), "{N}"),
        (ref_or_string, "{N}", Ref("N"), "{N}"),
        (ref_or_string, "{N}x", "{N}x", "{N}x"),
        (numbers_or_refs, "1.5 {T}", (1.5, Ref("T")), "1.5 {T}"),
        (coordinates, "1, 2 ,30%", None, "1,2,30%"),
        (coordinates, "1 2 3", None, "1,2,3"),
        (coordinates, "8,-4, -2%,0", None, "8,-4,-2%,0"),
        (views, " candidate tutor ", ("candidate", "tutor"), "candidate tutor"),
    ],
)
def test_values_in_text_and_back(type: object, text: str, value: object, again: str) -> None:
    parsed = type.parse(text)  # type: ignore[attr-defined]
    assert value is None or parsed == value
    assert type.format(parsed) == again  # type: ignore[attr-defined]


def test_versions_are_in_order() -> None:
    assert sorted([Version.V3_0, Version.V1_2, Version.V2_2]) == [Version.V1_2, Version.V2_2, Version.V3_0]
