"""Assessments of QTI 1.2 come to the same as tests of 3.0: score models, conditions, selections, feedback."""

# ruff: noqa: E501  (markup in tables reads better in one line)
from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from tests.learning.qti.legacy_test_oracle import Result, run_test

from demotic.learning.qti import QtiDocument, Version
from demotic.learning.qti.checking import check
from demotic.learning.qti.legacy import LegacyObject, convert_legacy
from demotic.learning.qti.runtime import TestState, begin_test, go_to, prepare_test, submit_item
from demotic.learning.qti.writing import write
from demotic.xml import Document, Element
from demotic.xml.validation import Schema

SUMS = [f"{w}SumofScores{a}" for w in ("", "Weighted", "ParameterWeighted") for a in ("", "Attempted")]
COUNTS = [f"{w}NumberCorrect{a}" for w in ("", "Weighted", "ParameterWeighted") for a in ("", "Attempted")]
PENALTIES = ["GuessingPenalty", "WeightedGuessingPenalty"]
MODELS = [*SUMS, *COUNTS, *PENALTIES, "BestKfromN"]


@dataclass(frozen=True)
class Question:
    """An item that is worth so many points: A is right."""

    ident: str
    points: int
    weight: int | None = None
    level: int = 1
    penalty: float | None = None

    def xml(self) -> str:
        metadata = (
            f"<qtimetadatafield><fieldlabel>level</fieldlabel><fieldentry>{self.level}</fieldentry></qtimetadatafield>"
        )
        if self.penalty is not None:
            metadata += f"<qtimetadatafield><fieldlabel>qmd_penaltyvalue</fieldlabel><fieldentry>{self.penalty}</fieldentry></qtimetadatafield>"
        weight = "" if self.weight is None else f"<qmd_weighting>{self.weight}</qmd_weighting>"
        return (
            f'<item ident="{self.ident}" title="t"><itemmetadata><qtimetadata>{metadata}</qtimetadata>{weight}</itemmetadata><presentation><response_lid ident="R"><render_choice>'
            '<response_label ident="A"><material><mattext>a</mattext></material></response_label><response_label ident="B"><material><mattext>b</mattext></material></response_label>'
            f'</render_choice></response_lid></presentation><resprocessing><outcomes><decvar varname="SCORE" minvalue="-1" maxvalue="{self.points}"/>'
            '<decvar varname="CORRECT" vartype="Boolean" defaultval="false"/></outcomes><respcondition><conditionvar><varequal respident="R">A</varequal></conditionvar>'
            f'<setvar varname="SCORE">{self.points}</setvar><setvar varname="CORRECT">true</setvar></respcondition>'
            '<respcondition><conditionvar><varequal respident="R">B</varequal></conditionvar><setvar varname="SCORE">-1</setvar></respcondition></resprocessing></item>'
        )

    def result(self, answer: str | None) -> Result:
        score = {"A": self.points, "B": -1}.get(answer or "", 0)
        return Result({"SCORE": score, "CORRECT": float(answer == "A"), "MAX": self.points}, answer is not None)


def processing(model: str, inside: str = "") -> str:
    variable = "COUNT" if "Correct" in model or "Penalty" in model else "SCORE"
    return f'<outcomes_processing scoremodel="{model}"><outcomes><decvar varname="{variable}"/></outcomes>{inside}</outcomes_processing>'


def assessment(inside: str, before: str = "") -> str:
    return f'<questestinterop><assessment ident="a" title="T">{before}{inside}</assessment></questestinterop>'


def section(ident: str, inside: str, before: str = "") -> str:
    return f'<section ident="{ident}" title="S">{before}{inside}</section>'


def loader(objects: list[LegacyObject]) -> Callable[[str], QtiDocument]:
    documents = {made.name: made.document for made in objects}
    return lambda href: documents[href]


def session(objects: list[LegacyObject], answers: dict[str, str | None], seed: int = 1) -> TestState:
    """Take the test, answering the items that are in the form."""
    program = prepare_test(objects[-1].document, loader(objects))
    state = begin_test(program, seed=seed, strict=True)
    for entry in [entry for part in state.form for entry in part]:
        if answers[entry.identifier] is not None:
            state = go_to(program, state, entry.name, strict=True)
            state = submit_item(program, state, {"R": answers[entry.identifier]}, strict=True)
    return state


