"""Who is asking: a name, roles and claims; and for whom the thread at hand is working.

A transport and a protocol pass no identity on. Whoever finds out who is asking answers the request within `acting_as`;
stores under access rules then take the values of their conditions from there. Where nobody said for whom, it is for
nobody in particular.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking. ``name`` is ``None`` for anybody; ``claims`` are further facts: texts, numbers, or lists of texts.

    >>> Identity("ann", roles=frozenset({"clerk"}), claims={"region": "EU"})   # doctest: +SKIP
    """

    name: str | None = None
    roles: frozenset[str] = frozenset()
    claims: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def is_known(self) -> bool:
        """Whether it is somebody."""
        return self.name is not None


ANONYMOUS: Final = Identity()
"""Anybody."""

_ACTING: ContextVar[Identity] = ContextVar("demotic_identity", default=ANONYMOUS)


def acting() -> Identity:
    """Return for whom the thread (or task) at hand is working, `ANONYMOUS` where nobody said."""
    return _ACTING.get()


def act_as(identity: Identity) -> Token[Identity]:
    """Work for somebody from here on; the token is for `act_as_before`."""
    return _ACTING.set(identity)


def act_as_before(token: Token[Identity]) -> None:
    """Work for whom it was before."""
    _ACTING.reset(token)


@contextmanager
def acting_as(identity: Identity) -> Iterator[None]:
    """Work for somebody within the block: ``with acting_as(Identity("ann")): ...``."""
    token = act_as(identity)
    try:
        yield
    finally:
        act_as_before(token)
