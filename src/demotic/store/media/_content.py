"""What streams hold: given to be kept, kept in memory, and open for reading, always in chunks."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from types import TracebackType
from typing import Any, Final, Protocol, Self, TypeAlias

from demotic.errors import InvalidInput, PayloadTooLarge
from demotic.model import Annotation, Property

CHUNK: Final = 256 * 1024
"""The most bytes in one chunk; all but the last of what is kept have as many."""

BINARY_TYPE: Final = "application/octet-stream"
"""The content type of what none is told of."""

_TYPE: Final = re.compile(r"[!#$%&'*+.^`|~\w-]+/[!#$%&'*+.^`|~\w-]+(?:[ \t]*;[\x20-\x7e\t]*)?", re.ASCII)
_TAG: Final = re.compile(r'(?:W/)?"[!#-~]*"')
_MEDIA_TYPE: Final = "Org.OData.Core.V1.MediaType"
_LONGEST_TYPE: Final = 255


class BinaryFile(Protocol):
    """A file that is open for reading bytes."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""


Content: TypeAlias = bytes | bytearray | memoryview | BinaryFile | Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Info:
    """What is known of a stream's content. ``etag`` is in its header form."""

    content_type: str
    length: int
    etag: str
    modified: datetime | None = None

    @property
    def is_well_formed(self) -> bool:
        """Whether type, tag and time have the forms in which they can be sent."""
        zoned = self.modified is None or self.modified.tzinfo is not None
        return zoned and bool(_TYPE.fullmatch(self.content_type) and _TAG.fullmatch(self.etag))


@dataclass(frozen=True, slots=True)
class Media:
    """Content to be kept, as bytes, an open file, or pieces of bytes, and its type.

    Raises InvalidInput for what is no content or no media type.

    >>> photos.insert({"$value": Media(open("tea.png", "rb"), "image/png")})   # doctest: +SKIP
    """

    content: Content
    content_type: str = BINARY_TYPE

    def __post_init__(self) -> None:
        if isinstance(self.content, str) or not (
            hasattr(self.content, "read") or isinstance(self.content, (bytes, bytearray, memoryview, Iterable))
        ):
            hint = "give bytes, a file that is open for reading bytes, or pieces of bytes"
            raise InvalidInput(f"{type(self.content).__name__} is no content of a stream", hint=hint)
        text = self.content_type
        if not isinstance(text, str) or len(text) > _LONGEST_TYPE or _TYPE.fullmatch(text) is None:
            raise InvalidInput(
                f"{text!r} is no media type", target="content_type", hint="write type/subtype, such as image/png"
            )

    def chunks(self) -> Iterator[bytes]:
        """Yield the content in chunks, all but the last of the same size.

        To be called once for a file or an iterator; what has a method ``rewind`` begins anew each time.
        """
        content = self.content
        if hasattr(content, "rewind"):
            content.rewind()
        if isinstance(content, (bytes, bytearray, memoryview)):
            whole = memoryview(content).cast("B")
            return (bytes(whole[at : at + CHUNK]) for at in range(0, len(whole), CHUNK))
        read: Any = getattr(content, "read", None)
        pieces: Iterable[bytes] = content if read is None else iter(lambda: read(CHUNK), b"")  # type: ignore[assignment]
        return _even(pieces)


def _even(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield pieces joined and cut to chunks."""
    waiting = bytearray()
    for piece in pieces:
        if not isinstance(piece, (bytes, bytearray, memoryview)):
            raise InvalidInput(f"a stream has bytes, not {type(piece).__name__}", hint="open the file with mode 'rb'")
        waiting += piece
        while len(waiting) >= CHUNK:
            yield bytes(waiting[:CHUNK])
            del waiting[:CHUNK]
    if waiting:
        yield bytes(waiting)


def media_of(item: Property, value: object) -> Media | None:
    """Return what was given for a stream property as media: bytes have the type that the model says, or none."""
    if value is None or isinstance(value, Media):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return Media(bytes(value), stated_type(item.annotations) or BINARY_TYPE)
    raise InvalidInput(
        f"{item.name} is a stream, and takes no {type(value).__name__}",
        target=item.name,
        hint="give bytes, or Media(file, content_type)",
    )


def stated_type(annotations: Iterable[Annotation]) -> str | None:
    """Return the media type that the model states for a stream (Core.MediaType)."""
    return next((str(item.value) for item in annotations if item.term == _MEDIA_TYPE), None)


class Tagging:
    """Chunks on their way into a store: counted, held to a limit, and made a tag of.

    The tag is that of the content and its type, so that content that is put again unchanged keeps it. It is strong
    (RFC 9110, section 8.8.1).
    """

    def __init__(self, media: Media, most: int | None, name: str) -> None:
        self._media = media
        self._most = most
        self._name = name
        self._length = 0
        self._digest = blake2b(f"{media.content_type}\n".encode(), digest_size=15)

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._media.chunks():
            self._length += len(chunk)
            if self._most is not None and self._length > self._most:
                raise PayloadTooLarge(f"{self._name} has more than {self._most} bytes", target=self._name)
            self._digest.update(chunk)
            yield chunk

    def info(self) -> Info:
        """Return what is known of the content, once all chunks have passed."""
        return Info(self._media.content_type, self._length, f'"{self._digest.hexdigest()}"', datetime.now(UTC))


def tag_over(media: Media, most: int | None = None, name: str = "the stream") -> Tagging:
    """Return the chunks of media on their way into a store. Iterating raises `PayloadTooLarge` beyond ``most``."""
    return Tagging(media, most, name)


class Readable(ABC):
    """A stream open for reading; close it, or use it as a context manager."""

    info: Info

    @abstractmethod
    def chunks(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from ``start`` up to ``stop`` in chunks. To be called once."""

    def close(self) -> None:  # noqa: B027 - what holds nothing has nothing to close
        """Release what it holds; harmless when called again."""

    def read(self) -> bytes:
        """Return the whole content, which is to be small."""
        try:
            return b"".join(self.chunks())
        finally:
            self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class Kept(Readable):
    """Content in memory. It never changes, and may be read by many at once."""

    info: Info
    parts: tuple[bytes, ...]

    def chunks(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the bytes between two positions."""
        return cut(self.parts, start, self.info.length if stop is None else stop)


def cut(parts: Iterable[bytes], start: int, stop: int) -> Iterator[bytes]:
    """Yield what of consecutive parts lies between two positions."""
    at = 0
    for part in parts:
        if at >= stop:
            return
        piece = part[max(0, start - at) : stop - at]
        at += len(part)
        if piece:
            yield piece


def kept(media: Media, most: int | None = None, name: str = "the stream") -> Kept:
    """Return media as kept in memory. Raises `PayloadTooLarge` beyond ``most`` bytes."""
    tagging = tag_over(media, most, name)
    parts = tuple(tagging)
    return Kept(tagging.info(), parts)


def readable(value: object) -> Readable | None:
    """Return the value that stands for a stream in an entity as one to read: bytes are content of no told type."""
    return kept(Media(value)) if isinstance(value, bytes) else value if isinstance(value, Readable) else None
