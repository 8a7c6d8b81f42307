"""html5lib with our limits and our places: the only module that knows the library.

html5lib follows the HTML Standard's parsing algorithm (section 13.2) and reports every error. What it builds here is a
plain tree of `Node`s that know where their tag stood; `_convert` makes elements of them. Each bound of `HtmlLimits` is
held while reading, before anything can grow.
"""

from __future__ import annotations

import html
from typing import Any, Final

from html5lib import html5parser
from html5lib._tokenizer import HTMLTokenizer
from html5lib.constants import E, _ReparseException, digits, hexDigits, namespaces, tokenTypes
from html5lib.treebuilders.base import TreeBuilder

from demotic.errors import LimitExceeded
from demotic.xml.html._document import HtmlLimits, Repair
from demotic.xml.html._phases import tolerant_phases

__all__ = ["Builder", "CommentNode", "DoctypeNode", "Node", "Parser"]

Place = tuple[int, int]

MOST_REPAIRS: Final = 10_000


class Counter:
    """The elements made so far, and how many there may be."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._made = 0

    def add(self) -> None:
        self._made += 1
        if self._made > self._limit:
            raise LimitExceeded(f"a text that makes more than {self._limit} elements of HTML")


class CommentNode:
    """A comment; the library asks for the parent."""

    __slots__ = ("parent", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.parent: Node | None = None


class DoctypeNode:
    """A document type declaration."""

    __slots__ = ("name", "parent", "public", "system")

    def __init__(self, name: str | None, public: str | None, system: str | None) -> None:
        self.name = name or ""
        self.public = public
        self.system = system
        self.parent: Node | None = None


class _ClonedAttributes(dict[Any, str]):
    """The attributes of an element that is opened again: all that the library hands from the first to the second."""

    place: Place = (0, 0)


Child = Any  # Node | CommentNode | DoctypeNode | str; the library hands children over untyped


class Node:
    """An element under construction, with the methods that html5lib's tree builders ask for.

    Texts that touch stay apart until the end: joining them here would cost the square of their length.
    """

    __slots__ = ("attributes", "childNodes", "counter", "implied", "name", "nameTuple", "namespace", "parent", "place")

    def __init__(self, name: str, namespace: str | None, counter: Counter) -> None:
        counter.add()
        self.name = name
        self.namespace = namespace
        self.nameTuple = (namespace or namespaces["html"], name)
        self.attributes: dict[Any, str] = {}
        self.childNodes: list[Child] = []
        self.parent: Node | None = None
        self.place: Place = (0, 0)
        self.implied = False
        self.counter = counter

    def appendChild(self, node: Child) -> None:
        self.childNodes.append(node)
        node.parent = self

    def insertBefore(self, node: Child, before: Child) -> None:
        self.childNodes.insert(self._index(before), node)
        node.parent = self

    def insertText(self, data: str, insertBefore: Child = None) -> None:
        at = len(self.childNodes) if insertBefore is None else self._index(insertBefore)
        self.childNodes.insert(at, data)

    def removeChild(self, node: Child) -> None:
        del self.childNodes[self._index(node)]
        node.parent = None

    def _index(self, node: Child) -> int:
        # What is looked for is nearly always the last: from the front, a long table of strays would cost its square.
        return next(at for at in reversed(range(len(self.childNodes))) if self.childNodes[at] is node)

    def reparentChildren(self, parent: Node) -> None:
        for child in self.childNodes:
            if not isinstance(child, str):
                child.parent = parent
        parent.childNodes += self.childNodes
        self.childNodes = []

    def cloneNode(self) -> Node:
        clone = Node(self.name, self.namespace, self.counter)
        clone.attributes = attributes = _ClonedAttributes(self.attributes)
        clone.place = attributes.place = self.place
        return clone

    def hasContent(self) -> bool:
        return bool(self.childNodes)


class Builder(TreeBuilder):  # type: ignore[misc]
    """The library's tree builder, making `Node`s and holding the bounds of depth and number."""

    commentClass = CommentNode
    doctypeClass = DoctypeNode

    def __init__(self, limits: HtmlLimits) -> None:
        self._limits = limits
        self.parser: Parser | None = None
        super().__init__(True)

    def reset(self) -> None:
        self._counter = Counter(self._limits.elements)
        super().reset()

    def documentClass(self) -> Node:
        return Node("", None, self._counter)

    def fragmentClass(self) -> Node:
        return Node("", None, self._counter)

    def elementClass(self, name: str, namespace: str | None) -> Node:
        return Node(name, namespace, self._counter)

    def createElement(self, token: dict[str, Any]) -> Node:
        element: Node = super().createElement(token)
        return self._placed(element, token)

    def insertElementNormal(self, token: dict[str, Any]) -> Node:
        if len(self.openElements) >= self._limits.depth:
            raise LimitExceeded(f"HTML elements more than {self._limits.depth} deep{self._here()}")
        element: Node = super().insertElementNormal(token)
        return self._placed(element, token)

    def _placed(self, element: Node, token: dict[str, Any]) -> Node:
        place = token.get("place") or getattr(token["data"], "place", None)
        element.implied = place is None
        element.place = place or (self.parser.tokenizer.tag_start if self.parser else (0, 0))
        return element

    def _here(self) -> str:
        if self.parser is None:
            return ""
        line, column = self.parser.tokenizer.tag_start
        return f" at line {line}, column {column}"


