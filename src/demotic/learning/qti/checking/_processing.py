"""Rules and expressions: variables that are there and of the right kind, operands and assignments of the right types.

One pass from the innermost outwards, so that the types of an expression's operands are known when it is looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from demotic.learning.qti import model as m
from demotic.learning.qti.checking._report import Report
from demotic.learning.qti.checking._scope import Scope, Variable, literal
from demotic.learning.qti.checking._types import (
    ALL_B,
    ANY,
    BOOLEAN,
    FLOAT,
    INTEGER,
    MULTIPLE,
    NUMBER,
    ORDERED,
    RECORD,
    SIGNATURES,
    SINGLE,
    Signature,
    Type,
    base_words,
    cardinality_words,
    type_of,
)
from demotic.learning.qti.model import Expression, Node, Ref, walk
from demotic.xml import QName

__all__ = ["check_rules", "type_words"]

_TEST_ONLY: Final = (m.ItemSubset,)
_TWO: Final = frozenset({m.MathFunction.ATAN2})
# Which kinds of variables each rule or expression may name.
_WANTED: Final[dict[type[Node], tuple[str, ...]]] = {
    m.SetOutcomeValue: ("outcome",),
    m.LookupOutcomeValue: ("outcome",),
    m.SetTemplateValue: ("template",),
    m.SetCorrectResponse: ("response",),
    m.SetDefaultValue: ("response", "outcome"),
    m.Correct: ("response",),
    m.MapResponse: ("response",),
    m.MapResponsePoint: ("response",),
}
_WHOLE: Final = frozenset({m.MathFunction.FLOOR, m.MathFunction.CEIL})
_EITHER: Final = frozenset({m.MathFunction.ABS, m.MathFunction.SIGNUM})
_Types = dict[int, Type]


def type_words(type: Type) -> str:
    """Return a type in words."""
    return f"{cardinality_words(type.cardinality)} {base_words(type.base)}"


def check_rules(root: Node, scope: Scope, report: Report) -> None:
    """Look at rules, or an expression, and all in them."""
    types: _Types = {}
    for node in reversed(list(walk(root))):
        if isinstance(node, Expression):
            types[id(node)] = _expression(node, types, scope, report)
        elif isinstance(node, m.SetValue):
            _assignment(node, types, scope, report)
        elif isinstance(node, m.Branch):
            _branch(node, types, report)
        elif isinstance(node, m.PreCondition | m.BranchRule | m.TemplateConstraint):
            _condition(node, types, report)


def _expression(node: Expression, types: _Types, scope: Scope, report: Report) -> Type:
    signature = SIGNATURES.get(type(node))
    if signature is None:
        return ANY
    special = _SPECIAL.get(type(node))
    found = None if special is None else special(node, scope, report)
    if isinstance(node, _TEST_ONLY) and not scope.is_test:
        report.add("test-only", node)
    operands = [types.pop(id(child), ANY) for child in node.children if isinstance(child, Expression)]
    if operands:
        _operands(node, operands, signature, report)
    return signature.result(operands) if found is None else found


_MADE: Final[dict[type[Node], int]] = {m.Multiple: MULTIPLE, m.Ordered: ORDERED, m.Repeat: ORDERED}
"""What makes a container of one kind, which a container of the other refuses even where it holds nothing."""


def _operands(node: Expression, operands: list[Type], signature: Signature, report: Report) -> None:
    wrong = False
    for index, operand in enumerate(operands):
        cardinality = signature.second if index == 1 and signature.second else signature.cardinality
        given = operand.cardinality
        if isinstance(node, m.Multiple | m.Ordered):
            given = _MADE.get(type(_operand(node, index)), given)
        if not given & cardinality:
            found, wanted = cardinality_words(given), cardinality_words(cardinality)
            report.add(
                "wrong-cardinality",
                _operand(node, index),
                number=index + 1,
                cardinality=found,
                wanted=wanted,
                element=node.name_in(report.version),
            )
            wrong = True
        if not operand.base & signature.base and operand.cardinality != RECORD:
            report.add(
                "wrong-type",
                _operand(node, index),
                number=index + 1,
                type=base_words(operand.base),
                wanted=base_words(signature.base),
                element=node.name_in(report.version),
            )
            wrong = True
    if signature.same and not wrong:
        _same(node, operands, report)


def _same(node: Expression, operands: list[Type], report: Report) -> None:
    bases = [operand.base for operand in operands if operand.base != ALL_B]
    common = ALL_B
    for base in bases:
        common &= base
    if not common:
        report.add("mixed-types", node, types=", ".join(dict.fromkeys(map(base_words, bases))))
        return
    if isinstance(node, m.Match | m.Contains):
        shared = operands[0].cardinality
        for operand in operands:
            shared &= operand.cardinality
        if not shared:
            words = ", ".join(cardinality_words(operand.cardinality) for operand in operands)
            report.add("mixed-types", node, types=words)
    if isinstance(node, m.Match) and common == FLOAT:
        report.add("float-comparison", node)


def _operand(node: Expression, index: int) -> Node:
    return [child for child in node.children if isinstance(child, Expression)][index]


# What is special about single expressions: each returns the type, or nothing where the signature has it.


def _base_value(node: Any, scope: Scope, report: Report) -> Type | None:
    base = node.attributes.get("base_type")
    if base is None:
        return Type(SINGLE, ALL_B)
    literal(node, node.text, base, node.name_in(report.version), report)
    return type_of(m.Cardinality.SINGLE, base)


def _named(node: Any, scope: Scope, report: Report) -> Variable | None:
    """Return the variable that a node names, having told if there is none or it is of the wrong kind."""
    name = node.attributes.get("identifier")
    if name is None:
        return None
    found = scope.find(name)
    wanted = _WANTED.get(type(node), ())
    if found is None:
        report.add("undeclared", node, name, name=name, known=scope.known())
    elif wanted and found.kind not in (*wanted, "any"):
        report.add("wrong-kind", node, name, name=name, kind=found.kind, wanted=" or ".join(wanted))
        return None
    return found


def _variable(node: Any, scope: Scope, report: Report) -> Type | None:
    found = _named(node, scope, report)
    if found is None:
        return ANY
    if isinstance(node, m.Correct) and isinstance(found.node, m.ResponseDeclaration):
        name = node.attributes["identifier"]
        if found.node.correct_response is None and name not in scope.sets:
            report.add("no-correct-response", node, name, name=name)
    if node.attributes.get("weight_identifier") is not None:
        return Type(found.type.cardinality, FLOAT)
    return found.type


def _mapped(node: Any, scope: Scope, report: Report) -> Type | None:
    found = _named(node, scope, report)
    declaration = None if found is None else found.node
    if isinstance(declaration, m.ResponseDeclaration):
        points = isinstance(node, m.MapResponsePoint)
        part = declaration.area_mapping if points else declaration.mapping
        if part is None:
            wanted = (m.AreaMapping if points else m.Mapping).name_in_class(report.version)
            report.add("no-mapping", node, node.identifier, name=node.identifier, part=wanted)
    return None


def _refs(node: Any, scope: Scope, report: Report) -> None:
    """Look at variables' names that stand for numbers or texts."""
    for value in node.attributes.values():
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Ref) and scope.find(item) is None:
                report.add("undeclared", node, item, name=str(item), known=scope.known())


