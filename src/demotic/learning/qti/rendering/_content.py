"""The content of an item as HTML: what the author wrote is made safe, what the item adds stands in it.

Content is written with marks in the places of interactions, feedback and printed variables, then sanitised with the
policy for learning content, and only then the marks give way to what belongs there. So nothing that an author writes
can be taken for a control, and no control is lost to the policy. Marks that an author writes are left out, in
attributes above all: what stood there instead would end the attribute, and its words become others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape
from typing import Any, Final

from demotic.learning.qti.model import (
    FeedbackBlock,
    FeedbackInline,
    Foreign,
    Html,
    InfoControl,
    InlineLabel,
    Interaction,
    Node,
    PositionObjectStage,
    PrintedVariable,
    RubricBlock,
    ShowHide,
    TemplateBlock,
    TemplateInline,
)
from demotic.learning.qti.preferences import Preferences
from demotic.learning.qti.rendering._options import Options
from demotic.learning.qti.rendering._printed import printed
from demotic.learning.qti.rendering._supports import Supports
from demotic.learning.qti.rendering._text import attributes, escaped, tag
from demotic.learning.qti.runtime import ItemProgram, ItemState
from demotic.xml.html import SVG
from demotic.xml.html.safe import LEARNING, sanitize

__all__ = ["Content"]

# Two characters of the private use area; texts that have them lose them.
_OPEN, _CLOSE = "\uf0a7", "\uf0a8"
_MARK: Final = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_NO_MARKS: Final = {ord(_OPEN): None, ord(_CLOSE): None}
_SHARED: Final = "qti-"  # how the classes of the shared vocabulary begin, which all renderers know
_NEVER: Final = frozenset({"script", "style"})  # what they hold is no text
_VOID: Final = frozenset(["area", "br", "col", "hr", "img", "source", "track", "wbr"])
_BLOCK_MARKS: Final = (FeedbackBlock, TemplateBlock, RubricBlock)

Draw = Callable[[Any], str]


class Content:
    """Renders content. `draw` makes the HTML of an interaction, or of what stands in one."""

    def __init__(
        self,
        program: ItemProgram,
        state: ItemState,
        options: Options,
        draw: Draw,
        preferences: Preferences | None = None,
    ) -> None:
        self.program = program
        self.state = state
        self.options = options
        self._draw = draw
        self._supports = Supports(program, state, preferences, options.prefix)
        self._depth = 0

    def html(self, children: Iterable[Any]) -> str:
        """Return content as safe HTML."""
        pieces: list[str] = []
        self._depth += 1
        source = "".join([self._source(child, pieces) + self._behind(child, pieces) for child in children])
        self._depth -= 1
        if not pieces and "<" not in source and "&" not in source:
            return source
        safe = sanitize(source, LEARNING).html
        return _MARK.sub(lambda found: pieces[int(found[1])], safe)

    def _behind(self, child: Any, pieces: list[str]) -> str:
        """Return the mark of the alternative content for one of the outermost blocks."""
        if self._depth > 1 or not self._supports:
            return ""
        drawn = self._supports.behind(child, self._is_hidden, self.html)
        if not drawn:
            return ""
        pieces.append(drawn)
        return f"{_OPEN}{len(pieces) - 1}{_CLOSE}"

    def _is_hidden(self, node: Node) -> bool:
        if isinstance(node, (FeedbackInline, FeedbackBlock)):
            return not (self.options.feedback and self.is_shown(node.outcome_identifier, node))
        if isinstance(node, (TemplateInline, TemplateBlock)):
            return not self.is_shown(node.template_identifier, node)
        return isinstance(node, RubricBlock) and self.options.view not in node.view

    def words(self, children: Iterable[Any], *, formulas: bool = True) -> str:
        """Return the text of content alone, for places that take no elements; that of formulas only if wanted."""
        found = []
        for child in children:
            if isinstance(child, str):
                found.append(child)
            elif isinstance(child, Foreign) and child.name.local.lower() in _NEVER:
                continue
            elif isinstance(child, PrintedVariable):
                found.append(unescape(re.sub("<[^>]*>", "", printed(child, self.state))))
            elif hasattr(child, "children") and (formulas or not (isinstance(child, Foreign) and child.is_math)):
                found.append(child.get("alt") or "" if isinstance(child, Html) and child.name == "img" else "")
                found.append(self.words(child.children, formulas=formulas))
        return " ".join("".join(found).split())

    def _source(self, child: Any, pieces: list[str]) -> str:
        if isinstance(child, str):
            return escaped(child.translate(_NO_MARKS))
        if not isinstance(child, Node):
            return ""  # comments and processing instructions are for authors
        if isinstance(child, Html):
            return self._element(child, pieces)
        if isinstance(child, Foreign):
            if child.name.local.lower() in _NEVER:
                return ""
            known = child.is_math or child.name.namespace == SVG
            return self._foreign(child, pieces) if known else self._inside(child, pieces)
        drawn = self._drawn(child)
        if drawn is None:
            return self._inside(child, pieces) if isinstance(child, InlineLabel) else ""
        pieces.append(drawn)
        return f"{_OPEN}{len(pieces) - 1}{_CLOSE}"

    def _inside(self, node: Any, pieces: list[str]) -> str:
        return "".join([self._source(child, pieces) for child in node.children])

    def _drawn(self, node: Any) -> str | None:
        """Return the HTML of what the item adds to the text; empty for what is not to be seen."""
        if isinstance(node, PrintedVariable):
            return tag("span", printed(node, self.state), class_="qti-printed-variable")
        if isinstance(node, (FeedbackInline, FeedbackBlock)):
            return "" if self._is_hidden(node) else self._holder(node, "qti-feedback")
        if isinstance(node, (TemplateInline, TemplateBlock)):
            return "" if self._is_hidden(node) else self._holder(node, "qti-template")
        if isinstance(node, RubricBlock):
            return "" if self._is_hidden(node) else self._holder(node, "qti-rubric")
        if isinstance(node, InfoControl):
            return tag("details", tag("summary", escaped(node.title)) + self.html(node.children))
        if isinstance(node, (Interaction, PositionObjectStage)) or node.tag in ("qti-gap", "qti-hottext"):
            return self._draw(node)
        return None

    def _holder(self, node: Any, css: str) -> str:
        block = isinstance(node, _BLOCK_MARKS)
        content = self.html(node.flow if block else node.children)
        role = "note" if block and css == "qti-feedback" else None  # within a label, it would hide the words
        return tag("div" if block else "span", content, class_=" ".join([css, *self.classes(node.class_)]), role=role)

    def is_shown(self, variable: str, node: Any) -> bool:
        """Whether something is visible: its identifier is among the variable's values, or is not and hides it then."""
        value = self.state.values.get(variable)
        matches = value is not None and node.identifier in value.items
        return matches == (node.show_hide is ShowHide.SHOW)

    def _element(self, node: Html, pieces: list[str]) -> str:
        name = node.name
        values = self._attributes(node)
        if name == "object":
            return self.media(node)
        if name == "img":
            values.setdefault("alt", "")
        if name in ("img", "source", "audio", "video", "track") and "src" in values:
            values["src"] = self.options.locate(values["src"])
        start = self._start(name, values)
        return start if name in _VOID else f"{start}{self._inside(node, pieces)}</{name}>"

    def _start(self, name: str, values: dict[str, str]) -> str:
        return f"<{name}{attributes({key: value.translate(_NO_MARKS) for key, value in values.items()})}>"

    def classes(self, given: Iterable[str] | None) -> list[str]:
        """Return the classes that the page may have of those that an author gave."""
        return [each for each in given or () if self.options.own_classes or each.startswith(_SHARED)]

    def _attributes(self, node: Html) -> dict[str, str]:
        values = {name.local: text for name, text in node.extra.items() if not name.namespace}
        if node.id:
            values["id"] = f"{self.options.prefix}{node.id}"
        if kept := self.classes(node.class_):
            values["class"] = " ".join(kept)
        if self._supports and (details := self._supports.details(node)):
            values["aria-details"] = details
        for name, value in (("lang", node.lang), ("dir", node.dir), ("role", node.role)):
            if value:
                values[name] = str(value)
        return values

    def media(self, node: Html) -> str:
        """Return an object as the element that HTML has for what it holds: an image, a sound, a film, or a link."""
        address = self.options.locate(node.get("data") or node.get("src") or "").translate(_NO_MARKS)
        kind = (node.get("type") or "").partition("/")[0]
        words = (self.words(node.children) or node.get("alt") or "").translate(_NO_MARKS)
        size = {key: (node.get(key) or "").translate(_NO_MARKS) or None for key in ("width", "height")}
        if kind in ("audio", "video"):
            return tag(kind, escaped(words), src=address, controls=True)
        if kind == "image" or not kind or node.name == "img":
            return tag("img", None, src=address, alt=words, **size)
        return tag("a", escaped(words or address), href=address)

    def _foreign(self, node: Foreign, pieces: list[str]) -> str:
        """Return a formula, with the values of template variables in the places of their names."""
        name = node.name.local
        declared = self.program.templates.get(node.text.strip()) if name in ("mi", "ci") else None
        if declared is not None and getattr(declared.node, "math_variable", False):
            value = self.state.values.get(declared.name)
            shown = "" if value is None else printed(PrintedVariable(identifier=declared.name), self.state)
            return tag("mn", shown)
        values = {key.local: text for key, text in node.extra.items() if not key.namespace}
        if "class" in values:
            values["class"] = " ".join(self.classes(values["class"].split()))
        return f"{self._start(name, values)}{self._inside(node, pieces)}</{name}>"
