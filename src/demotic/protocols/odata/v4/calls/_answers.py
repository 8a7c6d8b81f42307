"""What a call returned, as a response: entities as those of a set are, values as those of a property.

OData Protocol 4.01, sections 10.14 to 10.16 (context URLs), 11.5.4 and 11.5.5; OData JSON Format 4.01, section 11.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from demotic.errors import NotFound
from demotic.model import Operation as ModelOperation
from demotic.model import Property, ReturnType, StructuredType
from demotic.protocols.odata.common import Call, Operation, descend, raw
from demotic.protocols.odata.common.calls import over
from demotic.protocols.odata.v4._answer import Envelope
from demotic.protocols.odata.v4._negotiation import Format
from demotic.protocols.odata.v4._rows import encode, typing_of
from demotic.query import BoundRequest, Target
from demotic.service import Outcome, Service, Transaction, converter
from demotic.syntax.http import Response


@dataclass(frozen=True, slots=True)
class Answering:
    """Answers with what an operation returned, as far as the path leads into it.

    ``read`` makes what reads entities of a service, in the form that was asked for. ``format`` is that of values.
    """

    service: Service
    bound: BoundRequest
    operation: ModelOperation
    format: Format
    read: Callable[[Service], Operation]

    def respond(self, call: Call, values: Sequence[object], transaction: Transaction, outcome: Outcome) -> Response:
        """Answer; 204 for nothing."""
        returns = self.operation.returns
        version = ("odata-version", self.format.version)
        if returns is None or (outcome.value is None and not self.bound.properties):
            return Response(204, [version])
        if self.bound.read is not None:
            return self.read(over(self.service, transaction, outcome)).respond(call, values)
        return self._value(call, returns, outcome.value)

    def _value(self, call: Call, returns: ReturnType, value: Any) -> Response:
        item = Property("value", returns.type, returns.nullable, returns.collection, returns.facets)  # type: ignore[arg-type]
        for step in self.bound.properties:
            if value is None:
                raise NotFound(f"there is no value that could have a {step.name}", target=step.name)
            item, value = step, descend(value[step.name], (step,))
        version = ("odata-version", self.format.version)
        if value is None:
            return Response(204, [version])
        if self.bound.target is Target.VALUE:
            body, content_type = raw(item, value)
            return Response(200, [("content-type", content_type), version, ("content-length", str(len(body)))], body)
        name = item.type.qualified_name
        envelope = Envelope(self.format, f"Collection({name})" if item.collection else name)
        convert = converter(item, self.format.representation)
        shown = value if convert is None else convert(value)
        typing = typing_of(item.type, self.format.metadata) if isinstance(item.type, StructuredType) else None
        shown = shown if typing is None else typing(shown)
        content = encode(shown)[1:] if isinstance(shown, dict) else b'"value":' + encode(shown) + b"}"
        body = envelope.opening(call) + content
        return Response(200, envelope.fields(len(body)), body)
