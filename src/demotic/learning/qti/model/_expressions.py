"""The sixty-four expressions.

Specification: QTI 3.0 ASI information model, section 2.7. `operands` says how many an expression takes; of which types
is in the checks' table of signatures.
"""

from __future__ import annotations

from demotic.learning.qti.model._declarations import BASE_TYPE
from demotic.learning.qti.model._node import EMPTY, MIXED, REQUIRED, TEXT, Node, attribute, many
from demotic.learning.qti.model._values import (
    MathFunction,
    RoundingMode,
    Shape,
    Statistic,
    ToleranceMode,
    boolean,
    coordinates,
    float_or_ref,
    ident,
    integer_or_name,
    integer_or_ref,
    member_of,
    names,
    numbers_or_refs,
    ref_or_string,
    token,
)
from demotic.learning.qti.model._version import Version

__all__ = [
    "And", "AnyN", "BaseValue", "Binary", "Collecting", "ContainerSize", "Contains", "Correct", "CustomOperator",
    "Default", "Delete", "Divide", "DurationGte", "DurationLt", "Equal", "EqualRounded", "Expression", "FieldValue",
    "Gcd", "Gt", "Gte", "Index", "Inside", "IntegerDivide", "IntegerModulus", "IntegerToFloat", "IsNull",
    "ItemSubset", "Lcm", "Leaf", "Lt", "Lte", "MapResponse", "MapResponsePoint", "Match", "MathConstant",
    "MathOperator", "Max", "Member", "Min", "Multiple", "Not", "Null", "NumberCorrect", "NumberIncorrect",
    "NumberPresented", "NumberResponded", "NumberSelected", "Or", "Ordered", "OutcomeMaximum", "OutcomeMinimum",
    "PatternMatch", "Power", "Product", "Random", "RandomFloat", "RandomInteger", "Repeat", "Round", "RoundTo",
    "StatsOperator", "StringMatch", "Substring", "Subtract", "Sum", "TestVariables", "Truncate", "Unary",
    "Variable", "Variadic",
]  # fmt: skip


V20, V21, V22, V30 = Version.V2_0, Version.V2_1, Version.V2_2, Version.V3_0
_ROUNDING = member_of(RoundingMode)


class Expression(Node):
    """Something that has a value."""

    @property
    def arguments(self) -> list[Expression]:
        """The expressions inside."""
        return [child for child in self.children if isinstance(child, Expression)]


class Leaf(Expression, content=EMPTY):
    """An expression without operands."""


class Unary(Expression):
    """An expression on one value."""

    operands = many(Expression, least=1, most=1)


class Binary(Expression):
    """An expression on two values."""

    operands = many(Expression, least=2, most=2)


class Variadic(Expression):
    """An expression on one value or more."""

    operands = many(Expression, least=1)


class Collecting(Expression):
    """An expression that makes a container of its values, if there are any."""

    operands = many(Expression)


# Leaves.


class BaseValue(Expression, tag="base-value", content=TEXT):
    """A literal; `text` is its lexical form."""

    base_type = attribute(BASE_TYPE, required=True)


class Variable(Leaf, tag="variable"):
    """The value of a variable."""

    identifier = attribute(token, required=True)
    weight_identifier = attribute(ident, since=V21)


class Default(Leaf, tag="default"):
    """The default value of a variable."""

    identifier = attribute(token, required=True)


class Correct(Leaf, tag="correct"):
    """The correct value of a response variable."""

    identifier = attribute(token, required=True)


class MapResponse(Leaf, tag="map-response"):
    """The number that the mapping of a response variable gives."""

    identifier = attribute(token, required=True)


class MapResponsePoint(Leaf, tag="map-response-point"):
    """The number that the area mapping of a response variable gives."""

    identifier = attribute(token, required=True)


class MathConstant(Leaf, tag="math-constant", since=V21):
    """`pi` or `e`."""

    name = attribute(token, required=True)


class Null(Leaf, tag="null"):
    """No value."""


class RandomInteger(Leaf, tag="random-integer"):
    """An integer drawn at random."""

    min = attribute(integer_or_name, default=0, older={V20: REQUIRED})
    max = attribute(integer_or_ref, required=True)
    step = attribute(integer_or_ref, default=1)


class RandomFloat(Leaf, tag="random-float"):
    """A number drawn at random."""

    min = attribute(float_or_ref, default=0.0, older={V20: REQUIRED})
    max = attribute(float_or_ref, required=True)


class ItemSubset(Leaf, since=V21):
    """An expression on the items of a test, or some of them."""

    section_identifier = attribute(ident)
    include_category = attribute(names)
    exclude_category = attribute(names)


class TestVariables(ItemSubset, tag="test-variables"):
    """The values that a variable has in the items."""

    variable_identifier = attribute(token, required=True)
    weight_identifier = attribute(ident)
    base_type = attribute(BASE_TYPE)


class OutcomeMaximum(ItemSubset, tag="outcome-maximum"):
    """The normal maxima of an outcome of the items."""

    outcome_identifier = attribute(token, required=True)
    weight_identifier = attribute(ident)


class OutcomeMinimum(ItemSubset, tag="outcome-minimum"):
    """The normal minima of an outcome of the items."""

    outcome_identifier = attribute(token, required=True)
    weight_identifier = attribute(ident)


class NumberCorrect(ItemSubset, tag="number-correct"):
    """How many items are answered correctly."""


class NumberIncorrect(ItemSubset, tag="number-incorrect"):
    """How many items are answered, but not correctly."""


