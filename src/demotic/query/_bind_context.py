"""What binding one request gathers: parameters, how much was said so far, and aliases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from demotic.errors import DemoticError, InvalidInput, NotFound, SyntaxFault, Unsupported
from demotic.model import EnumType, Model, PrimitiveType, StructuredType
from demotic.query._bind_values import Check, ParameterType, Slot, WrittenCheck, convert
from demotic.query._errors import UnknownName
from demotic.query._limits import QueryLimits
from demotic.query._patterns import UnsupportedPattern
from demotic.query._resolved import Beyond, Parameter, Start, Variable
from demotic.query._resolved import Expression as Resolved
from demotic.query._tree import Expression, Integer, Literal

ValueType: TypeAlias = StructuredType | PrimitiveType | EnumType
"""The type of what a variable stands for."""

ReadArgument: TypeAlias = Callable[[str, str], Expression]
"""Reads what a query option of a name says: name and text."""


@dataclass(slots=True)
class Context:
    """The state of one binding. ``option`` is what is being bound now: ``"$filter"``, ``"@alias"`` or ``"path"``.

    ``implicit`` are the custom query options, any of which may be an argument of a function, as the texts that
    ``read_argument`` reads. ``former`` says that operations are called as in OData 2: query options are the arguments
    of actions as well, and what may be null may be left out.
    """

    model: Model
    limits: QueryLimits
    aliases: Mapping[str, Expression] = field(default_factory=dict)
    option: str = "path"
    values: list[object] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    nodes: int = 0
    expand_items: int = 0
    open_aliases: list[str] = field(default_factory=list)
    unsupported: Unsupported | None = None
    implicit: Mapping[str, list[str]] = field(default_factory=dict)
    read_argument: ReadArgument | None = None
    former: bool = False
    root: Start | None = None

    def beyond(self, what: str, target: str | None = None) -> None:
        """Note that something is meaningful but not offered.

        Binding goes on, so that a mistake further on is told as such; `finish` raises the first note.
        """
        if self.unsupported is None:
            self.unsupported = Unsupported(f"{what} is not offered", target=target or self.option)

    def finish(self) -> None:
        """Raise what `beyond` noted."""
        if self.unsupported is not None:
            raise self.unsupported

    def parameter(
        self,
        node: Literal | Integer,
        kind: ParameterType,
        check: Check | None = None,
        *,
        written: WrittenCheck | None = None,
        value: object = None,
    ) -> Parameter:
        """Add a parameter for a literal, and return it. Raises `Unfit` if the literal is no value of ``kind``."""
        try:
            native = value if value is not None else convert(node, kind) if isinstance(node, Literal) else node.value
            if written is not None and isinstance(node, Literal):
                written(node)
            if check is not None:
                check(native)
        except (InvalidInput, Unsupported) as fault:
            raise self.placed(fault, node) from None
        self.values.append(native)
        self.slots.append(Slot(node, self.option, kind, check, written))
        return Parameter(len(self.values) - 1, kind)

    def placed(self, fault: DemoticError, node: Literal | Integer) -> DemoticError:
        """Return a fault of a literal with its place in the message, and the option as its target."""
        if fault.target is not None:
            return fault
        kind, message, at = type(fault), fault.message, node.at
        if isinstance(fault, (SyntaxFault, UnsupportedPattern)):
            at = _place_within(node, fault.position)
        if isinstance(fault, SyntaxFault):
            kind, found = InvalidInput, fault.text[fault.position : fault.position + 1]
            message = f"expected {fault.expected}, found {repr(found) if found else 'the end'}"
        return kind(f"{self.at(at)}: {message}", target=self.option, hint=fault.hint)

    def at(self, position: int) -> str:
        """Return words for a place in what is being bound."""
        return f"{self.option}, position {position}" if position >= 0 else self.option

    def count_node(self) -> None:
        """Count one node of an expression. Raises `LimitExceeded`."""
        self.nodes += 1
        if self.nodes > self.limits.expression_nodes:
            self.limits.check("expression_nodes", self.nodes, target=self.option)

    @contextmanager
    def within(self, option: str) -> Iterator[None]:
        """Bind another option for a while."""
        before, self.option = self.option, option
        try:
            yield
        finally:
            self.option = before

    @contextmanager
    def alias(self, name: str, at: int) -> Iterator[Expression | None]:
        """Give the expression that an alias stands for; one that is not defined is null (Protocol 4.01, 11.2.6.1.3)."""
        if name in self.open_aliases:
            circle = " -> ".join(f"@{item}" for item in (*self.open_aliases, name))
            raise InvalidInput(f"{self.at(at)}: the alias @{name} stands for itself ({circle})", target=self.option)
        self.open_aliases.append(name)
        with self.within(f"@{name}"):
            yield self.aliases.get(name)
        self.open_aliases.pop()

    @contextmanager
    def assigning(self, aliases: Mapping[str, Expression]) -> Iterator[None]:
        """Let aliases be assigned for a while, beside those of the options around and in place of their like."""
        before = self.aliases
        if aliases:
            self.aliases = {**before, **aliases}
        yield
        self.aliases = before

    def enum_type(self, name: str, at: int) -> EnumType:
        """Return the enumeration of this qualified name."""
        try:
            found = self.model.find(name)
        except NotFound:
            found = None
        if isinstance(found, EnumType):
            return found
        raise UnknownName(f"{self.at(at)}: the model has no enumeration {name}", target=self.option)


def _place_within(node: Literal | Integer, position: int) -> int:
    """Return where in its option a character of a quoted text stands, whose quotes are written twice."""
    if node.at < 0:
        return node.at
    before = str(node.value)[:position]
    return node.at + 1 + len(before) + before.count("'")


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean in an expression.

    ``current`` is where paths start (``$this``), ``it`` the outermost entity (``$it``), ``variables`` those of
    enclosing lambdas, ``computed`` the computed properties of the current entity. ``depth`` is that of the next
    variable.
    """

    current: Start
    it: Start
    variables: Mapping[str, Start] = field(default_factory=dict)
    depth: int = 1
    computed: Mapping[str, Resolved] = field(default_factory=dict)

    @classmethod
    def of(cls, start: Start) -> Scope:
        """Return the scope of an option on what a request addresses."""
        return cls(start, start)

    def inner(self, name: str, item: Start | ValueType) -> tuple[Start, Scope]:
        """Return a new lambda variable, for what is of a type or a value beyond, and the scope that knows it."""
        variable = self._variable(name, item)
        return variable, replace(self, variables={**self.variables, name: variable}, depth=self.depth + 1)

    def within(self, item: Start | ValueType) -> tuple[Start, Scope]:
        """Return a variable for each member of a collection, and the scope in which paths start from it."""
        variable = self._variable("$this", item)
        return variable, replace(self, current=variable, depth=self.depth + 1, computed={})

    def _variable(self, name: str, item: Start | ValueType) -> Start:
        return item if isinstance(item, (Beyond, Variable)) else Variable(name, self.depth, item)
