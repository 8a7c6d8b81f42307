"""Expressions: the public cases of two engines, rulings aside, and laws that hold for all values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.learning.qti.runtime.cases_of import CONTRADICTED, agrees, cases_of

from demotic.errors import DemoticError
from demotic.learning.qti import Version, read
from demotic.learning.qti.model import BaseType, Cardinality, CustomOperator, Expression
from demotic.learning.qti.runtime import (
    Random,
    UnknownVariable,
    Value,
    container,
    number,
    record,
    register_operator,
    single,
    unregister_operator,
)
from demotic.learning.qti.runtime.expressions import MAKERS, compile_expression

NAMED = {"var1": number(4), "t0": number(0.1), "t1": number(0.2), "variable1": number(3), "nfigures": number(3)}


class Scope:
    """A scope with some variables."""

    def __init__(self, values: dict[str, Value | None], seed: int = 1) -> None:
        self.values = values
        self.random = Random(seed)

    def value(self, name: str) -> Value | None:
        if name not in self.values:
            raise UnknownVariable(f"there is no variable {name}", target=name)
        return self.values[name]


def evaluate(xml: str, values: dict[str, Value | None] | None = None, seed: int = 1) -> Value | None:
    document = read(xml.encode(), version=Version.V2_1)
    wrong = [problem for problem in document.problems if problem.code not in ("unknown-namespace", "unknown-attribute")]
    if wrong:
        raise DemoticError(str(wrong))
    return compile_expression(document.root)(Scope(values or {}, seed))  # type: ignore[arg-type]


@pytest.fixture(scope="module", autouse=True)
def record_constructor() -> Iterator[None]:
    """The cases make records with an element of their own."""

    def make(node: CustomOperator, values: list[Value | None]) -> Value | None:
        names = next((text for name, text in node.extra.items() if name.local == "identifiers"), "").split()
        return record(dict(zip(names, values, strict=True)))

    register_operator("recordEx", make)
    yield
    unregister_operator("recordEx")


def run_case(case: dict[str, Any], values: dict[str, Value | None]) -> Value | DemoticError | None:
    xml = case["xml"].replace("</recordEx>", "</customOperator>")
    xml = re.sub(r"<recordEx\b", '<customOperator class="recordEx"', xml)
    xml = re.sub(r"random(Integer|Float|)Ex", r"random\1", xml)
    try:
        return evaluate(re.sub(r" seed='\d+'", "", xml), values)
    except DemoticError as error:
        return error


@pytest.mark.spec("QTI2-135", "QTI2-136", "QTI2-138", "QTI2-143", "QTI2-178")
@pytest.mark.feature("F-QTIRUN-01")
def test_expressions_have_the_values_of_the_cases(shared_data: Path) -> None:
    cases = [case for case in cases_of(shared_data, "expression", "operator") if "xml" in case]
    cases = [case for case in cases if not case.get("random")]
    wrong = set()
    for case in cases:
        value = run_case(case, NAMED)
        if isinstance(value, DemoticError) or not agrees(value, case["expect"]):
            wrong.add(case["id"])
    print(f"{len(cases) - len(wrong)} of {len(cases)} expressions are as expected, {len(wrong)} ruled otherwise")
    assert wrong == {case["id"] for case in cases} & CONTRADICTED


@pytest.mark.spec("QTI2-137", "QTI2-157", "QTI2-159", "QTI2-162", "QTI2-175")
@pytest.mark.feature("F-QTIRUN-02")
def test_expressions_that_mean_nothing_are_refused(shared_data: Path) -> None:
    cases = [case for case in cases_of(shared_data, "expression-invalid", "operator-invalid") if "xml" in case]
    taken = {case["id"] for case in cases if not isinstance(run_case(case, {}), DemoticError)}
    print(f"{len(cases) - len(taken)} of {len(cases)} wrong expressions are refused, {len(taken)} ruled otherwise")
    assert taken == {case["id"] for case in cases} & CONTRADICTED


def test_every_expression_is_computed() -> None:
    def below(kind: type[Expression]) -> Iterator[type[Expression]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    with_elements = {kind for kind in below(Expression) if kind.tag}
    assert with_elements == set(MAKERS)
    assert len(MAKERS) == 64


@pytest.mark.spec("QTI2-144", "QTI2-145", "QTI2-152")
@given(seed=st.integers(0, 2**64 - 1), least=st.integers(-50, 50), size=st.integers(0, 40), step=st.integers(1, 7))
def test_what_is_drawn_is_within_bounds_and_the_same_again(seed: int, least: int, size: int, step: int) -> None:
    xml = f'<randomInteger min="{least}" max="{least + size}" step="{step}"/>'
    value = evaluate(xml, seed=seed)
    assert value is not None and value.data in range(least, least + size + 1, step)
    assert evaluate(xml, seed=seed) == value
    drawn = evaluate(f'<randomFloat min="{least}" max="{least + size}"/>', seed=seed)
    assert drawn is not None and least <= drawn.data <= least + size


@pytest.mark.spec("QTI2-146", "QTI2-147", "QTI2-148", "QTI2-155", "QTI2-153")
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=6), st.lists(st.integers(-5, 5), min_size=1, max_size=4))
def test_bags_and_lists_contain_their_parts(items: list[int], more: list[int]) -> None:
    for kind in (Cardinality.MULTIPLE, Cardinality.ORDERED):
        whole, part = (container(kind, BaseType.INTEGER, each) for each in (items + more, items))
        names = {"W": whole, "P": part, "I": number(items[0])}
        assert evaluate('<contains><variable identifier="W"/><variable identifier="P"/></contains>', names) == single(
            BaseType.BOOLEAN, True
        )
        size = evaluate('<containerSize><variable identifier="W"/></containerSize>', names)
        assert size == number(len(items) + len(more))
        assert evaluate('<member><variable identifier="I"/><variable identifier="W"/></member>', names) == single(
            BaseType.BOOLEAN, True
        )
        rest = evaluate('<delete><variable identifier="I"/><variable identifier="W"/></delete>', names)
        assert rest == container(kind, BaseType.INTEGER, [each for each in items + more if each != items[0]])
    assert container(Cardinality.MULTIPLE, BaseType.INTEGER, items) == container(
        Cardinality.MULTIPLE, BaseType.INTEGER, items[::-1]
    )


@pytest.mark.spec("QTI2-171")
@given(st.integers(-1000, 1000), st.integers(-50, 50).filter(bool))
def test_division_and_remainder_give_the_number_back(x: int, y: int) -> None:
    names = {"X": number(x), "Y": number(y)}
    operands = '<variable identifier="X"/><variable identifier="Y"/>'
    quotient = evaluate(f"<integerDivide>{operands}</integerDivide>", names)
    rest = evaluate(f"<integerModulus>{operands}</integerModulus>", names)
    assert quotient is not None and rest is not None
    assert quotient.data * y + rest.data == x
    assert rest.data == 0 or (rest.data < 0) == (y < 0)


@pytest.mark.spec("QTI2-176")
@pytest.mark.feature("F-QTIRUN-03")
def test_a_custom_operator_runs_only_when_it_is_registered() -> None:
    xml = '<customOperator class="urn:x:double"><baseValue baseType="integer">4</baseValue></customOperator>'
    with pytest.raises(DemoticError, match="urn:x:double is registered"):
        evaluate(xml)
    register_operator("urn:x:double", lambda node, values: number(2 * values[0].data))  # type: ignore[union-attr]
    try:
        assert evaluate(xml) == number(8)
    finally:
        unregister_operator("urn:x:double")
