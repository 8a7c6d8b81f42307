"""From bytes to the tree, by expat's events. Strict, and safe by default.

Everything is refused that makes reading a document dangerous: a document type declaration (and with it entities of its
own, their expansion, and external ones), and documents over the `Limits`. Well-formedness, namespaces included, is
expat's judgement; its verdicts come back with line and column.

Specifications: XML 1.0 (fifth edition), Namespaces in XML 1.0 (third edition).
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from demotic.errors import LimitExceeded
from demotic.xml._errors import XmlSyntaxFault
from demotic.xml._tree import CData, Comment, Element, Node, ProcessingInstruction, QName, inner_scope

__all__ = ["Limits", "parse"]

# No XML 1.0 document can hold this character, so no namespace can either.
_SEPARATOR: Final = "\x1f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a document may be: bytes, levels of elements, attributes of one element."""

    size: int = 64 * 2**20
    depth: int = 256
    attributes: int = 256


DEFAULT_LIMITS: Final = Limits()


def parse(data: bytes | str, *, limits: Limits = DEFAULT_LIMITS) -> Element:
    """Read a document and return its root element.

    Bytes are decoded as their byte order mark or XML declaration says; text is taken as it is, whatever it declares.
    Raises `XmlSyntaxFault` for a document that is not well formed or has a document type declaration, and
    `LimitExceeded` for one beyond `limits`.
    """
    source, encoding = (data, None) if isinstance(data, bytes) else (_encode(data), "utf-8")
    if len(source) > limits.size:
        raise LimitExceeded(f"a document of {len(source)} bytes, at most {limits.size} are read")
    return _Builder(source, encoding, limits).build()


def _encode(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as fault:
        line = text.count("\n", 0, fault.start) + 1
        column = fault.start - text.rfind("\n", 0, fault.start)
        raise XmlSyntaxFault("a lone surrogate", text, fault.start, line=line, column=column) from None


class _Builder:
    """Expat's handlers, and the state between them: the open elements and the text not yet placed."""

    def __init__(self, source: bytes, encoding: str | None, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        self._root: Element | None = None
        self._open: list[Element] = []
        self._children: list[Node] = []
        self._chunks: list[str] = []
        self._scope: Mapping[str, str] = {}
        self._declared: dict[str, str] = {}
        self._names: dict[str, tuple[QName, str | None]] = {}
        self._parser = self._make_parser(encoding)

    def _make_parser(self, encoding: str | None) -> expat.XMLParserType:
        parser = expat.ParserCreate(encoding, _SEPARATOR)
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.buffer_size = 2**16
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._chunks.append
        parser.StartNamespaceDeclHandler = self._declare
        parser.StartCdataSectionHandler = self._flush
        parser.EndCdataSectionHandler = self._end_cdata
        parser.CommentHandler = self._comment
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartDoctypeDeclHandler = self._doctype
        return parser

    def build(self) -> Element:
        try:
            self._parser.Parse(self._source, True)
        except expat.ExpatError as fault:
            raise self._fault(expat.ErrorString(fault.code), fault.lineno, fault.offset + 1) from None
        except (LookupError, ValueError) as fault:  # an encoding that Python lacks, or that is not one byte a character
            raise self._fault(f"an encoding that cannot be read: {fault}", 1, 1) from None
        assert self._root is not None  # expat reports a document without root itself
        return self._root

    def _fault(self, problem: str, line: int, column: int, hint: str | None = None) -> XmlSyntaxFault:
        text = _readable(self._source)
        start = 0
        for _ in range(line - 1):
            start = text.find("\n", start) + 1
        return XmlSyntaxFault(problem, text, start + column - 1, line=line, column=column, hint=hint)

    def _name(self, raw: str) -> tuple[QName, str | None]:
        found = self._names.get(raw)
        if found is None:
            namespace, *rest = raw.split(_SEPARATOR)
            if rest:
                found = (QName(namespace, rest[0]), rest[1] if len(rest) > 1 else None)
            else:
                found = (QName("", namespace), None)
            self._names[raw] = found
        return found

    def _declare(self, prefix: str | None, uri: str | None) -> None:
        self._declared[prefix or ""] = uri or ""

    def _start(self, raw: str, attributes: dict[str, str]) -> None:
        self._flush()
        self._check(attributes)
        if self._declared:
            self._scope = inner_scope(self._scope, self._declared)
            self._declared = {}
        name, prefix = self._name(raw)
        element = Element(
            name,
            {self._name(key)[0]: value for key, value in attributes.items()} if attributes else None,
            prefix=prefix,
            namespaces=self._scope,
            line=self._parser.CurrentLineNumber,
            column=self._parser.CurrentColumnNumber + 1,
        )
        if self._root is None:
            self._root = element
        else:
            self._children.append(element)
        self._open.append(element)
        self._children = element.children

    def _check(self, attributes: dict[str, str]) -> None:
        problem = ""
        if len(self._open) >= self._limits.depth:
            problem = f"elements more than {self._limits.depth} deep"
        elif len(attributes) > self._limits.attributes:
            problem = f"an element with {len(attributes)} attributes, at most {self._limits.attributes} are read"
        if problem:
            raise LimitExceeded(
                f"{problem} at line {self._parser.CurrentLineNumber}, column {self._parser.CurrentColumnNumber + 1}"
            )

    def _end(self, _raw: str) -> None:
        self._flush()
        self._open.pop()
        if self._open:
            parent = self._open[-1]
            self._children = parent.children
            self._scope = parent.namespaces

    def _flush(self) -> None:
        if self._chunks:
            self._children.append("".join(self._chunks))
            self._chunks.clear()

    def _end_cdata(self) -> None:
        self._children.append(CData("".join(self._chunks)))
        self._chunks.clear()

    def _comment(self, text: str) -> None:
        self._place(Comment(text))

    def _instruction(self, target: str, data: str) -> None:
        self._place(ProcessingInstruction(target, data))

    def _place(self, node: Node) -> None:
        if self._open:
            self._flush()
            self._children.append(node)

    def _doctype(self, name: str, system: str | None, public: str | None, internal: bool) -> None:
        raise self._fault(
            f"a document type declaration for {name!r}",
            self._parser.CurrentLineNumber,
            self._parser.CurrentColumnNumber + 1,
            hint="it is refused because it can define entities; leave it out",
        )


def _readable(source: bytes) -> str:
    utf16 = source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return source.decode("utf-16" if utf16 else "utf-8-sig", "replace")
