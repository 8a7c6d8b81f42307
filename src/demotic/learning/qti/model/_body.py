"""What content is made of: HTML, markup of other vocabularies, feedback, templates, printed variables, rubric blocks.

Specification: QTI 3.0 ASI information model, sections 2.2, 2.6 and 2.11; the HTML subset of QTI 2.1 and what 2.2 and
3.0 added. Feedback, template and rubric blocks hold their content in a `ContentBody`, as 3.0 has it, whatever the
version read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from demotic.learning.qti.model._node import EMPTY, MIXED, REQUIRED, Item, Node, attribute, many, one
from demotic.learning.qti.model._values import (
    ShowHide,
    TestFeedbackAccess,
    boolean,
    ident,
    integer_or_ref,
    member_of,
    names,
    views,
)
from demotic.learning.qti.model._version import MATHML, Version
from demotic.xml import QName

__all__ = [
    "BLOCK_HTML", "HTML", "BodyElement", "CatalogInfo", "ContentBody", "ContentHolder", "FeedbackBlock",
    "FeedbackInline", "Foreign", "Html", "Include", "InfoControl", "ItemBody", "ModalFeedback", "PrintedVariable",
    "RubricBlock", "StimulusBody", "Stylesheet", "TemplateBlock", "TemplateInline", "TestFeedback",
]  # fmt: skip

V20, V21, V22, V30 = Version.V2_0, Version.V2_1, Version.V2_2, Version.V3_0

_INLINE: Final = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "dfn", "em", "i", "img", "kbd", "label",
    "map", "area", "object", "param", "picture", "q", "rb", "rbc", "rp", "rt", "rtc", "ruby", "samp", "small",
    "source", "span", "strong", "sub", "sup", "template", "time", "tt", "track", "u", "var", "wbr", "mark", "del",
    "ins", "s", "audio", "video", "col",
]  # fmt: skip
_BLOCK: Final = [
    "address", "article", "aside", "blockquote", "caption", "colgroup", "dd", "details", "div", "dl", "dt",
    "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol",
    "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
]  # fmt: skip
_FROM_22: Final = [
    "article", "aside", "audio", "bdi", "bdo", "figcaption", "figure", "footer", "header", "label", "nav", "rb",
    "rbc", "rp", "rt", "rtc", "ruby", "section", "source", "track", "video",
]  # fmt: skip
_FROM_30: Final = [
    "details", "picture", "summary", "template", "map", "area", "time", "u", "wbr", "mark", "del", "ins", "s",
    "main",
]  # fmt: skip
HTML: Final[dict[str, Version]] = (
    dict.fromkeys(_INLINE + _BLOCK, V20) | dict.fromkeys(_FROM_22, V22) | dict.fromkeys(_FROM_30, V30)
)
"""The HTML elements that content may have, and the version that each came with."""
BLOCK_HTML: Final = frozenset(_BLOCK)


class BodyElement(Node):
    """An element of the body: it can be named, styled, and told its language."""

    id = attribute()
    class_ = attribute(names)
    lang = attribute(wire="xml:lang", old="xml:lang")
    label = attribute()
    dir = attribute(since=V22)
    role = attribute(since=V22)
    base = attribute(wire="xml:base", old="xml:base")
    catalog_idref = attribute(wire="data-catalog-idref", old="data-catalog-idref", since=V30)


class Html(BodyElement, content=MIXED):
    """An element of HTML. Its own attributes are in `extra`, `get` reads them."""

    __slots__ = ("name",)

    def __init__(self, name: str, *children: Item, html: Mapping[str, str] | None = None, **values: Any) -> None:
        extra = {QName("", key): value for key, value in (html or {}).items()} | dict(values.pop("extra", None) or {})
        super().__init__(*children, extra=extra, **values)
        self.name = name

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) and isinstance(other, Html) and self.name == other.name

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Html {self.name} at {self.line}:{self.column}>"

    def name_in(self, version: Version) -> str:
        """Return the element's name, which no version changes."""
        return self.name

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return an attribute by its HTML name."""
        return self.extra.get(QName("", name), default)

    @property
    def is_block(self) -> bool:
        """Whether the element stands among paragraphs rather than in one."""
        return self.name in BLOCK_HTML


class Foreign(Node, content=MIXED):
    """An element of another vocabulary, kept as it is: MathML, SSML, APIP, what vendors add. `extra` has its
    attributes."""

    __slots__ = ("name", "prefix")

    def __init__(self, name: QName, *children: Item, prefix: str | None = None, **values: Any) -> None:
        super().__init__(*children, **values)
        self.name = name
        self.prefix = prefix

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) and isinstance(other, Foreign) and self.name == other.name

    __hash__ = None

    def __repr__(self) -> str:
        return f"<Foreign {self.name} at {self.line}:{self.column}>"

    def name_in(self, version: Version) -> str:
        """Return the element's local name, which no version of QTI changes."""
        return self.name.local

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return an attribute without namespace."""
        return self.extra.get(QName("", name), default)

    @property
    def is_math(self) -> bool:
        """Whether this is MathML."""
        return self.name.namespace == MATHML


class Include(Node, content=MIXED):
    """`xi:include`: what stands at another address, or the fallback inside."""

    href = attribute(wire="href", old="href")
    parse = attribute(wire="parse", old="parse")
    xpointer = attribute(wire="xpointer", old="xpointer")

    def name_in(self, version: Version) -> str:
        """Return the local name."""
        return "include"


class Stylesheet(Node, tag="stylesheet", content=EMPTY):
    """A style sheet for the content."""

    href = attribute(required=True)
    type = attribute(required=True)
    media = attribute()
    title = attribute()


class CatalogInfo(Node, tag="catalog-info", since=V30):
    """The catalogs of alternative content that the content here refers to."""

    catalogs = many(lambda: _accessibility().Catalog, least=1)


def _accessibility() -> Any:
    from demotic.learning.qti.model import _accessibility as module

    return module


class ContentBody(BodyElement, tag="content-body", since=V30, content=MIXED):
    """The content of feedback, of a template block or a rubric; in 2.x it stands there without this element."""


class ContentHolder(Node):
    """An element whose content is in a `ContentBody`."""

    stylesheets = many(Stylesheet)
    body = one(ContentBody)
    catalog_info = one(CatalogInfo)

    @property
    def flow(self) -> list[Item]:
        """The content itself."""
        body = self.body
        return [] if body is None else body.children


class ItemBody(BodyElement, tag="item-body", content=MIXED):
    """What the candidate sees and answers."""


class StimulusBody(BodyElement, tag="stimulus-body", since=V22, content=MIXED):
    """The content of a stimulus."""


_SHOW = member_of(ShowHide)


class FeedbackBlock(ContentHolder, BodyElement, tag="feedback-block"):
    """Blocks that are shown or hidden by an outcome."""

    outcome_identifier = attribute(ident, required=True)
    show_hide = attribute(_SHOW, default=ShowHide.SHOW, older={V20: REQUIRED})
    identifier = attribute(ident, required=True)


class FeedbackInline(BodyElement, tag="feedback-inline", content=MIXED):
    """Text that is shown or hidden by an outcome."""

    outcome_identifier = attribute(ident, required=True)
    show_hide = attribute(_SHOW, default=ShowHide.SHOW, older={V20: REQUIRED})
    identifier = attribute(ident, required=True)


class TemplateBlock(ContentHolder, BodyElement, tag="template-block"):
    """Blocks that are shown or hidden by a template variable."""

    template_identifier = attribute(ident, required=True)
    show_hide = attribute(_SHOW, default=ShowHide.SHOW, older={V20: REQUIRED})
    identifier = attribute(ident, required=True)


class TemplateInline(BodyElement, tag="template-inline", content=MIXED):
    """Text that is shown or hidden by a template variable."""

    template_identifier = attribute(ident, required=True)
    show_hide = attribute(_SHOW, default=ShowHide.SHOW, older={V20: REQUIRED})
    identifier = attribute(ident, required=True)


class ModalFeedback(ContentHolder, tag="modal-feedback"):
    """Feedback that is shown after an attempt, apart from the body."""

    outcome_identifier = attribute(ident, required=True)
    show_hide = attribute(_SHOW, required=True)
    identifier = attribute(ident, required=True)
    title = attribute()


class TestFeedback(ContentHolder, tag="test-feedback", since=V21):
    """Feedback on a test or a part of it."""

    access = attribute(member_of(TestFeedbackAccess, {"at-end": TestFeedbackAccess.AT_END}), required=True)
    outcome_identifier = attribute(ident, required=True)
    show_hide = attribute(_SHOW, required=True)
    identifier = attribute(ident, required=True)
    title = attribute()


class RubricBlock(ContentHolder, BodyElement, tag="rubric-block"):
    """Instructions, or anything else that is for some people only."""

    view = attribute(views, required=True)
    use = attribute(since=V21)
    printed_variables = many(lambda: PrintedVariable)


class InfoControl(BodyElement, tag="info-control", until=V22, content=MIXED):
    """A button that shows more information; 3.0 leaves such to HTML's `details`."""

    title = attribute(required=True)


class PrintedVariable(BodyElement, tag="printed-variable", content=EMPTY):
    """The value of a variable, in the text."""

    identifier = attribute(ident, required=True)
    format = attribute()
    power_form = attribute(boolean, default=False, since=V21)
    number_base = attribute(integer_or_ref, default=10, wire="base", old="base")
    index = attribute(integer_or_ref, since=V21)
    delimiter = attribute(default=";", since=V21)
    field = attribute(since=V21)
    mapping_indicator = attribute(default="=", since=V21)
