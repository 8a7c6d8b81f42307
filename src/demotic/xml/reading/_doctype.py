"""Document type declarations: kept as written, their entities expanded within bounds, external ones only on request.

Nothing is fetched unless a resolver is given; it alone decides what a public or system identifier stands for. How much
entities and defaulted attributes add to a document is counted before and while they are expanded, so that neither
nested entities ("billion laughs") nor a large one named often ("quadratic blow-up") get far.

Specification: XML 1.0 (fifth edition), sections 2.8, 4.2 to 4.4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from xml.parsers import expat

from demotic.errors import LimitExceeded
from demotic.xml.reading._encoding import transcode

if TYPE_CHECKING:
    from demotic.xml.reading._parse import ExpatReader

__all__ = ["Catalog", "Doctype", "DoctypeReader", "Resolver"]

Resolver: TypeAlias = Callable[[str | None, str | None], bytes | str | None]
"""Is given the public and the system identifier, the latter resolved against the document's base, and returns what
stands there, or None to leave it out."""

_REFERENCE: Final = re.compile(rb"&([^#;&<\s][^;&<\s]*);")
_INNER: Final = re.compile(r"&([^#;&<\s][^;&<\s]*);")


@dataclass(frozen=True, slots=True)
class Doctype:
    """A document type declaration: the name of the root, the identifiers of the external subset, the internal one as
    it was written."""

    name: str
    public: str | None = None
    system: str | None = None
    internal: str | None = None

    def __str__(self) -> str:
        parts = [f"<!DOCTYPE {self.name}"]
        if self.public is not None:
            parts.append(f' PUBLIC "{self.public}" {_quoted(self.system or "")}')
        elif self.system is not None:
            parts.append(f" SYSTEM {_quoted(self.system)}")
        if self.internal is not None:
            parts.append(f" [{self.internal}]")
        return "".join([*parts, ">"])


def _quoted(text: str) -> str:
    return f"'{text}'" if '"' in text else f'"{text}"'


class Catalog:
    """A resolver for known identifiers: each public or system one leads to bytes, or to a file that is read then."""

    def __init__(self, entries: Mapping[str, bytes | Path]) -> None:
        self._entries = dict(entries)

    def __call__(self, public: str | None, system: str | None) -> bytes | None:
        for name in (public, system, (system or "").rpartition("/")[2]):
            found = self._entries.get(name or "")
            if found is not None:
                return found.read_bytes() if isinstance(found, Path) else found
        return None


class DoctypeReader:
    """Expat's handlers around a document type declaration."""

    def __init__(self, reader: ExpatReader, resolver: Resolver | None, base: str | None) -> None:
        self._reader = reader
        self._resolver = resolver
        self._base = base or ""
        self._sizes: dict[str, int] = {}
        self._externals: set[str] = set()
        self._fetched = 0
        self._added = 0
        self._allowed = len(reader.source) + reader.limits.expansion
        self._parsers = [reader.parser]
        self.doctype: Doctype | None = None
        parser = reader.parser
        parser.StartDoctypeDeclHandler = self._start
        parser.EndDoctypeDeclHandler = self._end
        # Parameter entities of the document itself count in any case; external ones come only from the resolver.
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE)

    def _start(self, name: str, system: str | None, public: str | None, internal: bool) -> None:
        self.doctype = Doctype(name, public, system, "" if internal else None)
        self._begin = self._reader.parser.CurrentByteIndex
        parser = self._reader.parser
        parser.EntityDeclHandler = self._entity
        parser.ExternalEntityRefHandler = self._external
        parser.SkippedEntityHandler = self._skipped
        # Comments and instructions of the declaration are part of its text, not of the document.
        parser.CommentHandler = None
        parser.ProcessingInstructionHandler = None
        parser.StartElementHandler = self._count_start
        parser.CharacterDataHandler = self._count_text

    def _end(self) -> None:
        reader = self._reader
        assert self.doctype is not None
        if self.doctype.internal is not None:
            end = reader.parser.CurrentByteIndex
            self.doctype = Doctype(
                self.doctype.name, self.doctype.public, self.doctype.system, self._internal(self._begin, end)
            )
        reader.parser.CommentHandler = reader.builder.comment
        reader.parser.ProcessingInstructionHandler = reader.builder.instruction
        reader.builder.before.append(self.doctype)
        self._foresee()

    def _internal(self, begin: int, end: int) -> str:
        """Return what stands between the brackets; expat stands at the first of them when it tells the start."""
        source, encoding = self._reader.source, self._reader.encoding or "utf-8"
        if source[:2] in (b"\xff\xfe", b"\xfe\xff"):
            encoding = "utf-16-le" if source[:2] == b"\xff\xfe" else "utf-16-be"
        elif self._reader.encoding is None and self._reader.declaration is not None:
            encoding = self._reader.declaration[1] or "utf-8"
        text = source[begin:end].decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n")
        return text[text.find("[") + 1 : text.rfind("]")]

    def _entity(
        self,
        name: str,
        is_parameter: bool,
        value: str | None,
        base: str | None,
        system: str | None,
        public: str | None,
        notation: str | None,
    ) -> None:
        if is_parameter or name in self._sizes or name in self._externals:
            return
        if value is None:
            self._externals.add(name)
            return
        # An entity may name others that are declared later, but whoever names it comes after both.
        size = len(value) + sum(self._sizes.get(inner, 0) for inner in _INNER.findall(value))
        self._check(size, f"the entity {name!r} stands for")
        self._sizes[name] = size

    def _foresee(self) -> None:
        """Count what all references together stand for, before any is expanded."""
        if not self._sizes:
            return
        total = sum(self._sizes.get(name.decode("utf-8", "replace"), 0) for name in self._names())
        self._check(total, "references to entities stand for")

    def _names(self) -> list[bytes]:
        source = self._reader.source
        if source[:2] in (b"\xff\xfe", b"\xfe\xff"):
            source = source.decode("utf-16", "replace").encode()
        return _REFERENCE.findall(source)

    def _check(self, size: int, what: str) -> None:
        most = self._reader.limits.expansion
        if size > most:
            line = self._reader.parser.CurrentLineNumber
            raise LimitExceeded(
                f"{what} {size} characters, at most {most} are expanded (line {line})", target="expansion"
            )

    def _count_start(self, raw: str, attributes: dict[str, str]) -> None:
        self._count(len(raw) + sum(map(len, attributes.values())))
        self._reader._start_checked(raw, attributes)

    def _count_text(self, text: str) -> None:
        self._count(len(text))
        self._reader.builder.chunks.append(text)

    def _count(self, size: int) -> None:
        self._added += size
        if self._added > self._allowed:
            self._check(self._added, "with entities and defaults the document has")
            raise LimitExceeded(
                f"entities and defaults add more than {self._reader.limits.expansion} characters", target="expansion"
            )

    def _skipped(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            self._reader.builder.reference(name)

    def _external(self, context: str | None, base: str | None, system: str | None, public: str | None) -> int:
        data: Any = None
        from urllib.parse import urljoin

        address = urljoin(base or self._base, system) if system else None
        if self._resolver is not None:
            self._fetched += 1
            limits = self._reader.limits
            if self._fetched > limits.entities:
                raise LimitExceeded(f"more than {limits.entities} external entities", target="entities")
            data = self._resolver(public, address)
        if data is None:
            self._left_out(context)
            return 1
        data, encoding = transcode(data.encode(), "utf-8") if isinstance(data, str) else transcode(data)
        self._reader.limits.check_size(len(data))
        self._allowed += len(data)
        inner = (
            self._parsers[-1].ExternalEntityParserCreate(context, encoding)
            if encoding
            else self._parsers[-1].ExternalEntityParserCreate(context)
        )
        inner.SetBase(address or "")
        self._parsers.append(inner)
        try:
            inner.Parse(data, True)
        except expat.ExpatError as fault:
            where = f"{address or public}, line {fault.lineno}, column {fault.offset + 1}"
            raise self._reader.fault_here(f"{expat.ErrorString(fault.code)} in {where}") from None
        finally:
            self._parsers.pop()
        return 1

    def _left_out(self, context: str | None) -> None:
        """Keep a reference in the content to an external entity that is not fetched."""
        # The context lists the open entities between form feeds, and namespaces as prefix=name.
        names = [part for part in (context or "").split("\f") if part in self._externals]
        if names:
            self._reader.builder.reference(names[-1])
