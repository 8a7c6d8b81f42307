"""QTI 1.2 to 3.0: everything in the data becomes valid documents, and scores as it did."""

# ruff: noqa: E501  (markup in tables reads better in one line)
from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.learning.qti.legacy_oracle import run_new, run_old

from demotic.learning.qti import NotQti, Version, read
from demotic.learning.qti.checking import check
from demotic.learning.qti.converting import Losses, convert
from demotic.learning.qti.legacy import LegacyObject, convert_legacy, read_legacy
from demotic.learning.qti.legacy._responses import area
from demotic.learning.qti.legacy._values import VIEWS, yes
from demotic.learning.qti.model import (
    AssessmentItem,
    AssessmentTest,
    BaseType,
    Cardinality,
    ChoiceInteraction,
    Html,
    Interaction,
    OrderInteraction,
    ResponseDeclaration,
    RubricBlock,
    Shape,
    TextEntryInteraction,
    View,
)
from demotic.learning.qti.writing import write
from demotic.xml import Document
from demotic.xml.validation import Schema


def item(presentation: str, processing: str = "", more: str = "") -> str:
    return (
        f'<questestinterop><item ident="i" title="t">{more}<presentation>{presentation}</presentation>'
        f"<resprocessing><outcomes><decvar/></outcomes>{processing}</resprocessing></item></questestinterop>"
    )


def choice(kind: str = "Single", labels: str = "AB") -> str:
    return (
        f'<response_lid ident="R" rcardinality="{kind}"><render_choice>'
        + "".join(
            f'<response_label ident="{x}"><material><mattext>{x}</mattext></material></response_label>' for x in labels
        )
        + "</render_choice></response_lid>"
    )


def rule(test: str, value: str = "1", action: str = "Set", go_on: str = "No") -> str:
    return (
        f'<respcondition continue="{go_on}"><conditionvar>{test}</conditionvar>'
        f'<setvar action="{action}">{value}</setvar></respcondition>'
    )


def only(data: str) -> LegacyObject:
    (converted,) = convert_legacy(data)
    return converted


def eq(label: str, more: str = "") -> str:
    return f'<varequal respident="R"{more}>{label}</varequal>'


# Answers by response, and what processing must come to in both: rules, answers, and the score as people would count it.
SCORING: list[tuple[str, str, list[str], float]] = [
    (choice(), rule(eq("A")), ["A"], 1),
    (choice(), rule(eq("A")), ["B"], 0),
    (choice(), rule(eq("A")), [], 0),
    (choice(), rule(f"<not>{eq('A')}</not>"), [], 1),
    (choice(), rule(eq("A")) + rule("<other/>", "9"), ["B"], 9),
    (choice(), rule(eq("A"), go_on="Yes") + rule("<other/>", "9"), ["A"], 1),
    (choice(), rule(eq("A"), "2") + rule(eq("A"), "3", "Add"), ["A"], 2),
    (choice(), rule(eq("A"), "2", go_on="Yes") + rule(eq("A"), "3", "Add"), ["A"], 5),
    (choice(), rule(eq("A"), "2", go_on="Yes") + rule(eq("A"), "3", "Multiply"), ["A"], 6),
    (choice(), rule(eq("A"), "3", go_on="Yes") + rule(eq("A"), "2", "Divide"), ["A"], 1.5),
    (choice(), rule(eq("A"), "3", go_on="Yes") + rule(eq("A"), "2", "Subtract"), ["A"], 1),
    (choice("Multiple", "ABC"), rule(eq("A"), "1", "Add", "Yes") + rule(eq("B"), "1", "Add", "Yes"), ["A", "B"], 2),
    (choice("Multiple", "ABC"), rule(f"{eq('A')}<not>{eq('B')}</not>"), ["A", "C"], 1),
    (choice("Multiple", "ABC"), rule(f"{eq('A')}<not>{eq('B')}</not>"), ["A", "B"], 0),
    (choice("Multiple", "ABC"), rule('<varsubset respident="R">A,B</varsubset>'), ["B", "A"], 1),
    (choice("Multiple", "ABC"), rule('<varsubset respident="R">A,B</varsubset>'), ["B"], 0),
    (choice("Multiple", "ABC"), rule('<varsubset respident="R" setmatch="Partial">A</varsubset>'), ["B", "A"], 1),
    (choice(), rule('<unanswered respident="R"/>', "7"), [], 7),
    (choice(), rule('<unanswered respident="R"/>', "7"), ["A"], 0),
    (choice(), rule(f"<or>{eq('A')}{eq('B')}</or>"), ["B"], 1),
    (choice(), rule(f"<or><not>{eq('A')}</not>{eq('B')}</or>"), [], 1),
    (choice("Ordered", "ABC"), rule(eq("C") + eq("A") + eq("B")), ["C", "A", "B"], 1),
    (choice("Ordered", "ABC"), rule(eq("C") + eq("A") + eq("B")), ["A", "C", "B"], 0),
    (choice("Ordered", "ABC"), rule(eq("A", ' index="2"')), ["C", "A", "B"], 1),
    (choice("Ordered", "ABC"), rule("<not>" + eq("A", ' index="2"') + "</not>"), [], 1),
    ('<response_str ident="R"><render_fib><response_label ident="A"/></render_fib></response_str>', rule(eq("Paris")), ["pARIS"], 1),
    ('<response_str ident="R"><render_fib><response_label ident="A"/></render_fib></response_str>', rule(eq("Paris", ' case="Yes"')), ["paris"], 0),
    ('<response_str ident="R"><render_fib><response_label ident="A"/></render_fib></response_str>',
     rule('<varsubstring respident="R">ari</varsubstring>'), ["Paris"], 1),
    ('<response_str ident="R"><render_fib fibtype="Decimal"><response_label ident="A"/></render_fib></response_str>',
     rule('<vargte respident="R">1.0</vargte><varlte respident="R">22.0</varlte>'), ["22"], 1),
    ('<response_num ident="R" numtype="Integer"><render_fib><response_label ident="A"/></render_fib></response_num>',
     rule('<varlt respident="R">3.5</varlt>', "100"), ["3"], 100),
    ('<response_xy ident="R"><render_hotspot><material><matimage uri="a.png" width="99" height="99"/></material></render_hotspot>'
     "</response_xy>", rule('<varinside respident="R" areatype="Rectangle">10,10 5 5</varinside>'), ["15 15"], 1),
    ('<response_xy ident="R"><render_hotspot><material><matimage uri="a.png" width="99" height="99"/></material></render_hotspot>'
     "</response_xy>", rule('<not><varinside respident="R" areatype="Ellipse">10,10,4,4</varinside></not>'), ["15 15"], 1),
]  # fmt: skip


