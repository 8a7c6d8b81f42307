"""From bytes to the tree, by expat's events. Strict, and safe by default.

Everything is refused that makes reading a document dangerous: a document type declaration unless asked for, and
documents over the `Limits`. Well-formedness, namespaces included, is expat's judgement; its verdicts come back with
line and column.

Specifications: XML 1.0 (fifth edition), Namespaces in XML 1.0 (third edition).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, TypeVar, overload
from xml.parsers import expat

from demotic.errors import LimitExceeded
from demotic.xml._errors import XmlBindingFault, XmlSyntaxFault
from demotic.xml._names import SEPARATOR, XSI, from_wire, to_wire
from demotic.xml.binding._binding import binding_of
from demotic.xml.binding._bound import Bound
from demotic.xml.reading._builder import Builder
from demotic.xml.reading._doctype import Doctype, DoctypeReader, Resolver
from demotic.xml.reading._encoding import encode_text, readable, transcode
from demotic.xml.reading._faults import Faults, Report
from demotic.xml.reading._limits import DEFAULT_LIMITS, Limits
from demotic.xml.tree._nodes import Branch, CData, Comment, Element, EntityReference, ProcessingInstruction

__all__ = ["ExpatReader", "parse", "read"]

B = TypeVar("B", bound=Bound)

_LINE: Final = re.compile("(\r\n|\r|\n)")


def parse(data: bytes | str, *, limits: Limits = DEFAULT_LIMITS) -> Element:
    """Read a document and return its root element.

    Bytes are decoded as their byte order mark or XML declaration says; text is taken as it is, whatever it declares.
    Raises `XmlSyntaxFault` for a document that is not well formed or has a document type declaration (`Document` reads
    those), and `LimitExceeded` for one beyond `limits`.
    """
    root: Element = ExpatReader(data, limits).run().root
    return root


@overload
def read(
    source: Element | bytes | str,
    cls: type[B],
    *,
    limits: Limits = ...,
    classes: Iterable[type[Bound]] = ...,
    report: Report | None = ...,
) -> B: ...
@overload
def read(
    source: Element | bytes | str,
    cls: None = None,
    *,
    limits: Limits = ...,
    classes: Iterable[type[Bound]],
    report: Report | None = ...,
) -> Branch: ...
def read(
    source: Element | bytes | str,
    cls: type[Bound] | None = None,
    *,
    limits: Limits = DEFAULT_LIMITS,
    classes: Iterable[type[Bound]] = (),
    report: Report | None = None,
) -> Any:
    """Read an element, or a document as `parse` does, as an object of `cls`.

    `classes` are those of elements that may stand anywhere: at the root, if no `cls` is given, in wildcards, and where
    only foreign elements are expected. Raises `XmlBindingFault` with the path, line and column of the first culprit and
    up to 49 further ones as `details`: an element or attribute that is not declared, one that is missing or comes
    twice, a value that its type cannot read, text where none is declared. With `report` each is handed to that function
    instead, and what could not be understood is kept as text.
    """
    faults = Faults(report)
    if isinstance(source, Element):
        builder = Builder(TreePosition(), limits, cls, classes, faults)
        _rebuild(source, builder)
        root = builder.root
    else:
        root = ExpatReader(source, limits, root=cls, classes=classes, faults=faults).run().root
    check_root(root, cls)
    faults.tell()
    return root


def check_root(root: Any, cls: type[Bound] | None) -> None:
    """Raise `XmlBindingFault` if the root is not the element that the class is for."""
    if cls is not None and root._name not in binding_of(cls).names:
        raise XmlBindingFault(
            f"expected the element {binding_of(cls).name}",
            path=f"/{root._name.local}",
            line=root.line,
            column=root.column,
        )


class TreePosition:
    """The place of an element that is read again from a tree."""

    CurrentLineNumber = 0
    CurrentColumnNumber = 0


def _rebuild(root: Element, builder: Builder) -> None:
    """Hand a tree to the builder as if it were read."""
    _open(root, builder)
    stack = [iter(root._children)]
    while stack:
        for node in stack[-1]:
            if isinstance(node, Element):
                _open(node, builder)
                stack.append(iter(node._children))
                break
            _leaf(node, builder)
        else:
            stack.pop()
            builder.end()


def _open(element: Element, builder: Builder) -> None:
    position: Any = builder.position
    position.CurrentLineNumber, position.CurrentColumnNumber = element.line, element.column - 1
    builder.flush()
    builder.scope = element.namespaces
    builder.sees_types({"xsi": XSI})
    attributes = {to_wire(name, "xsi" if name.namespace == XSI else None): v for name, v in element.attributes.items()}
    builder.start(to_wire(element.name, element.prefix), attributes)


def _leaf(node: Any, builder: Builder) -> None:
    match node:
        case str():
            builder.chunks.append(node)
        case CData():
            builder.flush()
            builder.chunks.append(node.text)
            builder.end_cdata()
        case Comment():
            builder.comment(node.text)
        case ProcessingInstruction():
            builder.instruction(node.target, node.data)
        case EntityReference():
            builder.reference(node.name)


class ExpatReader:
    """One run of expat over one document, whole or piece by piece."""

    def __init__(
        self,
        data: bytes | str = b"",
        limits: Limits = DEFAULT_LIMITS,
        *,
        encoding: str | None = None,
        doctype: bool = False,
        resolver: Resolver | None = None,
        base: str | None = None,
        root: type[Bound] | None = None,
        classes: Iterable[type[Bound]] = (),
        faults: Faults | None = None,
    ) -> None:
        if isinstance(data, str):
            data, encoding = encode_text(data), "utf-8"
        limits.check_size(len(data))
        self.source, self.encoding = transcode(data, encoding)
        self.limits = limits
        self.parser = expat.ParserCreate(self.encoding, SEPARATOR)
        self.builder = Builder(self.parser, limits, root, classes, faults)
        self.doctype: DoctypeReader | None = None
        self.declaration: tuple[str, str | None, int] | None = None
        self._connect(self.parser)
        if doctype:
            self.doctype = DoctypeReader(self, resolver, base)
        else:
            self.parser.StartDoctypeDeclHandler = self._refuse_doctype

    def _connect(self, parser: expat.XMLParserType) -> None:
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.buffer_size = 2**16
        parser.StartNamespaceDeclHandler = self.builder.declare
        parser.EndElementHandler = self.builder.end
        parser.XmlDeclHandler = self._declared
        self._listen(parser)

    def _listen(self, parser: expat.XMLParserType) -> None:
        """Have the builder told of everything that elements hold."""
        builder = self.builder
        large = len(self.source) > self.limits.value
        parser.StartElementHandler = self._start_checked if large else builder.start
        parser.CharacterDataHandler = builder.chunks.append
        parser.StartCdataSectionHandler = builder.flush
        parser.EndCdataSectionHandler = builder.end_cdata
        parser.CommentHandler = builder.comment
        parser.ProcessingInstructionHandler = builder.instruction

    @property
    def found_doctype(self) -> Doctype | None:
        """The document type declaration, once it is read."""
        return None if self.doctype is None else self.doctype.doctype

    def run(self) -> Builder:
        """Read the whole document."""
        self.feed(self.source, final=True)
        return self.builder

    def feed(self, data: bytes, *, final: bool) -> None:
        """Read a piece of the document."""
        try:
            self.parser.Parse(data, final)
        except expat.ExpatError as fault:
            raise self.fault(expat.ErrorString(fault.code), fault.lineno, fault.offset + 1) from None
        except (LookupError, ValueError) as fault:  # an encoding that Python lacks, or that is not one byte a character
            if isinstance(fault, XmlSyntaxFault):
                raise
            raise self.fault(f"an encoding that cannot be read: {fault}", 1, 1) from None

    def fault(self, problem: str, line: int, column: int, hint: str | None = None) -> XmlSyntaxFault:
        """Return the error for a place of the document."""
        text = readable(self.source)
        start = sum(map(len, _LINE.split(text)[: 2 * (line - 1)]))
        position = min(start + column - 1, len(text))
        return XmlSyntaxFault(problem, text, position, line=line, column=column, hint=hint)

    def fault_here(self, problem: str, hint: str | None = None) -> XmlSyntaxFault:
        """Return the error for the place where the reader is."""
        return self.fault(problem, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1, hint)

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        self.declaration = (version, encoding, standalone)

    def _start_checked(self, raw: str, attributes: dict[str, str]) -> None:
        for name, value in attributes.items():
            if len(value) > self.limits.value:
                place = f"line {self.parser.CurrentLineNumber}, column {self.parser.CurrentColumnNumber + 1}"
                raise _value_too_long(name, self.limits.value, place)
        self.builder.start(raw, attributes)

    def _refuse_doctype(self, name: str, system: str | None, public: str | None, internal: bool) -> None:
        raise self.fault_here(
            f"a document type declaration for {name!r}",
            "it is refused because it can define entities; leave it out, or read it with Document",
        )


def _value_too_long(name: str, most: int, place: str) -> LimitExceeded:
    local = from_wire(name)[0].local
    return LimitExceeded(f"an attribute {local!r} of more than {most} characters at {place}", target="value")
