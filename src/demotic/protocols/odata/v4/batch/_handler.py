"""Batches of OData v4: as multipart or as JSON. OData Protocol 4.01, section 11.7.

What comes after a request that failed is not done, unless the caller prefers it to be (section 8.2.8.3).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from demotic.errors import DemoticError, SyntaxFault
from demotic.protocols.odata.common import Call
from demotic.protocols.odata.common.batch import Batch, Group, Item, Write, read_multipart, write_multipart
from demotic.protocols.odata.v4._errors import error_response
from demotic.protocols.odata.v4._negotiation import version_for
from demotic.protocols.odata.v4.batch._json import read_json_batch, write_json_batch
from demotic.protocols.odata.v4.changes import Changer
from demotic.service import Service, Transaction
from demotic.syntax.http import Handler, MediaType, Request, Response, negotiate, parse_media_type, parse_prefer

_JSON: Final = parse_media_type("application/json")
_MIXED: Final = parse_media_type("multipart/mixed")


class BatchV4(Batch):
    """Answers batches. ``handler`` answers single requests, ``changer`` those of a transaction."""

    inherited = ("odata-maxversion", "authorization")
    forms = ("multipart/mixed", "application/json")

    def __init__(self, service: Service, handler: Handler, changer: Changer, root_path: str) -> None:
        super().__init__(service, root_path)
        self._handler = handler
        self._changer = changer

    def read(self, media: MediaType, body: bytes) -> list[Item | Group]:
        """Return what a batch asks for. Raises InvalidInput naming the part that is wrong."""
        return read_json_batch(body) if media.subtype == "json" else read_multipart(media, body)

    def writer(self, request: Request, media: MediaType) -> Write:
        """Return what writes the answers: in the form that the caller takes, of two the one of the batch."""
        offered = [_JSON, _MIXED] if media.subtype == "json" else [_MIXED, _JSON]
        try:
            chosen = negotiate(request.fields.get("accept"), offered)
        except SyntaxFault:
            chosen = None
        return write_json_batch if (chosen or offered[0]) is _JSON else write_multipart

    def continues(self, request: Request) -> tuple[bool, str | None]:
        """Return whether to go on after errors, and the preference that says so as applied."""
        return _continues(request.fields.get("prefer"))

    def version(self, fields: Mapping[str, str]) -> str:
        """Return the version that one request of a batch is answered in."""
        return version_for(fields.get("odata-maxversion"), fields.get("odata-version"))

    def version_field(self, version: str) -> tuple[str, str]:
        """Return the header field that says a version."""
        return ("odata-version", version)

    def alone(self, request: Request) -> Response:
        """Answer one request, whatever becomes of it."""
        return self._handler(request)

    def within(self, call: Call, version: str, transaction: Transaction, known: Mapping[str, str]) -> Response:
        """Answer a request that belongs to a transaction with others. Raises DemoticError."""
        return self._changer.within(call, version, transaction, known)

    def error(self, error: DemoticError, request: Request, version: str) -> Response:
        """Return the answer for an error."""
        return error_response(error, version)


def _continues(field: str | None) -> tuple[bool, str | None]:
    """Return whether to go on after errors, and the preference that says so as applied."""
    if field is None:
        return False, None
    try:
        preferences: Mapping[str, object] = parse_prefer(field)
    except SyntaxFault:
        return False, None
    for name in ("continue-on-error", "odata.continue-on-error"):
        if name in preferences and getattr(preferences[name], "value", None) != "false":
            return True, name
    return False, None