def expected(data: str, questions: list[Question], answers: dict[str, str | None], form: set[str]) -> dict[str, float]:
    root: Element = next(Document.parse(data).root.elements())
    return run_test(root, {q.ident: q.result(answers[q.ident]) if q.ident in form else None for q in questions})


def compare(data: str, questions: list[Question], tries: random.Random, schema: Schema | None = None) -> LegacyObject:
    """Answer at random, a few times, and compare with what the oracle says."""
    objects = convert_legacy(data)
    made = objects[-1]
    assert [f"{f}" for f in check(made.document) if f.severity == "error"] == []
    if schema is not None:
        assert schema.problems(Document.parse(write(made.document))) == []
    for seed in range(4):
        answers = {q.ident: tries.choice(["A", "A", "B", None]) for q in questions}
        state = session(objects, answers, seed)
        form = {entry.identifier for part in state.form for entry in part}
        for name, value in expected(data, questions, answers, form).items():
            if name == "SCORE.max" and "SCORE_max" not in state.values:
                continue  # nothing asks for it
            found = state[name.replace(".", "_")]
            assert (0.0 if found is None else found.data) == pytest.approx(value), (name, answers, data)
        assert state.problems == (), (state.problems, data)
    return made


QUESTIONS = [
    Question("q1", 2, weight=3), Question("q2", 5, level=2), Question("q3", 1, weight=2, level=3, penalty=0.5),
    Question("q4", 4, level=2), Question("q5", 3, weight=1),
]  # fmt: skip
CONDITIONS = {
    "all": "",
    "some": '<objects_condition><outcomes_metadata mdname="level" mdoperator="GTE">2</outcomes_metadata></objects_condition>',
    "weights": '<objects_condition><outcomes_metadata mdname="level" mdoperator="EQ">2</outcomes_metadata><objects_parameter pname="qmd_weighting">4</objects_parameter></objects_condition>'
    '<objects_condition><objects_parameter pname="weighting">0.5</objects_parameter></objects_condition>',
    "rules": '<objects_condition><or_objects><and_objects><outcomes_metadata mdname="level" mdoperator="NEQ">1</outcomes_metadata><outcomes_metadata mdname="level" mdoperator="LT">3</outcomes_metadata></and_objects>'
    '<not_objects><outcomes_metadata mdname="level" mdoperator="LTE">2</outcomes_metadata></not_objects></or_objects></objects_condition>',
}  # fmt: skip


@pytest.mark.feature("F-QTI-27")
@pytest.mark.spec("QTI1-090")
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("conditions", CONDITIONS)
def test_every_score_model_comes_to_the_same(model: str, conditions: str) -> None:
    parameters = {"BestKfromN": '<processing_parameter pname="k">2</processing_parameter>'}
    if model in PENALTIES:
        parameters[model] = '<processing_parameter pname="qmd_penaltyvalue">0.25</processing_parameter>'
    inside = section("s", "".join(q.xml() for q in QUESTIONS))
    data = assessment(inside, processing(model, CONDITIONS[conditions] + parameters.get(model, "")))
    made = compare(data, QUESTIONS, random.Random(f"{model} {conditions}"))
    assert not [loss for loss in made.losses if loss.code == "outcomes" and loss.kind != "changed"]


@pytest.mark.feature("F-QTI-27")
def test_random_assessments_come_to_the_same(schema_of: Callable[[Version], Schema]) -> None:
    tries = random.Random(12)
    schema = schema_of(Version.V3_0)
    for _ in range(60):
        questions = [
            Question(f"q{n}", tries.randint(1, 9), tries.choice([None, 2, 3]), tries.randint(1, 3)) for n in range(6)
        ]
        sections = ""
        for number, members in enumerate((questions[:3], questions[3:])):
            inner = tries.choice(
                [
                    "",
                    processing(tries.choice(SUMS)),
                    processing("BestKfromN", '<processing_parameter pname="k">1</processing_parameter>'),
                ]
            )
            some = '<selection_ordering><selection><selection_number>2</selection_number></selection><order order_type="Random"/></selection_ordering>'
            sections += section(f"s{number}", "".join(q.xml() for q in members), inner + tries.choice(["", some]))
        bound = '<outcomes_feedback_test><test_variable><variable_test varname="SCORE.max" testoperator="GT">0</variable_test></test_variable><displayfeedback linkrefid="F"/></outcomes_feedback_test>'
        named = '<map_output varname="TOTAL">SCORE</map_output>'
        model = tries.choice(SUMS[:4])
        own = processing(model, tries.choice(["", CONDITIONS["some"]]) + tries.choice(["", named, bound]))
        compare(assessment(sections, own), questions, tries, schema)


