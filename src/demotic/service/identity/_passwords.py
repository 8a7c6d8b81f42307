"""Passwords as they are kept: hashed by scrypt (RFC 7914), in the PHC string format.

``$scrypt$ln=14,r=8,p=5$salt$hash``: the parameters stand in the text, so that they can grow without anybody's having to
choose another password. These cost 16 MB and about a tenth of a second, as OWASP recommends for scrypt.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import scrypt
from hmac import compare_digest
from secrets import token_bytes
from typing import Final

from demotic.errors import InvalidInput

_FORM: Final = re.compile(r"\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)")
_SALT: Final = 16
_LENGTH: Final = 32
_MOST_MEMORY: Final = 256 * 1024 * 1024
LONGEST_PASSWORD: Final = 1024
"""In bytes: more is refused unread."""


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """A hashed password and what it was hashed with; ``cost`` is log2 of scrypt's N."""

    cost: int
    block: int
    parallel: int
    salt: bytes
    digest: bytes

    def fits(self, password: str) -> bool:
        """Whether it is of this password; the time does not tell how much of it is right."""
        data = password.encode("utf-8", "surrogatepass")
        return len(data) <= LONGEST_PASSWORD and compare_digest(self._hashed(data), self.digest)

    def _hashed(self, data: bytes) -> bytes:
        return scrypt(
            data,
            salt=self.salt,
            n=2**self.cost,
            r=self.block,
            p=self.parallel,
            maxmem=_MOST_MEMORY + 1024 * 1024,
            dklen=len(self.digest) or _LENGTH,
        )

    def __str__(self) -> str:
        parts = (b64encode(part).decode().rstrip("=") for part in (self.salt, self.digest))
        return f"$scrypt$ln={self.cost},r={self.block},p={self.parallel}${'$'.join(parts)}"


def hash_password(
    password: str, *, cost: int = 14, block: int = 8, parallel: int = 5, salt: Callable[[int], bytes] = token_bytes
) -> PasswordHash:
    """Return a password's hash. Raises InvalidInput for one that is empty or longer than anybody types."""
    data = password.encode("utf-8", "surrogatepass")
    if not data or len(data) > LONGEST_PASSWORD:
        raise InvalidInput("a password has between 1 and 1024 bytes")
    blank = PasswordHash(cost, block, parallel, salt(_SALT), b"")
    return PasswordHash(cost, block, parallel, blank.salt, blank._hashed(data))


def read_hash(text: str) -> PasswordHash:
    """Return the hash that a text is. Raises InvalidInput, also for one that would take too much to check."""
    found = _FORM.fullmatch(text)
    try:
        salt, digest = (
            (b64decode(part + "=" * (-len(part) % 4), validate=True) for part in found.group(4, 5))
            if (found)
            else (b"", b"")
        )
    except binascii.Error:
        salt, digest = b"", b""
    if found is None or len(salt) < 8 or len(digest) < 16:
        raise InvalidInput("this is no hash of a password", hint="`demotic user add FILE NAME` makes one")
    cost, block, parallel = (int(part) for part in found.group(1, 2, 3))
    if not (1 <= cost <= 20 and block and parallel) or 128 * block * 2**cost > _MOST_MEMORY or parallel > 16:
        raise InvalidInput("the parameters of this hash are out of bounds", hint="`demotic user add` chooses good ones")
    return PasswordHash(cost, block, parallel, salt, digest)
