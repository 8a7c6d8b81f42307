"""A test prepared for running: its parts, sections and items found and prepared, worked out once for all sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from demotic.errors import InvalidInput
from demotic.learning.qti.model import (
    AssessmentItem,
    AssessmentItemRef,
    AssessmentSection,
    AssessmentSectionRef,
    AssessmentTest,
    QtiDocument,
    SectionPart,
    TestPart,
)
from demotic.learning.qti.runtime._scope import Scope
from demotic.learning.qti.runtime.expressions import fault
from demotic.learning.qti.runtime.items import ItemProgram, prepare
from demotic.learning.qti.runtime.processing import Declared, Resolve, Steps, compile_rules, truth_of

__all__ = ["EXITS", "Branches", "Load", "Place", "TestProgram", "prepare_test"]

Load = Callable[[str], QtiDocument]
"""What finds the document at an address that the test gives, such as `open_document` within a folder."""

EXITS: Final = ("EXIT_SECTION", "EXIT_TESTPART", "EXIT_TEST")
_MOST_DEEP: Final = 50
Condition = Callable[[Scope], bool]
Branches = list[tuple[Condition, str]]


_DEFAULTS: Final[dict[str, Any]] = {
    "max_attempts": 1, "show_feedback": False, "allow_review": True, "show_solution": False, "allow_comment": False,
    "allow_skipping": True, "validate_responses": False,
}  # fmt: skip


class Place:
    """A part, section or item of the test, prepared: where it stands, its conditions, its branches."""

    __slots__ = ("branches", "conditions", "control", "identifier", "node", "parent", "program")

    def __init__(self, node: TestPart | SectionPart, parent: Place | None, program: ItemProgram | None) -> None:
        self.node = node
        self.identifier = node.identifier
        self.parent = parent
        self.program = program
        self.conditions: list[Condition] = [truth_of(each, each.expression) for each in node.pre_conditions]
        self.branches: Branches = [(truth_of(each, each.expression), each.target) for each in node.branch_rules]
        around = _DEFAULTS if parent is None else parent.control
        own = node.item_session_control
        self.control: dict[str, Any] = {**around, **(own.attributes if own is not None else {})}

    @property
    def path(self) -> tuple[str, ...]:
        """The identifiers of the part and the sections around, the outermost first."""
        around: list[str] = []
        place = self.parent
        while place is not None:
            around.append(place.identifier)
            place = place.parent
        return tuple(reversed(around))


class TestProgram:
    """A test, prepared. It is shared by all sessions of the test and never changes."""

    __test__ = False
    __slots__ = ("identifier", "members", "outcomes", "parts", "places", "problems", "process", "test", "variables")

    def __init__(self, document: QtiDocument, load: Load, resolve: Resolve | None) -> None:
        test = document.test
        self.test: AssessmentTest = test
        self.identifier = test.identifier
        self.problems: list[str] = []
        self.variables: dict[str, Declared] = {}
        for node in (*test.context_declarations, *test.outcome_declarations):
            if node.identifier in self.variables:
                raise fault(node, f"the variable {node.identifier} is declared already", "give it another identifier")
            self.variables[node.identifier] = Declared(node, document.version)
        self.outcomes = {name: each for name, each in self.variables.items() if each.kind == "outcome"}
        self.places: dict[str, Place] = {}
        self.members: dict[str, list[Place]] = {}
        programs: dict[str, ItemProgram] = {}
        self.parts = [self._add(part, None, load, resolve, programs, 0) for part in test.test_parts]
        processing = test.outcome_processing
        self.process: Steps | None = None if processing is None else compile_rules(processing.rules, resolve)

    def _add(
        self,
        node: TestPart | SectionPart,
        parent: Place | None,
        load: Load,
        resolve: Resolve | None,
        programs: dict[str, ItemProgram],
        depth: int,
    ) -> Place:
        if depth > _MOST_DEEP:
            raise fault(node, f"sections are nested more than {_MOST_DEEP} deep")
        if isinstance(node, AssessmentSectionRef):
            node = _section(node, load)
        if node.identifier in self.places or node.identifier in EXITS:
            raise fault(node, f"the identifier {node.identifier} is taken", "give it another one")
        program = None
        if isinstance(node, AssessmentItemRef):
            if node.href not in programs:
                programs[node.href] = prepare(_item(node, load), resolve=resolve)
            program = programs[node.href]
        place = self.places[node.identifier] = Place(node, parent, program)
        children: list[Any] = []
        if isinstance(node, TestPart):
            children = node.sections
        elif isinstance(node, AssessmentSection):
            children = node.members
        self.members[place.identifier] = [
            self._add(each, place, load, resolve, programs, depth + 1) for each in children
        ]
        return place

    def items(self) -> Iterator[Place]:
        """Iterate over the references to items, in the order of the document."""
        return (place for place in self.places.values() if place.program is not None)

    def control_of(self, identifier: str) -> dict[str, Any]:
        """Return what holds for an item, by the names of `qti-item-session-control`."""
        return dict(self.places[identifier].control)

    def targets_of(self, identifier: str) -> list[str]:
        """Return where a branch of a part, section or item may lead: what begins behind it, in its test part."""
        place = self.places[identifier]
        if place.parent is None:
            return [each.identifier for each in self.parts[self.parts.index(place) + 1 :]]
        part = self.places[place.path[0]]
        order = list(self._within(part))
        inside = {each.identifier for each in self._within(place)}
        last = max(index for index, each in enumerate(order) if each is place or each.identifier in inside)
        return [each.identifier for each in order[last + 1 :]]

    def _within(self, place: Place) -> Iterator[Place]:
        for member in self.members[place.identifier]:
            yield member
            yield from self._within(member)


def _section(node: AssessmentSectionRef, load: Load) -> AssessmentSection:
    root = _loaded(node, node.href, load).root
    if not isinstance(root, AssessmentSection):
        raise fault(node, f"{node.href} holds no section")
    return root


def _item(node: AssessmentItemRef, load: Load) -> QtiDocument:
    document = _loaded(node, node.href, load)
    if not isinstance(document.root, AssessmentItem):
        raise fault(node, f"{node.href} holds no item")
    return document


def _loaded(node: Any, href: str, load: Load) -> QtiDocument:
    try:
        return load(href)
    except (OSError, InvalidInput) as error:
        raise fault(node, f"{href} cannot be read: {error}") from error


def prepare_test(document: QtiDocument, load: Load, *, resolve: Resolve | None = None) -> TestProgram:
    """Prepare a test for running.

    `load` finds the documents of items and sections by the addresses that the test gives; `resolve` rules at other
    addresses. Raises `ProcessingError` for what cannot be found or read and for identifiers that are there twice, and
    `InvalidInput` if the document is no test.
    """
    return TestProgram(document, load, resolve)
