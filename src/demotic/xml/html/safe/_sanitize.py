"""Foreign content made safe to show, proven by reading it again.

What a policy leaves of a tree is written as text, and that text is read again as a browser would. Only when the second
reading gives what the first gave, to the letter, and the policy has nothing more to take out, is it the answer; that is
what keeps markup that changes its meaning between two readings (mutation XSS) away. Content that does not settle in a
few rounds is reduced to its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from demotic.errors import InvalidInput
from demotic.xml import Element, QName
from demotic.xml.html._document import HtmlLimits
from demotic.xml.html._names import XHTML
from demotic.xml.html._parse import DEFAULT_LIMITS, parse_fragment
from demotic.xml.html._serialize import serialize_content, serialize_xhtml
from demotic.xml.html.safe._filter import TreeFilter, join_texts
from demotic.xml.html.safe._policies import FEED
from demotic.xml.html.safe._policy import Policy
from demotic.xml.html.safe._report import Removal, Report

__all__ = ["Sanitized", "sanitize"]

_ROUNDS: Final = 6
_DIV: Final = QName(XHTML, "div")
_BODY: Final = QName(XHTML, "body")


@dataclass(frozen=True, slots=True)
class Sanitized:
    """Content that may be shown: a `div`, and what was taken out of it."""

    root: Element
    removed: tuple[Removal, ...]

    @property
    def html(self) -> str:
        """The content as HTML text, without the `div`."""
        return serialize_content(self.root)

    @property
    def xhtml(self) -> str:
        """The `div` and its content as XHTML text, as an Atom text construct has it."""
        return serialize_xhtml(self.root)


def sanitize(
    content: str | bytes | Element,
    policy: Policy = FEED,
    *,
    base: str | None = None,
    encoding: str | None = None,
    limits: HtmlLimits = DEFAULT_LIMITS,
) -> Sanitized:
    """Return what `policy` allows of HTML text, or of a tree.

    Of a whole document it is the content of the `body`. Relative URLs are resolved against `base`, if given. Raises
    `LimitExceeded` beyond `limits`, `InvalidInput` for a tree that is no content, and as `parse_fragment` does.
    """
    report = Report()
    source = _content(content) if isinstance(content, Element) else _read(content, encoding, limits)
    nodes = source.children if source.name in (_DIV, _BODY) else [source]
    once = TreeFilter(policy, base, report, limits.depth)
    root = Element(_DIV, namespaces={"": XHTML}, line=source.line, column=source.column)
    settled = _settled(once.filtered(source, nodes, root), policy, limits, report)
    if source.name == _DIV:
        settled.attributes = once.attributes(source)
    return Sanitized(settled, tuple(report.removals))


def _read(content: str | bytes, encoding: str | None, limits: HtmlLimits) -> Element:
    return parse_fragment(content, encoding=encoding, limits=limits).root


def _content(tree: Element) -> Element:
    """Return the element that is meant: of a document its `body`."""
    if tree.name != QName(XHTML, "html"):
        return tree
    body = next(tree.elements(_BODY), None)
    if body is None:
        raise InvalidInput("a document without a body has no content", target="html")
    return body


def _settled(root: Element, policy: Policy, limits: HtmlLimits, report: Report) -> Element:
    """Return the tree when reading its text gives it again, however often it takes."""
    text = serialize_content(root)
    for _ in range(_ROUNDS):
        later = Report()
        source = parse_fragment(text, limits=limits).root
        empty = Element(_DIV, namespaces={"": XHTML})
        again = TreeFilter(policy, None, later, limits.depth).filtered(source, source.children, empty)
        written = serialize_content(again)
        if written == text and serialize_content(source) == text and not later.removals:
            return root
        report.removals.extend(later.removals)
        root, text = again, written
    report.add("element", "div", text, "the content reads differently each time, only its words stay", root)
    words = "".join(element.text for element in root.walk())
    plain = Element(_DIV, None, [words] if words else [], namespaces={"": XHTML})
    join_texts(plain)
    return plain
