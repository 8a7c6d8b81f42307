"""The keys that verify tokens: a JSON Web Key Set (RFC 7517), one key of it, or a public key in PEM.

A key verifies one algorithm, by its kind: RSA of 2048 bits or more RS256, EC on P-256 ES256, Ed25519 EdDSA (which RFC
9864 calls Ed25519), and a shared secret of 32 bytes or more HS256. A PEM file is never a shared secret, so that nobody
can sign with what is public.
"""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from demotic.errors import InvalidInput, NotFound, Unauthenticated, Unsupported

_ALGORITHMS: Final[Mapping[tuple[str, str | None], tuple[str, ...]]] = {
    ("RSA", None): ("RS256",),
    ("EC", "P-256"): ("ES256",),
    ("OKP", "Ed25519"): ("EdDSA", "Ed25519"),
    ("oct", None): ("HS256",),
}
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]*")


class KeysFault(InvalidInput):
    """A file of keys cannot be used as it is."""

    code = "KeysFault"


@dataclass(frozen=True, slots=True, eq=False)
class TokenKey:
    """A key that verifies tokens by ``algorithms``, names of one and the same; ``id`` is what tokens call it."""

    algorithms: tuple[str, ...]
    id: str | None
    key: Any = field(repr=False)

    def verifies(self, header: Mapping[str, Any], signed: bytes, signature: bytes) -> bool:
        """Whether a token with this header was signed with the key."""
        from joserfc.jws import JWSRegistry

        if header.get("alg") not in self.algorithms:
            return False
        if self.id is not None and header.get("kid", self.id) != self.id:
            return False
        try:
            return bool(JWSRegistry.algorithms[self.algorithms[0]].verify(signed, signature, self.key))
        except ValueError:
            return False


def split_token(token: str) -> tuple[dict[str, Any], bytes, bytes, bytes]:
    """Return header, payload, what was signed, and the signature of a token in compact form (RFC 7515, section 7.1).

    Raises Unauthenticated.
    """
    parts = token.split(".")
    try:
        if len(parts) != 3:
            raise ValueError
        header, payload, signature = (_decoded(part) for part in parts)
        found = msgspec.json.decode(header, type=dict[str, Any])
    except (ValueError, msgspec.MsgspecError):
        raise Unauthenticated("the token is no signed JSON Web Token") from None
    return found, payload, f"{parts[0]}.{parts[1]}".encode(), signature


def _decoded(part: str) -> bytes:
    if not _BASE64URL.fullmatch(part):
        raise ValueError(part)
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def read_keys(path: Path) -> list[TokenKey]:
    """Read a file of keys. Raises NotFound, `KeysFault` with the key that is wrong, Unsupported without joserfc."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", target=str(path)) from None
    except OSError as error:
        raise KeysFault(f"{path} cannot be read: {error.strerror}", target=str(path)) from None
    try:
        import joserfc.jwk  # noqa: F401 - an extra
    except ImportError:
        raise Unsupported("tokens need the library joserfc", hint="pip install 'demotic[identity]'") from None
    if data.lstrip().startswith(b"-----BEGIN"):
        return [_key_of_pem(data, path)]
    try:
        found = msgspec.json.decode(data, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise KeysFault(f"{path} is neither a JSON Web Key Set nor a key in PEM: {error}", target=str(path)) from None
    keys = found["keys"] if isinstance(found.get("keys"), list) else [found]
    usable = [key for number, item in enumerate(keys, 1) for key in _keys_of(item, f"{path}, key {number}")]
    if not usable:
        raise KeysFault(f"{path} has no key that verifies tokens", target=str(path))
    return usable


def _keys_of(item: object, place: str) -> Iterator[TokenKey]:
    """Yield a key of a set, if it is for signatures. Raises `KeysFault`."""
    if not isinstance(item, dict):
        raise KeysFault(f"{place} is no JSON Web Key", hint='write {"keys": [{"kty": …}, …]}')
    if item.get("use", "sig") != "sig" or "verify" not in item.get("key_ops", ["verify"]):
        return
    kind, curve = item.get("kty"), item.get("crv")
    algorithms = _ALGORITHMS.get((str(kind), curve if kind in ("EC", "OKP") else None))
    if algorithms is None:
        known = "RSA, EC on P-256, OKP with Ed25519, and oct"
        raise KeysFault(f"{place}: keys of {kind} {curve or ''} are not taken", hint=f"those of {known} are")
    if item.get("alg", algorithms[0]) not in algorithms:
        raise KeysFault(f"{place} is for {item['alg']}", hint=f"a key of {kind} verifies {algorithms[0]} here")
    name = item.get("kid")
    yield TokenKey(algorithms, name if isinstance(name, str) else None, _imported(item, place))


def _imported(item: dict[str, Any], place: str) -> Any:
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

    kinds: dict[str, Any] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey, "oct": OctKey}
    try:
        if item["kty"] == "oct" and len(_decoded(str(item.get("k", "")))) < 32:
            raise KeysFault(
                f"{place}: the secret is shorter than 32 bytes", hint="HS256 needs 256 bits (RFC 7518, 3.2)"
            )
        if item["kty"] == "RSA" and len(_decoded(str(item.get("n", "")))) < 256:
            raise KeysFault(f"{place}: the key is shorter than 2048 bits", hint="make a longer one (RFC 7518, 3.3)")
        public = {name: value for name, value in item.items() if name not in ("use", "key_ops", "alg")}
        return kinds[item["kty"]].import_key(public)
    except (JoseError, ValueError, TypeError, KeyError, binascii.Error) as error:
        if isinstance(error, KeysFault):
            raise
        raise KeysFault(f"{place} is no {item['kty']} key: {error}") from None


def _key_of_pem(data: bytes, path: Path) -> TokenKey:
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey, OKPKey, RSAKey

    for kind in (RSAKey, ECKey, OKPKey):
        try:
            found: Any = kind.import_key(data)
            shown = found.as_dict(private=False)
        except (JoseError, ValueError, TypeError, AttributeError):
            continue
        if shown.get("kty") == kind.key_type:
            return next(_keys_of({name: part for name, part in shown.items() if name != "kid"}, str(path)))
    raise KeysFault(f"{path} has no key that is taken", hint="a public key of RSA, EC on P-256 or Ed25519")
