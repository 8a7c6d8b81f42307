"""The variables of an item or a test, as rules and content see them; and the declarations themselves.

Specification: QTI 2.1 and 3.0 information models, "Item Variables". `numAttempts`, `duration` and `completionStatus`
are built in, 3.0 adds the record `QTI_CONTEXT`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from demotic.errors import DemoticError
from demotic.learning.qti import model as m
from demotic.learning.qti.checking._report import Report
from demotic.learning.qti.checking._types import ANY, Type, type_of
from demotic.learning.qti.model import BaseType, Cardinality, Declaration, Node, read_literal

__all__ = ["Scope", "Variable", "check_declarations", "literal"]


class Variable(NamedTuple):
    """A variable: what kind it is of, its type, and its declaration, if it has one."""

    kind: str
    type: Type
    node: Declaration | None = None


_KINDS: Final[dict[type[Node], str]] = {
    m.ResponseDeclaration: "response",
    m.OutcomeDeclaration: "outcome",
    m.TemplateDeclaration: "template",
    m.ContextDeclaration: "context",
}
_BUILT_IN: Final[dict[str, Variable]] = {
    "numAttempts": Variable("response", type_of(Cardinality.SINGLE, BaseType.INTEGER)),
    "duration": Variable("response", type_of(Cardinality.SINGLE, BaseType.DURATION)),
    "completionStatus": Variable("outcome", type_of(Cardinality.SINGLE, BaseType.IDENTIFIER)),
    "completion_status": Variable("outcome", type_of(Cardinality.SINGLE, BaseType.IDENTIFIER)),
    "QTI_CONTEXT": Variable("context", type_of(Cardinality.RECORD, None)),
}
# Mappings are for everything but these; areas are for points.
_UNMAPPED: Final = frozenset({BaseType.FILE, BaseType.DURATION})


class Scope:
    """The variables by their names, and which of them anything uses or sets."""

    __slots__ = ("declared", "is_test", "sets", "used")

    def __init__(self, *, is_test: bool = False) -> None:
        self.declared: dict[str, Variable] = {}
        self.is_test = is_test
        self.used: set[str] = set()
        self.sets: set[str] = set()

    def find(self, name: str) -> Variable | None:
        """Return the variable of a name; one of an item in a test is of any type."""
        self.used.add(name)
        found = self.declared.get(name) or _BUILT_IN.get(name)
        if found is None and self.is_test and "." in name:
            return Variable("any", ANY)
        return found

    def known(self, kind: str = "") -> str:
        """Return the names of the variables declared, for a hint."""
        return ", ".join(name for name, v in self.declared.items() if kind in ("", v.kind)) or "none"


def check_declarations(root: Node, scope: Scope, report: Report) -> None:
    """Declare the variables of an item or test, and look at each declaration."""
    for node in root.children:
        if isinstance(node, Declaration):
            _declare(node, scope, report)


def _declare(node: Declaration, scope: Scope, report: Report) -> None:
    name = node.attributes.get("identifier")
    cardinality: Cardinality | None = node.attributes.get("cardinality")
    base: BaseType | None = node.attributes.get("base_type")
    if name is None:
        return
    kind = _KINDS.get(type(node), "")
    first = scope.declared.get(name)
    if first is not None:
        report.add("duplicate-identifier", node, name, name=name, line=first.node.line if first.node else 0)
    elif name in _BUILT_IN and kind != "context":
        report.add("shadowed-identifier", node, name, name=name)
    if "." in name:
        report.add("dotted-identifier", node, name, name=name)
    record = cardinality is Cardinality.RECORD
    if record and base is not None:
        report.add("needless-base-type", node, name, name=name)
    elif base is None and cardinality is not None and not record:
        report.add("missing-base-type", node, name, name=name)
    scope.declared.setdefault(name, Variable(kind, type_of(cardinality, base), node))
    for part in node.children:
        match part:
            case m.DefaultValue() | m.CorrectResponse():
                _values(part, node, cardinality, base, report)
            case m.Mapping():
                _mapping(part, name, base, record, report)
            case m.AreaMapping():
                if base is not None and base is not BaseType.POINT:
                    report.add("wrong-area-mapping", part, name, name=name, type=base)
                _bounds(part, report)
            case m.MatchTable() | m.InterpolationTable():
                if base is not None:
                    for entry in part.children:
                        if isinstance(entry, m.MatchTableEntry | m.InterpolationTableEntry):
                            literal(entry, entry.attributes.get("target_value"), base, name, report)
                    literal(part, part.attributes.get("default_value"), base, name, report)
    if isinstance(node, m.OutcomeDeclaration):
        _ordered(node, "normal_minimum", "normal_maximum", report)


def _values(
    part: m.Values, node: Declaration, cardinality: Cardinality | None, base: BaseType | None, report: Report
) -> None:
    name = node.identifier
    values = [value for value in part.children if isinstance(value, m.Value)]
    if cardinality is Cardinality.SINGLE and len(values) > 1:
        report.add("too-many-values", part, name, name=name, count=len(values), part=part.name_in(report.version))
    for value in values:
        own: BaseType | None = value.attributes.get("base_type")
        has_field = "field_identifier" in value.attributes
        if cardinality is Cardinality.RECORD:
            if not has_field:
                report.add("missing-field", value, name, name=name)
        elif has_field:
            report.add("needless-field", value, name, name=name)
        kind = own or base
        if kind is not None:
            literal(value, value.text, kind, name, report)


def literal(node: Node, text: str | None, base: BaseType, name: str, report: Report) -> None:
    """Look at the text of a value."""
    if text is None or base in (BaseType.STRING, BaseType.FILE):
        return
    try:
        read_literal(base, text)
    except DemoticError as fault:
        expected = getattr(fault, "expected", "") or str(fault)
        report.add(
            "wrong-literal", node, name, text=text.strip()[:60], type=base, name=name, expected=f"expected {expected}"
        )


def _mapping(part: m.Mapping, name: str, base: BaseType | None, record: bool, report: Report) -> None:
    if base in _UNMAPPED or record:
        report.add("wrong-mapping", part, name, name=name, type="record" if record else base)
        return
    keys: set[str] = set()
    for entry in part.children:
        key = entry.attributes.get("map_key") if isinstance(entry, m.MapEntry) else None
        if key is None or base is None:
            continue
        if key in keys:
            report.add("duplicate-key", part, name, name=name, key=key)
        keys.add(key)
        if key or base is not BaseType.STRING:
            literal(entry, key, base, name, report)  # type: ignore[arg-type]
    _bounds(part, report)


def _bounds(part: Node, report: Report) -> None:
    _ordered(part, "lower_bound", "upper_bound", report)


def _ordered(node: Node, low: str, high: str, report: Report) -> None:
    lower, upper = node.attributes.get(low), node.attributes.get(high)
    if lower is not None and upper is not None and lower > upper:
        report.add(
            "wrong-bounds",
            node,
            low=_wire(node, low, report),
            high=_wire(node, high, report),
            low_value=lower,
            high_value=upper,
        )


def _wire(node: Node, name: str, report: Report) -> str:
    return node.attribute_table[name].wire_in(report.version)
