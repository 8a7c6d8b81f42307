"""Calling functions: read, in one state of the data (OData Protocol 4.01, section 11.5.4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from demotic.protocols.odata.common import Call
from demotic.protocols.odata.common.calls import Invoked, invoke
from demotic.protocols.odata.common.changes import References
from demotic.protocols.odata.v4.calls._answers import Answering
from demotic.protocols.odata.v4.calls._arguments import from_json
from demotic.query import BoundRequest, Invocation
from demotic.service import Service
from demotic.syntax.http import Response


@dataclass(frozen=True, slots=True)
class CallFunction:
    """A call of a function, and what is asked of what it returns. It holds its arguments, so it is of one request."""

    service: Service
    invocation: Invocation
    answering: Answering
    bind: Callable[[str], BoundRequest]

    def respond(self, call: Call, values: Sequence[object]) -> Response:
        """Call it, and answer with what it returned."""
        path = call.request.path
        root_path = path[: len(path) - len(call.rest)]
        with self.service.reading() as transaction:
            references = References(self.bind, transaction.view, call.root, root_path, {})
            asked = Invoked(self.service, transaction, values, from_json(references, transaction))
            return self.answering.respond(call, values, transaction, invoke(asked, self.invocation))
