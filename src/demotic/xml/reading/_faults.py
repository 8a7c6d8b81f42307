"""What does not fit the element classes: collected while reading, told with path and place when all has been read.

A path numbers elements among siblings of the same name, which are known only at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from demotic.xml._errors import XmlBindingFault
from demotic.xml.tree._nodes import Branch

__all__ = ["Faults", "Report", "path_of"]

MOST_FAULTS: Final = 50

Report: TypeAlias = Callable[[XmlBindingFault], None]
"""Is handed every fault, in place of having them raised: a log, or the `append` of a list."""


class Faults:
    """The faults found so far. Without `report` they are raised, the first with up to 49 others as its details."""

    def __init__(self, report: Report | None = None) -> None:
        self._report = report
        self._found: list[tuple[Any, str, str, str]] = []

    def add(self, node: Any, problem: str, step: str = "", data: str = "") -> None:
        """Note a problem of an element, or of the attribute that `step` names; `data` is the offending text."""
        if self._report is not None or len(self._found) < MOST_FAULTS:
            self._found.append((node, problem, step, data))

    def missing_attribute(self, node: Any, attr: str) -> None:
        """Note a required attribute that is not there; one that could not be read has been noted already."""
        field = node._binding.fields[attr]
        step = f"/@{field.name}"
        if not any(noted is node and own == step for noted, _, own, _ in self._found):
            self.add(node, f"missing attribute, expected {field.type.meaning}", step)

    def tell(self) -> None:
        """Hand on what was found, or raise it."""
        if not self._found:
            return
        faults = [
            XmlBindingFault(
                problem, path=path_of(node) + step, line=node.line, column=node.column, node=node, data=data
            )
            for node, problem, step, data in self._found
        ]
        self._found.clear()
        if self._report is None:
            first, *rest = faults
            first.details = tuple(rest)
            raise first
        for fault in faults:
            self._report(fault)


def _fault(node: Any, problem: str, step: str, data: str) -> XmlBindingFault:
    path = path_of(node) + step
    return XmlBindingFault(problem, path=path, line=node.line, column=node.column, node=node, data=data)


def path_of(node: Any) -> str:
    """Return such as `/Schema/EntityType[2]/Property[1]`, numbered among the siblings of the same name if there are
    any."""
    steps: list[str] = []
    while isinstance(node, Branch):
        parent = node._parent
        siblings = parent._children if isinstance(parent, Branch) else ()
        alike = [other for other in siblings if isinstance(other, Branch) and other._name == node._name]
        number = next((i for i, other in enumerate(alike, 1) if other is node), 1)
        steps.append(f"/{node._name.local}[{number}]" if len(alike) > 1 else f"/{node._name.local}")
        node = parent
    return "".join(reversed(steps))
