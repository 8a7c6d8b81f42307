"""Whatever item ASI 1.2 allows is read, becomes valid in 3.0, and scores the same, or the losses say why not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.learning.qti.legacy_generator import Generator
from tests.learning.qti.legacy_oracle import run_old
from tests.learning.qti.test_legacy import as_value, feedback_name, outcome_name

from demotic.learning.qti import Version, read
from demotic.learning.qti.checking import check
from demotic.learning.qti.legacy import convert_legacy
from demotic.learning.qti.runtime import begin, prepare, submit
from demotic.learning.qti.writing import write
from demotic.xml import Document
from demotic.xml.validation import Schema

MANY, SCHEMA_EVERY = 240, 4
# What these losses are about scores otherwise, and they say so.
EXPLAINED = {"comparison", "setvar", "area", "type"}


@pytest.mark.feature("F-QTI-31")
@pytest.mark.spec("QTI1-087", "QTI1-091", "QTI1-092")
def test_generated_items_are_valid_and_score_the_same(schema_of: Callable[[Version], Schema]) -> None:
    schema = schema_of(Version.V3_0)
    compared = 0
    for seed in range(MANY):
        data, answers = Generator(seed).item()
        (converted,) = convert_legacy(data, file="a.xml")
        written = write(converted.document)
        assert [f"{f}" for f in check(converted.document) if f.severity == "error"] == [], (seed, data)
        if seed % SCHEMA_EVERY == 0:
            assert schema.problems(Document.parse(written)) == [], (seed, data)
        if any(loss.code in EXPLAINED and loss.kind != "changed" for loss in converted.losses):
            continue
        item = read(written).item  # nothing is kept but what stands in the file
        program = prepare(read(written))
        declared = item.response_declarations
        assert len(declared) == len(answers), (seed, data)
        given = {d.identifier: as_value(value, d) for d, value in zip(declared, answers.values(), strict=True)}
        whole = {name: int(v) if isinstance(v, float) and v == int(v) else v for name, v in given.items()}
        state = submit(program, begin(program, seed=1), whole)
        outcomes, shown = run_old(next(e for e in Document.parse(data).root.elements()), answers)
        found = {name: state[outcome_name(name)] for name in outcomes}
        scores = {name: 0.0 if value is None else value.data for name, value in found.items()}
        assert scores == pytest.approx(outcomes), (seed, answers, data)
        feedback = state.values.get("FEEDBACK")
        assert sorted(set(feedback.items) if feedback else ()) == sorted({feedback_name(s) for s in shown}), seed
        assert state.problems == (), (seed, state.problems, data)
        compared += 1
    print(f"{compared} of {MANY} items score the same")
    assert compared > MANY * 0.8