def as_values(item: AssessmentItem, converted: LegacyObject, answers: dict[str, list[str]]) -> dict[str, Any]:
    """Return answers as values of the converted item's variables."""
    values: dict[str, Any] = {}
    for declaration in item.response_declarations:
        interaction = next(i for i in item.interactions if i.response_identifier == declaration.identifier)
        given = answers.get(source_of(declaration, answers), [])
        if isinstance(interaction, TextEntryInteraction) and len(item.response_declarations) > 1 and len(given) > 1:
            raise NotImplementedError
        values[declaration.identifier] = as_value(given, declaration)
    return values


def source_of(declaration: ResponseDeclaration, answers: dict[str, list[str]]) -> str:
    return next((ident for ident in answers if outcome_name(ident) == declaration.identifier), declaration.identifier)


def outcome_name(ident: str) -> str:
    from demotic.learning.qti.converting import valid_identifier

    return valid_identifier(ident).replace(".", "_")


def as_value(given: list[str], declaration: ResponseDeclaration) -> Any:
    numeric = declaration.base_type in (BaseType.FLOAT, BaseType.INTEGER)
    try:
        values: list[Any] = [float(v) for v in given] if numeric else list(given)
    except ValueError:
        return None
    if declaration.base_type is BaseType.IDENTIFIER:
        values = [outcome_name(v) if v.replace(".", "_") == v else v for v in values]
    match declaration.cardinality:
        case Cardinality.SINGLE:
            return values[0] if values else None
        case Cardinality.ORDERED:
            return tuple(values) or None
    return values or None


@pytest.mark.feature("F-QTI-20")
@pytest.mark.spec("QTI1-049", "QTI1-050", "QTI1-058", "QTI1-087", "QTI1-092")
@pytest.mark.parametrize("case", SCORING, ids=range(len(SCORING)))
def test_the_converted_item_scores_the_same(case: tuple[str, str, list[str], float]) -> None:
    presentation, processing, given, score = case
    data = item(presentation, processing)
    converted = only(data)
    answers = {"R": given}
    old, _ = run_old(next(e for e in Document.parse(data).root.walk() if e.name.local == "item"), answers)
    new = run_new(converted.document.item, as_values(converted.document.item, converted, answers))
    assert old == {"SCORE": score} and new == {"SCORE": score}
    assert [f for f in check(converted.document) if f.severity == "error"] == []


def legacy_files(folder: Path) -> list[Path]:
    files = [
        p
        for p in sorted(folder.rglob("*"))
        if p.suffix in (".xml", ".qti") and "xsd" not in p.relative_to(folder).parts
    ]
    return [p for p in files if b"<questestinterop" in p.read_bytes()]


