"""Service operations: what function imports call, and their answers.

[MS-ODATA], sections 2.2.3.5 (service operation parameters), 2.2.6.3 (verbose JSON) and 2.2.7.5 (function imports). All
arguments are query options, whatever the method; what may be null may be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from demotic.errors import MethodNotAllowed, NotFound
from demotic.model import Parameter, Property
from demotic.model.v2 import FunctionImport, Projection
from demotic.protocols.odata.common import Call, Operation, descend
from demotic.protocols.odata.common.calls import Invoked, invoke, over
from demotic.protocols.odata.v2._operations import json_fields, plain_fields
from demotic.protocols.odata.v2._rows import encode
from demotic.protocols.odata.v2._writing import raw_text, writer
from demotic.query import BoundRequest, Invocation, Target, UnknownResource, choices
from demotic.service import Outcome, Representation, Service, Transaction, converter
from demotic.syntax.http import Response


def published(invocation: Invocation, projection: Projection) -> FunctionImport:
    """Return the function import that is called. Raises UnknownResource for what OData 2 does not know as one."""
    found = projection.functions.get(invocation.name)
    if found is None or found.operation is not invocation.operation or invocation.on is not None:
        known = choices(invocation.name, projection.functions)
        raise UnknownResource(f"there is no service operation {invocation.name}", target=invocation.name, hint=known)
    return found


def ensure_method(method: str, item: FunctionImport) -> None:
    """Raise MethodNotAllowed for another method than the one that calls it."""
    allowed = ("GET", "HEAD") if item.method == "GET" else (item.method,)
    if method not in allowed:
        raise MethodNotAllowed(
            f"{method} does not call {item.name}", allowed=allowed, hint=f"it takes {', '.join(allowed)}"
        )


@dataclass(frozen=True, slots=True)
class CallOperation:
    """A call of a service operation, and what is asked of what it returns. It is of one request."""

    service: Service
    bound: BoundRequest
    invocation: Invocation
    version: str
    projection: Projection
    read: Callable[[Service], Operation]

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Call it in a transaction of its own, and answer with what it returned."""
        if self.invocation.operation.kind == "Action":
            return self.service.transact(lambda transaction: self.within(call, transaction))
        with self.service.reading() as transaction:
            return self.within(call, transaction)

    def within(self, call: Call, transaction: Transaction) -> Response:
        """Call it in a transaction, and answer."""
        values = self.bound.values
        outcome = invoke(Invoked(self.service, transaction, values, _no_json), self.invocation)
        if self.invocation.operation.returns is None:
            return Response(204, [("dataserviceversion", self.version)])
        if self.bound.read is not None and outcome.value is not None:
            page = call if self.invocation.operation.kind == "Function" else _whole(call)
            return self.read(over(self.service, transaction, outcome)).respond(page, values)
        return self._value(outcome)

    def _value(self, outcome: Outcome) -> Response:
        returns = self.invocation.operation.returns
        assert returns is not None
        kind: Any = returns.type
        item, many, value = Property(self.invocation.name, kind), returns.collection, outcome.value
        for step in self.bound.properties:
            if value is None:
                raise NotFound(f"there is no value that could have a {step.name}", target=step.name)
            item, many, value = step, step.collection, descend(value[step.name], (step,))
        if self.bound.target is Target.VALUE:
            if value is None:
                raise NotFound(f"{item.name} is null, which has no raw value", target=item.name)
            body = raw_text(item, value).encode()
            return Response(200, plain_fields(self.version, "text/plain;charset=utf-8", len(body)), body)
        write = _writer(item, self.projection)
        if many and value is not None:
            rows = [None if part is None else write(part) for part in value]
            content: Any = rows if self.version == "1.0" else {"results": rows}
        else:
            content = {item.name: None if value is None else write(value)}
        body = encode({"d": content})
        return Response(200, json_fields(self.version, len(body)), body)


def _writer(item: Property, projection: Projection) -> Callable[[Any], Any]:
    """Return what makes verbose JSON of a native value, or of one of many."""
    single = replace(item, collection=False)
    convert, write = converter(single, Representation.JSON_EXACT), writer(single, projection)

    def written(value: Any) -> Any:
        shown = value if convert is None else convert(value)
        return shown if write is None else write(shown)

    return written


def _whole(call: Call) -> Call:
    """Return a call whose answer has no next page: following a link would call an action again."""
    return Call(call.request, call.root, call.rest, None, None)


def _no_json(parameter: Parameter, value: object) -> object:
    raise NotFound(f"{parameter.name} takes no JSON", target=parameter.name)
