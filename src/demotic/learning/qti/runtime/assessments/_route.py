"""Where a candidate goes next: pre-conditions, branches, and the ends of sections, parts and the test.

Specification: QTI 3.0 ASI information model, section 2.12 (pre-conditions, branch rules). Within a part only linear
ones have conditions and branches; those between parts always count. Branches lead forward.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from demotic.learning.qti.model import NavigationMode, TestPart
from demotic.learning.qti.runtime._errors import ProcessingError
from demotic.learning.qti.runtime.assessments._form import Entry
from demotic.learning.qti.runtime.assessments._program import Place, TestProgram
from demotic.learning.qti.runtime.assessments._space import TestSpace
from demotic.learning.qti.runtime.expressions import fault

__all__ = ["END_OF_TEST", "is_linear", "next_item", "next_part"]

END_OF_TEST: Final = -1


def is_linear(part: Place) -> bool:
    """Whether candidates go through a part in its order."""
    assert isinstance(part.node, TestPart)
    return part.node.navigation_mode is NavigationMode.LINEAR


def next_part(program: TestProgram, space: TestSpace, after: int | None) -> int | None:
    """Return the part to go to: after another (by its branches), or at first. None at the end of the test."""
    index = 0
    if after is not None:
        part = program.parts[after]
        index = after + 1
        target = _branch(part, space)
        if target == "EXIT_TEST":
            return None
        if target is not None:
            names = [each.identifier for each in program.parts]
            if target not in names[after + 1 :]:
                space.failed(_no_target(part, target))
            else:
                index = names.index(target)
    while index < len(program.parts):
        if _holds(program.parts[index], space):
            return index
        index += 1
    return None


def next_item(program: TestProgram, space: TestSpace, part: int, after: int | None) -> int | None:
    """Return the place in its part of the item to go to; None at the end of the part, `END_OF_TEST` at that of the
    test.

    In a part that is not linear, that is simply the next.
    """
    entries = space.state.form[part]
    if not is_linear(program.parts[part]):
        following = 0 if after is None else after + 1
        return following if following < len(entries) else None
    entered: tuple[str, ...] = ()
    index: int | None = 0
    if after is not None:
        place = program.places[entries[after].identifier]
        entered = place.path
        index = _left(program, space, entries, after, [place, *_sections(program, entered)])
    while index is not None and index != END_OF_TEST and index < len(entries):
        place = program.places[entries[index].identifier]
        closed = next(
            (name for name in place.path[1:] if name not in entered and not _holds(program.places[name], space)), ""
        )
        if not closed and _holds(place, space):
            return index
        entered = place.path[: place.path.index(closed)] if closed else place.path
        last = _behind(program, entries, index, closed) - 1 if closed else index
        index = _left(program, space, entries, last, _sections(program, entered))
    return index if index == END_OF_TEST else None


def _sections(program: TestProgram, path: Sequence[str]) -> list[Place]:
    """Return the sections of a path, the innermost first."""
    return [program.places[name] for name in reversed(path[1:])]


def _left(
    program: TestProgram, space: TestSpace, entries: Sequence[Entry], after: int, around: Sequence[Place]
) -> int | None:
    """Return where one goes behind an entry: where the branches of what is left with it lead, or to the next.

    `around` is what was entered there, from within outwards: the item, if it was shown, and its sections.
    """
    item = program.places[entries[after].identifier]
    left, behind = 0, after + 1
    while left < len(around):
        place = around[left]
        if place.program is None and place.identifier in _path(program, entries, behind):
            break  # this section goes on, and so do those around it
        left += 1
        target = _branch(place, space)
        if target == "EXIT_TEST":
            return END_OF_TEST
        if target == "EXIT_TESTPART":
            return None
        if target == "EXIT_SECTION" and left < len(around):
            behind = _behind(program, entries, behind, around[left].identifier)
        elif target is not None:
            found = _find(program, entries, item, target, behind)
            if found is not None:
                return found
            space.failed(_no_target(place, target))
    return behind if behind < len(entries) else None


def _path(program: TestProgram, entries: Sequence[Entry], index: int) -> tuple[str, ...]:
    return program.places[entries[index].identifier].path if index < len(entries) else ()


def _find(program: TestProgram, entries: Sequence[Entry], item: Place, target: str, start: int) -> int | None:
    """Return the first place behind where the item, or the section, begins that a branch leads to."""
    for index in range(start, len(entries)):
        candidate = program.places[entries[index].identifier]
        if target == candidate.identifier or (target in candidate.path and target not in item.path):
            return index
    return None


def _behind(program: TestProgram, entries: Sequence[Entry], index: int, section: str) -> int:
    while index < len(entries) and section in program.places[entries[index].identifier].path:
        index += 1
    return index


def _branch(place: Place, space: TestSpace) -> str | None:
    for holds, target in place.branches:
        try:
            if holds(space):
                return target
        except ProcessingError as error:
            space.failed(error)
    return None


def _holds(place: Place, space: TestSpace) -> bool:
    for condition in place.conditions:
        try:
            if not condition(space):
                return False
        except ProcessingError as error:
            space.failed(error)
            return False
    return True


def _no_target(place: Place, target: str) -> ProcessingError:
    hint = "what begins behind it in the same part, another part behind, or EXIT_SECTION, EXIT_TESTPART, EXIT_TEST"
    return fault(place.node, f"a branch leads to {target}, which does not follow", hint)
