"""Digests of content: `Content-Digest` and `Repr-Digest` (RFC 9530), and the old `Content-MD5` (RFC 1864)."""

from __future__ import annotations

import binascii
import hashlib
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Final

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax._scanner import Scanner
from demotic.syntax.http.grammar._lists import format_list, read_list

__all__ = ["DIGEST_ALGORITHMS", "Digests", "format_content_md5", "parse_content_md5", "parse_digests"]

DIGEST_ALGORITHMS: Final = {"sha-256": "sha256", "sha-512": "sha512"}
"""The algorithms of RFC 9530, section 5, that are not known to be broken, by the names that `hashlib` has for them."""

_KEY: Final = re.compile(r"[a-z*][a-z0-9_.*-]*")
_BYTES: Final = re.compile(r":([A-Za-z0-9+/=]*):")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{22}==")


@dataclass(frozen=True, slots=True)
class Digests:
    """Digests by the names of their algorithms, in order. Raises `InvalidInput` for a name that cannot be."""

    items: tuple[tuple[str, bytes], ...] = ()

    def __post_init__(self) -> None:
        for name, _ in self.items:
            if not _KEY.fullmatch(name):
                raise InvalidInput(f"{name!r} is no algorithm", hint=f"such as {', '.join(DIGEST_ALGORITHMS)}")

    @classmethod
    def of(cls, content: bytes, *algorithms: str) -> Digests:
        """Compute digests, by `sha-256` unless told otherwise. Raises `InvalidInput` for other algorithms."""
        for name in algorithms:
            if name not in DIGEST_ALGORITHMS:
                raise InvalidInput(f"{name!r} is not computed here", hint=f"use {' or '.join(DIGEST_ALGORITHMS)}")
        names = algorithms or ("sha-256",)
        return cls(tuple((name, hashlib.new(DIGEST_ALGORITHMS[name], content).digest()) for name in names))

    def match(self, content: bytes) -> bool | None:
        """Whether content has these digests; `None` if there is none that can be computed here."""
        known = [(DIGEST_ALGORITHMS[name], digest) for name, digest in self.items if name in DIGEST_ALGORITHMS]
        if not known:
            return None
        return all(hashlib.new(name, content).digest() == digest for name, digest in known)

    def __str__(self) -> str:
        return format_list(f"{name}=:{b64encode(digest).decode()}:" for name, digest in self.items)


def parse_digests(text: str) -> Digests:
    """Read a digest field; of equal algorithms the last counts (RFC 8941, section 3.2). Raises `SyntaxFault`."""
    return Digests(tuple(dict(read_list(text, _read_digest)).items()))


def _read_digest(scanner: Scanner) -> tuple[str, bytes]:
    name = scanner.expect_match(_KEY, "an algorithm such as sha-256")
    scanner.expect("=")
    found = scanner.match(_BYTES)
    try:
        if found is not None:
            return name, b64decode(found[1], validate=True)
    except binascii.Error:
        scanner.position = found.start() if found else scanner.position
    raise scanner.fail("base64 between colons")


def parse_content_md5(text: str) -> bytes:
    """Read the sixteen bytes of a `Content-MD5` field. Raises `SyntaxFault`."""
    if not _BASE64.fullmatch(text):
        raise SyntaxFault("sixteen bytes in base64", text, 0)
    return b64decode(text)


def format_content_md5(digest: bytes) -> str:
    """Write an MD5 digest. Raises `InvalidInput` unless it has sixteen bytes."""
    if len(digest) != 16:
        raise InvalidInput(f"an MD5 digest has 16 bytes, not {len(digest)}")
    return b64encode(digest).decode()
