"""What can be wrong with a document: its markup, or what its elements say."""

from __future__ import annotations

from typing import Any

from demotic.errors import Conflict, DemoticError, InvalidInput, SyntaxFault

__all__ = ["DuplicateId", "XmlBindingFault", "XmlSyntaxFault"]


class XmlSyntaxFault(SyntaxFault):
    """A document is not well formed, or uses what is refused for safety. `line` and `column` count from 1."""

    code = "XmlSyntaxError"

    def __init__(
        self, problem: str, text: str, position: int, *, line: int, column: int, hint: str | None = None
    ) -> None:
        super().__init__("well-formed XML", text, position, hint=hint)
        self.problem = problem
        self.message = f"{problem} at line {line}, column {column}"
        self.args = (self.message,)
        self.line = line
        self.column = column


class XmlBindingFault(InvalidInput):
    """An element does not say what its declaration asks for. `target` is the path of the element or attribute.

    `line` and `column` are those of the element in the document, counted from 1, and 0 if it was not read from one;
    `node` is the element, `data` the text at fault.
    """

    code = "XmlBindingError"

    def __init__(
        self,
        problem: str,
        *,
        path: str,
        line: int = 0,
        column: int = 0,
        node: Any = None,
        data: str = "",
        details: tuple[DemoticError, ...] = (),
    ) -> None:
        place = f" at line {line}, column {column}" if line else ""
        super().__init__(f"{path}{place}: {problem}", target=path, details=details)
        self.problem = problem
        self.line = line
        self.column = column
        self.node = node
        self.data = data


class DuplicateId(Conflict):
    """Two elements of a document have the same ID. `target` is the ID."""

    code = "DuplicateId"
