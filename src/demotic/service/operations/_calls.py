"""One call of an operation: its arguments checked, the function called, what it returns checked.

Protocols give and take native values, so that a call means the same however it came. Entities that are returned are
mappings of all properties of their type, each knowing its set.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from demotic.errors import DemoticError
from demotic.model import EntitySet, EntityType, Operation, Parameter, Property, check_value, is_optional
from demotic.query import UnknownName, choices
from demotic.service.identity import acting
from demotic.service.operations._context import Context, passed
from demotic.service.operations._errors import ArgumentMissing, OperationFailed
from demotic.service.operations._offer import Implementation, Offer
from demotic.service.operations._python import as_python, as_values
from demotic.service.operations._results import Results
from demotic.store import Transaction

LOG: Final = logging.getLogger("demotic.operations")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call came to: a native value, an entity or a list of either; ``None`` for nothing.

    ``created`` says that the entity is new.
    """

    value: Any
    created: bool = False


def call(
    offer: Offer,
    operation: Operation,
    arguments: Mapping[str, object],
    transaction: Transaction,
    *,
    home: EntitySet | None = None,
) -> Outcome:
    """Call an operation with native values, by parameter name; that of a bound one's first parameter is what it is of.

    ``home`` is the set that the entities returned are of. Raises Forbidden, `OperationNotOffered`, `ArgumentMissing`,
    InvalidInput naming the argument that does not fit, whatever DemoticError the function raises, and
    `OperationFailed` for every other error of it, which is logged and not told.
    """
    found = offer.implementation(operation)
    context = Context(transaction, acting(), operation)
    given: dict[str, Any] = {name: passed(kind, context) for name, kind in found.registered.signature.passed.items()}
    given.update(_arguments(found, operation, arguments))
    try:
        returned = found.registered.function(**given)
        value = Results(operation, transaction, home, offer.whole).checked(as_values(returned))
    except DemoticError:
        raise
    except Exception as error:
        LOG.exception("%s failed", operation.qualified_name)
        raise OperationFailed(f"{operation.name} failed", target=operation.name) from error
    return Outcome(value, found.registered.creates)


def _arguments(found: Implementation, operation: Operation, given: Mapping[str, object]) -> dict[str, Any]:
    """Return the arguments of the function by its own names."""
    unknown = next((name for name in given if name not in operation.parameters), None)
    if unknown is not None:
        known = list(operation.parameters)[bool(operation.bound) :]
        raise UnknownName(
            f"{operation.name} has no parameter {unknown}", target=unknown, hint=choices(unknown, known) or None
        )
    arguments: dict[str, Any] = {}
    for name, parameter in operation.parameters.items():
        python_name, hint = found.arguments[name]
        if name in given:
            arguments[python_name] = as_python(_checked(parameter, given[name]), hint)
        elif name in found.optional and is_optional(parameter):
            continue
        elif (parameter.nullable and not parameter.collection) or is_optional(parameter):
            arguments[python_name] = None
        else:
            raise ArgumentMissing(f"{operation.name} needs {name}", target=name)
    return arguments


def _checked(parameter: Parameter, value: object) -> object:
    """Return an argument as a native value of its parameter. Raises InvalidInput with its name."""
    kind = parameter.type
    if isinstance(kind, EntityType):
        return value
    facets = parameter.facets
    return check_value(Property(parameter.name, kind, parameter.nullable, parameter.collection, facets), value)
