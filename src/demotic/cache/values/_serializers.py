"""From a function's result to bytes and back, without a chance to come back as something else.

`Msgpack` is the default. Values of Python's own types describe themselves; dataclasses, structs, enumerations and
whatever else msgspec knows come back through the type that the function is annotated with. A value that would not come
back the same is not stored. `Json` is for caches that other programs read. `SignedPickle` takes anything that can be
pickled, and executes nothing that does not carry the signature. `ByReference` hands out the object itself, in memory.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Protocol

from demotic.cache._errors import Unreadable, Unstorable, WrongCacheUse
from demotic.cache._late import Late
from demotic.cache.values._same import same
from demotic.cache.values._tagged import dump_tagged, load_tagged

if TYPE_CHECKING:
    import msgspec
else:
    msgspec = Late("msgspec")

_NO_TYPE = frozenset({Any, object, None})
HINT = "annotate the function's result, or choose serializer=SignedPickle(...), or ByReference() in memory"


class Serializer(Protocol):
    """Turns values into bytes and back."""

    def for_type(self, annotation: Any) -> Serializer:
        """Return the serializer of a function whose result is annotated so."""
        ...

    def dumps(self, value: object, key: str) -> bytes:
        """Return a value as bytes. Raises `Unstorable` if it would not come back the same."""
        ...

    def loads(self, data: bytes, key: str) -> Any:
        """Return the value of these bytes, a new one each time. Raises `Unreadable`."""
        ...


class _Typed:
    """A value that does not describe itself, by the type it is annotated with."""

    def __init__(self, annotation: Any, form: str) -> None:
        self._annotation = annotation
        self._form = form

    @functools.cached_property
    def _encode(self) -> Any:
        return getattr(msgspec, self._form).encode

    @functools.cached_property
    def _decode(self) -> Any:
        """What reads a value of the type, ``None`` where there is no such type, or msgspec does not know it."""
        if isinstance(self._annotation, str) or self._annotation in _NO_TYPE:
            return None
        try:
            return getattr(msgspec, self._form).Decoder(self._annotation).decode
        except (TypeError, ValueError, NotImplementedError):
            return None

    def dumps(self, value: object) -> bytes:
        if self._decode is None:
            raise Unstorable(f"a value of type {type(value).__qualname__} cannot be stored", hint=HINT)
        try:
            data: bytes = self._encode(value)
            back = self._decode(data)
        except (msgspec.MsgspecError, TypeError, ValueError, NotImplementedError) as error:
            raise Unstorable(f"a value cannot be stored as it is annotated: {error}", hint=HINT) from None
        if not same(value, back):
            raise Unstorable(
                f"a value of type {type(value).__qualname__} would come back as another than it was", hint=HINT
            )
        return data

    def loads(self, data: bytes) -> Any:
        if self._decode is None:
            raise Unreadable("a value of a type that this function no longer has")
        try:
            return self._decode(data)
        except (msgspec.MsgspecError, TypeError, ValueError) as error:
            raise Unreadable(f"not a value of the annotated type: {error}") from None


class Msgpack:
    """MessagePack: compact, typed, and the default."""

    def __init__(self, annotation: Any = None) -> None:
        self._typed = _Typed(annotation, "msgpack")

    def for_type(self, annotation: Any) -> Msgpack:
        """Return the serializer of a function whose result is annotated so."""
        return Msgpack(annotation)

    def dumps(self, value: object, key: str) -> bytes:
        """Return a value as bytes. Raises `Unstorable` if it would not come back the same."""
        try:
            return b"=" + dump_tagged(value)
        except Unstorable:
            return b":" + self._typed.dumps(value)

    def loads(self, data: bytes, key: str) -> Any:
        """Return the value of these bytes, a new one each time. Raises `Unreadable`."""
        if data[:1] == b"=":
            return load_tagged(data[1:])
        if data[:1] == b":":
            return self._typed.loads(data[1:])
        raise Unreadable("not written by this serializer")


class Json:
    """JSON, for caches that people and other programs read too. Takes what JSON has, or what is annotated."""

    def __init__(self, annotation: Any = Any) -> None:
        plain = Any if annotation is None or isinstance(annotation, str) else annotation
        self._plain = _Typed(list[Any] | dict[str, Any] | str | int | float | bool | None, "json")
        self._typed = _Typed(plain, "json")

    def for_type(self, annotation: Any) -> Json:
        """Return the serializer of a function whose result is annotated so."""
        return Json(annotation)

    def dumps(self, value: object, key: str) -> bytes:
        """Return a value as JSON. Raises `Unstorable` if it would not come back the same."""
        try:
            data = self._typed.dumps(value)
        except Unstorable:
            return self._plain.dumps(value)
        return data

    def loads(self, data: bytes, key: str) -> Any:
        """Return the value of these bytes, a new one each time. Raises `Unreadable`."""
        try:
            return self._typed.loads(data)
        except Unreadable:
            return self._plain.loads(data)


class SignedPickle:
    """Pickle under a signature: HMAC-SHA-256 (RFC 2104) over the key and the value.

    Pickle runs code when it is read, so whoever may write to the cache could run code here; the signature is checked
    first. ``secret`` has at least 16 bytes; ``previous`` are secrets that are still accepted for reading.
    """

    def __init__(self, secret: bytes, *, previous: tuple[bytes, ...] = ()) -> None:
        for item in (secret, *previous):
            if not isinstance(item, bytes) or len(item) < 16:
                raise WrongCacheUse("the secret of SignedPickle is at least 16 bytes", hint="secrets.token_bytes(32)")
        self._secrets = (secret, *previous)

    def __repr__(self) -> str:
        return "SignedPickle(...)"

    def for_type(self, annotation: Any) -> SignedPickle:
        """Return itself: a pickle knows its types."""
        return self

    def dumps(self, value: object, key: str) -> bytes:
        """Return a value as a signed pickle. Raises `Unstorable` for what cannot be pickled."""
        import pickle

        try:
            data = pickle.dumps(value, protocol=5)
        except Exception as error:
            raise Unstorable(f"a value of type {type(value).__qualname__} cannot be pickled: {error}") from None
        return _signature(self._secrets[0], key, data) + data

    def loads(self, data: bytes, key: str) -> Any:
        """Return the value of a pickle that carries our signature for this key. Raises `Unreadable` for any other."""
        import hmac
        import pickle

        signature, pickled = data[:32], data[32:]
        if not any(hmac.compare_digest(signature, _signature(secret, key, pickled)) for secret in self._secrets):
            raise Unreadable("the signature is not ours")
        try:
            return pickle.loads(pickled)
        except Exception as error:
            raise Unreadable(f"the pickle does not fit this program: {error}") from None


def _signature(secret: bytes, key: str, data: bytes) -> bytes:
    import hmac

    return hmac.digest(secret, b"%d:%b" % (len(key.encode()), key.encode()) + data, "sha256")


class ByReference:
    """Keeps the object itself, in memory only: every caller has the same one, and sees what others change in it."""

    def for_type(self, annotation: Any) -> ByReference:
        """Return itself."""
        return self

    def dumps(self, value: object, key: str) -> bytes:
        """Raise `Unstorable`: there are no bytes."""
        raise Unstorable("ByReference keeps objects in memory; a shared cache needs bytes")

    def loads(self, data: bytes, key: str) -> Any:
        """Raise `Unreadable`: there are no bytes."""
        raise Unreadable("ByReference keeps objects in memory")
