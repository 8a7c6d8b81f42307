"""Batches of OData v2: multipart, each change set one transaction. OData 2.0, "Batch Processing"; [MS-ODATA], 2.2.7.6.

Every part is answered, whatever became of those before it; the answer to the whole is 202.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from demotic.errors import DemoticError
from demotic.protocols.odata.common import Call
from demotic.protocols.odata.common.batch import Batch, Group, Item, Write, read_multipart, write_multipart
from demotic.protocols.odata.v2._errors import error_response
from demotic.protocols.odata.v2._negotiation import prefers_xml, version_for
from demotic.protocols.odata.v2._tunnel import tunnelled
from demotic.protocols.odata.v2.changes import Changer
from demotic.service import Service, Transaction
from demotic.syntax.http import Handler, MediaType, Request, Response


class BatchV2(Batch):
    """Answers batches. ``handler`` answers single requests, ``changer`` those of a transaction."""

    inherited = ("maxdataserviceversion", "authorization")
    forms = ("multipart/mixed",)
    status = 202

    def __init__(self, service: Service, handler: Handler, changer: Changer, root_path: str) -> None:
        super().__init__(service, root_path)
        self._handler = handler
        self._changer = changer

    def read(self, media: MediaType, body: bytes) -> list[Item | Group]:
        """Return what a batch asks for. Raises InvalidInput naming the part that is wrong."""
        return read_multipart(media, body)

    def writer(self, request: Request, media: MediaType) -> Write:
        """Return what writes the answers."""
        return write_multipart

    def continues(self, request: Request) -> tuple[bool, str | None]:
        """Go on, whatever happens."""
        return True, None

    def version(self, fields: Mapping[str, str]) -> str:
        """Return the version that one request of a batch is answered in."""
        return version_for(fields.get("maxdataserviceversion"), fields.get("dataserviceversion"))

    def version_field(self, version: str) -> tuple[str, str]:
        """Return the header field that says a version."""
        return ("dataserviceversion", version)

    def alone(self, request: Request) -> Response:
        """Answer one request, whatever becomes of it."""
        return self._handler(request)

    def within(self, call: Call, version: str, transaction: Transaction, known: Mapping[str, str]) -> Response:
        """Answer a request that belongs to a transaction with others. Raises DemoticError."""
        call = replace(call, request=tunnelled(call.request))
        return self._changer.within(call, version, transaction, known)

    def error(self, error: DemoticError, request: Request, version: str) -> Response:
        """Return the answer for an error."""
        return error_response(error, version, xml=prefers_xml(request.fields.get("accept"), ""))
