"""Steps over many: ``/$count``, ``/$filter()``, ``/any()``, ``/all()`` and ``/aggregate()``.

OData URL Conventions 4.01, sections 5.1.1.13 (lambda operators) and 5.1.1.15 (paths).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from demotic.model import (
    BOOLEAN,
    INT64,
    BuiltinType,
)
from demotic.query._bind_calls import Calls
from demotic.query._bind_context import ValueType
from demotic.query._print_expressions import write_step
from demotic.query._resolved import (
    Apply,
    Beyond,
    Constant,
    Expression,
    Quantified,
    RelatedCount,
    Variable,
)
from demotic.query._tree import (
    AggregateStep,
    CountStep,
    FilterStep,
    LambdaStep,
    Step,
)

_TRUE: Final = Constant(True, BOOLEAN)


class Collections(Calls):
    """Follows steps over collections, too."""

    def need_many(self, step: Step) -> None:
        if not self.place.collection and not self.anything:
            raise self.fault(f"/{write_step(step)} follows a collection only", step.at)

    def item(self) -> Beyond | ValueType:
        """Return what a member of the collection is."""
        kind = self.place.of if self.place.of is not None else self.place.type
        if self.way is None or self.way.many is None or kind is None or isinstance(kind, BuiltinType):
            return replace(self.place, collection=False)
        return kind

    def count(self, step: CountStep) -> None:
        self.need_many(step)
        way = self.way
        inner, scope = self.scope.within(self.item())
        conditions = [way.condition] if way is not None and way.condition is not None else []
        if way is not None and way.inner is not None:
            inner, scope = way.inner, replace(scope, current=way.inner)
        if step.filter is not None:
            conditions.append(self.binding.condition(self.context, step.filter, scope, self.depth + 1))
        if step.search is not None:
            conditions.append(self.binding.search(self.context, step.search, inner))
        if way is None or way.many is None or not isinstance(inner, Variable):
            self.beyond("the number of such values")
            self.ended = Beyond(INT64)
        elif conditions:
            self.ended = RelatedCount(way.variable, way.via, way.many, INT64, inner, _all(conditions))
        else:
            self.ended = RelatedCount(way.variable, way.via, way.many, INT64)

    def filter(self, step: FilterStep) -> None:
        self.need_many(step)
        way = self.way
        inner, scope = self.scope.within(self.item())
        if way is not None and way.inner is not None:
            inner, scope = way.inner, replace(scope, current=way.inner)
        condition = self.binding.condition(self.context, step.predicate, scope, self.depth + 1)
        if way is not None and way.many is not None and isinstance(inner, Variable):
            self.way = replace(
                way, inner=inner, condition=_all([*([way.condition] if way.condition else []), condition])
            )
        else:
            self.beyond("/$filter() on such values")
        if step.key:
            self.key(step, step.key)

    def quantified(self, step: LambdaStep) -> None:
        self.need_many(step)
        if step.predicate is None and step.kind == "all":
            raise self.fault("all takes a condition", step.at, "write all(x:x/Name eq 'value')")
        if step.variable in self.scope.variables:
            raise self.fault(f"{step.variable} already means something here", step.at, "choose another variable")
        way = self.way
        narrowed = way is not None and way.condition is not None and step.kind == "all"
        inner, scope = self.scope.inner(step.variable or "", self.item())
        if way is not None and way.inner is not None:
            inner = way.inner
            scope = replace(scope, variables={**scope.variables, step.variable or "": inner})
        bound = None
        if step.predicate is not None:
            bound = self.binding.condition(self.context, step.predicate, scope, self.depth + 1)
        if way is None or way.many is None or not isinstance(inner, Variable):
            self.beyond(f"{step.kind} over such values")
            self.ended = Beyond(BOOLEAN)
            return
        if way.condition is not None:
            # Of those that pass the filter: any is "and", all is "or not".
            outside = Apply("not", (Apply("eq", (way.condition, _TRUE), BOOLEAN),), BOOLEAN)
            parts = [outside if narrowed else way.condition, *([bound] if bound is not None else [])]
            bound = parts[0] if len(parts) == 1 else Apply("or" if narrowed else "and", (parts[0], parts[1]), BOOLEAN)
        self.ended = Quantified(step.kind, way.variable, way.via, way.many, inner, bound)

    def aggregate(self, step: AggregateStep) -> None:
        self.need_many(step)
        self.ended = self.binding.aggregate(self.context, step, self.place, self.scope, self.depth + 1)
        self.beyond("aggregate() in expressions")


def _all(conditions: list[Expression]) -> Expression:
    result = conditions[0]
    for item in conditions[1:]:
        result = Apply("and", (result, item), BOOLEAN)
    return result