@pytest.mark.feature("F-QTI-21")
@pytest.mark.spec("QTI1-001", "QTI1-002", "QTI1-061", "QTI1-068", "QTI1-072")
def test_every_file_of_the_data_becomes_valid_documents(
    shared_data: Path, schema_of: Callable[[Version], Schema]
) -> None:
    """Every file converts without an error of the check; a share of them is tried against the schemas as well."""
    files = legacy_files(shared_data / "learning")
    assert len(files) > 80
    count = 0
    for number, path in enumerate(files):
        for converted in convert_legacy(path.read_bytes(), file=path.name):
            count += 1
            assert [f for f in check(converted.document) if f.severity == "error"] == [], path
            if number % 8 == 0:
                assert schema_of(Version.V3_0).problems(Document.parse(write(converted.document))) == [], path
                older = convert(converted.document, Version.V2_1).document
                assert schema_of(Version.V2_1).problems(Document.parse(write(older))) == [], path
    assert count > 200


def answered(folder: Path, draw: random.Random, *, times: int) -> Iterator[tuple[Path, Any, LegacyObject, Any, Any]]:
    """Yield random answers to all items of the data whose responses are one variable each, as 1.2 has them and as 3.0.

    With each come the file, the item of 1.2 and what it became.
    """
    for path in legacy_files(folder / "learning"):
        document = read_legacy(path.read_bytes())
        olds = {id(e): e for e in document.root.walk() if e.name.local == "item"}
        converted = [c for c in convert_legacy(document) if isinstance(c.document.root, AssessmentItem)]
        for old, new in zip(olds.values(), converted, strict=True):
            responses = [
                e for e in old.walk() if e.name.local.startswith("response_") and e.name.local != "response_label"
            ]
            declared = new.document.item.response_declarations
            if len(declared) != len(responses) or not responses:
                continue
            if len({e.get("ident") for e in responses}) != len(responses) or any(
                e.name.local in ("response_grp", "response_extension") for e in responses
            ):
                continue
            for _ in range(times):
                answers = {e.get("ident") or "": _answer(e, old, draw) for e in responses}
                values = dict(zip([d.identifier for d in declared], answers.values(), strict=True))
                typed = {d.identifier: as_value(_renamed(values[d.identifier], new), d) for d in declared}
                yield path, old, new, answers, typed


@pytest.mark.feature("F-QTI-20")
def test_items_of_the_data_score_the_same(shared_data: Path) -> None:
    tried = 0
    for path, old, new, answers, typed in answered(shared_data, random.Random(12), times=6):
        outcomes, shown = run_old(old, answers)
        result = run_new(new.document.item, typed)
        feedback = sorted(set(result.pop("FEEDBACK", None) or []))
        wanted = dict.fromkeys(result, 0.0) | {outcome_name(k): v for k, v in outcomes.items()}  # not set is 0
        assert result == pytest.approx(wanted), (path, answers)
        assert feedback == sorted({feedback_name(s) for s in shown}), (path, answers)
        tried += 1
    assert tried > 500


def feedback_name(ident: str) -> str:
    from demotic.learning.qti.converting import valid_identifier

    return valid_identifier(ident or "_")


def _renamed(values: list[str], converted: LegacyObject) -> list[str]:
    choices = {c.attributes["identifier"] for c in converted.document.root.walk() if "identifier" in c.attributes}
    return [v if v in choices or feedback_name(v) not in choices else feedback_name(v) for v in values]


def _answer(response: Any, item: Any, draw: random.Random) -> list[str]:
    if draw.random() < 0.15:
        return []
    labels = [e.get("ident") or "" for e in response.walk() if e.name.local == "response_label"]
    wanted = [e.text.strip() for e in item.walk() if e.get("respident") == response.get("ident") and e.text.strip()]
    kind = (response.get("rcardinality") or "Single").lower()
    if response.name.local == "response_xy":
        return [f"{draw.randrange(250)} {draw.randrange(200)}"]
    if response.name.local != "response_lid":
        return [draw.choice([*wanted, "3", "zzz"])]
    pool = list(dict.fromkeys([*labels, *[w for w in wanted if w in labels]]))
    if kind == "single":
        return [draw.choice(pool)]
    if kind == "ordered":
        return draw.choice([wanted, draw.sample(pool, len(pool))])
    return draw.sample(pool, draw.randrange(1, len(pool) + 1))


@pytest.mark.spec("QTI1-073")
@pytest.mark.parametrize(
    ("kind", "text", "found", "codes"),
    [
        ("Ellipse", "10,10,2,2", (Shape.CIRCLE, "10,10,1"), []),
        ("Ellipse", "10 10, 2 ,4", (Shape.ELLIPSE, "10,10,1,2"), ["ellipse"]),
        ("Rectangle", "140,90,65,50", (Shape.RECT, "140,90,205,140"), []),
        ("Bounded", "0,0,9,0,9,9", (Shape.POLY, "0,0,9,0,9,9"), []),
        (None, "1,2", None, ["area"]),
        ("rectangle", "0.25,0.5,0.75,1", (Shape.RECT, "25%,50%,75%,100%"), ["area"]),
    ],
)
def test_areas_become_shapes(kind: str | None, text: str, found: tuple[Shape, str] | None, codes: list[str]) -> None:
    losses = Losses()
    made = area(kind, text, losses, None)
    assert (None if made is None else (made[0], str(made[1]))) == found
    assert [loss.code for loss in losses.found] == codes