class NumberPresented(ItemSubset, tag="number-presented"):
    """How many items were shown."""


class NumberResponded(ItemSubset, tag="number-responded"):
    """How many items were answered."""


class NumberSelected(ItemSubset, tag="number-selected"):
    """How many items were selected for the candidate."""


# Operators.


class Multiple(Collecting, tag="multiple"):
    """A container without order."""


class Ordered(Collecting, tag="ordered"):
    """A container with order."""


class ContainerSize(Unary, tag="container-size", since=V21):
    """How many values a container holds."""


class IsNull(Unary, tag="is-null"):
    """Whether there is no value."""


class Index(Unary, tag="index"):
    """The value at a place of an ordered container."""

    n = attribute(integer_or_name, required=True)


class FieldValue(Unary, tag="field-value"):
    """The value of a record's field."""

    field_identifier = attribute(ident, required=True)


class Random(Unary, tag="random"):
    """A value drawn from a container."""


class Member(Binary, tag="member"):
    """Whether a value is in a container."""


class Delete(Binary, tag="delete"):
    """A container without a value."""


class Contains(Binary, tag="contains"):
    """Whether one container holds another."""


class Substring(Binary, tag="substring"):
    """Whether one string is part of another."""

    case_sensitive = attribute(boolean, required=True)


class Not(Unary, tag="not"):
    """The opposite."""


class And(Variadic, tag="and"):
    """Whether all are true."""


class Or(Variadic, tag="or"):
    """Whether any is true."""


class AnyN(Variadic, tag="any-n"):
    """Whether at least `min` and at most `max` are true."""

    min = attribute(integer_or_name, required=True)
    max = attribute(integer_or_ref, required=True)


class Match(Binary, tag="match"):
    """Whether two values are the same."""


class StringMatch(Binary, tag="string-match"):
    """Whether two strings match."""

    case_sensitive = attribute(boolean, required=True)
    substring = attribute(boolean, default=False, older={V20: REQUIRED})


class PatternMatch(Unary, tag="pattern-match"):
    """Whether a string matches a regular expression."""

    pattern = attribute(ref_or_string, required=True)


class Equal(Binary, tag="equal"):
    """Whether two numbers are equal, with a tolerance."""

    tolerance_mode = attribute(member_of(ToleranceMode), default=ToleranceMode.EXACT, older={V20: REQUIRED})
    tolerance = attribute(numbers_or_refs)
    include_lower_bound = attribute(boolean, default=True, since=V21)
    include_upper_bound = attribute(boolean, default=True, since=V21)


class EqualRounded(Binary, tag="equal-rounded"):
    """Whether two numbers are equal after rounding."""

    rounding_mode = attribute(_ROUNDING, default=RoundingMode.SIGNIFICANT_FIGURES, older={V20: REQUIRED})
    figures = attribute(integer_or_ref, required=True)


class Inside(Unary, tag="inside"):
    """Whether a point is in an area."""

    shape = attribute(member_of(Shape), required=True)
    coords = attribute(coordinates, required=True)


class Lt(Binary, tag="lt"):
    """Whether the first number is less."""


class Gt(Binary, tag="gt"):
    """Whether the first number is greater."""


class Lte(Binary, tag="lte"):
    """Whether the first number is less or equal."""


class Gte(Binary, tag="gte"):
    """Whether the first number is greater or equal."""


class DurationLt(Binary, tag="duration-lt", old="durationLT"):
    """Whether the first duration is shorter."""


class DurationGte(Binary, tag="duration-gte", old="durationGTE"):
    """Whether the first duration is not shorter."""


class Sum(Variadic, tag="sum"):
    """The sum."""


class Product(Variadic, tag="product"):
    """The product."""


class Subtract(Binary, tag="subtract"):
    """The difference."""


class Divide(Binary, tag="divide"):
    """The quotient."""


class Power(Binary, tag="power"):
    """The first number to the power of the second."""


class IntegerDivide(Binary, tag="integer-divide"):
    """The quotient rounded down."""


class IntegerModulus(Binary, tag="integer-modulus"):
    """What is left of the first integer after division by the second."""


class Truncate(Unary, tag="truncate"):
    """The number without its fraction."""


class Round(Unary, tag="round"):
    """The nearest integer."""


class RoundTo(Unary, tag="round-to", since=V21):
    """The number rounded to some figures."""

    rounding_mode = attribute(_ROUNDING, required=True)
    figures = attribute(integer_or_ref, required=True)


class IntegerToFloat(Unary, tag="integer-to-float"):
    """The integer as a float."""


class Gcd(Variadic, tag="gcd", since=V21):
    """The greatest common divisor."""


class Lcm(Variadic, tag="lcm", since=V21):
    """The least common multiple."""


class Min(Variadic, tag="min", since=V21):
    """The smallest number."""


class Max(Variadic, tag="max", since=V21):
    """The greatest number."""


class Repeat(Variadic, tag="repeat", since=V21):
    """The operands, evaluated again and again."""

    number_repeats = attribute(integer_or_name, required=True)


class MathOperator(Variadic, tag="math-operator", since=V21):
    """A function of mathematics."""

    name = attribute(member_of(MathFunction), required=True)


class StatsOperator(Unary, tag="stats-operator", since=V21):
    """A function of statistics on a container."""

    name = attribute(member_of(Statistic), required=True)


class CustomOperator(Collecting, tag="custom-operator", content=MIXED):
    """An operator that the specification does not have: `class_` and `definition` name it, `extra` keeps the rest."""

    class_ = attribute()
    definition = attribute()
