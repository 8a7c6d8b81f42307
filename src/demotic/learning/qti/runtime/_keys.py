"""Keys that prove who drives a session: each step needs the latest one, and makes another.

A key is unguessable and good for one step. Whoever comes with one that was used already has probably lost the answer to
that step, and should be given it again; a key that never was is refused. The chain leads back to the beginning.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from demotic.errors import Conflict, InvalidInput
from demotic.learning.qti.runtime._errors import ValueFault

__all__ = ["SessionKeyExpired", "SessionKeys", "UnknownSessionKey"]

_MOST_STEPS = 100_000


class SessionKeyExpired(Conflict):
    """The key was used already, for step `step` (counted from 0): send what that step answered once more."""

    code = "QtiSessionKeyExpired"

    def __init__(self, step: int) -> None:
        super().__init__(f"the key was used already, for step {step}", hint="answer as that step did, with its new key")
        self.step = step


class UnknownSessionKey(InvalidInput):
    """The key is none of this session."""

    code = "QtiUnknownSessionKey"


@dataclass(frozen=True, slots=True)
class SessionKeys:
    """The keys of one session, the current one last. It never changes: `step` returns the next."""

    chain: tuple[str, ...]

    @classmethod
    def begin(cls, salt: bytes | None = None) -> SessionKeys:
        """Return the keys of a session that begins; `salt` (at least 16 bytes) is drawn by the system if not given."""
        return cls((_key("", salt),))

    @property
    def current(self) -> str:
        """The key for the next step."""
        return self.chain[-1]

    @property
    def previous(self) -> str | None:
        """The key that the last step was made with, None before the first."""
        return self.chain[-2] if len(self.chain) > 1 else None

    def step(self, key: str, salt: bytes | None = None) -> SessionKeys:
        """Return the keys after a step made with `key`. Raises `SessionKeyExpired` and `UnknownSessionKey`."""
        if hmac.compare_digest(key.encode(), self.current.encode()):
            if len(self.chain) >= _MOST_STEPS:
                raise Conflict(f"the session has had {_MOST_STEPS} steps")
            return SessionKeys((*self.chain, _key(key, salt)))
        if key in self.chain:
            raise SessionKeyExpired(self.chain.index(key))
        raise UnknownSessionKey("the key is none of this session")

    def to_json(self) -> list[str]:
        """Return the keys as what JSON can hold. Keep them where only the server reads."""
        return list(self.chain)

    @classmethod
    def from_json(cls, data: Any) -> SessionKeys:
        """Return what `to_json` made this of. Raises `ValueFault` for anything else."""
        if not isinstance(data, list) or not data or not all(isinstance(each, str) and each for each in data):
            raise ValueFault("these are no keys of a session", hint="what SessionKeys.to_json returned")
        return cls(tuple(data))


def _key(before: str, salt: bytes | None) -> str:
    salt = secrets.token_bytes(32) if salt is None else salt
    if len(salt) < 16:
        raise InvalidInput(f"a salt of {len(salt)} bytes can be guessed", hint="at least 16 bytes")
    return hashlib.sha256(before.encode() + b"|" + salt).hexdigest()