def _any_n(node: Any, scope: Scope, report: Report) -> Type | None:
    _refs(node, scope, report)
    _range(node, "min", "max", report)
    return None


def _range(node: Any, low: str, high: str, report: Report) -> None:
    lower, upper = (node.attributes.get(name, node.attribute_table[name].default) for name in (low, high))
    if _is_number(lower) and _is_number(upper) and lower > upper:
        report.add("wrong-range", node, low=lower, high=upper)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _random(node: Any, scope: Scope, report: Report) -> Type | None:
    _any_n(node, scope, report)
    step = node.attributes.get("step")
    if _is_number(step) and step <= 0:
        report.add("wrong-step", node, value=step)
    return None


def _equal(node: Any, scope: Scope, report: Report) -> Type | None:
    _refs(node, scope, report)
    tolerance = node.attributes.get("tolerance")
    if node.tolerance_mode is not m.ToleranceMode.EXACT and not tolerance:
        if QName("", "tolerance") not in node.extra:
            report.add("no-tolerance", node)
    elif tolerance and (len(tolerance) > 2 or any(_is_number(t) and t < 0 for t in tolerance)):
        report.add("negative", node, name="tolerance", value=" ".join(map(str, tolerance)))
    return None


def _figures(node: Any, scope: Scope, report: Report) -> Type | None:
    _refs(node, scope, report)
    figures = node.attributes.get("figures")
    mode = node.attributes.get("rounding_mode") or getattr(type(node).rounding_mode, "default", None)
    least = 1 if mode is m.RoundingMode.SIGNIFICANT_FIGURES else 0
    if isinstance(figures, int) and figures < least:
        report.add("wrong-figures", node, value=figures, wanted=f"{least} or more")
    return None


