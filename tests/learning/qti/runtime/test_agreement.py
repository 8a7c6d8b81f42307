"""Checking and running agree: what is computed without an error is found right, and what is refused is found wrong."""

from __future__ import annotations

from itertools import product

import pytest
from tests.learning.qti.runtime.test_expressions import Scope

from demotic.errors import DemoticError
from demotic.learning.qti import Version, read
from demotic.learning.qti.checking import check
from demotic.learning.qti.checking._types import SIGNATURES
from demotic.learning.qti.model import BaseType, CustomOperator, Expression, Max, Min
from demotic.learning.qti.runtime.expressions import compile_expression

TEXTS = {
    "boolean": "true", "integer": "2", "float": "1.5", "string": "ab", "identifier": "A", "pair": "A B",
    "directedPair": "A B", "point": "1 2", "duration": "3", "uri": "urn:x", "file": "x",
}  # fmt: skip
ATTRIBUTES = {
    "anyN": 'min="1" max="1"', "index": 'n="1"', "fieldValue": 'fieldIdentifier="a"',
    "stringMatch": 'caseSensitive="true"', "substring": 'caseSensitive="false"', "patternMatch": 'pattern="a."',
    "equal": 'toleranceMode="exact"', "equalRounded": 'roundingMode="decimalPlaces" figures="1"',
    "roundTo": 'roundingMode="significantFigures" figures="2"', "inside": 'shape="rect" coords="0,0,5,5"',
    "repeat": 'numberRepeats="2"', "mathOperator": 'name="sin"', "statsOperator": 'name="mean"',
}  # fmt: skip
LITERALS = {name: f'<baseValue baseType="{name}">{text}</baseValue>' for name, text in TEXTS.items()}
OPERANDS = [
    "<null/>", "<multiple/>", *LITERALS.values(),
    *(f"<multiple>{each}{each}</multiple>" for each in LITERALS.values()),
    *(f"<ordered>{each}</ordered>" for each in LITERALS.values()),
]  # fmt: skip
NUMBERLESS = (Min, Max)  # of what is no number they are NULL by the specification, though no author means it
OPERATORS = [kind for kind, signature in SIGNATURES.items() if signature.cardinality and kind is not CustomOperator]


def test_the_operands_try_all_types() -> None:
    assert set(TEXTS) == {kind.value for kind in BaseType}


@pytest.mark.spec("QTI2-137")
@pytest.mark.feature("F-QTIRUN-50")
@pytest.mark.parametrize("kind", OPERATORS, ids=lambda kind: kind.old)
def test_checking_and_running_agree_on_operands(kind: type[Expression]) -> None:
    operands = kind.child_table["operands"]
    # Every type beside every other takes a while; one pair in eleven still has each operand beside many others.
    pairs = [(each,) for each in OPERANDS]
    if operands.least == 2 or operands.most is None:
        pairs = [pair for number, pair in enumerate(product(OPERANDS, repeat=2)) if number % 11 == 0]
    for pair in pairs:
        xml = f"<{kind.old} {ATTRIBUTES.get(kind.old, '')}>{''.join(pair)}</{kind.old}>"
        document = read(xml, version=Version.V2_1)
        wrong = {finding.code for finding in check(document) if finding.severity == "error"}
        try:
            compile_expression(document.root)(Scope({}))  # type: ignore[arg-type]
            refused = False
        except DemoticError:
            refused = True
        assert refused == bool(wrong) or (kind in NUMBERLESS and wrong), (xml, wrong)
