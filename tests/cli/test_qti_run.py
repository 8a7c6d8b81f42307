"""`demotic qti score | stats | run | render`: from the command line to outcomes and pages."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.learning.qti.runtime.test_assessments import NAMESPACE, THREE, item
from tests.learning.qti.runtime.test_items import ITEM

from demotic.cli import main

Run = Callable[..., tuple[int, str, str]]
TEST = f"""<qti-assessment-test {NAMESPACE} identifier="t" title="t">
 <qti-outcome-declaration identifier="TOTAL" cardinality="single" base-type="float"/>
 <qti-test-part identifier="P" navigation-mode="linear" submission-mode="individual">{THREE}</qti-test-part>
 <qti-outcome-processing><qti-set-outcome-value identifier="TOTAL"><qti-sum>
 <qti-test-variables variable-identifier="SCORE"/></qti-sum></qti-set-outcome-value></qti-outcome-processing>
</qti-assessment-test>"""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a function that runs a command in a folder with an item and a test, and returns what it wrote."""
    monkeypatch.chdir(tmp_path)
    Path("item.xml").write_text(ITEM)
    Path("test.xml").write_text(TEST)
    for name in "abc":
        Path(name).write_text(item(name))
    Path("answers.csv").write_text("id,RESPONSE\nann,A\nben,A|B\ncid,\ndan,C\n")

    def ran(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        status = main(["qti", *arguments])
        written = capsys.readouterr()
        return status, written.out, written.err

    return ran


@pytest.mark.feature("F-QTIRUN-26")
def test_responses_to_an_item_are_scored(run: Run) -> None:
    status, out, _ = run("score", "item.xml", "answers.csv", "--format", "csv")
    rows = [(row["id"], float(row["SCORE"])) for row in csv.DictReader(io.StringIO(out))]
    assert (status, rows) == (0, [("ann", 2.0), ("ben", 3.0), ("cid", 0.0), ("dan", 0.0)])
    Path("answers.json").write_text('[{"id": "x", "responses": {"RESPONSE": ["A", "B"]}}]')
    status, out, _ = run("score", "item.xml", "answers.json", "--format", "json")
    (found,) = json.loads(out)
    assert (status, found["id"], found["outcomes"]["SCORE"]["value"]) == (0, "x", 3.0)
    assert run("score", "item.xml", "answers.csv")[1].splitlines()[0].split() == ["id", "SCORE"]


@pytest.mark.feature("F-QTIRUN-26")
def test_responses_to_a_test_are_scored(run: Run) -> None:
    Path("test.csv").write_text("Q1.RESPONSE,Q2.RESPONSE,Q3.RESPONSE\nA,A,B\nA,A,A\n,,\n")
    status, out, _ = run("score", "test.xml", "test.csv", "--format", "json")
    assert (status, [each["outcomes"]["TOTAL"]["value"] for each in json.loads(out)][:2]) == (0, [2.0, 3.0])


@pytest.mark.feature("F-QTIRUN-26")
def test_a_table_has_columns_of_items_that_were_not_selected(run: Run) -> None:
    selection = '<qti-selection select="1"/><qti-assessment-item-ref identifier="Q1"'
    Path("one.xml").write_text(TEST.replace('<qti-assessment-item-ref identifier="Q1"', selection, 1))
    taken = run("run", "one.xml", typed="\n")[1]
    (chosen,) = (name for name in ("Q1", "Q2", "Q3") if f"[{name}]" in taken)
    row = ",".join("A" if name == chosen else "" for name in ("Q1", "Q2", "Q3"))
    Path("one.csv").write_text(f"Q1.RESPONSE,Q2.RESPONSE,Q3.RESPONSE\n{row}\n")
    status, out, _ = run("score", "one.xml", "one.csv", "--format", "json")
    assert (status, [each["outcomes"]["TOTAL"]["value"] for each in json.loads(out)]) == (0, [1.0])
    Path("one.csv").write_text("id,Q1.RESPONSE,Q2.RESPONSE,Q3.RESPONSE\nann,A,A,A\n")
    status, _, err = run("score", "one.xml", "one.csv")
    assert status == 2 and "candidate ann: the test has no Q" in err and f"it has {chosen}; --seed" in err


@pytest.mark.feature("F-QTIRUN-26")
def test_no_column_stands_twice(run: Run) -> None:
    Path("twice.csv").write_text("id,RESPONSE,RESPONSE\nann,A,B\n")
    status, out, err = run("score", "item.xml", "twice.csv")
    assert (status, out) == (2, "") and "twice.csv has two columns RESPONSE" in err


@pytest.mark.feature("F-QTIRUN-28")
def test_a_response_that_there_is_not_is_asked_for_again(run: Run) -> None:
    status, out, _ = run("run", "item.xml", typed="1\nA|Z\nA|B\n")
    assert status == 0 and "'1' is no value of its type; an empty line leaves" in out and "there is no choice Z" in out
    assert "3" in out.splitlines()[-1]


@pytest.mark.feature("F-QTIRUN-27")
def test_statistics_of_many_candidates(run: Run) -> None:
    status, out, _ = run("stats", "item.xml", "answers.csv")
    lines = [line.split() for line in out.splitlines() if line]
    assert (status, lines[0]) == (0, ["4", "candidates"])
    assert ["SCORE", "4", "1.25", "1.299", "0", "3"] in lines
    assert ["RESPONSE", "A", "2"] in lines and ["RESPONSE", "C", "1"] in lines


@pytest.mark.feature("F-QTIRUN-28")
def test_an_item_and_a_test_are_taken_in_the_terminal(run: Run) -> None:
    status, out, _ = run("run", "item.xml", typed="A|B\n")
    assert status == 0 and out.splitlines()[-1].split()[0] == "SCORE" and "3" in out.splitlines()[-1]
    assert "  A: a" in out
    status, out, _ = run("run", "test.xml", typed="A\nB\nA\n")
    assert status == 0 and "[Q3]" in out and out.splitlines()[-1].split()[1].startswith("2")
    told = (
        '<qti-test-feedback identifier="x" outcome-identifier="TOTAL" show-hide="hide" access="atEnd">'
        "<qti-content-body><p>Well done</p></qti-content-body></qti-test-feedback></qti-assessment-test>"
    )
    Path("told.xml").write_text(Path("test.xml").read_text().replace("</qti-assessment-test>", told))
    assert "Well done" in run("run", "told.xml", typed="A\nB\nA\n")[1]
    status, _, err = run("run", "test.xml", typed="A\n")
    assert status != 0 and "input ended" in err


@pytest.mark.feature("F-QTIRUN-29")
def test_an_item_is_rendered_to_a_file(run: Run) -> None:
    assert run("render", "item.xml", "-o", "item.html")[0] == 0
    html = Path("item.html").read_text()
    assert html.startswith("<!DOCTYPE html>") and html.count('type="checkbox"') == 4 and "checked" not in html
    assert run("render", "item.xml", "--solution")[1].count(" checked") == 2


@pytest.mark.feature("F-QTIRUN-36")
def test_an_item_is_rendered_for_a_candidate(run: Run) -> None:
    Path("pnp.xml").write_text("<access-for-all-pnp><high-contrast/></access-for-all-pnp>")
    status, out, _ = run("render", "item.xml", "--pnp", "pnp.xml")
    assert status == 0 and 'class="qti-assessment-item qti-pnp-high-contrast"' in out
    for name, message in (("none.xml", "no file none.xml"), ("item.xml", "is no profile")):
        status, out, err = run("render", "item.xml", "--pnp", name)
        assert status not in (0, 1) and message in err and not out


WRONG = [
    (("score", "none.xml", "answers.csv"), "no file none.xml"),
    (("score", "item.xml", "none.csv"), "no file none.csv"),
    (("score", "answers.csv", "answers.csv"), ""),
    (("score", "item.xml", "wrong.csv"), "no response variable X"),
    (("score", "item.xml", "wrong.json"), "no responses"),
    (("score", "item.xml", "broken.json"), "no JSON"),
    (("score", "test.xml", "other.csv"), "no item Q9"),
    (("render", "test.xml"), "rendered one by one"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG)
def test_what_is_wrong_is_told(run: Run, arguments: tuple[str, ...], message: str) -> None:
    Path("wrong.csv").write_text("X\n1\n")
    Path("wrong.json").write_text('[{"id": 1}]')
    Path("broken.json").write_text("[")
    Path("other.csv").write_text("Q9.RESPONSE\nA\n")
    status, out, err = run(*arguments)
    assert status not in (0, 1) and message in err and not out


@pytest.mark.feature("F-QTIRUN-26")
def test_a_text_may_have_what_parts_several_values(run: Run) -> None:
    Path("text.xml").write_text(
        f'<qti-assessment-item {NAMESPACE} identifier="i" title="t" time-dependent="false">'
        '<qti-response-declaration identifier="TEXT" cardinality="single" base-type="string">'
        "<qti-correct-response><qti-value>a | b</qti-value></qti-correct-response></qti-response-declaration>"
        '<qti-response-declaration identifier="NUMBER" cardinality="record"/>'
        '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'
        '<qti-response-processing><qti-set-outcome-value identifier="SCORE"><qti-sum>'
        '<qti-field-value field-identifier="floatValue"><qti-variable identifier="NUMBER"/></qti-field-value>'
        '<qti-map-response identifier="TEXT"/></qti-sum></qti-set-outcome-value></qti-response-processing>'
        "</qti-assessment-item>".replace(
            "</qti-correct-response>",
            '</qti-correct-response><qti-mapping><qti-map-entry map-key="a | b" mapped-value="2"/></qti-mapping>',
        )
    )
    Path("text.csv").write_text("id,TEXT,NUMBER\nann,a | b,0.5\nben,a,1\n")
    status, out, err = run("score", "text.xml", "text.csv", "--format", "json")
    assert (status, [each["outcomes"]["SCORE"]["value"] for each in json.loads(out)]) == (0, [2.5, 1.0]), err
    assert ["TEXT", "a", "|", "b", "1"] in [
        line.split() for line in run("stats", "text.xml", "text.csv")[1].splitlines()
    ]
    Path("test.xml").write_text(TEST.replace('href="a"', 'href="text.xml"'))
    Path("test.csv").write_text("Q1.TEXT,Q1.NUMBER\na | b,0.5\n")
    status, out, err = run("score", "test.xml", "test.csv", "--format", "json")
    assert (status, json.loads(out)[0]["outcomes"]["TOTAL"]["value"]) == (0, 2.5), err
