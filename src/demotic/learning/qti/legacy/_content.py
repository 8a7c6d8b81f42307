"""Material of QTI 1.2 as content of 3.0: texts, HTML in texts, images and other media.

HTML is parsed as browsers do and cut to what 3.0 has; what has no place there is left out or replaced, and told.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from typing import Final

from demotic.learning.qti.converting._loss import Losses
from demotic.learning.qti.converting._profile import FLOW_ONLY_INSIDE, INSTEAD, STRUCTURE, keeps_attribute, valid_value
from demotic.learning.qti.legacy._source import Source, attr, is_language, kids, lang_of_element, name_of, text_in
from demotic.learning.qti.legacy._values import choice_of
from demotic.learning.qti.model import (
    BLOCK_HTML,
    HTML,
    Foreign,
    Html,
    InlineInteraction,
    Item,
    Node,
    Version,
)
from demotic.learning.qti.model._version import MATHML, SSML
from demotic.xml import CData, Comment, Element, QName
from demotic.xml.html import parse_fragment

__all__ = ["Content", "as_blocks", "has_text", "plain"]

# What 3.0's schema has of HTML; the rest is replaced as INSTEAD says.
_UNKNOWN: Final = frozenset(
    {"s", "u", "strike", "del", "ins", "mark", "center", "font", "time", "main", "map", "area", "wbr"}
)
_DROPPED: Final = frozenset(
    {"script", "style", "link", "meta", "title", "head", "noscript", "button", "input", "select", "textarea", "form"}
)
_UNWRAPPED: Final = frozenset({"html", "body", "form", "fieldset", "legend", "noscript"})
_NAME: Final = re.compile(r"[A-Za-z_][\w.-]*")
# Far more than any item has; material that refers to material twice, and so on, doubles with each step.
_MOST_REFERENCES: Final = 2000
_DEEPEST_REFERENCE: Final = 32
_MEDIA: Final = {
    "matimage": ("image", "imagtype"),
    "mataudio": ("audio", "audiotype"),
    "matvideo": ("video", "videotype"),
}
_MEDIA_TYPE: Final = re.compile(r"[\w.+-]+/[\w.+*-]+", re.ASCII)
_SUFFIXES: Final = {"image/gif": ".gif", "image/png": ".png", "image/jpeg": ".jpg", "image/svg+xml": ".svg"}
# The elements of presentation MathML, and those of them that hold text.
_MATH: Final = re.compile(
    "math|semantics|annotation|m(align(group|mark)|enclose|error|fenced|frac|glyph|i|labeledtr|longdiv|multiscripts|n|o|"
    "over|padded|phantom|prescripts|root|row|s|scarr(y|ies)|sgroup|sline|space|sqrt|srow|stack|style|sub|subsup|sup|table|"
    "td|text|tr|under|underover|action)|none"
)
_MATH_TEXTS: Final = frozenset({"mi", "mn", "mo", "ms", "mtext", "annotation", "annotation-xml", "ci", "cn", "csymbol"})
_MATH_TREES: Final = frozenset({"mtext", "annotation-xml", "ci", "csymbol"})  # these may hold elements as well
_BASE_64: Final = re.compile(r"[A-Za-z0-9+/=\s]+")


def has_text(items: Iterable[Item]) -> bool:
    """Tell whether there is anything but space."""
    return any(isinstance(item, Node) or (isinstance(item, str) and bool(item.strip())) for item in items)


def plain(items: Iterable[Item]) -> str:
    """Return the text of content."""
    pieces: list[str] = []
    for item in items:
        if isinstance(item, str):
            pieces.append(item)
        elif isinstance(item, Node):
            pieces += [piece for inner in item.walk() for piece in inner.children if isinstance(piece, str)]
    return " ".join("".join(pieces).split())


def as_blocks(items: Iterable[Item]) -> list[Item]:
    """Return content as blocks: text and what belongs into lines stands in paragraphs."""
    blocks: list[Item] = []
    line: list[Item] = []

    def flush() -> None:
        if has_text(line):
            inline = not any(isinstance(item, Html) and item.is_block for item in line)
            blocks.append(Html("p" if inline else "div", *line))
        line.clear()

    for item in items:
        if isinstance(item, Node) and _is_block(item):
            flush()
            blocks.append(item)
        elif not isinstance(item, Comment):
            line.append(item)
    flush()
    return blocks


def _is_block(node: Node) -> bool:
    if isinstance(node, Html):
        return node.is_block
    return not isinstance(node, Foreign | InlineInteraction)


class Content:
    """Turns material into content; `files` are what stood in the document itself, to be put beside it."""

    def __init__(self, source: Source, losses: Losses) -> None:
        self.source, self.losses = source, losses
        # What is being referred to now, from the outside in, and how often anything was: material refers to material.
        self.following: list[Element] = []
        self.followed = 0
        self.files: dict[str, bytes] = {}
        self.links: list[str] = []

    def material(self, element: Element) -> list[Item]:
        """Return the content of `material`, `flow_mat` and what else holds such."""
        items: list[Item] = []
        for child in kids(element):
            items += self._one(child)
        return items

    def _one(self, child: Element) -> list[Item]:
        name = name_of(child)
        match name:
            case "material" | "flow" | "itemfeedback" | "presentation_material":
                return self.material(child)
            case "flow_mat":
                inner = self.material(child)
                if attr(child, "class") or any(isinstance(i, Html) and i.is_block for i in inner):
                    return [Html("div", *inner, line=child.line, column=child.column)] if inner else []
                return [Html("p", *inner, line=child.line, column=child.column)] if has_text(inner) else []
            case "mattext" | "matemtext":
                return self._text(child, emphasised=name == "matemtext")
            case "matbreak":
                return [Html("br", line=child.line, column=child.column)]
            case "matimage" | "mataudio" | "matvideo":
                return self._media(child, name)
            case "matapplication" | "matapplet":
                return self._object(child)
            case "matref" | "material_ref":
                return self._reference(child)
            case "altmaterial":
                self.losses.dropped(
                    "altmaterial", child, f"alternative material is left out: {text_in(child).strip()[:60]!r}"
                )
            case "qticomment":
                self.losses.changed("comment", child, f"a comment becomes metadata: {text_in(child).strip()[:60]!r}")
            case "mat_extension":
                return self._extension(child)
            case "mat_formattedtext":
                return self._formatted(child)
            case _:
                return self._unknown(child)
        return []

    def _extension(self, child: Element) -> list[Item]:
        formatted = list(kids(child, "mat_formattedtext"))
        if formatted:
            return [item for each in formatted for item in self._formatted(each)]
        self.losses.approximated("mat-extension", child, "an extension of material: its text stays")
        return [text_in(child)]

    def _formatted(self, child: Element) -> list[Item]:
        """Return a text as Blackboard writes it: HTML, unless it says that it is plain."""
        text = text_in(child)
        if choice_of(attr(child, "type"), "html").startswith("plain"):
            return [text] if text.strip() else []
        return self.html(text)

    def _unknown(self, child: Element) -> list[Item]:
        if child.name.namespace == MATHML or child.name.local.lower() in HTML or child.name.local.lower() == "math":
            return self._element(child)
        text = text_in(child).strip()
        self.losses.approximated("unknown-content", child, f"{child.name.local} is no material: its text stays")
        return [text] if text else []

    def _text(self, element: Element, *, emphasised: bool) -> list[Item]:
        kind = (attr(element, "texttype") or "text/plain").strip().lower()
        uri = attr(element, "uri")
        text = text_in(element)
        if any(isinstance(child, Element) for child in element.children):
            items = self.cleaned(list(element.children))  # XHTML that was not escaped
        elif kind in ("text/html", "text/xhtml") or kind.endswith(("html", "xhtml+xml")):
            items = self.html(text)
        elif kind in ("text/rtf", "application/rtf"):
            self.losses.approximated("rtf", element, "rich text is kept as plain text")
            items = [re.sub(r"\\[a-z]+-?\d* ?|[{}]", "", text)]
        else:
            items = [text] if text.strip() or text == " " else []
        if uri and not has_text(items):
            self.links.append(uri)
            items = [Html("a", uri, html={"href": uri})]
        elif uri:
            self.losses.dropped("uri", element, f"the address of a text, {uri!r}, is left out")
        charset = (attr(element, "charset") or "").lower()
        if "greek" in charset or "symbol" in charset:
            self.losses.approximated("charset", element, f"text in the charset {charset!r} stays as it is: {text!r}")
        language = lang_of_element(element)
        if emphasised:
            items = [Html("em", *items, line=element.line, column=element.column)]
        if language and has_text(items):
            block = any(isinstance(i, Html) and i.is_block for i in items)
            items = [Html("div" if block else "span", *items, lang=language)]
        return items

    def html(self, text: str) -> list[Item]:
        """Return HTML as content."""
        if "<" not in text and "&" not in text:
            return [text] if text else []
        fragment = parse_fragment(text)
        return self.cleaned(list(fragment.root.children))

    def cleaned(self, nodes: Iterable[object]) -> list[Item]:
        """Return HTML cut to what 3.0 has."""
        items: list[Item] = []
        for node in nodes:
            if isinstance(node, str):
                items.append(node)
            elif isinstance(node, CData):
                items.append(node.text)
            elif isinstance(node, Element):
                items += self._element(node)
        return items

    def _element(self, node: Element) -> list[Item]:
        name = node.name.local.lower()
        if node.name.namespace == MATHML or name == "math":
            return [self._formula(node)]
        if node.name.namespace == SSML:
            return [_foreign(node, SSML)]
        if name in _DROPPED:
            if name not in ("head", "title", "meta", "link"):
                self.losses.dropped("html", node, f"{name} is left out")
            return self.cleaned(node.children) if name in ("button", "form", "noscript") else []
        inner = self.cleaned(node.children)
        if name in _UNWRAPPED:
            return inner
        if name == "iframe" or name == "embed":
            return self._frame(node)
        if name not in HTML or name in _UNKNOWN:
            instead = INSTEAD.get(name)
            self.losses.approximated(
                "html", node, f"{name} becomes {instead}" if instead else f"{name} is left out, its content stays"
            )
            if instead is None:
                return inner
            made = Html(instead, *inner)
            made.attributes["class_"] = (name,)
        else:
            made = Html(name, *inner)
        made.line, made.column = node.line, node.column
        self._attributes(node, made)
        return self._fitted(made)

    def _formula(self, node: Element) -> Foreign:
        """Return MathML; texts, and elements that it does not have, stand in it as texts."""
        made = _foreign(node, MATHML)
        if made.name.local != "math":
            made = Foreign(QName(MATHML, "math"), made, prefix=None, line=node.line, column=node.column)
        for inner in [each for each in made.walk() if isinstance(each, Foreign)]:
            if inner.name.local in _MATH_TEXTS:
                texts = inner.name.local not in _MATH_TREES and any(isinstance(c, Foreign) for c in inner.children)
                inner.children = [plain(inner.children)] if texts else inner.children
                continue
            fitted: list[Item] = []
            for child in inner.children:
                if isinstance(child, Foreign) and not _MATH.fullmatch(child.name.local):
                    self.losses.approximated("html", node, f"{child.name.local} in a formula stays as its text")
                    child = plain([child])
                if isinstance(child, str) and child.strip():
                    child = Foreign(QName(MATHML, "mtext"), child, prefix=None)
                fitted.append(child)
            inner.children = fitted
        return made

    def _attributes(self, node: Element, made: Html) -> None:
        for key, value in node.attributes.items():
            local = key.local.lower()
            if local == "class":
                made.attributes["class_"] = (*made.attributes.get("class_", ()), *value.split())
            elif local == "id" and _NAME.fullmatch(value):
                made.attributes["id"] = value
            elif local == "lang" and is_language(value):
                made.attributes["lang"] = value
            elif local == "dir" and value in ("ltr", "rtl", "auto"):
                made.attributes["dir"] = value
            elif (
                not local.startswith("data-")
                and keeps_attribute(made.name, local, Version.V3_0)
                and valid_value(made.name, local, value)
            ):
                made.extra[QName("", local)] = value
                if local in ("src", "href", "data"):
                    self.links.append(value)
            elif key.namespace != "http://www.w3.org/2000/xmlns/":
                self.losses.dropped("html-attribute", node, f"{local}={value[:60]!r} of {made.name} is left out")

    def _fitted(self, made: Html) -> list[Item]:
        """Return an element with what its kind must have, and nothing that may not stand in it."""
        if made.name == "img":
            if made.get("src") is None:
                return [made.get("alt") or ""]
            made.extra.setdefault(QName("", "alt"), "")
            made.children = []
        elif made.name == "a" and made.get("href") is None:
            made = _renamed(made, "span")
        elif made.name == "object" and (made.get("data") is None or made.get("type") is None):
            if made.get("data") is None:
                return made.children
            made.extra.setdefault(QName("", "type"), "application/octet-stream")
        elif made.name in ("audio", "video") and "src" not in {k.local for k in made.extra} and not made.children:
            return []
        allowed = STRUCTURE.get(made.name)
        if allowed is not None:
            made.children = [c for c in made.children if isinstance(c, Html) and c.name in allowed]
            if not made.children and made.name != "colgroup":
                return []
        elif made.name == "blockquote":
            made.children = as_blocks(made.children)
        else:
            made.children = [
                _renamed(c, "div") if isinstance(c, Html) and c.name in FLOW_ONLY_INSIDE else c for c in made.children
            ]
            if made.name not in BLOCK_HTML or made.name in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "pre"):
                made.children = _lines(made.children)
        return [made]

    def _frame(self, node: Element) -> list[Item]:
        source = attr(node, "src") or attr(node, "data") or ""
        self.losses.approximated("html", node, f"{node.name.local} becomes a link to {source!r}")
        self.links.append(source)
        return [Html("a", attr(node, "title") or source, html={"href": source})] if source else []

    def _reference(self, child: Element) -> list[Item]:
        found = self.source.referred(child)
        label = attr(child, "linkrefid") or ""
        if found is None:
            self.losses.dropped(
                "dangling-reference", child, f"nothing is labelled {label!r}, as {child.name.local} says"
            )
            return []
        if (name_of(child) == "matref") == (name_of(found) == "material"):
            self.losses.changed("odd-reference", child, f"{child.name.local} refers to {found.name.local} {label!r}")
        if any(name_of(outer) == "reference" for outer in _outer(child)):
            self.losses.changed(
                "odd-reference", child, f"{label!r} is referred to within the pool, where none should be"
            )
        if any(found is outer for outer in (*_outer(child), *self.following)):
            self.losses.dropped("circular-reference", child, f"{label!r} refers to itself")
            return []
        self.followed += 1
        if self.followed > _MOST_REFERENCES or len(self.following) >= _DEEPEST_REFERENCE:
            why = f"reference {self.followed} of one object, {len(self.following)} within each other"
            self.losses.dropped("too-many-references", child, f"{label!r} is not followed: {why}")
            return []
        self.following.append(found)
        made = self._one(found)
        self.following.pop()
        return made

    def _media(self, element: Element, name: str) -> list[Item]:
        kind, attribute = _MEDIA[name]
        stated = (attr(element, attribute) or "").strip()
        source = self._address(element, stated, kind)
        if not source:
            self.losses.dropped("media", element, f"{name} without address or data")
            return []
        alt = (attr(element, "label") or "").strip()
        sizes = {
            key: value
            for key in ("width", "height")
            if (value := attr(element, key)) and valid_value("img", key, value)
        }
        if kind == "image":
            return [Html("img", html={"src": source, "alt": alt, **sizes}, line=element.line, column=element.column)]
        extra = {"data": source, "type": self._media_type(element, stated, f"{kind}/*"), **sizes}
        return [Html("object", alt, html=extra, line=element.line, column=element.column)]

    def _media_type(self, element: Element, stated: str, default: str) -> str:
        if stated and not _MEDIA_TYPE.fullmatch(stated):
            self.losses.approximated("media", element, f"{stated[:60]!r} is no media type, and becomes {default}")
        return stated if _MEDIA_TYPE.fullmatch(stated) else default

    def _object(self, element: Element) -> list[Item]:
        kind = self._media_type(element, attr(element, "apptype") or "", "application/octet-stream")
        source = self._address(element, kind, "application")
        self.losses.approximated("media", element, f"{element.name.local} becomes an object")
        return [Html("object", html={"data": source, "type": kind})] if source else []

    def _address(self, element: Element, kind: str, family: str) -> str:
        uri = (attr(element, "uri") or attr(element, "entityref") or "").strip()
        if uri:
            self.links.append(uri)
            return uri
        data = "".join(text_in(element).split())
        if not data:
            return ""
        try:
            content = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            self.losses.dropped("media", element, "data that is not in base64")
            return ""
        suffix = _SUFFIXES.get(kind.lower(), ".bin")
        name = f"media/{hashlib.sha256(content).hexdigest()[:16]}{suffix}"
        self.files[name] = content
        self.losses.changed("embedded", element, f"data in the document become the file {name}")
        return name


def _outer(element: Element) -> Iterable[Element]:
    node = element.parent
    while isinstance(node, Element):
        yield node
        node = node.parent


def _renamed(node: Html, name: str) -> Html:
    made = Html(name, *node.children, line=node.line, column=node.column)
    made.attributes = dict(node.attributes)
    made.extra = {key: value for key, value in node.extra.items() if keeps_attribute(name, key.local, Version.V3_0)}
    return made


def _lines(children: list[Item]) -> list[Item]:
    """Return content without blocks: each begins a line of its own."""
    result: list[Item] = []
    for child in children:
        if isinstance(child, Html) and child.is_block:
            if has_text(result):
                result.append(Html("br"))
            result += _lines(child.children)
        else:
            result.append(child)
    return result


def _foreign(node: Element, namespace: str) -> Foreign:
    made = Foreign(QName(namespace, node.name.local), prefix=None, line=node.line, column=node.column)
    made.extra = {QName("", key.local): value for key, value in node.attributes.items() if key.local != "xmlns"}
    for child in node.children:
        if isinstance(child, Element):
            made.children.append(_foreign(child, namespace))
        elif isinstance(child, str):
            made.children.append(child)
    return made