@pytest.mark.spec("QTI1-024", "QTI1-075", "QTI1-077")
def test_value_sets() -> None:
    assert yes(" YES ", False) and not yes("maybe", True) and yes(None, True)
    assert VIEWS["all"] == tuple(View) and VIEWS["invigilator"] == (View.PROCTOR,)


@pytest.mark.spec("QTI1-005", "QTI1-006", "QTI1-033", "QTI1-035", "QTI1-091")
def test_content_and_interactions() -> None:
    data = item(
        '<material label="L"><mattext texttype="text/html">&lt;p style="x"&gt;a &lt;b&gt;b&lt;/b&gt;&lt;script&gt;x&lt;/script&gt;&lt;/p&gt;'
        '</mattext></material><material><matref linkrefid="L"/></material>'
        '<material><matimage imagtype="image/png" embedded="base64">aGVsbG8=</matimage></material>'
        + choice("Ordered") + '<response_str ident="S"><render_fib rows="5"/></response_str>'
    )  # fmt: skip
    converted = only(data)
    body = converted.document.item.item_body
    assert body is not None
    kinds = [type(i).__name__ for i in body.find(Interaction)]
    assert kinds == ["OrderInteraction", "ExtendedTextInteraction"]
    assert sum(1 for h in body.find(Html) if h.name == "b") == 2
    assert (
        converted.files
        and next(iter(converted.files)).endswith(".png")
        and list(converted.files.values()) == [b"hello"]
    )
    codes = {loss.code for loss in converted.losses}
    assert {"html", "html-attribute", "embedded", "odd-reference"} <= codes
    assert isinstance(next(body.find(OrderInteraction)), OrderInteraction)


@pytest.mark.spec("QTI1-041", "QTI1-042", "QTI1-043", "QTI1-082")
def test_metadata_and_objectives() -> None:
    more = (
        "<itemmetadata><qmd_topic>a</qmd_topic><qmd_topic>b</qmd_topic><qtimetadata><qtimetadatafield>"
        "<fieldlabel>topic</fieldlabel><fieldentry>c</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>"
        '<objectives view="Tutor"><material><mattext>o</mattext></material></objectives>'
    )
    converted = only(item(choice(), "", more))
    assert converted.metadata == {"topic": ["a", "b", "c"]} or sorted(converted.metadata["topic"]) == ["a", "b", "c"]
    (block,) = converted.document.item.find(RubricBlock)
    assert block.view == (View.TUTOR,)


@pytest.mark.feature("F-QTI-22")
@pytest.mark.spec("QTI1-060", "QTI1-063", "QTI1-071", "QTI1-080", "QTI1-089")
def test_an_assessment_becomes_a_test() -> None:
    one = item(choice(), rule(eq("A"))).removeprefix("<questestinterop>").removesuffix("</questestinterop>")
    other = one.replace('ident="i"', 'ident="j"')
    data = (
        f'<questestinterop><assessment ident="a" title="T"><duration>PT30M</duration><section ident="s" title="S">'
        '<selection_ordering><selection><selection_number>1</selection_number></selection><order order_type="Random"/>'
        f"</selection_ordering>{one}{other}</section></assessment></questestinterop>"
    )
    first, second, test = convert_legacy(data)
    assert (first.name, second.name, test.name) == ("i.xml", "j.xml", "a.xml")
    root = test.document.test
    assert isinstance(root, AssessmentTest)
    (section,) = root.test_parts[0].sections
    assert [m.href for m in section.members] == ["i.xml", "j.xml"]  # type: ignore[union-attr,attr-defined]
    assert section.selection.select == 1 and section.ordering.shuffle is True  # type: ignore[union-attr]
    assert root.time_limits is not None and root.time_limits.max_time == 1800
    assert [f for f in check(test.document) if f.severity == "error"] == []


def test_a_conversion_is_always_the_same_and_reads_again() -> None:
    data = item(choice("Multiple"), rule(eq("A")) + rule("<other/>", "0"))
    assert write(only(data).document) == write(only(data).document)
    assert isinstance(read(write(only(data).document)).item.interactions[0], ChoiceInteraction)


def test_what_is_no_qti_is_refused() -> None:
    with pytest.raises(NotQti):
        convert_legacy("<html/>")
