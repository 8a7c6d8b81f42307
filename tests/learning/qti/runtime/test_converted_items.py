"""Conversion keeps meaning: what the runtime makes of an item is the same before and after it was converted."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.learning.qti.legacy_oracle import run_old
from tests.learning.qti.runtime.cases_of import cases_of
from tests.learning.qti.runtime.test_items import fails
from tests.learning.qti.test_legacy import answered, feedback_name, outcome_name

from demotic.learning.qti import Version, open_document, read
from demotic.learning.qti.converting import convert
from demotic.learning.qti.model import QtiDocument
from demotic.learning.qti.runtime import begin, prepare, submit
from demotic.learning.qti.writing import write


def converted(document: QtiDocument, version: Version) -> QtiDocument:
    """Convert, write and read again, so that nothing is kept but what stands in the file."""
    return read(write(convert(document, version).document))


@pytest.mark.feature("F-QTI-26")
def test_from_2_to_3_and_back_items_score_the_same(shared_data: Path) -> None:
    """Every item of 2.x that has cases, and the first cases of each."""
    cases: dict[str, list[dict[str, object]]] = {}
    for case in cases_of(shared_data, "item"):
        cases.setdefault(case["file"], []).append(case)
    items, tried = 0, 0
    different = []
    for file, of_file in cases.items():
        original = open_document(shared_data / "learning" / file)
        if original.version is Version.V3_0 or any(each.code == "unknown-element" for each in original.problems):
            continue  # what is no QTI is run where its meaning is plain, but no version has it to write
        newest = converted(original, Version.V3_0)
        back = converted(newest, max(original.version, Version.V2_1))
        first, *others = map(prepare, (original, newest, back))
        items += 1
        for case in of_file[:CASES]:
            tried += 1
            expected = fails(case, first)
            different += [(case["id"], expected, got) for each in others if (got := fails(case, each)) != expected]
    print(f"{tried} cases of {items} items")
    assert different == []
    assert items > 80 and tried > 200


CASES = 4


@pytest.mark.feature("F-QTI-20")
def test_items_of_1_2_score_in_the_runtime_as_their_rules_say(shared_data: Path) -> None:
    tried = 0
    for path, old, new, answers, typed in answered(shared_data, random.Random(21), times=2):
        program = prepare(new.document)
        given = {name: int(v) if isinstance(v, float) and v == int(v) else v for name, v in typed.items()}
        state = submit(program, begin(program, seed=1), given)
        outcomes, shown = run_old(old, answers)
        for name, score in outcomes.items():
            value = state[outcome_name(name)]
            assert (0.0 if value is None else value.data) == pytest.approx(score), (path, answers, name)
        feedback = state.values.get("FEEDBACK")
        found = sorted(set(feedback.items)) if feedback is not None else []
        assert found == sorted({feedback_name(each) for each in shown}), (path, answers)
        assert state.problems == (), (path, state.problems)
        tried += 1
    assert tried > 150
