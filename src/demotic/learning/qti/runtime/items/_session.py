"""The steps of an item session, each a pure function from one state to the next.

    program = prepare(read(data))
    state = begin(program, seed=42)
    state = submit(program, state, {"RESPONSE": "A"})
    state["SCORE"]

Time comes in as `now`, in seconds on any clock that does not go back; chance as `seed`. The same steps with the same
arguments give the same states, everywhere.

Specification: QTI 3.0 ASI information model, section 2.4 (item session life cycle); QTI 2.1 information model, "Item
Sessions".
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple

from demotic.errors import Conflict, InvalidInput
from demotic.learning.qti.model import BaseType, Cardinality, Choice, ShowHide
from demotic.learning.qti.runtime._errors import ProcessingError
from demotic.learning.qti.runtime._random import Random
from demotic.learning.qti.runtime.items._program import ItemProgram
from demotic.learning.qti.runtime.items._responses import read_responses
from demotic.learning.qti.runtime.items._shuffle import shuffled_orders
from demotic.learning.qti.runtime.items._space import ItemSpace
from demotic.learning.qti.runtime.items._state import ItemState
from demotic.learning.qti.runtime.items._validity import invalid_responses
from demotic.learning.qti.runtime.processing import ConstraintFailed, StopProcessing, typed
from demotic.learning.qti.runtime.values import Optional, Value, number

__all__ = [
    "Control", "InvalidResponses", "NotAllowedNow", "attempt", "begin", "end", "hidden_choices", "respond", "resume",
    "submit", "suspend",
]  # fmt: skip

_MOST_CLONES: Final = 100
_S, _I = Cardinality.SINGLE, BaseType.IDENTIFIER
_NOT_ATTEMPTED, _UNKNOWN, _COMPLETED = (Value(_S, _I, text) for text in ("not_attempted", "unknown", "completed"))
_INCOMPLETE = Value(_S, _I, "incomplete")


class NotAllowedNow(Conflict):
    """The session is in no state for this step."""

    code = "QtiNotAllowedNow"


class InvalidResponses(InvalidInput):
    """The responses are not what the interactions allow, and the session wants them to be. Nothing was changed."""

    code = "QtiInvalidResponses"


class Control(NamedTuple):
    """What a candidate may do in a session, as `qti-item-session-control` says it.

    `max_attempts` is 0 for any number; adaptive items have as many as they need. Standing alone, an item is free to be
    tried; in a test its control comes from there.
    """

    max_attempts: int = 0
    allow_skipping: bool = True
    validate_responses: bool = False


_FREE: Final = Control()


def begin(
    program: ItemProgram,
    *,
    seed: int,
    now: float = 0.0,
    templates: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
    strict: bool = False,
) -> ItemState:
    """Begin a session: make the clone, give all variables their first values, shuffle the choices.

    `templates` gives template variables other defaults, `context` values to context variables. A rule that fails is
    left out, and `problems` of the state says so; if `strict`, its `ProcessingError` is raised. Raises `InvalidInput`
    for names that the item does not have.
    """
    values: dict[str, Optional] = {name: declared.default for name, declared in program.templates.items()}
    values |= {name: declared.default for name, declared in program.context.items()}
    for given, known in ((templates, program.templates), (context, program.context)):
        for name, value in (given or {}).items():
            if name not in known:
                hint = f"there are {', '.join(known) or 'none'}"
                raise InvalidInput(f"the item has no variable {name}", target=name, hint=hint)
            values[name] = typed(known[name], value)
    values |= dict.fromkeys(program.responses)
    values |= {name: declared.initial for name, declared in program.outcomes.items()}
    values |= {"numAttempts": number(0), "duration": _seconds(0.0), "completionStatus": _NOT_ATTEMPTED}
    space = _cloned(program, ItemState("begun", values, random=Random(seed).state), strict)
    for name in (*program.responses, *program.outcomes):
        if name in space.defaults:
            space.values[name] = space.defaults[name]
        elif name in program.responses:
            space.values[name] = program.responses[name].default
    orders = shuffled_orders(program.interactions, space.random)
    return ItemState(
        "begun", space.values, corrects=space.corrects, defaults=space.defaults, orders=orders,
        problems=tuple(space.problems), random=space.random.state, since=now,
    )  # fmt: skip


def _cloned(program: ItemProgram, state: ItemState, strict: bool) -> ItemSpace:
    """Run template processing: until its constraints are met, or else with the defaults."""
    space = ItemSpace(program, state, strict=strict)
    if program.template_rules is None:
        return space
    rules, constrained = program.template_rules
    for _ in range(_MOST_CLONES if constrained else 1):
        try:
            rules(space)
        except StopProcessing:
            pass
        except ConstraintFailed:
            space = ItemSpace(program, state.changed(random=space.random.state), strict=strict)
            continue
        return space
    # Nothing met the constraints: the template variables keep their defaults.
    return space


def attempt(program: ItemProgram, state: ItemState, *, now: float = 0.0, control: Control = _FREE) -> ItemState:
    """Open an attempt. Raises `NotAllowedNow` if one is open, the session has ended, or no attempt is left."""
    if state.status != "begun":
        raise NotAllowedNow(f"no attempt can begin: the session is {state.status}")
    made = _attempts(state)
    if not _may_try(program, made, state, control):
        raise NotAllowedNow(f"no attempt is left: {made} of {control.max_attempts or 1} made")
    values = dict(state.values)
    values["numAttempts"] = number(made + 1)
    if made == 0:
        values["completionStatus"] = _UNKNOWN
    return _timed(state, now).changed(status="interacting", trying=True, values=values, draft={}, raw={}, invalid={})


def respond(
    program: ItemProgram,
    state: ItemState,
    responses: Mapping[str, Any],
    *,
    now: float = 0.0,
    control: Control = _FREE,
) -> ItemState:
    """Save responses without submitting them; an attempt is opened if none is. Processing does not see them yet.

    `invalid` of the new state says which responses the interactions do not allow. Raises `UnknownResponse` for a name
    that the item does not have, and `NotAllowedNow`.
    """
    if state.status == "begun":
        state = attempt(program, state, now=now, control=control)
    if state.status != "interacting":
        raise NotAllowedNow(f"no response is taken: the session is {state.status}")
    given = read_responses(program, responses)
    raw = {name: text for name, text in state.raw.items() if name not in given.values} | given.raw
    state = _timed(state, now).changed(draft={**state.draft, **given.values}, raw=raw)
    wrong = invalid_responses(program, state.responses, raw, hidden_choices(program, state))
    return state.changed(invalid=wrong)


def submit(
    program: ItemProgram,
    state: ItemState,
    responses: Mapping[str, Any] | None = None,
    *,
    now: float = 0.0,
    control: Control = _FREE,
    strict: bool = False,
) -> ItemState:
    """Submit the responses, with those saved before, run response processing, and end the attempt.

    Outcomes of an item that is not adaptive begin at their defaults each time. A rule that fails is left out, and
    `problems` of the new state says so: the author's mistake does not lose the candidate's answer. If `strict`, its
    `ProcessingError` is raised. Raises `InvalidResponses` where `control` wants valid ones (or does not allow skipping,
    and nothing was answered), `NotAllowedNow` and `UnknownResponse`; then the state given still holds.
    """
    state = respond(program, state, responses or {}, now=now, control=control)
    _check_wanted(program, state, control)
    values = {**state.values, **state.draft, "duration": _seconds(state.seconds)}
    space = ItemSpace(program, state.changed(values=values), strict=strict)
    if not program.adaptive:
        for name, declared in program.outcomes.items():
            space.values[name] = space.defaults.get(name, declared.initial)
    for process in (program.process, program.process_outcomes):
        if process is not None:
            with suppress(StopProcessing):
                process(space)
    status = space.values["completionStatus"]
    if not program.adaptive and status == _UNKNOWN:
        space.values["completionStatus"] = _COMPLETED
    ended = not _may_try(program, _attempts(state), state.changed(values=space.values), control)
    return state.changed(
        status="ended" if ended else "begun",
        trying=False,
        values=space.values,
        draft={},
        problems=tuple(space.problems),
        random=space.random.state,
        since=None if ended else state.since,
    )


def _check_wanted(program: ItemProgram, state: ItemState, control: Control) -> None:
    if control.validate_responses and state.invalid:
        name, reason = next(iter(state.invalid.items()))
        raise InvalidResponses(f"the response {name} is not allowed: {reason}", target=name)
    if not control.allow_skipping and program.responses:
        answers = state.responses
        if all(answers[name] == _default(program, state, name) for name in program.responses):
            raise InvalidResponses("the item is not answered", hint="it cannot be skipped here")


def _default(program: ItemProgram, state: ItemState, name: str) -> Optional:
    return state.defaults.get(name, program.responses[name].default)


def suspend(program: ItemProgram, state: ItemState, *, now: float = 0.0) -> ItemState:
    """Stop the clock. The open attempt stays open, and what was saved stays saved."""
    if state.status not in ("begun", "interacting") or state.since is None:
        raise NotAllowedNow(f"the session cannot be suspended: it is {state.status}")
    return _timed(state, now).changed(status="suspended", since=None)


def resume(program: ItemProgram, state: ItemState, *, now: float = 0.0) -> ItemState:
    """Go on after `suspend`, where the session was."""
    if state.status != "suspended":
        raise NotAllowedNow(f"the session cannot be resumed: it is {state.status}")
    return state.changed(status="interacting" if state.trying else "begun", since=now)


def end(program: ItemProgram, state: ItemState, *, now: float = 0.0) -> ItemState:
    """End the session. Responses that were not submitted are dropped; outcomes stay as they are."""
    if state.status == "ended":
        raise NotAllowedNow("the session has ended already")
    state = _timed(state, now) if state.since is not None else state
    values = dict(state.values)
    if state.trying and values["completionStatus"] == _UNKNOWN:
        values["completionStatus"] = _INCOMPLETE
    return state.changed(status="ended", trying=False, values=values, draft={}, raw={}, invalid={}, since=None)


def hidden_choices(program: ItemProgram, state: ItemState) -> frozenset[str]:
    """Return the identifiers of the choices that template variables hide."""
    hidden = []
    for interaction in program.interactions:
        for choice in interaction.find(Choice):
            if choice.template_identifier is not None:
                value = state.values.get(choice.template_identifier)
                matches = value is not None and choice.identifier in value.items
                if matches != (choice.show_hide is ShowHide.SHOW):
                    hidden.append(choice.identifier)
    return frozenset(hidden)


def _attempts(state: ItemState) -> int:
    made = state.values["numAttempts"]
    return 0 if made is None else int(made.data)


def _may_try(program: ItemProgram, made: int, state: ItemState, control: Control) -> bool:
    if program.adaptive:
        return state.values["completionStatus"] != _COMPLETED
    return not control.max_attempts or made < control.max_attempts


def _seconds(seconds: float) -> Value:
    return Value(Cardinality.SINGLE, BaseType.DURATION, seconds)


def _timed(state: ItemState, now: float) -> ItemState:
    if state.since is None:
        raise NotAllowedNow("the session is suspended")
    if now < state.since:
        raise ProcessingError(f"the clock went back, from {state.since} to {now}", target="now")
    if now == state.since:
        return state
    seconds = state.seconds + now - state.since
    return state.changed(seconds=seconds, since=now, values={**state.values, "duration": _seconds(seconds)})
