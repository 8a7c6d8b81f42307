"""Whether a model holds together: rules as small functions, all of them in one table, all findings reported.

OData CSDL XML 4.01, sections 5 to 13 and 15. Objects built by hand, read or reflected are checked alike; nothing here
changes a model.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from demotic.errors import DemoticError
from demotic.model._check_names import duplicates, hidden_names, identifiers
from demotic.model._check_navigation import bindings as bound_to_sets
from demotic.model._check_navigation import navigation, never_insertable, unbound
from demotic.model._check_types import base_loops, defaults, enumerations, facets, keys, unknown_types
from demotic.model._check_walk import Findings
from demotic.model._errors import ModelError
from demotic.model._schema import Model
from demotic.model._told import link_heirs


def check(model: Model, *, bindings: bool = True) -> list[ModelError]:
    """Return everything that is wrong with a model, each with the path of the culprit as `target`, and the line and
    column of the document that it was read from, if any.

    With `bindings`, a navigation property that could lead to an entity set but is not bound to one is wrong, too: OData
    allows it, but a service cannot then say where the related entities are.
    """
    rules = RULES if bindings else tuple(rule for rule in RULES if rule is not unbound)
    findings = list(base_loops(model)) or [finding for rule in rules for finding in rule(model)]
    return [_placed(finding, model) for finding in findings]


def ensure(model: Model, *, bindings: bool = True) -> Model:
    """Return the model if nothing is wrong with it, complex types linked with their heirs.

    Raises the first finding of `check`, the others as `details`.
    """
    findings = check(model, bindings=bindings)
    if findings:
        first, *rest = findings
        raise _copy(first, first.line, first.column, tuple(rest))
    link_heirs(model)
    return model


def _placed(finding: ModelError, model: Model) -> ModelError:
    """Return the finding with its place, where the model comes from a document."""
    place = model.places.get(finding.target or "")
    return finding if place is None else _copy(finding, *place)


def _copy(finding: ModelError, line: int, column: int, details: tuple[DemoticError, ...] = ()) -> ModelError:
    problem, target, hint = finding.problem, finding.target, finding.hint
    return type(finding)(problem, target=target, hint=hint, details=details, line=line, column=column)


RULES: Final[tuple[Callable[[Model], Findings], ...]] = (
    identifiers,
    duplicates,
    hidden_names,
    unknown_types,
    keys,
    navigation,
    bound_to_sets,
    unbound,
    enumerations,
    facets,
    defaults,
    never_insertable,
)
"""Every rule, in the order in which findings are reported; all but the base type loops, which others would hang in."""