FEEDBACK = """<assessfeedback ident="Well" title="W"><material><mattext>Well done</mattext></material></assessfeedback>
<assessfeedback ident="Poor"><flow_mat><material><mattext>Try again</mattext></material></flow_mat></assessfeedback>"""
TESTS = [
    ('<variable_test varname="SCORE" testoperator="GTE">5</variable_test>', {"A": True, "B": False}),
    ('<variable_test varname="SCORE" testoperator="EQ">5</variable_test>', {"A": True, "B": False}),
    ('<variable_test varname="SCORE" testoperator="NEQ">-1</variable_test>', {"A": True, "B": False}),
    ('<variable_test varname="SCORE" testoperator="LT">0</variable_test>', {"A": False, "B": True}),
    ('<not_test><variable_test varname="SCORE" testoperator="GT">0</variable_test></not_test>', {"A": False, "B": True}),
    ('<or_test><variable_test varname="SCORE" testoperator="LTE">-1</variable_test><variable_test varname="SCORE" testoperator="GT">4</variable_test></or_test>', {"A": True, "B": True}),
    ('<and_test><variable_test varname="SCORE" testoperator="GT">0</variable_test><variable_test varname="SCORE" testoperator="LT">5</variable_test></and_test>', {"A": False, "B": False}),
]  # fmt: skip


@pytest.mark.feature("F-QTI-28")
@pytest.mark.spec("QTI1-066", "QTI1-090")
@pytest.mark.parametrize(("test", "shown"), TESTS)
def test_feedback_of_an_assessment_is_shown_by_its_tests(test: str, shown: dict[str, bool]) -> None:
    tests = f'<outcomes_feedback_test><test_variable>{test}</test_variable><displayfeedback linkrefid="Well"/></outcomes_feedback_test>'
    data = assessment(section("s", Question("q1", 5).xml()), processing("SumofScores", tests) + FEEDBACK)
    objects = convert_legacy(data)
    assert [f.identifier for f in objects[-1].document.test.feedbacks] == ["Well", "Poor"]
    assert [loss.code for loss in objects[-1].losses] == ["unused-feedback"]
    for answer, is_shown in shown.items():
        state = session(objects, {"q1": answer})
        value = state["FEEDBACK"]
        assert ("Well" in (value.items if value is not None else ())) is is_shown


def form(data: str, seed: int = 1) -> tuple[list[str], LegacyObject]:
    objects = convert_legacy(data)
    state = begin_test(prepare_test(objects[-1].document, loader(objects)), seed=seed)
    return [entry.identifier for part in state.form for entry in part], objects[-1]


def selection(inside: str) -> str:
    return f"<selection_ordering>{inside}</selection_ordering>"


LEVEL = '<selection_metadata mdname="level" mdoperator="{}">{}</selection_metadata>'


