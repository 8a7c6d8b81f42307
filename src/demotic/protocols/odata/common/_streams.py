"""Which stream a request addresses, and what tells its states apart."""

from __future__ import annotations

from demotic.model import STREAM
from demotic.query import BoundRequest, Target
from demotic.service import OWN, MediaInfo, Stream, stream_of
from demotic.syntax.http.conditional import Validators, parse_entity_tag


def addressed_stream(bound: BoundRequest) -> Stream | None:
    """Return the stream that a request addresses, ``None`` if it addresses something else."""
    if bound.target is Target.MEDIA:
        return OWN
    if bound.target is Target.PROPERTY and len(bound.properties) == 1 and bound.properties[0].type is STREAM:
        return stream_of(bound.properties[0])
    return None


def validators(info: MediaInfo | None) -> Validators:
    """Return what tells the state of a stream from others."""
    if info is None:
        return Validators(exists=False)
    return Validators(parse_entity_tag(info.etag), info.modified)
