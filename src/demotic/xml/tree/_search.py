"""Finding things in a tree: elements and objects alike, in the order of the document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias, TypeVar, overload

from demotic.errors import InvalidInput
from demotic.xml._names import QName
from demotic.xml.tree._context import preserves_space
from demotic.xml.tree._nodes import Branch, CData, Node

__all__ = ["attributes_of", "canonical_content", "content_of", "find", "name_of", "text_of"]

K = TypeVar("K", bound=Branch)
Kinds: TypeAlias = type[Any] | tuple[type[Any], ...] | QName


def name_of(node: Branch) -> QName:
    """Return the name of an element or object."""
    return node._name


def attributes_of(node: Branch) -> dict[QName, str]:
    """Return all attributes of an element or object as text: a copy, in the order of the document."""
    return dict(node._pairs())


def content_of(node: Branch) -> list[Node]:
    """Return the nodes inside an element or object, in order: a copy."""
    return list(node._content())


def canonical_content(node: Branch) -> list[Node]:
    """Return the content with every run of white space as one blank, and none at the start.

    Where `xml:space="preserve"` is in force, it is left as it is.
    """
    nodes = list(node._content())
    if preserves_space(node):
        return nodes
    result: list[Any] = []
    for item in nodes:
        text = item if isinstance(item, str) else None
        if text is not None:
            text = _squeezed(text)
            if not result or (isinstance(result[-1], str) and result[-1].endswith(" ")):
                text = text.removeprefix(" ")
        if text is None:
            result.append(item)
        elif text:
            result.append(text)
    return result


def _squeezed(text: str) -> str:
    words = text.replace("\t", " ").replace("\r", " ").replace("\n", " ").split(" ")
    inner = " ".join(word for word in words if word)
    lead, tail = words[0] == "", words[-1] == ""
    return f"{' ' if lead else ''}{inner}{' ' if tail and inner else ''}"


def text_of(node: Branch, *, elements: str = "refuse") -> str:
    """Return the text of an element, CDATA included.

    `elements` says what to do where there are child elements: `refuse` raises `InvalidInput`, `skip` leaves them out,
    and `descend` takes the text in them too.
    """
    if elements not in ("refuse", "skip", "descend"):
        raise InvalidInput(f"elements={elements!r} is unknown", hint="refuse, skip or descend")
    return "".join(_texts(node, elements))


def _texts(node: Branch, elements: str) -> Iterator[str]:
    stack: list[Iterator[Any]] = [iter(node._content())]
    while stack:
        for inner in stack[-1]:
            if isinstance(inner, str | CData):
                yield inner if isinstance(inner, str) else inner.text
            elif isinstance(inner, Branch):
                if elements == "refuse":
                    raise InvalidInput(f"{inner._name} in {node._name}, of which only text was expected")
                if elements == "descend":
                    stack.append(iter(inner._content()))
                    break
        else:
            stack.pop()


@overload
def find(node: Any, kinds: type[K], *, inside: bool = ..., depth: int = ..., breadth: bool = ...) -> Iterator[K]: ...
@overload
def find(node: Any, kinds: Kinds, *, inside: bool = ..., depth: int = ..., breadth: bool = ...) -> Iterator[Any]: ...
def find(node: Any, kinds: Kinds, *, inside: bool = True, depth: int = 1000, breadth: bool = False) -> Iterator[Any]:
    """Iterate over the elements below `node`, or in a document, that are of a class, one of several, or of a name.

    With `inside` those inside of others found are found too. `depth` 1 are the children alone. `breadth` takes each
    level before the next. Raises `InvalidInput` for a depth below 1.
    """
    if depth < 1:
        raise InvalidInput(f"a depth of {depth}, at least 1 is needed", target="depth")
    if isinstance(kinds, QName):
        return _search(node, lambda branch: branch._name == kinds, inside, depth, breadth)
    return _search(node, lambda branch: isinstance(branch, kinds), inside, depth, breadth)


def _search(node: Any, fits: Any, inside: bool, depth: int, breadth: bool) -> Iterator[Any]:
    pending = [(branch, 1) for branch in _branches(node)]
    if not breadth:
        pending.reverse()
    while pending:
        branch, level = pending.pop(0) if breadth else pending.pop()
        found = fits(branch)
        if found:
            yield branch
        if level < depth and (inside or not found):
            below = [(inner, level + 1) for inner in _branches(branch)]
            pending.extend(below if breadth else reversed(below))


def _branches(node: Any) -> list[Branch]:
    return [inner for inner in node._content() if isinstance(inner, Branch)]