class Tokenizer(HTMLTokenizer):  # type: ignore[misc]
    """The library's tokenizer, noting where each tag begins and counting its attributes."""

    def __init__(self, stream: Any, parser: Parser, limits: HtmlLimits, **options: Any) -> None:
        super().__init__(stream, parser=parser, **options)
        self._limits = limits
        self.tag_start: Place = (1, 1)

    def tagOpenState(self) -> bool:
        # One character, the bracket, has been read.
        self.tag_start = self.stream.position()
        return bool(super().tagOpenState())

    def attributeNameState(self) -> bool:
        # The library compares each name with all before, so the bound must hold before the tag ends.
        if len(self.currentToken["data"]) > self._limits.attributes:
            line, column = self.tag_start
            raise LimitExceeded(
                f"a tag with more than {self._limits.attributes} attributes at line {line}, column {column}"
            )
        return bool(super().attributeNameState())

    def emitCurrentToken(self) -> None:
        self.currentToken["place"] = self.tag_start
        super().emitCurrentToken()

    def consumeNumberEntity(self, isHex: bool) -> str:
        # The library reads any number of digits, of which Python refuses too many.
        found = self.stream.charsUntil(hexDigits if isHex else digits, True)
        number = int(found.lstrip("0")[:9] or "0", 16 if isHex else 10)
        end = self.stream.char()
        if end != ";":
            self.tokenQueue.append({"type": tokenTypes["ParseError"], "data": "numeric-entity-without-semicolon"})
            self.stream.unget(end)
        value = html.unescape(f"&#{number};") or "\ufffd"
        if not number or ord(value[0]) != number:
            error = {"type": tokenTypes["ParseError"], "data": "illegal-codepoint-for-numeric-entity"}
            self.tokenQueue.append(error | {"datavars": {"charAsInt": number}})
        return value


class Parser(html5parser.HTMLParser):  # type: ignore[misc]
    """The library's parser with the parts above."""

    def __init__(self, limits: HtmlLimits) -> None:
        super().__init__(tree=lambda _namespaced: Builder(limits))
        self.phases_deep = 0
        self.phases: dict[str, Any] = tolerant_phases(vars(self)["phases"], self, self.tree)
        self._limits = limits
        self.repairs: list[Repair] = []

    def _parse(
        self, stream: Any, innerHTML: bool = False, container: str = "div", scripting: bool = False, **options: Any
    ) -> None:
        self.innerHTMLMode = innerHTML
        self.container = container
        self.scripting = scripting
        self.tokenizer = Tokenizer(stream, self, self._limits, **options)
        self.tree.parser = self
        self.reset()
        try:
            self.mainLoop()
        except _ReparseException:  # the document names another encoding than it seemed to have
            self.repairs.clear()
            self.reset()
            self.mainLoop()

    def parseError(self, errorcode: str = "", datavars: dict[str, Any] | None = None) -> None:
        if len(self.repairs) < MOST_REPAIRS:
            line, column = self.tokenizer.stream.position()
            message = E.get(errorcode, errorcode) % (datavars or {})
            self.repairs.append(Repair(errorcode, message, line, max(1, column)))
