"""The steps of a test session, each a pure function from one state to the next.

    program = prepare_test(open_document("test.xml"), lambda href: open_document(folder / href))
    state = begin_test(program, seed=42, now=0.0)
    state = submit_item(program, state, {"RESPONSE": "A"}, now=10.0)
    state = go_on(program, state, now=11.0)

Time comes in as `now`, in seconds on any clock that does not go back; chance as `seed`.

Specification: QTI 3.0 ASI information model, section 2.12 (tests, test parts, time limits, item session control).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from demotic.errors import InvalidInput
from demotic.learning.qti.model import (
    AssessmentItemRef,
    SectionPart,
    SubmissionMode,
    TestPart,
)
from demotic.learning.qti.preferences import Preferences
from demotic.learning.qti.runtime._errors import ProcessingError
from demotic.learning.qti.runtime._random import Random
from demotic.learning.qti.runtime.assessments._clock import check_time, limits, place_of, timed
from demotic.learning.qti.runtime.assessments._form import make_form
from demotic.learning.qti.runtime.assessments._program import Place, TestProgram
from demotic.learning.qti.runtime.assessments._route import END_OF_TEST, is_linear, next_item, next_part
from demotic.learning.qti.runtime.assessments._space import TestSpace
from demotic.learning.qti.runtime.assessments._state import TestState
from demotic.learning.qti.runtime.expressions import compile_expression, fault
from demotic.learning.qti.runtime.items import (
    Control,
    ItemState,
    NotAllowedNow,
    begin,
    end,
    respond,
    submit,
)
from demotic.learning.qti.runtime.processing import TestExited, typed
from demotic.learning.qti.runtime.values import Optional

__all__ = [
    "begin_test", "control_for", "end_part", "end_test", "go_on", "go_to", "respond_item", "resume_test", "submit_item",
    "suspend_test",
]  # fmt: skip


def begin_test(
    program: TestProgram,
    *,
    seed: int,
    now: float = 0.0,
    strict: bool = False,
    pnp: Preferences | None = None,
) -> TestState:
    """Begin a session: make the form, and go to the first item.

    The candidate's needs and preferences (`pnp`) lengthen the limits of time where they say so.
    With `strict`, a rule that fails is an error here and in all other steps that have it; otherwise it is left out and
    told in `problems`. Raises `ProcessingError` for a selection that cannot be made.
    """
    random = Random(seed)
    form = make_form(program, random)
    values = {name: declared.initial for name, declared in program.variables.items()}
    time = (1.0, 0.0) if pnp is None else pnp.more_time
    state = TestState("interacting", form, values, random=random.state, since=now, time=time)
    return _to_part(program, state, None, now, strict)


def respond_item(
    program: TestProgram, state: TestState, responses: Mapping[str, Any], *, now: float = 0.0
) -> TestState:
    """Save responses to the item where the candidate is, without submitting them.

    Raises `NotAllowedNow` when there is no item, no attempt is left or time is over, and `UnknownResponse`.
    """
    state, place, item = _current(program, state, now)
    check_time(program, state, place)
    item = respond(_program(place), item, responses, now=now, control=control_for(program, place))
    return _with_item(state, item)


def submit_item(
    program: TestProgram,
    state: TestState,
    responses: Mapping[str, Any] | None = None,
    *,
    now: float = 0.0,
    strict: bool = False,
) -> TestState:
    """Submit the responses to the item where the candidate is, score them, and run outcome processing.

    The candidate stays there until `go_on` or `go_to`. Raises `NotAllowedNow` in a part that is submitted as a whole
    (see `end_part`), when no attempt is left or time is over, `InvalidResponses` where the test wants valid ones, and
    `UnknownResponse`.
    """
    state, place, item = _current(program, state, now)
    if not _is_individual(program, state):
        raise NotAllowedNow("responses of this part are submitted together", hint="save them, and end the part")
    check_time(program, state, place)
    item = submit(_program(place), item, responses, now=now, control=control_for(program, place), strict=strict)
    return _scored(program, _with_item(state, item), now, strict)


def go_on(program: TestProgram, state: TestState, *, now: float = 0.0, strict: bool = False) -> TestState:
    """Leave the item for the next one; behind the last of a linear part, the part ends.

    Raises `NotAllowedNow` if the item may not be skipped and was not answered, if its time must not be over yet, or if
    it is the last of a part that is not linear.
    """
    state, place, item = _current(program, state, now)
    assert state.part is not None
    linear = is_linear(program.parts[state.part])
    space = TestSpace(program, state, strict=strict)
    index = next_item(program, space, state.part, _index(state))
    if linear:
        _may_leave(program, state, place, item, None if index in (None, END_OF_TEST) else index)
    state = state.changed(problems=tuple(space.problems))
    if index == END_OF_TEST:
        return end_test(program, state, now=now, strict=strict)
    if index is not None:
        return _at(program, state, index, now, strict)
    if not linear:
        raise NotAllowedNow("this is the last item of the part", hint="go to another one, or end the part")
    return end_part(program, state, now=now, strict=strict)


def go_to(program: TestProgram, state: TestState, item: str, *, now: float = 0.0, strict: bool = False) -> TestState:
    """Go to another item of a part that is not linear, by its name in the form.

    Raises `NotAllowedNow` in a linear part, and `InvalidInput` for an item that the part does not have.
    """
    state, _, _ = _current(program, state, now)
    assert state.part is not None
    if is_linear(program.parts[state.part]):
        raise NotAllowedNow("the items of this part come in order", hint="go on")
    names = [entry.name for entry in state.entries]
    if item not in names:
        raise InvalidInput(f"the part has no item {item}", target=item, hint=f"it has {', '.join(names)}")
    return _at(program, state, names.index(item), now, strict)


def end_part(program: TestProgram, state: TestState, *, now: float = 0.0, strict: bool = False) -> TestState:
    """End the part: submit what is submitted together, close its items, and go to the next part.

    Raises `NotAllowedNow` in the middle of a linear part.
    """
    state, _, _ = _current(program, state, now)
    assert state.part is not None
    part = program.parts[state.part]
    if is_linear(part) and next_item(program, TestSpace(program, state), state.part, _index(state)) not in (
        None,
        END_OF_TEST,
    ):
        raise NotAllowedNow("the items of this part come in order", hint="go on")
    state = _stopped(state, now)
    items = dict(state.items)
    for entry in state.entries:
        item = items.get(entry.name)
        if item is None or item.status == "ended":
            continue
        place = program.places[entry.identifier]
        if not _is_individual(program, state) and item.trying:
            item = submit(_program(place), item.changed(since=now), now=now, strict=strict)
        items[entry.name] = end(_program(place), item.changed(since=now), now=now) if item.status != "ended" else item
    state = _scored(program, state.changed(items=items), now, strict)
    if state.status == "ended":
        return state
    return _to_part(program, state.changed(done=(*state.done, state.part)), state.part, now, strict)


def end_test(program: TestProgram, state: TestState, *, now: float = 0.0, strict: bool = False) -> TestState:
    """End the test where it is. Responses that were not submitted are dropped; outcomes stay."""
    if state.status == "ended":
        raise NotAllowedNow("the test has ended already")
    state = _stopped(timed(program, state, now), now) if state.since is not None else state
    items = {}
    for name, item in state.items.items():
        place = place_of(program, state, name)
        items[name] = item if item.status == "ended" else end(_program(place), item.changed(since=now), now=now)
    return state.changed(status="ended", items=items, part=None, item=None, since=None)


def suspend_test(program: TestProgram, state: TestState, *, now: float = 0.0) -> TestState:
    """Stop the clock."""
    if state.status != "interacting":
        raise NotAllowedNow(f"the test cannot be suspended: it is {state.status}")
    return _stopped(timed(program, state, now), now).changed(status="suspended", since=None)


def resume_test(program: TestProgram, state: TestState, *, now: float = 0.0) -> TestState:
    """Go on after `suspend_test`, where the candidate was."""
    if state.status != "suspended":
        raise NotAllowedNow(f"the test cannot be resumed: it is {state.status}")
    state = state.changed(status="interacting", since=now)
    if state.item is None:
        return state
    return _with_item(state, state.items[state.item].changed(since=now))


def control_for(program: TestProgram, place: Place) -> Control:
    """Return what holds for an item: a part that is submitted as a whole has one attempt and wants nothing of
    responses.
    """
    part = program.places[place.path[0]].node
    assert isinstance(part, TestPart)
    if part.submission_mode is not SubmissionMode.INDIVIDUAL:
        return Control(max_attempts=1)
    given = place.control
    return Control(given["max_attempts"], given["allow_skipping"], given["validate_responses"])


# Parts and items.


def _to_part(program: TestProgram, state: TestState, after: int | None, now: float, strict: bool) -> TestState:
    """Go to the next part that has something to present, or end the test."""
    while True:
        space = TestSpace(program, state.changed(item=None), strict=strict)
        part = next_part(program, space, after)
        state = state.changed(problems=(*state.problems, *space.problems), part=part, item=None)
        if part is None:
            return end_test(program, state, now=now, strict=strict)
        if not is_linear(program.parts[part]):
            state = _all_begun(program, state, now, strict)
        space = TestSpace(program, state, strict=strict)
        index = next_item(program, space, part, None)
        if index is not None:
            return _at(program, state, index, now, strict)
        after = part
        state = state.changed(done=(*state.done, part))


def _all_begun(program: TestProgram, state: TestState, now: float, strict: bool) -> TestState:
    """Begin the sessions of all items of a part: where candidates move freely, all are open from the start."""
    for entry in state.entries:
        state = _begun(program, state, entry.name, program.places[entry.identifier], now, strict)
    return state


def _begun(program: TestProgram, state: TestState, name: str, place: Place, now: float, strict: bool) -> TestState:
    if name in state.items:
        return state
    space = TestSpace(program, state, strict=strict)
    templates = _template_defaults(place, space)
    random = Random(state.random)
    seed = random.bits()
    item = begin(_program(place), seed=seed, now=now, templates=templates, strict=strict).changed(since=None)
    return state.changed(
        items={**state.items, name: item}, random=random.state, problems=(*state.problems, *space.problems)
    )


def _template_defaults(place: Place, space: TestSpace) -> dict[str, Optional]:
    """Return the defaults that the test gives to template variables of an item; those that are wrong are told."""
    node = place.node
    assert isinstance(node, AssessmentItemRef)
    known = _program(place).templates
    found: dict[str, Optional] = {}
    for default in node.template_defaults:
        name = default.template_identifier
        try:
            if name not in known:
                raise fault(default, f"the item {node.identifier} has no template variable {name}")
            found[name] = typed(known[name], compile_expression(default.expression)(space))
        except ProcessingError as error:
            space.failed(error)
    return found


def _at(program: TestProgram, state: TestState, index: int, now: float, strict: bool) -> TestState:
    """Be at an item of the part: its clock runs, the one left behind stands."""
    assert state.part is not None
    entry = state.form[state.part][index]
    state = _stopped(state, now)
    state = _begun(program, state, entry.name, program.places[entry.identifier], now, strict)
    presented = state.presented if entry.name in state.presented else (*state.presented, entry.name)
    state = state.changed(item=entry.name, presented=presented)
    item = state.items[entry.name]
    return state if item.status == "ended" else _with_item(state, item.changed(since=now))


def _stopped(state: TestState, now: float) -> TestState:
    """Stop the clock of the item where the candidate is."""
    if state.item is None:
        return state
    item = state.items[state.item]
    if item.since is None:
        return state
    spent = item.seconds + max(0.0, now - item.since)
    return _with_item(state, item.changed(seconds=spent, since=None))


def _scored(program: TestProgram, state: TestState, now: float, strict: bool) -> TestState:
    """Run outcome processing; outcomes begin at their defaults each time."""
    if program.process is None:
        return state
    space = TestSpace(program, state, strict=strict)
    space.values |= {name: declared.initial for name, declared in program.outcomes.items()}
    over = _ran(program.process, space)
    state = state.changed(values=space.values, random=space.random.state, problems=tuple(space.problems))
    return end_test(program, state, now=now, strict=strict) if over else state


def _ran(process: Callable[[Any], None], space: TestSpace) -> bool:
    try:
        process(space)
    except TestExited:
        return True
    return False


def _current(program: TestProgram, state: TestState, now: float) -> tuple[TestState, Place, ItemState]:
    if state.status != "interacting" or state.item is None:
        raise NotAllowedNow(f"there is no item to work on: the test is {state.status}")
    state = timed(program, state, now)
    assert state.item is not None
    return state, place_of(program, state, state.item), state.items[state.item]


def _program(place: Place) -> Any:
    return place.program


def _with_item(state: TestState, item: ItemState) -> TestState:
    assert state.item is not None
    return state.changed(items={**state.items, state.item: item})


def _index(state: TestState) -> int:
    return next(index for index, entry in enumerate(state.entries) if entry.name == state.item)


def _is_individual(program: TestProgram, state: TestState) -> bool:
    assert state.part is not None
    part = program.parts[state.part].node
    assert isinstance(part, TestPart)
    return part.submission_mode is SubmissionMode.INDIVIDUAL


def _may_leave(program: TestProgram, state: TestState, place: Place, item: ItemState, index: int | None) -> None:
    """Raise `NotAllowedNow` if the item must be answered first, or if it or a section left with it is left too soon."""
    control = control_for(program, place)
    attempts = item.values["numAttempts"]
    answered = attempts is not None and attempts.data > 0 and not item.trying
    if not control.allow_skipping and not answered:
        raise NotAllowedNow(f"{place.identifier} cannot be skipped", hint="submit responses first")
    staying = () if index is None else program.places[state.entries[index].identifier].path
    for node, _, _, least, spent in limits(program, state, place):
        leaves = isinstance(node, SectionPart) and node.identifier not in staying
        if leaves and least is not None and spent < least:
            raise NotAllowedNow(f"{node.identifier} cannot be left before {least:g} seconds are over")