@pytest.mark.feature("F-QTI-29")
@pytest.mark.spec("QTI1-089", "QTI1-015")
@pytest.mark.parametrize(
    ("rules", "chosen"),
    [
        (LEVEL.format("EQ", 2), {"q2", "q4"}),
        (f"<not_selection>{LEVEL.format('EQ', 2)}</not_selection>", {"q1", "q3", "q5"}),
        (f"<or_selection>{LEVEL.format('GT', 2)}{LEVEL.format('lt', 2)}</or_selection>", {"q1", "q3", "q5"}),
        (f"<and_selection>{LEVEL.format('GTE', 2)}{LEVEL.format('LTE', 2)}</and_selection>", {"q2", "q4"}),
        ('<selection_metadata mdname="qmd_weighting" mdoperator="NEQ">2</selection_metadata>', {"q1", "q2", "q4", "q5"}),
    ],
)  # fmt: skip
def test_rules_on_metadata_choose_what_may_be_selected(rules: str, chosen: set[str]) -> None:
    ordering = selection(f"<selection>{rules}</selection>")
    found, made = form(assessment(section("s", "".join(q.xml() for q in QUESTIONS), ordering)))
    assert set(found) == chosen
    assert all(loss.kind == "changed" for loss in made.losses if loss.code == "selection")
    some = selection(f"<selection><selection_number>1</selection_number>{rules}</selection>")
    drawn = {
        form(assessment(section("s", "".join(q.xml() for q in QUESTIONS), some)), seed)[0][0] for seed in range(40)
    }
    assert drawn == chosen


@pytest.mark.feature("F-QTI-29")
def test_several_selections_draw_so_many_each_and_mix_them() -> None:
    each = "".join(
        f"<selection><selection_number>1</selection_number>{LEVEL.format('EQ', level)}</selection>" for level in (1, 2)
    )
    data = assessment(
        section("s", "".join(q.xml() for q in QUESTIONS), selection(f'{each}<order order_type="Random"/>'))
    )
    drawn = [form(data, seed)[0] for seed in range(40)]
    assert all(len(found) == 2 and len({"q1", "q5"} & set(found)) == 1 for found in drawn)
    assert len({found[0] in ("q1", "q5") for found in drawn}) == 2, "the order is random, too"


@pytest.mark.feature("F-QTI-29")
def test_items_of_a_bank_in_the_document_are_drawn_with_their_points() -> None:
    ordering = selection(
        "<selection><sourcebank_ref>b</sourcebank_ref><selection_number>1</selection_number><selection_extension>"
        "<points_per_item>2.5</points_per_item></selection_extension></selection>"
    )
    bank = f'<objectbank ident="b">{QUESTIONS[0].xml()}{QUESTIONS[1].xml()}</objectbank>'
    data = assessment(section("s", QUESTIONS[2].xml(), ordering)).replace("<assessment ", f"{bank}<assessment ")
    assert {form(data, seed)[0][0] for seed in range(20)} == {"q1", "q2"}
    _, made = form(data)
    (group,) = made.document.test.test_parts[0].sections
    assert [weight.value for ref in group.members for weight in ref.weights] == [2.5, 2.5]  # type: ignore[union-attr,attr-defined]


TOLD = [
    (processing("Median"), "approximated", "the score model 'median' becomes the sum of scores"),
    (processing("SumofScores", '<processing_parameter pname="z">1</processing_parameter>'), "dropped", "the parameter 'z' is not one of the model: '1'"),
    (processing("BestKfromN"), "approximated", "without K, the best of as many as are answered are all that are answered"),
    (processing("SumofScores", "<objects_condition><objectscond_extension>x</objectscond_extension></objects_condition>"), "dropped", "objectscond_extension is left out: 'x'"),
    (processing("SumofScores", '<map_output varname="X">Y</map_output>'), "dropped", "map_output of 'X' to 'Y': neither is a model's"),
    (selection('<order order_type="Sideways"/>'), "approximated", "the order 'sideways' is taken as sequential"),
    (selection("<selection><sourcebank_ref>gone</sourcebank_ref></selection>"), "dropped", "sourcebank_ref is left out: no bank 'gone' is in the document"),
    (selection('<sequence_parameter pname="x">1</sequence_parameter>'), "dropped", "sequence_parameter 'x' is left out: '1'"),
]  # fmt: skip


@pytest.mark.feature("F-QTI-27", "F-QTI-29")
@pytest.mark.parametrize(("before", "kind", "message"), TOLD)
def test_what_has_no_counterpart_is_told_once_with_its_place(before: str, kind: str, message: str) -> None:
    made = convert_legacy(assessment(section("s", QUESTIONS[0].xml(), before)))[-1]
    assert [(loss.kind, loss.message) for loss in made.losses if loss.message == message] == [(kind, message)]
    assert all(loss.line for loss in made.losses)