def _index(node: Any, scope: Scope, report: Report) -> Type | None:
    _refs(node, scope, report)
    n = node.attributes.get("n", node.attributes.get("number_repeats"))
    if isinstance(n, int) and n < 1:
        report.add("negative", node, name="n" if isinstance(node, m.Index) else "number-repeats", value=n)
    return None


def _pattern(node: Any, scope: Scope, report: Report) -> Type | None:
    _refs(node, scope, report)
    return None


def _math(node: Any, scope: Scope, report: Report) -> Type | None:
    function = node.attributes.get("name")
    count = sum(isinstance(child, Expression) for child in node.children)
    wanted = 2 if function in _TWO else 1
    if function is not None and count and count != wanted:
        report.add("wrong-operand-count", node, count=count, wanted=wanted)
    return Type(SINGLE, INTEGER if function in _WHOLE else NUMBER if function in _EITHER else FLOAT)


def _test_variables(node: Any, scope: Scope, report: Report) -> Type | None:
    base = node.attributes.get("base_type")
    if base is None:
        return Type(type_of(m.Cardinality.MULTIPLE, None).cardinality, NUMBER)
    bases = type_of(None, base).base
    return Type(type_of(m.Cardinality.MULTIPLE, None).cardinality, bases | (FLOAT if bases == INTEGER else 0))


def _custom(node: Any, scope: Scope, report: Report) -> Type | None:
    name = node.attributes.get("class_") or node.attributes.get("definition") or "without a name"
    report.add("custom-operator", node, name, name=name)
    return None


_SPECIAL: Final[dict[type[Expression], Callable[[Any, Scope, Report], Type | None]]] = {
    m.BaseValue: _base_value,
    m.Variable: _variable,
    m.Default: _variable,
    m.Correct: _variable,
    m.MapResponse: _mapped,
    m.MapResponsePoint: _mapped,
    m.AnyN: _any_n,
    m.RandomInteger: _random,
    m.RandomFloat: _random,
    m.Equal: _equal,
    m.EqualRounded: _figures,
    m.RoundTo: _figures,
    m.Index: _index,
    m.Repeat: _index,
    m.PatternMatch: _pattern,
    m.MathOperator: _math,
    m.TestVariables: _test_variables,
    m.CustomOperator: _custom,
}


def _value_type(node: Node, types: _Types) -> Type:
    for child in node.children:
        if isinstance(child, Expression):
            return types.pop(id(child), ANY)
    return ANY


def _assignment(node: m.SetValue, types: _Types, scope: Scope, report: Report) -> None:
    given = _value_type(node, types)
    found = _named(node, scope, report)
    if found is None:
        return
    name = node.identifier
    scope.sets.add(name)
    if isinstance(node, m.LookupOutcomeValue):
        if isinstance(found.node, m.OutcomeDeclaration) and found.node.lookup_table is None:
            report.add("no-lookup-table", node, name, name=name)
        if not (given.base & NUMBER and given.cardinality & SINGLE):
            report.add("wrong-type", node, number=1, type=type_words(given), wanted="a single number")
        return
    fits = given.cardinality & found.type.cardinality
    if not fits or (not given.base & found.type.base and given.cardinality != RECORD):
        report.add("wrong-assignment", node, name, name=name, wanted=type_words(found.type), type=type_words(given))


def _condition(node: Node, types: _Types, report: Report) -> None:
    given = _value_type(node, types)
    if not (given.base & BOOLEAN and given.cardinality & SINGLE):
        report.add("not-boolean", node, type=type_words(given))


def _branch(node: m.Branch, types: _Types, report: Report) -> None:
    if any(isinstance(child, Expression) for child in node.children):
        _condition(node, types, report)
    if not any(isinstance(child, m.Rule | m.Include) for child in node.children):
        report.add("empty-condition", node)
    last = None
    for child in node.children:
        if isinstance(child, m.Rule) and isinstance(last, m.ExitResponse | m.ExitTemplate | m.ExitTest):
            report.add(
                "unreachable-rule", child, element=child.name_in(report.version), other=last.name_in(report.version)
            )
            break
        last = child
