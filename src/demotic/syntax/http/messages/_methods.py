"""What methods promise (RFC 9110, section 9.2; RFC 5789): a table, and questions to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from demotic.errors import InvalidInput

__all__ = ["METHODS", "MethodTraits", "check_content", "is_idempotent", "is_safe"]


@dataclass(frozen=True, slots=True)
class MethodTraits:
    """Whether a method only reads, may be sent again, may have content, and is expected to have some."""

    safe: bool = False
    idempotent: bool = False
    content: bool = True
    expects_content: bool = False


METHODS: Final = {
    "CONNECT": MethodTraits(content=False),
    "DELETE": MethodTraits(idempotent=True),
    "GET": MethodTraits(safe=True, idempotent=True, content=False),
    "HEAD": MethodTraits(safe=True, idempotent=True, content=False),
    "OPTIONS": MethodTraits(safe=True, idempotent=True),
    "PATCH": MethodTraits(expects_content=True),
    "POST": MethodTraits(expects_content=True),
    "PUT": MethodTraits(idempotent=True, expects_content=True),
    "TRACE": MethodTraits(safe=True, idempotent=True, content=False),
}
"""The methods of the standards. Of any other nothing is known, so that nothing is promised."""

_UNKNOWN: Final = MethodTraits()


def is_safe(method: str) -> bool:
    """Whether the method asks for no change."""
    return METHODS.get(method, _UNKNOWN).safe


def is_idempotent(method: str) -> bool:
    """Whether a request may be sent again when nobody knows what became of it: twice is as good as once."""
    return METHODS.get(method, _UNKNOWN).idempotent


def check_content(method: str, length: int | None) -> None:
    """Raise `InvalidInput` for content (`None`: of unknown length) of a method that has none.

    The standard forbids it for TRACE, and gives it no meaning for the others, where servers refuse it or wait for it.
    """
    if length != 0 and not METHODS.get(method, _UNKNOWN).content:
        raise InvalidInput(f"a {method} request has no content", hint="use POST, or put it into the query")
