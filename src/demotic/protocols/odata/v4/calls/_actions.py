"""Calling actions: posted, in one transaction (OData Protocol 4.01, section 11.5.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from demotic.model import EntitySet
from demotic.protocols.odata.common import Call, read_json
from demotic.protocols.odata.common.calls import Invoked, invoke
from demotic.protocols.odata.common.changes import Dialect, References
from demotic.protocols.odata.v4._rows import key_literal
from demotic.protocols.odata.v4.calls._answers import Answering
from demotic.protocols.odata.v4.calls._arguments import arguments_of, from_json
from demotic.query import BoundRequest, Invocation
from demotic.service import Outcome, Representation, Service, Transaction, converter
from demotic.syntax.http import Response


@dataclass(frozen=True, slots=True)
class ActionCall:
    """A call of an action, as its URL says it."""

    service: Service
    bound: BoundRequest
    invocation: Invocation
    answering: Answering
    dialect: Dialect

    def respond(self, call: Call, transaction: Transaction, references: References, preferred: str | None) -> Response:
        """Call it, and answer with what it returned, as ``preferred``.

        The transaction is committed before that is sent.
        """
        convert = from_json(references, transaction)
        body = read_json(call.request, self.service.limits.body_length, may_be_empty=True)
        arguments = arguments_of(self.invocation.operation, body, convert)
        asked = Invoked(self.service, transaction, self.bound.values, convert, self.dialect, call.request)
        outcome = invoke(asked, self.invocation, arguments)
        response = self._answer(call, transaction, outcome, preferred)
        if outcome.created and isinstance(self.invocation.set, EntitySet):
            home = self.invocation.set
            url = call.root + address(home, [outcome.value[item.name] for item in home.type.key])
            response.status = 201 if response.status == 200 else response.status
            response.fields += [("location", url)] + ([("odata-entityid", url)] if response.status == 204 else [])
        return response

    def _answer(self, call: Call, transaction: Transaction, outcome: Outcome, preferred: str | None) -> Response:
        if preferred == "minimal" and self.invocation.operation.returns is not None:
            version = ("odata-version", self.answering.format.version)
            return Response(204, [version, ("preference-applied", "return=minimal")])
        # The conditions were about what the action is bound to, not about what it returns. And there is no next page:
        # following a link would call it again.
        plain = replace(call.request, method="GET", fields={})
        whole = replace(call, request=plain, page=None, preferred=None)
        response = self.answering.respond(whole, self.bound.values, transaction, outcome)
        if preferred is not None and response.status == 200:
            response.fields.append(("preference-applied", f"return={preferred}"))
        return response


def address(entity_set: EntitySet, key: Sequence[object]) -> str:
    """Return the URL of an entity below the service root."""
    values = []
    for item, value in zip(entity_set.type.key, key, strict=True):
        convert = converter(item, Representation.JSON)
        values.append(value if convert is None else convert(value))
    literal = key_literal(entity_set.type.key, values)
    assert literal is not None
    return entity_set.name + literal
