"""What is wrong with a document: told with its place, raised, or handed on while the culprit is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from demotic.model._errors import ModelError
from demotic.model.csdl._front import Report
from demotic.xml import Bound, XmlBindingFault, parent_of


def fault(kind: type[ModelError], element: Bound, scope: str, problem: str, hint: str | None = None) -> ModelError:
    """Return an error that names its place: the scope in the model, and where the document has the element."""
    return kind(problem, target=scope, hint=hint, line=element.line, column=element.column)


class Faults:
    """What happens to faults: without `report` the first is raised, else each is handed on and reading continues."""

    def __init__(self, report: Report | None = None) -> None:
        self.report = report

    @contextmanager
    def passed_over(self) -> Iterator[None]:
        """Leave out what is done in this block, if something is wrong with it and faults are reported."""
        try:
            yield
        except ModelError as found:
            if self.report is None:
                raise
            self.report(found)

    def binding(self) -> Callable[[XmlBindingFault], None] | None:
        """Return what to do about elements that are not as declared: those without what is required are left out."""
        return None if self.report is None else self._unbound

    def _unbound(self, found: XmlBindingFault) -> None:
        node = found.node
        while not _has_what_it_needs(node):
            parent = parent_of(node)
            if not isinstance(parent, Bound):
                raise found
            _leave_out(node, parent)
            node = parent
        if self.report is not None:
            self.report(found)


def _has_what_it_needs(element: Bound) -> bool:
    """Whether every field that its class requires could be read."""
    fields = {name: field for cls in reversed(type(element).__mro__) for name, field in vars(cls).items()}
    needed = [name for name, field in fields.items() if name[0] != "_" and getattr(field, "required", False)]
    return all(vars(element).get(name) is not None for name in needed)


def _leave_out(element: Bound, parent: Bound) -> None:
    for attr, value in list(vars(parent).items()):
        if isinstance(value, list):
            value[:] = [item for item in value if item is not element]
        elif value is element and attr != "_parent":
            setattr(parent, attr, None)
