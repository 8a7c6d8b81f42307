"""Points in areas.

Specification: QTI 3.0 ASI information model, section 2.7 (inside). A point on the border is inside.
"""

from __future__ import annotations

from collections.abc import Sequence

from demotic.learning.qti.model import BaseType, Inside, Shape
from demotic.learning.qti.runtime._scope import Scope
from demotic.learning.qti.runtime.expressions._table import Evaluator, fault, makes, wrong
from demotic.learning.qti.runtime.values import Optional, boolean
from demotic.xml.html.values import Area


def _refuse_flat(node: Inside) -> None:
    """Raise the error that a shape has no area: nobody means that, so what was meant is unknown."""
    if node.shape not in (Shape.RECT, Shape.CIRCLE, Shape.ELLIPSE):
        return
    numbers = [length.value for length in node.coords]
    if node.shape is Shape.RECT:
        flat = not (numbers[0] < numbers[2] and numbers[1] < numbers[3])
    else:
        flat = min(numbers[2:]) <= 0
    if flat:
        shape = node.shape.value
        raise fault(node, f"the {shape} {node.coords} has no area", "rect: left,top,right,bottom; radii are above 0")


@makes(Inside)
def _inside(node: Inside, operands: Sequence[Evaluator]) -> Evaluator:
    (operand,) = operands
    area = Area(node.shape.value, node.coords)
    _refuse_flat(node)

    def inside(scope: Scope) -> Optional:
        value = operand(scope)
        if value is None:
            return None
        if value.base_type is not BaseType.POINT:
            raise wrong(node, value, "a point, or a container of points")
        return boolean(any(area.contains(x, y) for x, y in value.items))

    return inside
