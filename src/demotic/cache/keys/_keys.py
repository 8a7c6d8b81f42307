"""The key of a call: short, the same in every process, and different for every different call.

A key is `call:` and 160 bits of BLAKE2b in hexadecimal, over the function's identity, the names of its parameters and
the encoded arguments. With a backend's namespace before it, that fits memcached (at most 250 bytes, no blanks or
controls; protocol.txt, "Keys") and, as one word without braces, spreads evenly over the slots of a Redis cluster.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from demotic.cache._errors import UnkeyableArgument
from demotic.cache.keys._encode import encode, encode_state
from demotic.cache.keys._signature import Binder, compile_binder

if TYPE_CHECKING:
    import inspect

_DIGEST_BYTES = 20
# Values of these types are equal only if they are the same, given that their types are: the types of a shape say that.
_PLAIN = frozenset({int, str, bytes, bool, type(None), uuid.UUID, datetime.date})
_MOST_REMEMBERED = 20_000
_LONGEST_REMEMBERED = 200


class Keys:
    """Makes the keys of one function's calls; `memo` remembers those of plain arguments.

    ``custom`` is the caller's own ``key=``: its answer is encoded in the place of the arguments. ``owner`` is the name
    of a method's first parameter: an instance of ``owner_class`` (a qualified name) is known by its state.
    """

    __slots__ = ("binder", "custom", "memo", "owner", "owner_class", "prefix")

    def __init__(
        self,
        prefix: bytes,
        binder: Binder,
        custom: Callable[..., object] | None = None,
        owner: str | None = None,
        owner_class: str = "",
    ) -> None:
        self.prefix = prefix
        self.binder = binder
        self.custom = custom
        self.owner = owner
        self.owner_class = owner_class
        self.memo: dict[tuple[Any, ...], str] = {}

    def __call__(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        """Return the key of a call. Raises TypeError for arguments that do not fit, and `UnkeyableArgument`."""
        shape = self.binder.shape(*args, **kwargs)
        try:
            return self.memo[shape]
        except (KeyError, TypeError):
            pass
        if self.custom is not None:
            return self._hashed(b"k" + encode(self.custom(*args, **kwargs)))
        count = len(self.binder.names)
        key = self._hashed(b"".join(map(self._part, self.binder.names, shape[count:])))
        if _is_plain(shape, count):
            if len(self.memo) >= _MOST_REMEMBERED:
                self.memo.clear()
            self.memo[shape] = key
        return key

    def _part(self, name: str, value: object) -> bytes:
        try:
            return encode_state(value) if self._is_owner(name, value) else encode(value)
        except UnkeyableArgument as error:
            hint = error.hint
            if self._is_owner(name, value):
                hint = f"name what identifies it: __cache_fields__ = (...) in {type(value).__name__}, or exclude_self"
            raise UnkeyableArgument(f"{name}: {error.message}", target=name, hint=hint) from None

    def _is_owner(self, name: str, value: object) -> bool:
        return name == self.owner and any(cls.__qualname__ == self.owner_class for cls in type(value).__mro__)

    def _hashed(self, content: bytes) -> str:
        return f"call:{_digest(self.prefix + content)}"


def _digest(content: bytes) -> str:
    from hashlib import blake2b  # loads OpenSSL, which a program that only imports this need not wait for

    return blake2b(content, digest_size=_DIGEST_BYTES).hexdigest()


def _is_plain(shape: tuple[Any, ...], count: int) -> bool:
    for kind, value in zip(shape[:count], shape[count:], strict=True):
        if kind not in _PLAIN:
            return False
        if kind in (str, bytes) and len(value) > _LONGEST_REMEMBERED:
            return False
        if kind is int and value.bit_length() > _LONGEST_REMEMBERED:
            return False
    return True


def make_keys(
    signature: inspect.Signature,
    identity: str,
    *,
    version: str | int | None = None,
    ignore: tuple[str, ...] = (),
    custom: Callable[..., object] | None = None,
    owner: str | None = None,
    owner_class: str = "",
) -> Keys:
    """Return what makes the keys of a function's calls. Raises `WrongCacheUse` for a parameter that is not there."""
    binder = compile_binder(signature, identity.rpartition(":")[2], ignore)
    prefix = encode((identity, version, () if custom else binder.names))
    return Keys(prefix, binder, custom, owner, owner_class)


def scope_key(scope: str) -> str:
    """Return the key that the version of a scope (a function, a class, a tag) is kept under."""
    return f"scope:{_digest(encode(scope))}"
