"""Content coding on the way out (RFC 9110, sections 8.4 and 12.5.3): the decisions of `compress`, for any driver.

A response is compressed when the client takes a coding that we have, and the response is plain, whole, of a type that
is worth it and not small. Then it says so in Content-Encoding, lists Accept-Encoding in Vary, and its strong tag names
the coding. A response is left alone where it is encoded already, is a range, or says `no-transform`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from demotic.cache.web import _codings
from demotic.cache.web._coded_tags import coded, lists_coded, without_codings
from demotic.cache.web._fields import Fields, says, vary_on, with_field, without
from demotic.cache.web._fields import field as field_of
from demotic.cache.web._flow import Answer, Asked, Encoded, Flow, Head, Instead, Step, Through, Whole
from demotic.cache.web._worth import WORTH, is_worth
from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http.negotiation import IDENTITY, choose_coding

__all__ = ["Compression"]

ACCEPT_ENCODING: Final = "Accept-Encoding"
SAFE: Final = ("GET", "HEAD")

BODILESS: Final = frozenset({204, 205, 304})
"""Statuses whose responses have no content, or that of another response."""

OF_THE_PLAIN_BODY: Final = frozenset(
    {"content-length", "content-md5", "content-digest", "repr-digest", "accept-ranges"}
)
"""Fields that are true of the plain body only (RFC 9530 for the digests); ranges of the encoded one are not served."""

MOST_IN_HAND: Final = 1 << 20
"""A body of at most so many bytes is compressed in one go and keeps a Content-Length; a longer one as it comes."""


@dataclass(frozen=True, slots=True)
class Compression:
    """What `compress` does with requests and responses; an instance is a `Middleware`.

    Raises `InvalidInput` for a coding that is not available.
    """

    minimum: int = 500
    types: Collection[str] = WORTH
    codings: Sequence[str] = field(default_factory=_codings.available)

    def __post_init__(self) -> None:
        there = _codings.available()
        for coding in self.codings:
            if coding not in there:
                raise InvalidInput(
                    f"the coding {coding!r} is not available",
                    hint=f"choose among {', '.join(there)}; the extra 'compress' brings zstd and br",
                )
        object.__setattr__(self, "codings", tuple(self.codings))

    def __call__(self, asked: Asked) -> Step | Answer | None:
        """Return what to do with one request."""
        accepted = asked.field("accept-encoding")
        coding = _choose(accepted, tuple(self.codings))
        if coding is None:
            # The application has done nothing yet; for a method that changes data, a plain answer beats none.
            return _refusal(self.codings) if asked.method in SAFE else Step(lambda head, _: Through(head))
        exchange = _Exchange(self, asked, coding, plain_refused=_choose(accepted, ()) is None)
        return Step(exchange.flow, fields=exchange.changed_fields())


@dataclass(frozen=True, slots=True)
class _Exchange:
    settings: Compression
    asked: Asked
    coding: str
    plain_refused: bool

    def changed_fields(self) -> dict[str, str | None]:
        """Return the conditions of the request in terms of the application's own tags.

        A GET asks whether the representation is still current that it would get now, so only tags of that coding are
        turned. A write asks about the resource, whatever coding its tag was read in.
        """
        reading = self.asked.method in SAFE
        condition = {"if-none-match": (self.coding,) if reading else _codings.PREFERENCE}
        if not reading:
            condition["if-match"] = _codings.PREFERENCE
        found = {name: self.asked.field(name) for name in ("if-match", "if-none-match")}
        return {
            name: without_codings(text, condition.get(name, (self.coding,)))
            for name, text in found.items()
            if text is not None
        }

    def flow(self, head: Head, size: int | None) -> Flow:
        """Return the way that the response takes."""
        fields = head.fields
        if head.status == 304:
            return Through(self._not_modified(head))
        if not self._may_code(head) or not self._worth(fields, size):
            return Through(head)
        varied = replace(head, fields=vary_on(fields, ACCEPT_ENCODING))
        if self.coding == IDENTITY:
            return Through(varied)
        return self._coded(varied, size)

    def _may_code(self, head: Head) -> bool:
        fields = head.fields
        return (
            head.status >= 200
            and head.status not in BODILESS
            and (field_of(fields, "content-encoding") or IDENTITY).strip().lower() == IDENTITY
            and field_of(fields, "content-range") is None
            and not says(fields, "no-transform")
        )

    def _worth(self, fields: Fields, size: int | None) -> bool:
        if size == 0:
            return False
        if self.plain_refused:
            return True
        small = size is not None and size < self.settings.minimum
        return not small and is_worth(field_of(fields, "content-type"), self.settings.types)

    def _coded(self, head: Head, size: int | None) -> Flow:
        fields = without(with_field(head.fields, "Content-Encoding", self.coding), OF_THE_PLAIN_BODY)
        tag = field_of(fields, "etag")
        if tag is not None:
            fields = with_field(fields, "ETag", coded(tag, self.coding))
        changed = replace(head, fields=fields)
        if self.asked.method == "HEAD":
            return Instead(changed)
        if size is None or size > MOST_IN_HAND:
            # A body of unknown length is made as it is sent, and somebody waits for each of its pieces.
            return Encoded(changed, _codings.encoder(self.coding, flush=size is None))
        return Whole(head, size, lambda body: self._at_once(head, changed, body))

    def _at_once(self, plain: Head, changed: Head, body: bytes) -> tuple[Head, bytes]:
        encoder = _codings.encoder(self.coding)
        packed = encoder.encode(body) + encoder.finish()
        if len(packed) >= len(body) and not self.plain_refused:
            return plain, body
        return replace(changed, fields=[*changed.fields, ("Content-Length", str(len(packed)))]), packed

    def _not_modified(self, head: Head) -> Head:
        # What type the page has, a 304 no longer says: so that of every page is said to depend on the coding.
        tag = field_of(head.fields, "etag")
        fields = vary_on(head.fields, ACCEPT_ENCODING)
        if tag is not None and lists_coded(self.asked.field("if-none-match"), tag, self.coding):
            fields = with_field(fields, "ETag", coded(tag, self.coding))
        return replace(head, fields=fields)


@lru_cache(maxsize=1024)
def _choose(field: str | None, codings: tuple[str, ...]) -> str | None:
    """Return the coding that the client takes, `identity` too; a request that says nothing gets plain bytes.

    Any coding would be acceptable to a client without the field (section 12.5.3), but those that exist are simple
    programs that decode nothing. A malformed field counts as none.
    """
    try:
        return IDENTITY if field is None else choose_coding(field, (*codings, IDENTITY))
    except SyntaxFault:
        return IDENTITY


def _refusal(codings: Sequence[str]) -> Answer:
    body = f"Accept-Encoding leaves no coding: there are {', '.join(codings)} and {IDENTITY}.\n".encode()
    fields = [("Content-Type", "text/plain"), ("Content-Length", str(len(body))), ("Vary", ACCEPT_ENCODING)]
    return Answer(Head(406, fields), body)
