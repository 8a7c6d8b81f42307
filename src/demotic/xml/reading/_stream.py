"""Reading without end: one element after another out of a document of any size, in constant memory.

Only the elements around the one that is read are kept, without their content, so that base, language and prefixes are
those of the document. What was handed out belongs to the caller, and is forgotten here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, overload

from demotic.errors import DemoticError, LimitExceeded
from demotic.xml._names import QName, from_wire
from demotic.xml.binding._binding import Step, binding_of
from demotic.xml.binding._bound import Bound
from demotic.xml.reading._faults import Faults, Report
from demotic.xml.reading._limits import DEFAULT_LIMITS, Limits
from demotic.xml.reading._parse import ExpatReader
from demotic.xml.tree._nodes import Element

__all__ = ["iterate"]

B = TypeVar("B", bound=Bound)

_PIECE = 2**14


@overload
def iterate(
    source: Path | BinaryIO | Iterable[bytes], kind: type[B], *, limits: Limits = ..., report: Report | None = ...
) -> Iterator[B]: ...
@overload
def iterate(
    source: Path | BinaryIO | Iterable[bytes], kind: QName, *, limits: Limits = ..., report: Report | None = ...
) -> Iterator[Element]: ...
def iterate(
    source: Path | BinaryIO | Iterable[bytes],
    kind: Any,
    *,
    limits: Limits = DEFAULT_LIMITS,
    report: Report | None = None,
) -> Iterator[Any]:
    """Yield the elements of one class, or of one name, as they come, wherever they stand in the document.

    `source` is a file, its path, or pieces of bytes. The document itself may be of any size; `limits.size` holds for
    each element that is yielded, and a document type declaration is refused. Raises as `read` does, when the reader
    comes to the fault; with `report` what does not fit the class is handed to that function instead.
    """
    reader = _StreamReader(kind, limits, report)
    for piece in _pieces(source):
        if piece:
            yield from reader.advance(piece)
    yield from reader.advance(b"")


def _pieces(source: Path | BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield from iter(lambda: file.read(_PIECE), b"")
    elif hasattr(source, "read"):
        yield from iter(lambda: source.read(_PIECE), b"")
    else:
        yield from source


class _StreamReader(ExpatReader):
    """Expat over pieces, with a builder that keeps nothing but the element that is being read."""

    def __init__(self, kind: Any, limits: Limits, report: Report | None) -> None:
        super().__init__(b"", limits, faults=Faults(report))
        self._names = (kind,) if isinstance(kind, QName) else binding_of(kind).names
        self._class = Element if isinstance(kind, QName) else kind
        self._binding = None if isinstance(kind, QName) else binding_of(kind)
        self._steps: dict[str, Step] = {}
        self._done: list[Any] = []
        self._inside = False
        self.builder.on_close = self._root_closed
        self._began = 0
        self._fed = 0
        self._listen_outside()

    def _listen_outside(self) -> None:
        parser = self.parser
        parser.StartElementHandler = self._start
        parser.CharacterDataHandler = None
        parser.CommentHandler = None
        parser.ProcessingInstructionHandler = None
        parser.StartCdataSectionHandler = None
        parser.EndCdataSectionHandler = None

    def advance(self, piece: bytes) -> Iterator[Any]:
        """Read a piece, or the end if there is nothing in it; yield what is complete, and raise what is wrong only
        then."""
        failure: DemoticError | None = None
        try:
            self._read(piece)
        except DemoticError as fault:
            failure = fault
        done, self._done = self._done, []
        yield from done
        if failure is not None:
            raise failure

    def _read(self, piece: bytes) -> None:
        self._fed += len(piece)
        span = self._fed - self._began
        if span > self.limits.size + len(piece):
            what = f"{self._names[0].local} of more than {self.limits.size} bytes" if self._inside else "an endless tag"
            raise LimitExceeded(f"{what} at line {self.parser.CurrentLineNumber}", target="size")
        if self._inside and span > self.limits.value:
            self.parser.StartElementHandler = self._start_checked
        self.feed(piece, final=not piece)
        if not self._inside:
            # What is not read yet begins here: a tag that has not ended may not go on for ever either.
            self._began = max(self._began, self.parser.CurrentByteIndex)

    def _start(self, raw: str, attributes: dict[str, str]) -> None:
        builder = self.builder
        step = self._wanted_step(raw)
        if step is None:
            builder.open_plain(raw, attributes)
            return
        self._inside = True
        builder.stop, builder.on_close = builder.node, self._closed
        self._began = self.parser.CurrentByteIndex
        self._listen(self.parser)
        builder.start_as(step, raw, attributes)

    def _wanted_step(self, raw: str) -> Step | None:
        """Return how to read an element of this name, if it is one of those to yield."""
        found = self._steps.get(raw)
        if found is None and from_wire(raw)[0] in self._names:
            found = self._steps[raw] = Step(raw, self._class, self._binding, None)
        return found

    def _closed(self, node: Any) -> None:
        builder = self.builder
        self._inside = False
        builder.stop, builder.on_close = None, self._root_closed
        self._listen_outside()
        builder.forget()
        builder.faults.tell()
        self._done.append(node)

    def _root_closed(self, _root: Any) -> None:
        pass
