"""The time of a test session: what was spent where, and the limits around an item.

Specification: QTI 3.0 ASI information model, section 2.12 (time limits).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from demotic.learning.qti.runtime._errors import ProcessingError
from demotic.learning.qti.runtime.assessments._program import Place, TestProgram
from demotic.learning.qti.runtime.assessments._state import TestState
from demotic.learning.qti.runtime.items import NotAllowedNow

__all__ = ["check_time", "limits", "place_of", "time_left", "timed"]


class Limit(NamedTuple):
    """A limit around an item: what it governs, the longest time and whether more is forgiven, the shortest, and the
    time spent.
    """

    node: Any
    most: float | None
    late: bool
    least: float | None
    spent: float


def place_of(program: TestProgram, state: TestState, name: str) -> Place:
    """Return the place of an item by its name in the form."""
    return next(program.places[entry.identifier] for part in state.form for entry in part if entry.name == name)


def time_left(program: TestProgram, state: TestState, *, now: float = 0.0) -> float | None:
    """Return the seconds until the first limit of time around the candidate is reached; None where there is none.

    It is 0 behind the limit, where late submission may be allowed.
    """
    if state.status != "interacting" or state.item is None:
        return None
    place = place_of(program, state, state.item)
    state = timed(program, state, now)
    left = [limit.most - limit.spent for limit in limits(program, state, place) if limit.most is not None]
    return max(0.0, min(left)) if left else None


def timed(program: TestProgram, state: TestState, now: float) -> TestState:
    """Return the state with the time until now added to what is around the candidate."""
    if state.since is None:
        raise NotAllowedNow(f"the test is {state.status}")
    if now < state.since:
        raise ProcessingError(f"the clock went back, from {state.since} to {now}", target="now")
    around = ("",) if state.item is None else ("", *place_of(program, state, state.item).path)
    spent = now - state.since
    return state.changed(
        seconds={**state.seconds, **{name: state.seconds.get(name, 0.0) + spent for name in around}}, since=now
    )


def limits(program: TestProgram, state: TestState, place: Place) -> list[Limit]:
    """Return the limits around an item, from the test inwards."""
    found: list[Limit] = []
    around: list[tuple[Any, float]] = [(program.test, state.seconds.get("", 0.0))]
    around += [(program.places[name].node, state.seconds.get(name, 0.0)) for name in place.path]
    item = state.items.get(state.item or "")
    if item is not None:
        running = 0.0 if item.since is None or state.since is None else state.since - item.since
        around.append((place.node, item.seconds + running))
    for node, spent in around:
        own = node.time_limits
        if own is not None:
            most = _lengthened(state, own.max_time)
            found.append(Limit(node, most, own.allow_late_submission, own.min_time, spent))
    return found


def _lengthened(state: TestState, most: float | None) -> float | None:
    if most is None or state.time is None:
        return None
    factor, more = state.time
    return most * factor + more


def check_time(program: TestProgram, state: TestState, place: Place) -> None:
    """Raise `NotAllowedNow` if a limit around an item is over that forgives nothing."""
    for node, most, late, _, spent in limits(program, state, place):
        if most is not None and not late and spent > most:
            raise NotAllowedNow(f"the time for {node.identifier} is over: {spent:g} of {most:g} seconds")
