"""Conditional requests for applications that know nothing of them (RFC 9110, section 13), for any driver.

The application's own validators count where it sends any. A response without an entity tag gets a strong one, computed
from its body, if the body is whole and not large; a stream is never held back for it. Then the conditions of a GET or
HEAD are decided. Those of a request that changes data go to the application: only it can test them in the transaction
that makes the change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from demotic.cache.web._fields import Fields, field, says, with_field, without
from demotic.cache.web._flow import Answer, Asked, Flow, Head, Instead, Step, Through, Whole
from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http import parse_http_date
from demotic.syntax.http.conditional import (
    EntityTag,
    Outcome,
    Preconditions,
    Validators,
    evaluate,
    parse_entity_tag,
    parse_preconditions,
)

__all__ = ["CONDITIONS", "Conditional", "body_tag", "decided", "preconditions"]

CONDITIONS: Final = ("if-match", "if-none-match", "if-modified-since", "if-unmodified-since")

OF_THE_BODY: Final = frozenset(
    {
        "accept-ranges",
        "content-digest",
        "content-encoding",
        "content-language",
        "content-length",
        "content-md5",
        "content-type",
        "repr-digest",
    }
)
"""What describes the content, and has no place in a response without it (section 15.4.5). All else stays."""

READING: Final = ("GET", "HEAD")
WITH_STATE: Final = (200, 206)
"""The statuses whose validators are those of what was asked for."""

CHANGED: Final = b"This is not, or no longer, what the condition of the request names.\n"

NONE: Final = Preconditions()

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Conditional:
    """What `conditional` does with requests and responses; an instance is a `Middleware`.

    ``largest`` is the most bytes of a body that a tag is computed for. With ``head_as_get`` the application is asked
    with GET for a HEAD, so that both have the same tag; the body is dropped. Raises `InvalidInput` for a negative size.
    """

    largest: int = 1 << 20
    head_as_get: bool = True

    def __post_init__(self) -> None:
        if self.largest < 0:
            raise InvalidInput(f"largest={self.largest} is no size", hint="0 computes tags of empty bodies only")

    def __call__(self, asked: Asked) -> Step | None:
        """Return what to do with one request; one that is no GET or HEAD is left alone."""
        if asked.method not in READING:
            return None
        method = "GET" if asked.method == "HEAD" and self.head_as_get else None
        return Step(_Exchange(self, asked.method, preconditions(asked)).flow, method)


@dataclass(frozen=True, slots=True)
class _Exchange:
    settings: Conditional
    method: str
    conditions: Preconditions

    def flow(self, head: Head, size: int | None) -> Flow:
        """Return the way that the response takes."""
        if size is not None and self._can_compute(head, size):
            return Whole(head, size, lambda body: self._tagged(head, body))
        verdict = decided(head, self.method, self.conditions)
        if verdict is not None:
            return Instead(verdict.head, verdict.body)
        return Through(head) if self.method == "GET" else Instead(head)

    def _can_compute(self, head: Head, size: int) -> bool:
        return (
            head.status == 200
            and _read(parse_entity_tag, field(head.fields, "etag")) is None
            and size <= self.settings.largest
            and (self.method == "GET" or self.settings.head_as_get)
            and not says(head.fields, "no-store")
        )

    def _tagged(self, head: Head, body: bytes) -> tuple[Head, bytes]:
        fields = with_field(head.fields, "ETag", str(body_tag(body)))
        tagged = replace(head, fields=with_field(fields, "Content-Length", str(len(body))))
        verdict = decided(tagged, self.method, self.conditions)
        if verdict is not None:
            return verdict.head, verdict.body
        return tagged, body if self.method == "GET" else b""


def body_tag(body: bytes) -> EntityTag:
    """Return the strong tag of a body: equal bytes have equal tags, in every process and release."""
    return EntityTag(hashlib.blake2b(body, digest_size=16).hexdigest())


def preconditions(asked: Asked) -> Preconditions:
    """Return the conditions of a request for reading.

    Broken entity tags count as no condition: nothing is changed, so the worst is an answer that could have been short.
    """
    texts = {name: text for name in CONDITIONS if (text := asked.field(name)) is not None}
    try:
        return parse_preconditions(texts) if texts else NONE
    except SyntaxFault:
        return NONE


def decided(head: Head, method: str, conditions: Preconditions) -> Answer | None:
    """Return the 304 or 412 to answer with instead of what ``head`` begins, or `None` where that is to be sent."""
    if conditions is NONE or head.status not in WITH_STATE:
        return None
    outcome = evaluate(conditions, method, _validators(head.fields))
    if outcome is Outcome.PERFORM:
        return None
    fields = without(head.fields, OF_THE_BODY)
    if outcome is Outcome.FAILED:
        stated = [("Content-Type", "text/plain"), ("Content-Length", str(len(CHANGED)))]
        return Answer(Head(outcome.value, [*fields, *stated]), CHANGED if method == "GET" else b"")
    # Beside a tag the date says nothing new (section 15.4.5).
    return Answer(Head(outcome.value, without(fields, ("last-modified",)) if field(fields, "etag") else fields), b"")


def _validators(fields: Fields) -> Validators:
    return Validators(
        _read(parse_entity_tag, field(fields, "etag")), _read(parse_http_date, field(fields, "last-modified"))
    )


def _read(parse: Callable[[str], Value], text: str | None) -> Value | None:
    try:
        return None if text is None else parse(text)
    except SyntaxFault:
        return None
