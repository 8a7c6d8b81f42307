"""Forms: what of a test one candidate gets, in which order.

Specification: QTI 3.0 ASI information model, section 2.12 (selection, ordering); QTI 2.1 information model, "Tests".
Selection comes first. A section that is not visible and need not be kept together is mixed into the section around it.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from demotic.learning.qti.model import AssessmentSection
from demotic.learning.qti.runtime._random import Random
from demotic.learning.qti.runtime.assessments._program import Place, TestProgram
from demotic.learning.qti.runtime.expressions import fault

__all__ = ["Entry", "Form", "make_form"]

_MOST_ITEMS = 10_000


class Entry(NamedTuple):
    """An item of a form: the reference's identifier, and the name of this instance of it.

    They are the same, except for a reference that was selected more than once: then the name has a number behind.
    """

    identifier: str
    name: str


Form = tuple[tuple[Entry, ...], ...]
"""The items of each test part, in order."""

_Unit = tuple[list[Place], bool]
"""What stays together when the section around is shuffled, and whether it stays where it is."""


def make_form(program: TestProgram, random: Random) -> Form:
    """Select and order the items of a test. Raises `ProcessingError` for a selection that cannot be made."""
    chosen = [
        [
            place
            for section in program.members[part.identifier]
            for unit, _ in _units(program, section, random)
            for place in unit
        ]
        for part in program.parts
    ]
    counts = Counter(place.identifier for part in chosen for place in part)
    if counts.total() > _MOST_ITEMS:
        raise fault(program.test, f"the form has {counts.total()} items", f"at most {_MOST_ITEMS}")
    met: Counter[str] = Counter()
    form = []
    for part in chosen:
        entries = []
        for place in part:
            met[place.identifier] += 1
            name = place.identifier if counts[place.identifier] == 1 else f"{place.identifier}.{met[place.identifier]}"
            entries.append(Entry(place.identifier, name))
        form.append(tuple(entries))
    return tuple(form)


def _units(program: TestProgram, place: Place, random: Random) -> list[_Unit]:
    """Return what a section is made of, in order."""
    if place.program is not None:
        return [([place], False)]
    node = place.node
    assert isinstance(node, AssessmentSection)
    members = _selected(program, place, node, random)
    shuffles = node.ordering is not None and node.ordering.shuffle
    units: list[_Unit] = []
    for member in members:
        inner = _units(program, member, random)
        fixed = bool(getattr(member.node, "fixed", False))
        mixes = isinstance(member.node, AssessmentSection) and not member.node.visible and not member.node.keep_together
        if shuffles and mixes:
            units += [(unit, fixed or stays) for unit, stays in inner]
        else:
            units.append(([place for unit, _ in inner for place in unit], fixed))
    if not shuffles:
        return units
    moving = iter(random.shuffled([each for each in units if not each[1]]))
    return [each if each[1] else next(moving) for each in units]


def _selected(program: TestProgram, place: Place, node: AssessmentSection, random: Random) -> list[Place]:
    members = program.members[place.identifier]
    if node.selection is None:
        return members
    wanted, again = node.selection.select, node.selection.with_replacement
    if wanted < 0 or (again and wanted > _MOST_ITEMS):
        raise fault(node.selection, f"{wanted} members are to be selected", f"0 to {_MOST_ITEMS}")
    required = [index for index, member in enumerate(members) if getattr(member.node, "required", False)]
    if len(required) > wanted:
        raise fault(node.selection, f"{wanted} are to be selected, and {len(required)} are required")
    if not again and wanted > len(members):
        raise fault(node.selection, f"{wanted} are to be selected of {len(members)}", "fewer, or with-replacement")
    if wanted and not members:
        raise fault(node.selection, f"{wanted} are to be selected of none")
    chosen = list(required)
    free = [index for index in range(len(members)) if index not in chosen]
    for _ in range(wanted - len(required)):
        if again:
            chosen.append(random.below(len(members)))
        else:
            chosen.append(free.pop(random.below(len(free))))
    return [members[index] for index in sorted(chosen)]
