"""Sessions driven at random: only the documented errors, states that survive JSON, and logs that replay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.learning.qti.runtime.test_assessments import SELECTED, THREE, a_test

from demotic.errors import InvalidInput
from demotic.learning.qti import open_document
from demotic.learning.qti.model import AssessmentItem, Choice
from demotic.learning.qti.runtime import (
    Control,
    InvalidResponses,
    ItemProgram,
    ItemState,
    NotAllowedNow,
    TestProgram,
    TestState,
    begin,
    begin_test,
    end,
    end_part,
    go_on,
    go_to,
    prepare,
    respond,
    respond_item,
    resume,
    resume_test,
    submit,
    submit_item,
    suspend,
    suspend_test,
)

DOCUMENTED = (NotAllowedNow, InvalidResponses, InvalidInput)
GIVEN = st.one_of(
    st.none(), st.text(max_size=5), st.lists(st.sampled_from(["A", "B", "A B", "1", "2 3", "x"]), max_size=3),
    st.integers(-3, 3), st.floats(allow_nan=False), st.booleans(),
)  # fmt: skip
STEP = st.tuples(st.sampled_from(["respond", "submit", "suspend", "resume", "end"]), GIVEN, st.floats(0, 5))
SEEDS = st.integers(0, 2**64 - 1)


@pytest.fixture(scope="module")
def programs(shared_data: Path) -> list[ItemProgram]:
    """Items of every kind of interaction, a few of each folder."""
    folder = shared_data / "learning"
    files = sorted(folder.glob("instructure-qti/**/items_2.1/*.xml"))[:40]
    files += sorted(folder.glob("pie-qti/**/qti-samples/**/*.xml"))[:60]
    files += sorted(folder.glob("pie-qti/**/fixtures/template*/item.xml"))
    documents = [open_document(file) for file in files if file.name != "imsmanifest.xml"]
    found = [prepare(document) for document in documents if isinstance(document.root, AssessmentItem)]
    assert len(found) > 20
    return found


def act(program: ItemProgram, state: ItemState, step: tuple[str, Any, float], now: float) -> ItemState:
    name, given, _ = step
    names = list(program.responses)
    choices = [choice.identifier for each in program.interactions for choice in each.find(Choice)]
    answer = choices[: given + 3] if isinstance(given, int) and choices else given
    responses = {names[0]: answer} if names else {}
    control = Control(max_attempts=3, validate_responses=isinstance(given, bool))
    if name == "respond":
        return respond(program, state, responses, now=now, control=control)
    if name == "submit":
        return submit(program, state, responses, now=now, control=control)
    return {"suspend": suspend, "resume": resume, "end": end}[name](program, state, now=now)


@pytest.mark.feature("F-QTIRUN-19")
@settings(max_examples=150)
@given(which=st.integers(0, 10**6), seed=SEEDS, steps=st.lists(STEP, max_size=10))
def test_items_at_random(
    programs: list[ItemProgram], which: int, seed: int, steps: list[tuple[str, Any, float]]
) -> None:
    program = programs[which % len(programs)]

    def run() -> list[ItemState]:
        now = 0.0
        states = [begin(program, seed=seed, now=now)]
        for step in steps:
            now += step[2]
            try:
                states.append(act(program, states[-1], step, now))
            except DOCUMENTED:
                continue
            states[-1] = ItemState.from_json(json.loads(json.dumps(states[-1].to_json())))
        return states

    first = run()
    assert run() == first, "the same steps give the same states"


WALK = st.sampled_from(["respond", "submit", "on", "to", "part", "suspend", "resume"])
TESTS = [
    a_test(THREE),
    a_test(THREE, mode="nonlinear"),
    a_test(THREE, mode="nonlinear", submission="simultaneous"),
    a_test(SELECTED.format(select=3, again=""), submission="simultaneous"),
    a_test(SELECTED.format(select=9, again='with-replacement="true"'), inside='<qti-time-limits max-time="9"/>'),
]


def move(program: TestProgram, state: TestState, name: str, given: int, now: float) -> TestState:
    responses = {"RESPONSE": "AB"[given % 2]}
    if name == "respond":
        return respond_item(program, state, responses, now=now)
    if name == "submit":
        return submit_item(program, state, responses, now=now)
    if name == "to":
        return go_to(program, state, f"Q{given % 4}", now=now)
    moves = {"on": go_on, "part": end_part, "suspend": suspend_test, "resume": resume_test}
    return moves[name](program, state, now=now)


@pytest.mark.feature("F-QTIRUN-19")
@settings(max_examples=150)
@given(which=st.integers(0, 10**6), seed=SEEDS, steps=st.lists(st.tuples(WALK, st.integers(0, 9)), max_size=14))
def test_tests_at_random(which: int, seed: int, steps: list[tuple[str, int]]) -> None:
    program = TESTS[which % len(TESTS)]

    def run() -> list[TestState]:
        states = [begin_test(program, seed=seed, now=0.0)]
        for now, (name, choice) in enumerate(steps, start=1):
            try:
                states.append(move(program, states[-1], name, choice, float(now)))
            except DOCUMENTED:
                continue
            states[-1] = TestState.from_json(json.loads(json.dumps(states[-1].to_json())))
        return states

    first = run()
    assert run() == first, "the same steps give the same states"
    assert all(not state.problems for state in first)
