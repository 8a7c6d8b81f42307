# ruff: noqa: E501  (markup in tables reads better in one line)
"""QTI 1.2 piece by piece: what each element and value set becomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.learning.qti.test_legacy import choice, eq, item, only, rule

from demotic.learning.qti import Version
from demotic.learning.qti.checking import check
from demotic.learning.qti.converting import Losses
from demotic.learning.qti.legacy import LegacyObject, convert_legacy, read_legacy
from demotic.learning.qti.legacy._source import Source
from demotic.learning.qti.model import (
    AssessmentItem,
    BaseType,
    Cardinality,
    ExtendedTextInteraction,
    HotspotInteraction,
    Html,
    Interaction,
    ModalFeedback,
    Node,
    Orientation,
    RubricBlock,
    SelectPointInteraction,
    SliderInteraction,
    TextEntryInteraction,
    View,
)
from demotic.learning.qti.writing import write
from demotic.xml import Document, serialize
from demotic.xml.validation import Schema


def kinds(converted: LegacyObject) -> list[str]:
    return [type(i).__name__ for i in converted.document.item.interactions]


def codes(converted: LegacyObject) -> set[str]:
    return {loss.code for loss in converted.losses}


def body_of(material: str) -> tuple[list[Node], LegacyObject]:
    converted = only(item(material))
    body = converted.document.item.item_body
    assert body is not None
    return list(body.walk())[1:], converted


def text_of(nodes: list[Node]) -> str:
    return " ".join("".join(n.text for n in nodes).split())


@pytest.mark.spec("QTI1-003", "QTI1-007", "QTI1-008")
def test_a_document_is_kept_whole_and_mended_where_it_must_be() -> None:
    data = '<questestinterop><qticomment>c</qticomment><item ident="a"><vendor x="1"/></item></questestinterop>'
    assert serialize(read_legacy(data).root, declaration=False).decode() == data
    broken = read_legacy("<questestinterop><ITEM ident=a><presentation>caf&eacute;</ITEM></questestinterop>")
    assert {r.code for r in broken.repairs} >= {"unquoted-value", "undeclared-entity"}
    (converted,) = convert_legacy(broken)
    assert converted.document.item.identifier == "a" and "xml-unquoted-value" in codes(converted)


@pytest.mark.spec("QTI1-004", "QTI1-028", "QTI1-039")
def test_labelled_material_can_be_referred_to() -> None:
    root = read_legacy(
        item(
            '<material label="m"><mattext label="t">x</mattext></material><material><matref linkrefid="t"/></material>'
        )
    ).root
    source = Source(root)
    assert set(source.things) == {"t"} and set(source.material) == {"m"}
    nodes, converted = body_of(
        '<material><mattext label="t">x</mattext></material><material><matref linkrefid="t"/></material><material><matref linkrefid="z"/></material>'
    )
    assert text_of(nodes) == "xx" and "dangling-reference" in codes(converted)
    nodes, converted = body_of('<material label="m"><matref linkrefid="m"/></material>')
    assert "circular-reference" in codes(converted)


@pytest.mark.spec("QTI1-037", "QTI1-038")
def test_pools_of_material_are_referred_to_and_sections_present_material() -> None:
    pool = '<reference><material label="m"><mattext label="t">x</mattext>{}</material><mattext label="u">U</mattext></reference>'
    shown = "<presentation_material><material><mattext>PM</mattext></material><flow_mat><material><mattext>FM</mattext></material></flow_mat></presentation_material>"
    used = '<item ident="i"><presentation><flow_mat><material_ref linkrefid="m"/></flow_mat></presentation></item>'
    for inner, text, told in (("", "x", set()), ('<matref linkrefid="u"/>', "xU", {"odd-reference"})):
        data = f'<questestinterop><section ident="s">{shown}{pool.format(inner)}{used}</section></questestinterop>'
        made, section = convert_legacy(data)
        body = made.document.item.item_body
        assert body is not None and text_of(list(body.walk())[1:]) == text and codes(made) == told
        (block,) = section.document.root.find(RubricBlock)
        assert [node.text for node in block.walk() if isinstance(node, Html)] == ["PM", "FM"]


def test_material_that_refers_in_circles_or_without_end_is_told() -> None:
    circle = (
        '<material label="a"><matref linkrefid="b"/></material><material label="b"><matref linkrefid="a"/></material>'
    )
    assert "circular-reference" in codes(body_of(circle)[1])
    doubling = "".join(
        '<material label="m{0}"><matref linkrefid="m{1}"/><matref linkrefid="m{1}"/><mattext>x</mattext></material>'.format(
            n, n + 1
        )
        for n in range(40)
    )
    assert "too-many-references" in codes(body_of(doubling)[1])


@pytest.mark.spec("QTI1-029", "QTI1-031", "QTI1-032", "QTI1-036", "QTI1-078")
def test_flows_and_material_become_blocks_and_lines() -> None:
    nodes, _ = body_of("<material><mattext>a</mattext><matbreak/><matemtext>b</matemtext></material>")
    assert [n.name for n in nodes if isinstance(n, Html)] == ["p", "br", "em"]
    nodes, _ = body_of(
        '<flow_mat class="Block"><material><mattext>a</mattext></material></flow_mat><flow_mat><material><mattext>b</mattext></material></flow_mat>'
    )
    assert [n.name for n in nodes if isinstance(n, Html)] == ["div", "p"]
    nodes, converted = body_of(
        "<material><mattext>a</mattext><altmaterial><mattext>other</mattext></altmaterial></material>"
    )
    assert text_of(nodes) == "a" and "altmaterial" in codes(converted)


@pytest.mark.spec("QTI1-034", "QTI1-040")
def test_media_keep_sizes_addresses_and_types() -> None:
    nodes, converted = body_of(
        '<material><matimage uri="a.gif" imagtype="image/gif" width="10" height="20" label="A"/><mataudio uri="a.mp3" audiotype="audio/mpeg"/>'
        '<matvideo uri="a.avi" videotype="video/avi"/><matapplication uri="a.pdf" apptype="application/pdf"/></material>'
        "<material><mat_extension><x>kept</x></mat_extension></material>"
    )
    image, *others = [n for n in nodes if isinstance(n, Html) and n.name in ("img", "object")]
    assert {k.local: v for k, v in image.extra.items()} == {"src": "a.gif", "alt": "A", "width": "10", "height": "20"}
    assert [(n.get("data"), n.get("type")) for n in others] == [
        ("a.mp3", "audio/mpeg"),
        ("a.avi", "video/avi"),
        ("a.pdf", "application/pdf"),
    ]
    assert converted.links == ["a.gif", "a.mp3", "a.avi", "a.pdf"] and "kept" in text_of(nodes)


@pytest.mark.spec("QTI1-014", "QTI1-016", "QTI1-017", "QTI1-019", "QTI1-074")
@pytest.mark.parametrize(
    ("markup", "kind", "base", "cardinality"),
    [
        ('<response_str ident="R"><render_fib><response_label ident="A"/></render_fib></response_str>', TextEntryInteraction, BaseType.STRING, Cardinality.SINGLE),
        ('<response_str ident="R"><render_fib fibtype="Integer"><response_label ident="A"/></render_fib></response_str>', TextEntryInteraction, BaseType.INTEGER, Cardinality.SINGLE),
        ('<response_str ident="R"><render_fib fibtype="Scientific"><response_label ident="A"/></render_fib></response_str>', TextEntryInteraction, BaseType.FLOAT, Cardinality.SINGLE),
        ('<response_num ident="R"><render_fib><response_label ident="A"/></render_fib></response_num>', TextEntryInteraction, BaseType.INTEGER, Cardinality.SINGLE),
        ('<response_num ident="R" numtype="Decimal"><render_fib><response_label ident="A"/></render_fib></response_num>', TextEntryInteraction, BaseType.FLOAT, Cardinality.SINGLE),
        ('<response_str ident="R"><render_fib rows="4"><response_label ident="A"/></render_fib></response_str>', ExtendedTextInteraction, BaseType.STRING, Cardinality.SINGLE),
        ('<response_num ident="R"><render_slider lowerbound="1" upperbound="9" step="2" orientation="Vertical"/></response_num>', SliderInteraction, BaseType.INTEGER, Cardinality.SINGLE),
        ('<response_xy ident="R" rcardinality="Multiple"><render_hotspot maxnumber="2"><material><matimage uri="a.png"/></material></render_hotspot></response_xy>', SelectPointInteraction, BaseType.POINT, Cardinality.MULTIPLE),
        ('<response_lid ident="R"><render_hotspot><material><matimage uri="a.png"/></material><response_label ident="A" rarea="Rectangle">1,2,3,4</response_label></render_hotspot></response_lid>', HotspotInteraction, BaseType.IDENTIFIER, Cardinality.SINGLE),
    ],
)  # fmt: skip
def test_responses_and_renders_become_interactions(
    markup: str, kind: type[Interaction], base: BaseType, cardinality: Cardinality
) -> None:
    converted = only(item(markup))
    (made,) = converted.document.item.interactions
    (declared,) = converted.document.item.response_declarations
    assert (type(made), declared.base_type, declared.cardinality) == (kind, base, cardinality)
    if isinstance(made, SliderInteraction):
        assert (made.lower_bound, made.upper_bound, made.step, made.orientation) == (1, 9, 2, Orientation.VERTICAL)
    assert [f for f in check(converted.document) if f.severity == "error"] == []


@pytest.mark.spec("QTI1-083", "QTI1-084", "QTI1-085", "QTI1-086")
def test_choices_keep_limits_shuffling_and_what_stays_in_place() -> None:
    (converted,) = convert_legacy(item(
        '<flow><response_lid ident="R" rcardinality="Multiple"><material><mattext>Q</mattext></material><render_choice shuffle="Yes" minnumber="1" maxnumber="2">'
        '<flow_label><response_label ident="A" rshuffle="No"><material><mattext>a</mattext></material></response_label></flow_label>'
        '<response_label ident="1 b">text</response_label></render_choice></response_lid></flow>'
    ))  # fmt: skip
    made: Any = converted.document.item.interactions[0]
    assert (made.shuffle, made.min_choices, made.max_choices, made.prompt.text) == (True, 1, 2, "Q")
    assert [(c.identifier, c.fixed) for c in made.choices] == [("A", True), ("_1_b", False)]


@pytest.mark.spec("QTI1-084")
def test_groups_become_matches_and_extensions_custom_interactions() -> None:
    group = (
        '<response_grp ident="R" rcardinality="Multiple"><render_choice maxnumber="2">'
        '<response_label ident="A" match_group="X" match_max="1">a</response_label><response_label ident="X">x</response_label></render_choice></response_grp>'
    )
    assert kinds(only(item(group))) == ["MatchInteraction"]
    converted = only(item('<response_extension ident="R"><thing>t</thing></response_extension>'))
    assert kinds(converted) == ["CustomInteraction"] and "extension" in codes(converted)


def declared(decvar: str, processing: str = "") -> Any:
    data = item(choice(), processing).replace("<decvar/>", decvar)
    return {d.identifier: d for d in only(data).document.item.outcome_declarations}


@pytest.mark.spec("QTI1-020", "QTI1-045", "QTI1-076")
@pytest.mark.parametrize(
    ("stated", "base", "cardinality"),
    [("", "integer", "single"), ("Integer", "integer", "single"), ("String", "string", "single"), ("decimal", "float", "single"),
     ("Scientific", "float", "single"), ("Boolean", "boolean", "single"), ("Enumerated", "identifier", "single"), ("Set", "identifier", "multiple")],
)  # fmt: skip
def test_types_of_outcomes(stated: str, base: str, cardinality: str) -> None:
    made = (
        declared(f'<decvar varname="X" vartype="{stated}"/>')["X"] if stated else declared('<decvar varname="X"/>')["X"]
    )
    assert (str(made.base_type), str(made.cardinality)) == (base, cardinality)


@pytest.mark.spec("QTI1-010", "QTI1-045", "QTI1-046", "QTI1-047")
def test_outcomes_keep_defaults_bounds_and_interpretations() -> None:
    decvar = '<decvar varname="X" vartype="Integer" defaultval="2" minvalue="0" maxvalue="9" cutvalue="5">stray</decvar><interpretvar varname="X"><material><mattext>good</mattext></material></interpretvar>'
    made = declared(decvar)["X"]
    assert (
        made.default_value.values[0].text,
        made.normal_minimum,
        made.normal_maximum,
        made.mastery_value,
        made.interpretation,
    ) == ("2", 0, 9, 5, "good")
    promoted = declared("<decvar/>", rule(eq("A"), "0.5"))["SCORE"]
    assert promoted.base_type is BaseType.FLOAT
    assert set(declared("", rule(eq("A")))) == {"SCORE"}


@pytest.mark.spec("QTI1-048", "QTI1-066", "QTI1-088")
def test_feedback_is_shown_by_an_outcome() -> None:
    shown = '<respcondition><conditionvar><varequal respident="R">A</varequal></conditionvar><displayfeedback linkrefid="F 1"/></respcondition>'
    data = item(choice(), shown).replace(
        "</item>",
        '<itemfeedback ident="F 1" title="T"><flow_mat><material><mattext>yes</mattext></material></flow_mat></itemfeedback>'
        '<itemfeedback ident="G" view="Tutor"><solution feedbackstyle="Complete"><solutionmaterial><material><mattext>why</mattext></material></solutionmaterial></solution></itemfeedback></item>',
    )
    converted = only(data)
    first, second = converted.document.item.find(ModalFeedback)
    assert (first.identifier, first.title, first.outcome_identifier) == ("F_1", "T", "FEEDBACK")
    assert text_of(list(second.walk())) == "why" and {"view", "feedback-style", "unused-feedback"} <= codes(converted)


@pytest.mark.spec("QTI1-051", "QTI1-052", "QTI1-053", "QTI1-054", "QTI1-079")
@pytest.mark.parametrize(
    ("test", "written"),
    [
        ('<varlt respident="R">1</varlt>', "qti-lt"), ('<varlte respident="R">1</varlte>', "qti-lte"), ('<vargt respident="R">1</vargt>', "qti-gt"),
        ('<vargte respident="R">1</vargte>', "qti-gte"), ('<varsubstring respident="R">a</varsubstring>', "qti-substring"), ('<unanswered respident="R"/>', "qti-is-null"),
        ('<durlt respident="R">9</durlt>', "qti-duration-lt"), ('<durgte respident="R">9</durgte>', "qti-duration-gte"),
    ],
)  # fmt: skip
def test_tests_become_expressions(test: str, written: str) -> None:
    converted = only(
        item('<response_str ident="R"><render_fib><response_label ident="A"/></render_fib></response_str>', rule(test))
    )
    assert written in {n.tag for n in converted.document.item.walk()}
    assert [f for f in check(converted.document) if f.severity == "error"] == []


@pytest.mark.spec("QTI1-055", "QTI1-056", "QTI1-057", "QTI1-059")
def test_what_cannot_be_tested_is_false_and_told() -> None:
    converted = only(
        item(choice(), rule("<var_extension>x</var_extension>") + rule('<varequal respident="nobody">A</varequal>'))
    )
    assert {"extension", "dangling-reference"} <= codes(converted)
    timed = only(
        item(choice(), rule('<and><durgt respident="R">9</durgt><not><unanswered respident="R"/></not></and>'))
    )
    assert "duration" in codes(timed) and [f for f in check(timed.document) if f.severity == "error"] == []


@pytest.mark.spec("QTI1-021", "QTI1-044")
@pytest.mark.parametrize(
    ("view", "views", "told"),
    [("All", tuple(View), False), ("Candidate", (View.CANDIDATE,), False), ("InvigilatorProctor", (View.PROCTOR,), False), ("Proctor", (View.PROCTOR,), False),
     ("Assessor", (View.SCORER,), True), ("Psychometrician", (View.TEST_CONSTRUCTOR,), True), ("AdminAuthority", (View.PROCTOR,), True), ("nobody", tuple(View), True)],
)  # fmt: skip
def test_who_sees_a_rubric(view: str, views: tuple[View, ...], told: bool) -> None:
    converted = only(item(choice(), "", f'<rubric view="{view}"><material><mattext>r</mattext></material></rubric>'))
    (block,) = converted.document.item.find(RubricBlock)
    assert block.view == views and ("view" in codes(converted)) is told


@pytest.mark.spec("QTI1-062", "QTI1-064", "QTI1-067", "QTI1-069", "QTI1-081")
def test_banks_sections_and_controls() -> None:
    one = (
        item(choice(), rule(eq("A")))
        .removeprefix("<questestinterop>")
        .removesuffix("</questestinterop>")
        .replace("<item ", '<item maxattempts="3" ')
    )
    bank = f'<questestinterop><objectbank ident="b">{one}<section ident="s" title="S"><itemref linkrefid="i"/><itemref linkrefid="none"/></section></objectbank></questestinterop>'
    first, section = convert_legacy(bank)
    assert isinstance(first.document.root, AssessmentItem)
    (ref,) = section.document.section.members
    assert ref.item_session_control is not None and ref.item_session_control.max_attempts == 3
    assert "dangling-reference" in codes(section)
    test = f'<questestinterop><assessment ident="a"><assessmentcontrol feedbackswitch="No" solutionswitch="Yes" hintswitch="No"/><section ident="s">{one}</section></assessment></questestinterop>'
    made = convert_legacy(test)[-1]
    control = made.document.test.test_parts[0].item_session_control
    assert (
        control is not None
        and (control.show_feedback, control.show_solution) == (False, True)
        and "hints" in codes(made)
    )


@pytest.mark.spec("QTI1-011", "QTI1-022", "QTI1-030")
def test_losses_are_told_with_their_place() -> None:
    converted = convert_legacy(
        item(choice(), rule("<other/>").replace("<setvar", "<respcond_extension>x</respcond_extension><setvar")),
        file="a.xml",
    )[0]
    assert all(loss.file == "a.xml" and loss.line for loss in converted.losses)
    assert not Losses().found


STYLES = [("", "complete"), (' feedbackstyle="Complete"', "complete"), (' feedbackstyle="incremental"', "incremental"),
          (' feedbackstyle="MultiLevel"', "multilevel"), (' feedbackstyle="Proprietary"', "proprietary")]  # fmt: skip


@pytest.mark.spec("QTI1-012")
@pytest.mark.parametrize(("written", "style"), STYLES)
@pytest.mark.parametrize("kind", ["solution", "hint"])
def test_the_style_of_feedback_is_told_where_it_is_lost(written: str, style: str, kind: str) -> None:
    feedback = f'<itemfeedback ident="F"><{kind}{written}><{kind}material><material><mattext>why</mattext></material></{kind}material></{kind}></itemfeedback></item>'
    losses = only(item(choice()).replace("</item>", feedback)).losses
    (told,) = [loss.message for loss in losses if loss.code == "feedback-style"]
    assert told == f"a {kind} ({style}) becomes feedback that is shown at once"


@pytest.mark.spec("QTI1-013")
@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", None),
        (' feedbacktype="Response"', None),
        (' feedbacktype="Solution"', "solution"),
        (' feedbacktype="HINT"', "hint"),
    ],
)
def test_the_type_of_feedback_is_told_where_it_is_lost(written: str, told: str | None) -> None:
    shown = f'<respcondition><conditionvar><varequal respident="R">A</varequal></conditionvar><displayfeedback linkrefid="F"{written}/></respcondition>'
    losses = [loss.message for loss in only(item(choice(), shown)).losses if loss.code == "feedback-type"]
    assert losses == ([] if told is None else [f"feedback of the type {told} is shown as any other"])


@pytest.mark.spec("QTI1-018")
@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", None),
        (' prompt="Box"', None),
        (' prompt="Dashline"', "dashline"),
        (' prompt="asterisk"', "asterisk"),
        (' prompt="Underline"', "underline"),
    ],
)
def test_the_type_of_a_prompt_is_told_where_it_is_lost(written: str, told: str | None) -> None:
    entry = f'<response_str ident="R"><render_fib{written}><response_label ident="A"/></render_fib></response_str>'
    losses = [loss.message for loss in only(item(entry)).losses if loss.code == "prompt-type"]
    assert losses == ([] if told is None else [f"a prompt of the type {told} becomes a box"])


SLIDER = '<response_num ident="R"><render_slider lowerbound="0" upperbound="9"><response_label ident="A"/></render_slider></response_num>'
ODD = [
    (choice(labels="AAB"), rule(eq("A")), "duplicate-label"),
    (SLIDER, rule(eq("many")), "comparison"),
    ('<material><mataudio audiotype="Yes" uri="a.wav"/></material>' + choice(), rule(eq("A")), "media"),
    ('<material xml:lang="no tag"><mattext>x</mattext></material>' + choice(), rule(eq("A")), "language"),
    ("<material><mattext>&lt;math&gt;x&lt;section&gt;y&lt;/section&gt;&lt;/math&gt;</mattext></material>" + choice(), rule(eq("A")), None),
    (choice(), rule(eq("A"), "1e999"), "setvar"),
]  # fmt: skip


@pytest.mark.spec("QTI1-072")
@pytest.mark.feature("F-QTI-21")
@pytest.mark.parametrize(("presentation", "processing", "code"), ODD)
def test_what_is_odd_is_told_and_becomes_valid(
    presentation: str, processing: str, code: str | None, schema_of: Callable[[Version], Schema]
) -> None:
    converted = only(item(presentation, processing))
    assert [f for f in check(converted.document) if f.severity == "error"] == []
    assert schema_of(Version.V3_0).problems(Document.parse(write(converted.document))) == []
    assert code is None or code in codes(converted)
