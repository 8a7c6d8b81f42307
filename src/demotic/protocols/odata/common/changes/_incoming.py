"""Content that requests bring for streams, read before a transaction begins: nobody waits for who sends slowly.

OData Protocol 4.01, sections 11.4.7 and 11.4.8; vocabulary Org.OData.Core.V1 (AcceptableMediaTypes).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from demotic.errors import InvalidInput, LengthRequired, SyntaxFault, UnsupportedMediaType
from demotic.model import Annotation, EntitySet
from demotic.protocols.odata.common._body import read_pieces
from demotic.protocols.odata.common._streams import addressed_stream
from demotic.protocols.odata.common.changes._place import set_of
from demotic.query import BoundRequest, Target
from demotic.service import OWN, Media, Service, Spool, own_stream
from demotic.syntax.http import MediaType, Request, parse_media_type

_ACCEPTABLE: Final = "Org.OData.Core.V1.AcceptableMediaTypes"


def is_made_of_media(service: Service, entity_set: EntitySet) -> bool:
    """Whether new entities of a set are made of their media: whatever is posted to it is that."""
    return own_stream(entity_set.type) is not None and OWN.name in service.media_streams(entity_set)


@dataclass(frozen=True, slots=True)
class Incoming:
    """Content that a request brings for a stream; of the media types that the model names, if it names any."""

    acceptable: tuple[str, ...] = ()

    def put_aside(self, request: Request, most: int) -> Media:
        """Return the content, read whole.

        Raises LengthRequired, UnsupportedMediaType, `PayloadTooLarge`, and InvalidInput for a body that was cut off.
        """
        content_type = self._content_type(request.fields.get("content-type"))
        if request.fields.get("content-length") is None:
            # Without it, a body does not show whether it was cut off.
            raise LengthRequired("the length of a stream must be told", target="Content-Length")
        content = Spool(read_pieces(request, most))
        try:
            return Media(content, content_type)
        except InvalidInput as fault:  # one that could not be sent back
            raise UnsupportedMediaType(fault.message, target="Content-Type", hint=fault.hint) from None

    def _content_type(self, field: str | None) -> str:
        try:
            given = parse_media_type(field or "")
        except (SyntaxFault, InvalidInput):
            raise UnsupportedMediaType(
                "a stream needs a media type" if field is None else f"{field!r} is no media type",
                target="Content-Type",
                hint="send the type of the content, such as image/png",
            ) from None
        if self.acceptable and not any(_accepts(stated, given) for stated in self.acceptable):
            raise UnsupportedMediaType(
                f"{given.essence} is not taken here", target="Content-Type", hint=f"send {', '.join(self.acceptable)}"
            )
        return str(given)


def incoming(service: Service, bound: BoundRequest, method: str) -> Incoming | None:
    """Return what content a request brings for a stream, ``None`` if it brings none."""
    read = bound.read
    if method == "POST" and bound.target is Target.COLLECTION and read is not None:
        entity_set = set_of(read.source)
        return _accepting(entity_set.type.annotations) if is_made_of_media(service, entity_set) else None
    if method == "PUT" and read is not None and addressed_stream(bound) is not None:
        return _accepting(bound.properties[-1].annotations if bound.properties else read.query.type.annotations)
    return None


def _accepting(annotations: list[Annotation]) -> Incoming:
    stated = next((item.value for item in annotations if item.term == _ACCEPTABLE), None)
    return Incoming(tuple(map(str, stated)) if isinstance(stated, list) else ())


def _accepts(stated: str, given: MediaType) -> bool:
    kind, _, rest = stated.partition(";")[0].strip().lower().partition("/")
    return kind in ("*", given.type) and rest in ("*", given.subtype)
